"""Moments and ids, whatever a puppet tells."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.kinds import Sort
from adapters.wechaty.reading.times import moment
from rules.events import MessagePosted
from rules.values import PlatformRole
from tests.wechaty.posted import ANN, NOW, post, read, reader

SECONDS = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("told", "at"),
    [
        (SECONDS, NOW),
        (SECONDS * 1000 + 500, NOW + timedelta(milliseconds=500)),
        (SECONDS * 1_000_000, NOW),
        (SECONDS - 3600, NOW - timedelta(hours=1)),
        (SECONDS + 30, NOW + timedelta(seconds=30)),
        (SECONDS + 3600, NOW),
        (0, NOW),
        (-5, NOW),
        (17, NOW),
        (10**40, NOW),
        (float("nan"), NOW),
        (float("inf"), NOW),
        (1_400_000_000, datetime(2014, 5, 13, 16, 53, 20, tzinfo=UTC)),
    ],
)
def test_a_moment_is_what_was_told_or_now(told: float, at: datetime) -> None:
    assert moment(told, SECONDS) == at


def test_a_message_stands_in_its_room_under_its_own_id() -> None:
    (event,) = reader().events(post(Sort.TEXT, "hello", id_="77"))
    assert isinstance(event, MessagePosted)
    assert (event.id, event.message.id, event.group.id) == ("wx:77", "wx:r1@chatroom/77", "wx:r1@chatroom")
    assert (event.group.name, event.group.kind, event.at) == ("Reading", "group", NOW)


def test_a_message_said_alone_stands_in_a_talk_with_its_author() -> None:
    (event,) = reader().events(post(Sort.TEXT, "hello", id_="77", room=None))
    assert isinstance(event, MessagePosted)
    assert (event.message.id, event.group.id, event.group.kind) == ("wx:wxid_ann/77", "wx:wxid_ann", "private")


@pytest.mark.parametrize(
    ("id_", "role"),
    [("wxid_owner", PlatformRole.OWNER), ("wxid_admin", PlatformRole.ADMIN), ("wxid_ann", PlatformRole.MEMBER)],
)
def test_an_author_is_what_the_room_says(id_: str, role: PlatformRole) -> None:
    author = read(Sort.TEXT, "hello", author=Contact(id_, "X"), name="小安").author
    assert (author.role, author.name) == (role, "小安")


def test_what_the_account_says_itself_is_no_event() -> None:
    assert reader().events(post(Sort.TEXT, "hello", author=ANN, own=True)) == []
    assert reader().events(post(Sort.TEXT, "hello", author=ANN, own=True, room=None)) == []
