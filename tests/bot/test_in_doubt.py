"""Texts whose answer was lost, on a platform that can be asked whether they stand."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from adapters.errors import OutcomeUnknown, RetryLater
from adapters.protocol import Receipt
from bot.dispatch.doubts import TOO_LATE
from bot.refusals import refusal_in
from rules.effects import Effect, Lane, Report, SendPrivate, SendText
from rules.text import say
from storage import outbox, schema
from storage.outbox import Delivery, State

LOST = OutcomeUnknown("timed out")


class Verifying:
    """The simulated platform, and what it says of texts in doubt: ``answers`` in order, the last for ever."""

    def __init__(self, bot: Any, *answers: Receipt | Exception | None) -> None:
        self.adapter = bot.app.adapters["sim"]
        self.answers = list(answers)
        self.asked: list[tuple[datetime, Effect]] = []
        self.meanwhile: Callable[[], Any] | None = None
        self._now = bot.clock.now
        bot.app.adapters["sim"] = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self.adapter, name)

    async def verify(self, effect: Effect) -> Receipt | None:
        self.asked.append((self._now(), effect))
        if self.meanwhile is not None:
            await self.meanwhile()
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def queue(bot: Any, *effects: Effect, lane: Lane = Lane.REPLY, event: str = "made") -> None:
    now: datetime = bot.clock.now()
    deliveries = [
        Delivery(event=event, position=position, group=effect.group, lane=lane, effect=effect)
        for position, effect in enumerate(effects)
    ]
    bot.app.database.write_now(lambda conn: outbox.enqueue(conn, deliveries, now))


def text(words: str, **more: Any) -> SendText:
    return SendText(group="sim:a", text=say(words), **more)


async def states(bot: Any) -> list[str]:
    def look(conn: Connection) -> list[str]:
        codes = list(State)
        return [codes[code] for code in conn.scalars(select(schema.outbox.c.state).order_by(schema.outbox.c.id))]

    return list(await bot.app.database.read(look))


def message(bot: Any) -> str:
    (found,) = [id_ for id_, post in bot.sim.room("a").posts.items() if post.by_bot]
    return str(found)


async def lost(bot: Any, *effects: Effect, arrived: bool, **more: Any) -> None:
    """The answer to the first of these effects is lost."""
    queue(bot, *effects, **more)
    bot.sim.fail_next(LOST, after_effect=arrived)
    await bot.settle()


async def until(true: Callable[[], object]) -> None:
    """Wait until something is so that tells nobody."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.001)


async def test_a_text_that_stands_is_sent_and_cleans_itself_up(world: Any) -> None:
    bot = await world.start()
    platform = Verifying(bot)
    await lost(bot, text("hello", delete_after=60), arrived=True)
    platform.answers = [Receipt(message(bot))]
    await bot.later(seconds=4)
    assert (platform.asked, await states(bot)) == ([], ["sending"])
    await bot.later(seconds=1)
    assert (await states(bot))[0] == "sent"
    await bot.later(seconds=60)
    assert bot.sim.room("a").posts[message(bot)].deleted
    assert len(platform.asked) == 1


async def test_a_running_text_that_stands_is_kept_up_to_date(world: Any) -> None:
    bot = await world.start()
    platform = Verifying(bot)
    await lost(bot, text("first", running="board", runs_for=3600), arrived=True)
    platform.answers = [Receipt(message(bot))]
    await bot.later(seconds=5)
    queue(bot, text("second", running="board", runs_for=3600), event="later")
    await bot.settle()
    assert bot.said_in("a") == ["second"]


async def test_a_text_that_does_not_stand_is_said_again_once(world: Any) -> None:
    bot = await world.start()
    Verifying(bot, None)
    await lost(bot, text("hello"), arrived=False)
    await bot.later(seconds=10)
    assert (bot.said_in("a"), await states(bot)) == (["hello"], ["sent"])


async def test_a_text_that_never_arrives_is_tried_only_so_often(world: Any) -> None:
    bot = await world.start()
    platform = Verifying(bot, None)
    queue(bot, text("hello"))
    for _ in range(8):
        bot.sim.fail_next(LOST)
    await bot.settle()
    await bot.later(hours=1)
    assert (await states(bot))[0] == "failed"
    assert len(platform.asked) == 8
    assert bot.said_in("a") == []


async def test_what_follows_in_the_line_does_not_wait_for_it(world: Any) -> None:
    bot = await world.start()
    Verifying(bot, RetryLater("nobody wrote"), None)
    await lost(bot, text("one"), text("two"), arrived=False)
    assert bot.said_in("a") == ["two"]
    await bot.later(minutes=1)
    assert bot.said_in("a") == ["two", "one"]


