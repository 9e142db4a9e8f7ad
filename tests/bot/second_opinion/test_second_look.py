"""The second look at a message in the database: it follows its group, takes whole albums along, and is told as one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.second_look import PREFIX, brought_by
from rules.actions.messages import Delete
from rules.actions.sanctions import Ban, Warn
from rules.actions.talk import Reply
from rules.conditions.rate import SamePerson
from rules.conditions.text import TextHasAny
from rules.conditions.verdicts import Ad, DetectorSays
from rules.events import (
    AGAIN,
    MessageEdited,
    MessagePosted,
    again_by,
    decode,
    encode,
    first_id,
    judged_before,
    once_more,
)
from rules.logic import All, AnyOf
from rules.values import Group, Member, Message
from storage import cases, history, traces
from storage.timers import Timer

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
TEXT = "birdhouses in every colour, do write to our agent"
MESSAGE = Message("sim:a/1", Member("sim:ann"), TEXT, NOW)


@pytest.mark.parametrize("kind", [MessagePosted, MessageEdited])
def test_an_event_is_looked_at_again_under_an_id_of_its_own(kind: Any) -> None:
    event = kind("sim:1", Group("sim:a"), NOW, MESSAGE)
    again = once_more(event, ["ads", "links"])
    assert again is not None
    assert (again.id, first_id(again), first_id(event)) == ("sim:1" + AGAIN, "sim:1", "sim:1")
    assert (again_by(again), again_by(event)) == (("ads", "links"), ())
    assert decode(encode(again)) == again
    assert judged_before(again) == ("sim:a/1",)
    assert b"again" not in encode(event)


def test_a_timer_of_another_version_brings_nothing_and_breaks_nothing() -> None:
    for data in (None, "", "{}", '{"type": "later"}', "nonsense"):
        with capture_logs() as logs:
            assert brought_by(Timer("sim:a", PREFIX + "x", None, data, NOW)) is None
        assert logs[0]["event"] == "second_look_lost"


@pytest.mark.parametrize("answers", [True, False])
async def test_a_group_that_moves_meanwhile_is_followed(asking: Any, *, answers: bool) -> None:
    asking.stand_in.open.clear()
    bot = await asking.start(0.95, asking.world.rule("ads", Reply(text="no ads"), condition=Ad()))
    await bot.says("a", "ann", TEXT)
    bot.sim.migrate("a", "a2")
    await bot.settle()
    assert bot.said_in("a2") == []
    if answers:
        asking.stand_in.open.set()
        await asking.answered()
        assert bot.said_in("a2") == ["no ads"]
    await bot.later(seconds=10)
    assert bot.said_in("a2") == ["no ads"]


async def test_an_album_goes_whole(asking: Any) -> None:
    bot = await asking.start()
    parts = [bot.sim.post("a", "ann", text, album="x") for text in (TEXT, "", "")]
    await bot.settle()
    await bot.later(seconds=1)
    await asking.answered()
    assert asking.gone(*parts) == [True] * 3
    assert asking.stand_in.texts == [TEXT]


async def test_a_case_is_told_by_the_first_look(asking: Any) -> None:
    rule = asking.world.rule("ads", Delete(), Warn(), Ban(), condition=Ad())
    bot = await asking.start(0.95, rule, settings={"tells_sanctions": True})
    (posted,) = await bot.says("a", "ann", TEXT)
    await asking.answered()
    case = bot.app.database.read_now(lambda conn: cases.of_message(conn, "sim:a", posted))
    assert case is not None
    assert not case.event.endswith(AGAIN)
    assert bot.app.database.read_now(lambda conn: traces.of_event(conn, case.event)) is not None
    (given,) = bot.app.database.read_now(lambda conn: history.warnings_of(conn, "sim:a", "sim:ann"))
    assert given.event == case.event  # by which it is found when the case is undone


async def test_nobody_is_warned_twice_for_one_message(asking: Any) -> None:
    first = asking.world.rule("birds", Warn(text="no birds"), condition=TextHasAny(of=("birdhouses",)))
    bot = await asking.start(0.95, first, asking.world.rule("ads", Delete(), condition=Ad()))
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    given = bot.app.database.read_now(lambda conn: history.warnings_of(conn, "sim:a", "sim:ann"))
    assert [warning.by for warning in given] == ["rule:birds"]


async def test_only_what_depends_on_the_answer_awaits_it(asking: Any) -> None:
    rule, flood = asking.world.rule, SamePerson(messages=2, within=timedelta(minutes=1))
    bot = await asking.start(
        0.95,
        rule("flood", Reply(text="slower"), condition=flood),
        rule("or", Reply(text="or"), condition=AnyOf(of=(TextHasAny(of=("birdhouses",)), Ad()))),
        rule("and", Reply(text="and"), condition=All(of=(Ad(), TextHasAny(of=("nothing of it",))))),
        rule("raw", Reply(text="raw"), condition=DetectorSays(name="ad", at_least=0.9)),
        rule("after", Reply(text="after"), condition=Ad(), stop=True),
        rule("stopped", Reply(text="stopped"), condition=Ad()),
    )
    asking.stand_in.open.clear()
    await bot.says("a", "ann", TEXT)
    assert bot.said_in("a") == ["or"]
    asking.stand_in.open.set()
    await asking.answered()
    assert bot.said_in("a") == ["or", "raw", "after"]


async def test_a_detector_of_another_version_does_not_wait_once_more(asking: Any) -> None:
    asking.stand_in.open.clear()
    bot = await asking.start()
    posted = await bot.says("a", "ann", TEXT)
    await bot.stop()
    asking.detector.version = "2"
    await bot.start()
    await bot.later(seconds=10)
    assert asking.gone(*posted) == [True]


async def test_a_rule_that_is_gone_by_then_is_not_missed(asking: Any) -> None:
    asking.stand_in.open.clear()
    bot = await asking.start()
    posted = await bot.says("a", "ann", TEXT)
    await bot.stop()
    bot.setup = asking.world.setup(asking.world.rule("other", Reply(text="hello")), config=asking.config())
    await bot.start()
    await bot.later(seconds=10)
    assert asking.gone(*posted) == [False]
    assert bot.said_in("a") == []
