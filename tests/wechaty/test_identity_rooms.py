"""Rooms that are known by their names, and ids in both directions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import Rejected, RetryLater
from adapters.wechaty.identity import Identity, Place, rooms_found
from adapters.wechaty.kind import WECHATY
from adapters.wechaty.naming import id_of_topic, topic_of
from adapters.wechaty.people import Contact, Room
from adapters.wechaty.reading.told import Came

READING = "topic=读书会"


@given(st.text().map(str.strip))
def test_every_name_of_a_room_comes_back_from_its_id(topic: str) -> None:
    id_ = id_of_topic(topic)
    assert topic_of(id_) == topic
    assert "/" not in id_
    assert "\n" not in id_


def test_a_room_is_found_by_its_name() -> None:
    found = rooms_found([READING, "topic=象棋"], {}, {"@@1": "读书会", "@@2": "写作"})
    assert (found.ids, found.missing, found.several) == ({"@@1": READING}, {"topic=象棋"}, frozenset())


def test_two_rooms_of_one_name_are_neither() -> None:
    found = rooms_found([READING], {}, {"@@1": "读书会", "@@2": "读书会"})
    assert (found.ids, found.several) == ({}, {READING})


def test_a_room_that_was_renamed_while_connected_is_found_by_its_new_name() -> None:
    before = {READING: Place("@@1", "读书会2026")}
    assert rooms_found([READING], before, {"@@7": "读书会2026", "@@8": "读书会"}).ids == {"@@7": READING}
    assert rooms_found([READING], before, {"@@8": "读书会"}).ids == {"@@8": READING}
    assert rooms_found([READING], before, {"@@8": "别的"}).missing == {READING}


def test_another_room_that_takes_the_name_while_connected_is_not_taken_for_it() -> None:
    found = rooms_found([READING], {READING: Place("@@1", "读书会")}, {"@@1": "读书会", "@@2": "读书会"})
    assert found.ids == {"@@1": READING}


def test_a_room_that_two_names_claim_is_neither() -> None:
    before = {READING: Place("@@1", "新读书会")}
    found = rooms_found([READING, "topic=新读书会"], before, {"@@7": "新读书会"})
    assert (found.ids, found.several) == ({}, {READING, "topic=新读书会"})


def _settled() -> Identity:
    identity = Identity("wx", stable=False)
    identity.account = "@bot"
    identity.know_rooms({"@@1": READING})
    identity.settled.set()
    return identity


def test_ids_stay_when_the_puppet_changes_them() -> None:
    identity = _settled()
    ann = identity.person("@ann")
    assert identity.raw(f"wx:{ann}") == "@ann" != ann
    identity.forget()
    identity.account = "@bot2"
    with pytest.raises(RetryLater):
        identity.raw(f"wx:{ann}")
    assert identity.person("@ann") == ann  # heard before the login
    identity.know({"@ann2": ann})
    identity.know_rooms({"@@2": READING})
    identity.settled.set()
    assert identity.person("@ann2") == ann
    assert identity.raw(f"wx:{ann}") == "@ann2"
    assert identity.raw(f"wx:{READING}") == "@@2"
    assert identity.raw(f"wx:{identity.me}") == "@bot2"


def test_who_is_not_found_again_cannot_be_removed() -> None:
    identity = _settled()
    ann = identity.person("@ann")
    identity.forget()
    identity.settled.set()
    with pytest.raises(Rejected, match="not found again"):
        identity.raw(f"wx:{ann}")


def test_an_id_that_was_given_away_is_not_given_again() -> None:
    identity = _settled()
    first = identity.person("@x")
    identity.forget()
    identity.know({"@y": first})
    assert identity.person("@y") == first
    identity.settled.set()
    identity._former.clear()
    assert identity.person("@x") != first


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz"))), st.lists(st.sampled_from("abcdef")))
def test_nobody_ever_has_two_ids_and_no_id_two_people(told: list[tuple[str, str]], seen: list[str]) -> None:
    identity = _settled()
    for raw, id_ in told:
        identity.know({raw: id_})
    for raw in seen:
        identity.person(raw)
    ids = {raw: identity.person(raw) for raw in "abcdef"}
    assert len(set(ids.values())) == len(ids)
    assert all(identity.raw(f"wx:{id_}") == raw for raw, id_ in ids.items())


def test_everything_that_was_told_gets_ids_that_stay() -> None:
    identity = _settled()
    room = Room("@@1", "读书会", "@ann", ("@bo",))
    told = identity.renamed(Came(room, (Contact("@cy", "Cy"),), Contact("@ann", "Ann"), 1))
    ann, bo, cy = (identity.person(raw) for raw in ("@ann", "@bo", "@cy"))
    assert told == Came(Room(READING, "读书会", ann, (bo,)), (Contact(cy, "Cy"),), Contact(ann, "Ann"), 1)


def test_a_room_that_nobody_named_has_an_id_that_nobody_can_write() -> None:
    identity = _settled()
    assert identity.room("@@9").startswith("room-")
    with pytest.raises(Rejected):
        identity.raw(f"wx:{identity.room('@@9')}")


def test_where_ids_stay_they_are_the_gateways_own() -> None:
    identity = Identity("wx", stable=True)
    came = Came(Room("r1@chatroom"), (Contact("wxid_1"),), None, 1)
    assert identity.renamed(came) is came
    assert identity.raw("wx:wxid_1") == "wxid_1"
    assert (identity.room("r1@chatroom"), identity.room_now("r1@chatroom")) == ("r1@chatroom", "r1@chatroom")


@pytest.mark.parametrize(
    ("puppet", "chat", "said"),
    [
        ("wechat4u", "@@3fa9", "write its name, such as `topic=Readers`"),
        ("wechat4u", "topic=", "write its name"),
        ("wechat4u", "topic=A/B", "write `topic=A%2FB`"),
        ("wechat4u", "topic=100%", "write `topic=100%25`"),
        ("padlocal", READING, "groups keep their ids"),
    ],
)
def test_a_group_that_could_never_be_found_is_refused(puppet: str, chat: str, said: str) -> None:
    assert said in (WECHATY.group_fault(chat, {"puppet": puppet}) or "")


@pytest.mark.parametrize(
    ("puppet", "chat"),
    [("wechat4u", READING), ("wechat4u", "topic=A%2FB"), ("padlocal", "1@chatroom"), ("unheard of", "anything")],
)
def test_a_group_that_can_be_found_is_taken(puppet: str, chat: str) -> None:
    assert WECHATY.group_fault(chat, {"puppet": puppet}) is None
