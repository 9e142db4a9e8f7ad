"""What is in the outbox gets to the platform: in order, never twice, whatever the platform answers."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from adapters.errors import OutcomeUnknown, Rejected, RetryLater
from adapters.protocol import Receipt
from rules.actions import Delete, Mute, Reply, SendPrivately
from rules.conditions.text import TextHasAny
from rules.config import Config
from rules.effects import DeleteMessage, Effect, Lane, MuteMember, SendText, kind_of
from rules.text import say
from storage import outbox, schema
from storage.errors import DatabaseFull
from storage.outbox import Delivery, State


def echo(world: Any) -> Any:
    return world.rule("echo", Reply(text="heard {name}"))


def states(conn: Connection) -> list[tuple[str, State, int]]:
    codes = list(State)
    c = schema.outbox.c
    rows = conn.execute(select(c.effect, c.state, c.attempts).order_by(c.id))
    return [(kind_of(outbox.decode(effect)), codes[state], attempts) for effect, state, attempts in rows]


def queue(bot: Any, *effects: Effect, lane: Lane = Lane.REPLY, event: str = "made") -> None:
    """Put effects into the outbox by hand."""
    now: datetime = bot.clock.now()
    deliveries = [
        Delivery(event=event, position=position, group=effect.group, lane=lane, effect=effect)
        for position, effect in enumerate(effects)
    ]
    bot.app.database.write_now(lambda conn: outbox.enqueue(conn, deliveries, now))


def text(group: str, words: str) -> SendText:
    return SendText(group=group, text=say(words))


async def test_one_group_that_must_wait_keeps_its_order_and_holds_nobody_up(world: Any) -> None:
    bot = await world.start()
    queue(bot, text("sim:a", "1"), text("sim:a", "2"), text("sim:b", "3"))
    bot.sim.fail_next(RetryLater("slow down", timedelta(seconds=30)))
    await bot.settle()
    assert (bot.said_in("a"), bot.said_in("b")) == ([], ["3"])
    await bot.later(seconds=29)
    assert bot.said_in("a") == []
    await bot.later(seconds=1)
    assert bot.said_in("a") == ["1", "2"]


async def test_the_next_moment_is_that_of_the_retry_and_not_of_what_waits_behind_it(world: Any) -> None:
    bot = await world.start()
    queue(bot, text("sim:a", "1"), text("sim:a", "2"))
    bot.sim.fail_next(RetryLater("slow down", timedelta(seconds=30)))
    await bot.settle()
    assert await bot.app.next_moment() == bot.clock.now() + timedelta(seconds=30)


async def test_what_keeps_order_goes_first(world: Any) -> None:
    bot = await world.start()
    queue(bot, text("sim:a", "talk"), event="talk")
    queue(bot, MuteMember(group="sim:a", member="sim:ann"), lane=Lane.MODERATION, event="order")
    await bot.settle()
    assert [act for act, _ in bot.acts] == ["mute", "post"]


async def test_a_group_with_a_long_backlog_does_not_starve_the_others(world: Any) -> None:
    bot = await world.start()
    queue(bot, *(text("sim:a", str(number)) for number in range(600)))
    queue(bot, text("sim:b", "and me"), event="later")
    await bot.settle()
    chats = [entry.group for entry in bot.sim.transcript]
    assert len(chats) == 601
    assert chats.index("sim:b") < 100
    assert bot.said_in("a") == [str(number) for number in range(600)]


async def test_a_text_with_unknown_outcome_is_not_repeated(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.sim.fail_next(OutcomeUnknown("timed out"), after_effect=True)
    await bot.says("a", "ann", "hi")
    await bot.later(hours=1)
    assert bot.said_in("a") == ["heard ann"]
    assert bot.app.database.read_now(states) == [("send_text", State.UNCERTAIN, 1)]


async def test_a_text_with_unknown_outcome_is_repeated_where_the_operator_says_so(world: Any) -> None:
    config = Config.model_validate({"delivery": {"uncertain": "repeat"}})
    bot = await world.start(echo(world), config=config)
    bot.sim.fail_next(OutcomeUnknown("timed out"), after_effect=True)
    await bot.says("a", "ann", "hi")
    await bot.later(minutes=1)
    assert bot.said_in("a") == ["heard ann", "heard ann"]


async def test_a_delete_with_unknown_outcome_is_repeated(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete()))
    bot.sim.fail_next(OutcomeUnknown("timed out"))
    (message,) = await bot.says("a", "ann", "hi")
    await bot.later(minutes=1)
    assert bot.sim.room("a").posts[message].deleted
    assert bot.app.database.read_now(states) == [("delete_message", State.SENT, 1)]


async def test_a_long_outage_delays_what_was_decided_and_loses_nothing(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete(), Reply(text="no")))
    for _ in range(60):
        bot.sim.fail_next(RetryLater("no network"))
    (message,) = await bot.says("a", "ann", "hi")
    await bot.later(hours=6)
    assert bot.sim.room("a").posts[message].deleted
    assert bot.said_in("a") == ["no"]


async def test_what_is_refused_failed_and_staff_are_told_once(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete()))
    for number in range(3):
        bot.sim.fail_next(Rejected(f"message {number} cannot be deleted"))
        await bot.says("a", "ann", "hi")
    await bot.later(hours=1)
    kinds = bot.app.database.read_now(states)
    assert [state for kind, state, _ in kinds if kind == "delete_message"] == [State.FAILED] * 3
    (told,) = bot.said_in("staff")
    assert "cannot be deleted" in told
    assert "gone" in told


async def test_what_fails_in_the_end_is_told_to_staff(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete()))
    for _ in range(8):
        bot.sim.fail_next(OutcomeUnknown("no answer"))
    await bot.says("a", "ann", "hi")
    await bot.later(hours=1)
    (told,) = bot.said_in("staff")
    assert "no answer" in told


async def test_a_refusal_of_the_staff_room_is_not_told_to_the_staff_room(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete()))
    bot.sim.fail_next(Rejected("no"))
    bot.sim.fail_next(Rejected("not even here"))
    await bot.says("a", "ann", "hi")
    await bot.later(hours=1)
    assert bot.said_in("staff") == []


async def test_a_private_word_that_is_refused_is_said_in_the_group_once(world: Any) -> None:
    bot = await world.start(world.rule("psst", SendPrivately(text="between us", otherwise="aloud then")))
    bot.sim.people["sim:ann"].reachable = False
    await bot.says("a", "ann", "hi")
    await bot.restart()
    await bot.later(hours=1)
    assert bot.said_in("a") == ["aloud then"]
    assert bot.said_in("staff") == []


async def test_a_notice_is_removed_when_its_time_is_over_also_after_a_restart(world: Any) -> None:
    bot = await world.start(world.rule("brief", Reply(text="for a minute", delete_after="1m")))
    await bot.says("a", "ann", "hi")
    (notice,) = [post for post in bot.sim.room("a").posts.values() if post.by_bot]
    await bot.stop()
    bot.clock.move_to(bot.clock.now() + timedelta(seconds=59))
    await bot.start()
    assert not notice.deleted
    await bot.later(seconds=1)
    assert notice.deleted


async def test_a_notice_that_was_split_is_removed_with_all_its_parts_also_after_a_restart(world: Any) -> None:
    bot = await world.start(world.rule("long", Reply(text="one", delete_after="1m")))
    adapter = bot.app.adapters["sim"]
    perform = adapter.perform

    async def in_parts(effect: Effect) -> Receipt:
        receipts = [await perform(effect), await perform(text("sim:a", "two")), await perform(text("sim:a", "three"))]
        return Receipt(receipts[0].message, tuple(receipt.message for receipt in receipts[1:]))

    adapter.perform = in_parts
    await bot.says("a", "ann", "hi")
    await bot.restart()
    notices = [post for post in bot.sim.room("a").posts.values() if post.by_bot]
    await bot.later(seconds=59)
    assert [(post.message.text, post.deleted) for post in notices] == [("one", False), ("two", False), ("three", False)]
    await bot.later(seconds=1)
    assert [post.deleted for post in notices] == [True, True, True]


async def test_a_mute_that_is_over_is_not_carried_out_late(world: Any) -> None:
    bot = await world.start(world.rule("hush", Mute.model_validate({"for": "1m", "quietly": True})))
    bot.sim.fail_next(RetryLater("slow down", timedelta(minutes=2)))
    await bot.says("a", "ann", "hi")
    await bot.later(minutes=5)
    assert bot.acts == []
    assert bot.app.database.read_now(states) == [("mute_member", State.DROPPED, 1)]


async def test_a_platform_that_is_not_configured_any_more_is_told_and_holds_nobody_up(world: Any) -> None:
    bot = await world.start()
    queue(bot, text("gone:x", "into the void"), text("sim:a", "hello"))
    await bot.settle()
    assert bot.said_in("a") == ["hello"]
    assert bot.app.database.read_now(states)[0][:2] == ("send_text", State.FAILED)


class Breaking:
    """An adapter that raises what it should not, once."""

    def __init__(self, adapter: Any) -> None:
        self.adapter = adapter
        self.breaks = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.adapter, name)

    async def perform(self, effect: Effect) -> Any:
        if self.breaks:
            self.breaks = False
            raise KeyError("chat")
        return await self.adapter.perform(effect)


async def test_an_adapter_that_breaks_on_a_delete_is_asked_again_and_on_a_text_is_not(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete(), condition=TextHasAny(of=("ad",))), echo(world))
    broken = Breaking(bot.app.adapters["sim"])
    bot.app.adapters["sim"] = broken
    (message,) = await bot.says("a", "ann", "ad")
    await bot.later(minutes=1)
    assert bot.sim.room("a").posts[message].deleted
    broken.breaks = True
    await bot.says("a", "ann", "hello")
    await bot.later(minutes=1)
    assert bot.said_in("a") == ["heard ann"]  # that for the ad; the other is uncertain
    assert bot.app.database.read_now(states)[-1][1] == State.UNCERTAIN


async def test_a_full_disk_in_the_middle_of_a_turn_sends_nothing_twice(world: Any) -> None:
    bot = await world.start()
    queue(bot, *(text("sim:a", str(number)) for number in range(5)))
    queue(bot, DeleteMessage(group="sim:a", message="sim:a/1"), lane=Lane.MODERATION, event="order")
    database = bot.app.database
    write, writes = database.write, 0

    async def full_now_and_then(work: Any) -> Any:
        nonlocal writes
        writes += 1
        if writes % 3:
            return await write(work)

        def fails(conn: Connection) -> Any:
            work(conn)
            pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
            conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            conn.exec_driver_sql("CREATE TABLE filler AS SELECT randomblob(1000000)")

        try:
            return await write(fails)
        finally:
            await write(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count=1073741823"))

    database.write = full_now_and_then
    failures = 0
    for _ in range(40):
        try:
            await bot.app.settle_all()
        except DatabaseFull:
            failures += 1
    assert failures > 3
    assert bot.said_in("a") == ["0", "1", "2", "3", "4"]
    assert {state for _, state, _ in database.read_now(states)} == {State.SENT}


async def test_a_full_disk_while_a_refusal_is_noted_loses_nothing(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete(), Reply(text="no")))
    database = bot.app.database
    write = database.write
    bot.sim.fail_next(Rejected("forbidden"))
    bot.sim.post("a", "ann", "hi")
    await bot.app.adapters["sim"].pump(bot.app.intake)
    await bot.app._worker.settle_some()
    fails = True

    async def fails_once(work: Any) -> Any:
        nonlocal fails
        if fails:
            fails = False
            raise DatabaseFull("the disk is full")
        return await write(work)

    database.write = fails_once
    for _ in range(5):
        try:
            await bot.app.settle_all()
        except DatabaseFull:
            continue
    await bot.later(hours=1)
    assert bot.said_in("a") == ["no"]
    assert len(bot.said_in("staff")) == 1
    assert bot.app.database.read_now(states)[0][:2] == ("delete_message", State.FAILED)
