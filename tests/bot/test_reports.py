"""Deliveries whose outcome the engine asked for: told as an event, in the transaction in which it is recorded."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adapters.errors import OutcomeUnknown, Rejected, RetryLater
from rules.actions import Reply
from rules.effects import Effect, Lane, Report, SendPrivate, SendText
from rules.outcome import Outcome, read_outcome
from rules.text import say
from storage import outbox, schema
from storage.outbox import Delivery
from storage.tally import tally

ASKED = Report("asked", "sim:ann")


class Heard(Reply):
    """Remembers what schedules told."""

    step = "heard"

    def outcomes(self, event: Any, facts: Any, rule: Any) -> Iterable[Any]:
        told.append((event.group.id, event.subject, read_outcome(event.data)))
        return ()


told: list[tuple[str, str | None, Outcome]] = []


@pytest.fixture
async def bot(world: Any) -> Any:
    told.clear()
    return await world.start(world.rule("heard", Heard(text=""), kinds=["schedule"], names=frozenset({"asked"})))


def queue(bot: Any, effect: Effect) -> None:
    delivery = Delivery(event="question", position=0, group="sim:a", lane=Lane.REPLY, effect=effect)
    bot.app.database.write_now(lambda conn: outbox.enqueue(conn, [delivery], bot.clock.now()))


async def test_what_was_sent_is_told_with_its_message(bot: Any) -> None:
    queue(bot, SendText("sim:a", say("press the button"), report=ASKED))
    await bot.settle()
    (message,) = [id_ for id_, post in bot.sim.room("a").posts.items() if post.by_bot]
    assert told == [("sim:a", "sim:ann", Outcome("sent", message))]


async def test_what_is_refused_is_told_to_the_engine_and_not_to_the_staff(bot: Any) -> None:
    bot.sim.fail_next(Rejected("the bot was blocked by the user"))
    queue(bot, SendPrivate("sim:a", "sim:ann", say("press the button"), report=ASKED))
    await bot.settle()
    assert told == [("sim:a", "sim:ann", Outcome("refused", reason="the bot was blocked by the user"))]
    assert bot.said_in("staff") == []


async def test_what_is_uncertain_is_told(bot: Any) -> None:
    bot.sim.fail_next(OutcomeUnknown("timed out"), after_effect=True)
    queue(bot, SendText("sim:a", say("press the button"), report=ASKED))
    await bot.settle()
    assert told == [("sim:a", "sim:ann", Outcome("uncertain", reason="timed out"))]


async def test_what_became_uncertain_by_a_crash_is_told_at_the_next_start_once(bot: Any) -> None:
    queue(bot, SendText("sim:a", say("press the button"), report=ASKED))
    database = bot.app.database
    ids = database.read_now(lambda conn: conn.scalars(select(schema.outbox.c.id)).all())
    database.write_now(lambda conn: outbox.mark_sending(conn, ids))
    await bot.restart()
    await bot.restart()
    assert [outcome.state for _, _, outcome in told] == ["uncertain"]


async def test_where_something_else_is_said_instead_it_is_told_of_that(bot: Any) -> None:
    bot.sim.people["sim:ann"].reachable = False
    instead = SendText("sim:a", say("press the button here"))
    queue(bot, SendPrivate("sim:a", "sim:ann", say("press the button"), otherwise=instead, report=ASKED))
    await bot.settle()
    (message,) = [id_ for id_, post in bot.sim.room("a").posts.items() if post.by_bot]
    assert told == [("sim:a", "sim:ann", Outcome("sent", message))]


async def test_where_nothing_else_could_be_said_either_that_is_told(bot: Any) -> None:
    bot.sim.people["sim:ann"].reachable = False
    bot.sim.fail_next(Rejected("blocked"))
    bot.sim.fail_next(Rejected("no right to write"))
    instead = SendText("sim:a", say("press the button here"))
    queue(bot, SendPrivate("sim:a", "sim:ann", say("press the button"), otherwise=instead, report=ASKED))
    await bot.settle()
    assert told == [("sim:a", "sim:ann", Outcome("refused", reason="no right to write"))]
    assert bot.said_in("staff") == []


async def test_what_did_not_happen_yet_is_not_told(bot: Any) -> None:
    bot.sim.fail_next(RetryLater("no network"))
    queue(bot, SendText("sim:a", say("press the button"), report=ASKED))
    await bot.settle()
    assert told == []
    await bot.later(minutes=1)
    assert [outcome.state for _, _, outcome in told] == ["sent"]


@pytest.mark.parametrize(("otherwise", "refused"), [(SendText("sim:a", say("a word")), 0), (None, 1)])
async def test_a_private_word_that_is_said_in_the_group_instead_is_no_refusal(
    bot: Any, otherwise: SendText | None, refused: int
) -> None:
    began = bot.clock.now()
    bot.sim.fail_next(Rejected("the bot was blocked by the user"))
    queue(bot, SendPrivate("sim:a", "sim:ann", say("a word"), otherwise=otherwise))
    await bot.settle()
    counted = bot.app.database.read_now(lambda conn: tally(conn, began, bot.clock.now() + timedelta(days=1)))
    assert sum(group.refused for group in counted.groups) == refused
