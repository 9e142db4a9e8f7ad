"""``/id`` tells the numbers that the configuration wants, also in a group that is not in it yet."""

from datetime import timedelta
from typing import Any

from rules.effects import SendText
from rules.values import Member

STRANGE = "telegram:-1007777777777"


def test_the_numbers_of_the_group_and_of_the_asker_are_told(room: Any) -> None:
    said = room.says(room.bo, "/id")
    assert room.reading.partition(":")[2] in said
    assert room.bo.id in said


def test_whoever_asks_in_a_group_that_is_not_configured_is_told_its_number_once_an_hour(room: Any) -> None:
    ann = Member("telegram:10099", "Ann")
    (told,) = room.type(ann, "/id", group=STRANGE)
    assert isinstance(told, SendText)
    assert told.group == STRANGE
    assert 'chat: "-1007777777777"' in room.words([told])
    assert room.type(ann, "/id", group=STRANGE) == []
    room.now += timedelta(hours=1)
    assert len(room.type(ann, "/id", group=STRANGE)) == 1


def test_nothing_else_is_answered_in_a_group_that_is_not_configured(room: Any) -> None:
    assert room.type(Member("telegram:10099", "Ann"), "/rules", group=STRANGE) == []


def test_whoever_asks_alone_is_told_their_own_number(room: Any) -> None:
    ann = Member("telegram:10099", "Ann")
    (told,) = room.type(ann, "/id", private=True)
    assert (told.group, room.words([told])) == (ann.id, f"You: {ann.id}")
