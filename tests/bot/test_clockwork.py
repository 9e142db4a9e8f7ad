"""What time asks for happens once, at its own moment, whatever happened to the bot meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from rules.actions import Post, Reply, SendPrivately
from rules.changes import SetTimer
from rules.commandline import CommandNames
from rules.config import Config
from rules.events import Event, ScheduleFired
from rules.facts import Facts
from rules.rulebook import Rule
from rules.step import Action, Library, Outcome, RuleContext, TopicList
from rules.windows import QuietHours, Window
from storage import schema


class Later(Action):
    """Sets a timer for the member."""

    step = "later"
    hours: int = 1

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        yield SetTimer(name="later", due=facts.now + timedelta(hours=self.hours), subject=facts.member.id)


class Nag(Action):
    """Says so, to the group."""

    step = "nag"

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        assert isinstance(event, ScheduleFired)
        yield from Reply(text=f"due {event.local} for {facts.member.id}").outcomes(event, facts, rule)


def daily(world: Any, **timing: Any) -> Rule:
    post = world.rule("daily", Post(source="good evening"), groups=["a"])
    return world.timed(post, **{"at": "18:00", **timing})  # type: ignore[no-any-return]


async def test_a_daily_push_comes_once_although_the_bot_is_restarted_in_that_very_minute(world: Any) -> None:
    bot = await world.start(daily(world))
    await bot.later(hours=6)
    await bot.restart()
    await bot.later(seconds=30)
    await bot.restart()
    assert bot.said_in("a") == ["good evening"]
    assert bot.said_in("b") == []
    await bot.later(days=1)
    assert bot.said_in("a") == ["good evening"] * 2


async def away(world: Any, late: str) -> Any:
    """A bot that was away when its push was due, for two days."""
    bot = await world.start(daily(world, late=late))
    await bot.stop()
    bot.clock.move_to(bot.clock.now() + timedelta(days=2))
    await bot.start()
    return bot


async def test_what_was_missed_is_made_up_for_once(world: Any) -> None:
    bot = await away(world, "run")
    assert bot.said_in("a") == ["good evening"]
    assert bot.said_in("staff") == []
    await bot.restart()
    assert bot.said_in("a") == ["good evening"]


async def test_what_was_missed_is_left_out(world: Any) -> None:
    bot = await away(world, "skip")
    assert (bot.said_in("a"), bot.said_in("staff")) == ([], [])


async def test_what_was_missed_is_told_to_staff(world: Any) -> None:
    bot = await away(world, "alert")
    assert bot.said_in("a") == []
    (told,) = bot.said_in("staff")
    assert "daily" in told
    assert "2026-10-06 18:00" in told
    await bot.restart()
    assert len(bot.said_in("staff")) == 1


@pytest.mark.parametrize(("wanted", "told"), [(("missed",), 1), (("parked", "moved"), 0)])
async def test_staff_are_told_of_what_they_asked_for(world: Any, wanted: tuple[str, ...], told: int) -> None:
    config = Config.model_validate({"staff": {"alerts": wanted}})
    bot = await world.start(setup=world.setup(daily(world, late="alert"), config=config))
    await bot.stop()
    bot.clock.move_to(bot.clock.now() + timedelta(days=2))
    await bot.start()
    assert len(bot.said_in("staff")) == told


async def test_a_timer_fires_at_its_moment_and_not_again(world: Any) -> None:
    nag = world.rule("nag", Nag(), kinds=["schedule"], names=frozenset({"later"}), binds_staff=True)
    bot = await world.start(world.rule("later", Later()), nag)
    await bot.says("a", "ann", "hi")
    await bot.later(minutes=59)
    assert bot.said_in("a") == []
    await bot.restart()
    await bot.later(minutes=1)
    assert bot.said_in("a") == ["due 2026-10-05T13:00 for sim:ann"]
    await bot.restart()
    await bot.later(days=1)
    assert len(bot.said_in("a")) == 1


async def test_a_timer_that_is_set_again_fires_at_the_later_moment_only(world: Any) -> None:
    nag = world.rule("nag", Nag(), kinds=["schedule"], names=frozenset({"later"}), binds_staff=True)
    bot = await world.start(world.rule("later", Later()), nag)
    await bot.says("a", "ann", "hi")
    await bot.later(minutes=30)
    await bot.says("a", "ann", "hi again")
    await bot.later(days=1)
    assert bot.said_in("a") == ["due 2026-10-05T13:30 for sim:ann"]


async def test_a_timers_words_wait_for_the_end_of_the_quiet_hours(world: Any) -> None:
    night = QuietHours(Window(frozenset(range(7)), time(22), time(7)), "hold")
    nag = world.rule("nag", Nag(), kinds=["schedule"], names=frozenset({"later"}), binds_staff=True)
    bot = await world.start(world.rule("later", Later(hours=11)), nag, quiet_hours=night)
    await bot.says("a", "ann", "hi")
    await bot.later(hours=18)
    assert bot.said_in("a") == []
    await bot.later(hours=1)
    assert bot.said_in("a") == ["due 2026-10-05T23:00 for sim:ann"]


async def test_answers_are_given_during_quiet_hours_too(world: Any) -> None:
    always = QuietHours(Window(frozenset(range(7)), time(0), time(0)), "hold")
    bot = await world.start(world.rule("echo", Reply(text="heard")), quiet_hours=always)
    await bot.says("a", "ann", "hi")
    assert bot.said_in("a") == ["heard"]


async def test_the_silence_breaker_gives_up_when_nobody_answers(world: Any) -> None:
    topics = TopicList(("one?", "two?", "three?", "four?"))
    rule = world.timed(
        world.rule("silence", Post(source="topics.talk"), groups=["a"]), quiet_for="3h", stop_after_unanswered=2
    )
    bot = await world.start(setup=world.setup(rule, library=Library(topics={"talk": topics})))
    await bot.later(days=1)
    assert bot.said_in("a") == []  # nobody ever wrote
    await bot.says("a", "ann", "hi")
    await bot.later(hours=4)
    await bot.restart()
    await bot.later(days=2)
    assert bot.said_in("a") == ["one?", "two?"]
    await bot.says("a", "bo", "two, I think")
    await bot.later(hours=4)
    assert bot.said_in("a") == ["one?", "two?", "three?"]


async def test_old_words_are_forgotten_as_the_file_says(world: Any) -> None:
    config = Config.model_validate({"storage": {"message_text": {"keep": timedelta(days=2)}}})
    bot = await world.start(world.rule("echo", SendPrivately(text="heard")), config=config)
    await bot.says("a", "ann", "old words")
    await bot.later(days=3)
    await bot.says("a", "ann", "new words")
    await bot.app._housekeeping.tidy()
    texts = select(schema.activity.c.text).where(schema.activity.c.text.is_not(None))
    assert bot.app.database.read_now(lambda conn: conn.scalars(texts).all()) == ["new words"]
    count = select(func.count()).select_from(schema.activity)
    assert bot.app.database.read_now(lambda conn: conn.scalar(count)) == 2


async def test_a_button_that_staff_press_is_a_command_of_theirs(world: Any) -> None:
    setup = world.setup(world.rule("faq", Reply(text="done by {name}"), kinds=["command"], names=frozenset({"faq"})))
    bot = await world.start(setup=replace(setup, commands=CommandNames({"faq": "faq", "问答": "faq"})))
    (asked,) = await bot.says("a", "ann", "anything")
    bot.sim.press("a", "bo", asked, "/问答 now")
    bot.sim.press("a", "bo", asked, "yes")
    await bot.settle()
    assert bot.said_in("a") == ["done by bo"]
    kinds = select(schema.activity.c.kind)
    assert sorted(bot.app.database.read_now(lambda conn: conn.scalars(kinds).all())) == [1, 7, 7]