async def test_while_it_cannot_be_said_yet_it_is_asked_again_for_so_long(world: Any) -> None:
    bot = await world.start()
    platform = Verifying(bot, RetryLater("nobody wrote", timedelta(seconds=30)))
    await lost(bot, text("reply"), arrived=False)
    await lost(bot, text("news", announcement=True), arrived=False, lane=Lane.ANNOUNCEMENT, event="news")
    start = bot.clock.now()
    await bot.later(minutes=29)
    assert await states(bot) == ["uncertain", "sending"]
    await bot.later(minutes=2)
    assert await states(bot) == ["uncertain", "uncertain"]
    asked = [(at - start).total_seconds() / 60 for at, effect in platform.asked if effect == text("reply")]
    assert max(asked) <= 5
    assert bot.said_in("a") == []


async def test_what_is_known_too_late_not_to_stand_is_not_said_any_more_and_staff_are_told(world: Any) -> None:
    bot = await world.start()
    Verifying(bot, RetryLater("nobody wrote", timedelta(seconds=20)), None)
    await lost(bot, text("good morning"), arrived=False)
    await bot.later(seconds=10)
    bot.clock.move_to(bot.clock.now() + timedelta(hours=8))  # the machine was asleep
    await bot.settle()
    assert (bot.said_in("a"), (await states(bot))[0]) == ([], "failed")
    assert len(bot.said_in("staff")) == 1
    assert refusal_in("zh-CN", TOO_LATE) != TOO_LATE


async def test_what_the_engine_waits_to_hear_of_is_not_in_doubt_for_long(world: Any) -> None:
    bot = await world.start()
    Verifying(bot, RetryLater("nobody wrote"))
    await lost(bot, text("asked", report=Report("gate")), arrived=False)
    await bot.later(minutes=1)
    assert (await states(bot))[0] == "uncertain"


async def test_what_nobody_can_know_is_uncertain_and_so_it_is_when_asking_fails(world: Any) -> None:
    bot = await world.start()
    for number, trouble in enumerate((OutcomeUnknown("too much was written"), ValueError("a fault"))):
        Verifying(bot, trouble)
        await lost(bot, text("hello"), arrived=False, event=f"event {number}")
        await bot.later(minutes=1)
    assert await states(bot) == ["uncertain", "uncertain"]
    assert bot.said_in("a") == []


async def test_what_is_said_to_one_member_alone_is_not_asked_about(world: Any) -> None:
    bot = await world.start()
    platform = Verifying(bot, None)
    await lost(bot, SendPrivate(group="sim:a", member="sim:ann", text=say("psst")), arrived=True)
    await bot.later(minutes=1)
    assert (platform.asked, await states(bot)) == ([], ["uncertain"])


async def test_what_is_in_doubt_at_the_end_is_uncertain(world: Any) -> None:
    bot = await world.start()
    Verifying(bot, None)
    await lost(bot, text("hello"), arrived=True)
    await bot.restart()
    assert await states(bot) == ["uncertain"]
    await bot.later(minutes=1)
    assert bot.said_in("a") == ["hello"]


async def test_what_is_in_doubt_when_the_process_dies_is_uncertain(world: Any) -> None:
    bot = await world.start()
    Verifying(bot, None)
    await lost(bot, text("hello"), arrived=True)
    assert await states(bot) == ["sending"]  # which is what the next start finds
    assert await bot.app.dispatcher.recover() == 1
    assert await states(bot) == ["uncertain"]


async def test_a_question_that_gets_no_answer_does_not_hold_up_the_end(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("bot.dispatch.dispatcher.GRACE", 0.01)
    bot = await world.start()
    platform = Verifying(bot, None)
    platform.meanwhile = asyncio.Event().wait
    await lost(bot, text("hello"), arrived=True)
    bot.clock.move_to(bot.app.dispatcher._doubts.next_moment())
    await bot.app.dispatcher.send_due()
    await asyncio.sleep(0)
    assert len(platform.asked) == 1
    await bot.restart()
    assert await states(bot) == ["uncertain"]


async def test_a_text_found_missing_during_the_turn_that_sent_it_is_said_again(world: Any) -> None:
    bot = await world.start()
    platform = Verifying(bot, None)
    perform, go_on = platform.adapter.perform, asyncio.Event()

    async def slow(effect: Effect) -> Receipt:
        if effect == text("two"):
            await go_on.wait()
        receipt: Receipt = await perform(effect)
        return receipt

    platform.perform = slow  # type: ignore[attr-defined]
    queue(bot, text("one"), text("two"))
    bot.sim.fail_next(LOST)
    dispatcher = bot.app.dispatcher
    await dispatcher.send_due()
    await until(dispatcher._doubts.next_moment)
    bot.clock.move_to(dispatcher._doubts.next_moment())
    await dispatcher.go_on()
    await until(lambda: dispatcher._repeats)
    await dispatcher.go_on()
    assert bot.said_in("a") == []
    go_on.set()
    await bot.later(seconds=10)
    assert bot.said_in("a") == ["two", "one"]
    assert await states(bot) == ["sent", "sent"]
