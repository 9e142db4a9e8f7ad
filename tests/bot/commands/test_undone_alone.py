"""What is undone is that one decision: not a later one, not one of the same moment, not one of another group."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from rules.actions.ladder import Ladder
from rules.actions.sanctions import Mute, Warn
from rules.conditions.text import TextHasAny
from rules.effects import SendText, UnmuteMember
from rules.rulebook import Rule
from rules.step import LadderSteps, Library, Rung
from rules.values import Message
from storage import running
from storage.running import Running

AD = "Limited places!"


def ruled(room: Any, *actions: Any, **more: Any) -> None:
    """Everything that plain members write is taken for an advertisement."""
    rule = Rule("ads", "No ads", frozenset({"message"}), None, actions, groups=frozenset({"reading"}))
    room.rebuild(rules=(rule,), tells_sanctions=True, **more)


def muting(word: str, length: str) -> Rule:
    condition = TextHasAny.model_validate({"of": [word]})
    mute = Mute.model_validate({"for": length})
    return Rule(word, word, frozenset({"message"}), condition, (mute,), groups=frozenset({"reading"}))


def unmuted(effects: list[Any]) -> bool:
    return any(isinstance(effect, UnmuteMember) for effect in effects)


def test_undoing_a_mute_leaves_a_later_one_in_force(room: Any) -> None:
    room.rebuild(rules=(muting("first", "10m"), muting("second", "7d")), tells_sanctions=True)
    room.type(room.bo, "first")
    room.type(room.bo, "second", after=timedelta(minutes=20))
    until = room.member(room.bo).muted_until
    assert not unmuted(room.press(room.mo, "/undo 1 reading", press="p1"))
    assert room.member(room.bo).muted_until == until
    assert unmuted(room.press(room.mo, "/undo 2 reading", press="p2"))
    assert room.member(room.bo).muted_until is None


def test_a_later_mute_that_was_taken_back_stands_in_nobodys_way(room: Any) -> None:
    room.rebuild(rules=(muting("first", "1h"), muting("second", "7d")), tells_sanctions=True)
    room.type(room.bo, "first")
    room.type(room.bo, "second")
    room.press(room.mo, "/undo 2 reading", press="p1")
    room.type(room.bo, "first")
    assert unmuted(room.press(room.mo, "/undo 3 reading", press="p2"))


def test_points_and_warnings_of_another_message_of_the_same_second_stay(room: Any) -> None:
    steps = LadderSteps((Rung(1, (Warn(), Mute.model_validate({"for": "1h"}))),))
    ruled(room, Ladder(name="ads"), library=Library(ladders={"ads": steps}))
    messages = [room.post(room.bo, AD, after=timedelta()) for _ in range(2)]
    room.press(room.mo, "/undo 1 reading", press="p1")
    state = room.member(room.bo)
    assert [points.message for points in state.points] == [messages[1].id]
    assert [warning.message for warning in state.warnings] == [messages[1].id]
    assert "1 warnings in force" in room.says(room.mo, "/warnings @bo")


def test_the_number_of_another_group_undoes_nothing_here(room: Any) -> None:
    ruled(room, Mute.model_validate({"for": "1h"}))
    room.type(room.bo, AD)
    assert "and the number" in room.says(room.mo, "/undo 1 garden")
    assert unmuted(room.type(room.mo, "/undo 1 reading"))


def test_a_button_of_a_group_that_is_gone_undoes_nothing_in_the_one_that_is_left(room: Any) -> None:
    groups = {name: group for name, group in room.config["groups"].items() if name != "garden"}
    room.config = {**room.config, "groups": groups}
    ruled(room, Mute.model_validate({"for": "1h"}))
    room.type(room.bo, AD)
    assert not unmuted(room.press(room.mo, "/undo 1 garden", press="p1"))
    assert room.member(room.bo).muted_until is not None


def test_a_reply_to_something_else_in_the_staff_room_undoes_nothing(room: Any) -> None:
    groups = {name: group for name, group in room.config["groups"].items() if name != "garden"}
    room.config = {**room.config, "groups": groups}
    ruled(room, Mute.model_validate({"for": "1h"}))
    room.type(room.bo, AD)
    chat = room.post(room.mia, "I am away tomorrow", group=room.staff)
    effects = room.type(room.mo, "/undo", reply_to=chat, group=room.staff)
    assert not unmuted(effects)
    assert "reply with it to the message" in room.words(effects)


def test_a_decision_can_be_given_as_a_reply_to_the_appeal(room: Any) -> None:
    ruled(room, Mute.model_validate({"for": "1h"}))
    room.type(room.bo, AD)
    room.type(room.xiaobo, AD)
    asked = next(
        effect
        for effect in room.press(room.bo, "/appeal 10004", group=room.reading, press="p1")
        if isinstance(effect, SendText) and effect.group == room.staff
    )
    assert asked.running == "appeal/reading/1"
    stands = Running(f"{room.staff}/901", room.now)
    room.db.write_now(lambda conn: running.remember(conn, room.staff, asked.running, stands))
    told: Message = replace(room.post(room.mo, "hm", group=room.staff), id=stands.message, author=room.bot)
    effects = room.type(room.mo, "/undo", reply_to=told, group=room.staff)
    assert UnmuteMember(group=room.reading, member=room.bo.id) in effects
    assert room.member(room.xiaobo).muted_until is not None
