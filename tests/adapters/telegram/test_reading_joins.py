"""Comings and goings, told once however often Telegram tells of them."""

from typing import Any

import pytest

from adapters.telegram.reading import Reader
from rules.events import Event, MemberJoined, MemberLeft

GROUP = {"id": -1001, "type": "supergroup", "title": "Readers"}
ANN = {"id": 11, "is_bot": False, "first_name": "Ann"}
ROOT = {"id": 12, "is_bot": False, "first_name": "Root"}


def standing(before: str, after: str, date: int, update: int, by: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "update_id": update,
        "chat_member": {
            "chat": GROUP,
            "from": by or ANN,
            "date": date,
            "old_chat_member": {"user": ANN, "status": before},
            "new_chat_member": {"user": ANN, "status": after},
            **more,
        },
    }


def said(date: int, update: int, by: Any = None, **what: Any) -> dict[str, Any]:
    message = {"message_id": update, "from": by or ANN, "chat": GROUP, "date": date, **what}
    return {"update_id": update, "message": message}


def read(*updates: dict[str, Any], reader: Reader | None = None) -> list[Event]:
    reader = reader or Reader("tg", 42)
    return [event for update in updates for event in reader.read(update).events]


CHANGE = standing("left", "member", 1000, 1)
SERVICE = said(1001, 2, new_chat_members=[ANN])


@pytest.mark.parametrize("updates", [(CHANGE, SERVICE), (SERVICE, CHANGE), (CHANGE,), (SERVICE,)])
def test_a_join_is_told_once(updates: tuple[dict[str, Any], ...]) -> None:
    (joined,) = read(*updates)
    assert isinstance(joined, MemberJoined)
    assert joined.member.id == "tg:11"
    assert joined.inviter is None


def test_a_leave_is_told_once_and_who_comes_again_at_once_is_told_again() -> None:
    events = read(
        CHANGE,
        standing("member", "left", 1001, 3),
        standing("left", "member", 1002, 4),
        SERVICE,
        said(1001, 5, left_chat_member=ANN),
        said(1002, 6, new_chat_members=[ANN]),
    )
    assert [event.kind for event in events] == ["join", "leave", "join"]


def test_a_join_that_could_not_be_kept_is_told_again_when_the_update_comes_again() -> None:
    reader = Reader("tg", 42)
    first = read(CHANGE, SERVICE, reader=reader)
    assert read(CHANGE, SERVICE, reader=reader) == first
    assert read(SERVICE, reader=reader) == []


def test_a_join_of_one_date_has_one_id_however_it_is_told() -> None:
    (one,) = read(CHANGE)
    (other,) = read(said(1000, 9, new_chat_members=[ANN]))
    assert one.id == other.id == "tg:join/-1001/11/1000"


def test_who_brings_or_removes_somebody_is_told() -> None:
    (joined,) = read(said(1000, 1, ROOT, new_chat_members=[ANN]))
    assert isinstance(joined, MemberJoined)
    assert joined.inviter is not None
    assert joined.inviter.id == "tg:12"
    (left,) = read(standing("member", "kicked", 1000, 1, ROOT))
    assert isinstance(left, MemberLeft)
    assert left.remover is not None
    assert left.remover.id == "tg:12"


@pytest.mark.parametrize(
    ("more", "source"),
    [
        ({"invite_link": {"name": "poster", "invite_link": "https://t.me/+a"}}, "poster"),
        ({"invite_link": {"invite_link": "https://t.me/+a"}}, "link"),
        ({"via_join_request": True}, "request"),
        ({"via_chat_folder_invite_link": True}, "folder"),
        ({}, None),
    ],
)
def test_how_somebody_came_in_is_told(more: dict[str, Any], source: str | None) -> None:
    (joined,) = read(standing("left", "member", 1000, 1, **more))
    assert isinstance(joined, MemberJoined)
    assert joined.source == source


def test_who_approved_a_request_did_not_invite() -> None:
    (joined,) = read(standing("left", "member", 1000, 1, ROOT, via_join_request=True))
    assert isinstance(joined, MemberJoined)
    assert joined.inviter is None


@pytest.mark.parametrize(("before", "after"), [("member", "administrator"), ("left", "kicked"), ("kicked", "left")])
def test_who_is_in_and_stays_in_or_is_out_and_stays_out_neither_comes_nor_goes(before: str, after: str) -> None:
    assert read(standing(before, after, 1000, 1, ROOT)) == []


def test_who_comes_back_muted_has_come_and_who_is_muted_in_the_group_has_not() -> None:
    def restricted(was: bool, is_: bool) -> dict[str, Any]:
        update = standing("restricted", "restricted", 1000, 1)
        update["chat_member"]["old_chat_member"]["is_member"] = was
        update["chat_member"]["new_chat_member"]["is_member"] = is_
        return update

    assert [event.kind for event in read(restricted(False, True))] == ["join"]
    assert [event.kind for event in read(restricted(True, False))] == ["leave"]
    assert read(restricted(True, True)) == []


def test_several_brought_at_once_are_told_one_by_one_and_the_bot_itself_is_no_member() -> None:
    bot = {"id": 42, "is_bot": True, "first_name": "Keeper"}
    other = {"id": 13, "is_bot": True, "first_name": "Other"}
    events = read(said(1000, 1, ROOT, new_chat_members=[ANN, bot, other]))
    assert [(event.id, event.member.is_bot) for event in events if isinstance(event, MemberJoined)] == [
        ("tg:join/-1001/11/1000", False),
        ("tg:join/-1001/13/1000", True),
    ]
