"""Notices that clean themselves up where a platform takes a message back only for a while, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from adapters.errors import TooLate
from rules.actions import Reply
from rules.capability import Capability
from rules.effects import DeleteMessage, Lane, SendText, kind_of
from rules.text import say
from storage import outbox
from storage.outbox import Delivery, State
from tests.bot.test_dispatching import queue, states

TWO_MINUTES = timedelta(minutes=2)


class TakesBack:
    """The simulated platform, where a message can be taken back for so long."""

    def __init__(self, adapter: Any, within: timedelta | None) -> None:
        self.adapter = adapter
        self.recalls_within = within

    def __getattr__(self, name: str) -> Any:
        return getattr(self.adapter, name)


def takes_back(bot: Any, within: timedelta | None) -> None:
    bot.app.adapters["sim"] = TakesBack(bot.app.adapters["sim"], within)


def standing(bot: Any) -> list[bool]:
    return [not post.deleted for post in bot.sim.room("a").posts.values() if post.by_bot]


async def test_a_notice_is_taken_back_while_that_can_be_done(world: Any) -> None:
    bot = await world.start(world.rule("brief", Reply(text="for a minute", delete_after="1m")))
    takes_back(bot, TWO_MINUTES)
    await bot.says("a", "ann", "hi")
    await bot.later(seconds=59)
    assert standing(bot) == [True]
    await bot.later(seconds=1)
    assert standing(bot) == [False]


@pytest.mark.parametrize("within", [TWO_MINUTES, None], ids=["two minutes", "never"])
async def test_a_notice_that_stands_longer_than_it_can_be_taken_back_stays_and_staff_hear_nothing(
    world: Any, within: timedelta | None
) -> None:
    bot = await world.start(world.rule("long", Reply(text="for long", delete_after="2m")))
    takes_back(bot, within)
    await bot.says("a", "ann", "hi")
    await bot.later(minutes=10)
    assert standing(bot) == [True]
    assert bot.said_in("staff") == []
    assert [kind for kind, _, _ in bot.app.database.read_now(states)] == ["send_text"]


async def test_where_nothing_can_be_removed_no_removal_is_planned(world: Any) -> None:
    bot = await world.start(world.rule("long", Reply(text="a while", delete_after="1m")))
    removes = {Capability.DELETE, Capability.DELETE_OWN, Capability.DELETE_MANY}
    bot.app.adapters["sim"].capabilities -= removes
    await bot.says("a", "ann", "hi")
    await bot.later(minutes=10)
    assert bot.said_in("staff") == []
    assert [kind for kind, _, _ in bot.app.database.read_now(states)] == ["send_text"]


async def test_a_removal_that_can_be_late_does_not_wait_behind_talk(world: Any) -> None:
    bot = await world.start(world.rule("brief", Reply(text="for a minute", delete_after="1m")))
    takes_back(bot, TWO_MINUTES)
    await bot.says("a", "ann", "hi")

    def lanes(conn: Connection) -> list[Lane]:
        found: list[Delivery] = outbox.waiting(conn, 0, 10).found
        return [each.lane for each in found if isinstance(each.effect, DeleteMessage)]

    assert bot.app.database.read_now(lanes) == [Lane.MODERATION]


async def test_what_comes_too_late_is_dropped_and_staff_hear_nothing(world: Any) -> None:
    bot = await world.start()
    queue(bot, SendText("sim:a", say("hello")))
    await bot.settle()
    (message,) = [post.message.id for post in bot.sim.room("a").posts.values()]
    bot.sim.fail_next(TooLate("taken back within 2 minutes only"))
    queue(bot, DeleteMessage("sim:a", message), lane=Lane.MODERATION, event="later")
    await bot.later(hours=1)
    assert standing(bot) == [True]
    assert bot.said_in("staff") == []
    kind = kind_of(DeleteMessage("sim:a", message))
    assert bot.app.database.read_now(states)[-1][:2] == (kind, State.DROPPED)
