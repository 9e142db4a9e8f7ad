"""Deletes next in line go in one call where the platform takes several, and one message's trouble is its own."""

from typing import Any

from sqlalchemy import Connection, select

from adapters.errors import OutcomeUnknown, Rejected
from rules.actions import Delete
from rules.capability import Capability
from rules.effects import DeleteMessage, DeleteMessages, Effect, Lane, MuteMember, UnmuteMember
from storage import outbox, schema
from storage.outbox import Delivery, State


def performed_by(bot: Any) -> list[Effect]:
    """Everything that the platform is asked to do from now on, in order."""
    adapter = bot.app.adapters["sim"]
    perform = adapter.perform
    asked: list[Effect] = []

    async def note(effect: Effect) -> Any:
        asked.append(effect)
        return await perform(effect)

    adapter.perform = note
    return asked


def queue(bot: Any, *effects: Effect) -> None:
    deliveries = [
        Delivery(event="raid", position=position, group=effect.group, lane=Lane.MODERATION, effect=effect)
        for position, effect in enumerate(effects)
    ]
    bot.app.database.write_now(lambda conn: outbox.enqueue(conn, deliveries, bot.clock.now()))


def deletes(bot: Any, count: int) -> list[DeleteMessage]:
    return [DeleteMessage("sim:a", bot.sim.post("a", "ann", f"ad {number}")) for number in range(count)]


def states(bot: Any) -> list[State]:
    def read(conn: Connection) -> list[State]:
        return [
            outbox.STATES[code] for code in conn.scalars(select(schema.outbox.c.state).order_by(schema.outbox.c.id))
        ]

    found: list[State] = bot.app.database.read_now(read)
    return found


async def test_a_raid_is_taken_away_a_hundred_messages_a_call(world: Any) -> None:
    bot = await world.start()
    asked = performed_by(bot)
    queue(bot, *deletes(bot, 250))
    await bot.settle()
    assert [len(effect.messages) for effect in asked if isinstance(effect, DeleteMessages)] == [100, 100, 50]
    assert all(post.deleted for post in bot.sim.room("a").posts.values())
    assert states(bot) == [State.SENT] * 250


async def test_only_what_is_next_to_each_other_goes_together(world: Any) -> None:
    bot = await world.start()
    asked = performed_by(bot)
    one, two, three, four = deletes(bot, 4)
    mute, unmute = MuteMember("sim:a", "sim:ann"), UnmuteMember("sim:a", "sim:ann")
    queue(bot, one, two, mute, unmute, three, mute, four)
    await bot.settle()
    assert asked == [DeleteMessages("sim:a", (one.message, two.message)), mute, unmute, three, mute, four]


async def test_a_platform_that_takes_one_at_a_time_is_asked_one_at_a_time(world: Any) -> None:
    able = frozenset(Capability) - {Capability.DELETE_MANY}
    bot = await world.start(capabilities=able)
    asked = performed_by(bot)
    wanted = deletes(bot, 3)
    queue(bot, *wanted)
    await bot.settle()
    assert asked == wanted


async def test_one_message_that_cannot_be_deleted_keeps_no_other_from_it(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete()))
    asked = performed_by(bot)
    wanted = deletes(bot, 3)
    for fault in (Rejected("one of them cannot be deleted"), Rejected("message can't be deleted")):
        bot.sim.fail_next(fault)
    await bot.settle()
    assert asked[1:4] == wanted
    assert [post.deleted for post in bot.sim.room("a").posts.values()] == [False, True, True]
    assert states(bot)[:3] == [State.FAILED, State.SENT, State.SENT]
    (alert,) = bot.said_in("staff")
    assert "message can't be deleted" in alert


async def test_deletes_with_unknown_outcome_are_repeated_together(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete()))
    asked = performed_by(bot)
    deletes(bot, 3)
    bot.sim.fail_next(OutcomeUnknown("no answer"))
    await bot.settle()
    await bot.later(minutes=1)
    assert [len(effect.messages) for effect in asked if isinstance(effect, DeleteMessages)] == [3, 3]
    assert states(bot) == [State.SENT] * 3
