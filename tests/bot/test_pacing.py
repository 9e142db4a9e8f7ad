"""What a platform does not let go yet waits in memory: unmarked, in order, and in nobody's way."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select

from adapters.errors import RetryLater
from adapters.protocol import Receipt
from adapters.telegram.limiter import Limiter
from bot.app import App
from bot.clock import SystemClock
from rules.actions import Delete, Reply
from rules.conditions.text import TextHasAny
from rules.effects import DeleteMessage, Effect, Lane, MuteMember, SendText, UnmuteMember, lane_of
from rules.text import say
from storage import outbox, schema
from storage.errors import DatabaseUnreachable
from storage.migrate import migrate
from storage.outbox import Delivery, State

SLOW_GROUPS = 1_000


class Paced:
    """The simulated platform behind the limits of Telegram. ``complaints`` are raised instead of the next sends."""

    def __init__(self, adapter: Any) -> None:
        self.adapter = adapter
        self.limiter = Limiter()
        self.performed: list[Effect] = []
        self.complaints: list[RetryLater] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.adapter, name)

    def admit(self, key: str, effect: Effect, now: datetime) -> datetime:
        return self.limiter.admit(key, effect, now)

    async def perform(self, effect: Effect) -> Receipt:
        self.limiter.performed(effect)
        if self.complaints and lane_of(effect) is not Lane.MODERATION:
            complaint = self.complaints.pop(0)
            self.limiter.penalise(effect, complaint.after)
            raise complaint
        self.performed.append(effect)
        receipt: Receipt = await self.adapter.perform(effect)
        return receipt


class Told:
    """The simulated platform with a pace that a test decides on."""

    def __init__(self, adapter: Any, admit: Callable[[str, Effect, datetime], datetime]) -> None:
        self.adapter = adapter
        self.admit = admit

    def __getattr__(self, name: str) -> Any:
        return getattr(self.adapter, name)


def paced(bot: Any) -> Paced:
    adapter = Paced(bot.app.adapters["sim"])
    bot.app.adapters["sim"] = adapter
    return adapter


def told(bot: Any, admit: Callable[[str, Effect, datetime], datetime]) -> None:
    bot.app.adapters["sim"] = Told(bot.app.adapters["sim"], admit)


def queue(bot: Any, *effects: Effect, event: str = "made") -> None:
    deliveries = [
        Delivery(event=event, position=position, group=effect.group, lane=lane_of(effect), effect=effect)
        for position, effect in enumerate(effects)
    ]
    bot.app.database.write_now(lambda conn: outbox.enqueue(conn, deliveries, bot.clock.now()))


def news(group: str, words: str = "news") -> SendText:
    return SendText(group=group, text=say(words), announcement=True)


def text(group: str, words: str) -> SendText:
    return SendText(group=group, text=say(words))


def outbox_rows(bot: Any) -> list[tuple[State, int]]:
    def read(conn: Connection) -> list[tuple[State, int]]:
        c = schema.outbox.c
        return [(outbox.STATES[state], attempts) for state, attempts in conn.execute(select(c.state, c.attempts))]

    rows: list[tuple[State, int]] = bot.app.database.read_now(read)
    return rows


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true; pytest's own timeout ends what never does."""
    while not true():  # noqa: ASYNC110 - there is no one event that all of this sets
        await asyncio.sleep(0.01)


def many_groups(bot: Any, count: int = SLOW_GROUPS) -> list[str]:
    return [bot.sim.add_group(f"-100{number}").group.id for number in range(count)]


async def test_a_delete_goes_out_at_once_while_a_thousand_announcements_wait(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete(), condition=TextHasAny(of=("buy",))))
    paced(bot)
    groups = many_groups(bot)
    queue(bot, *(news(group) for group in groups), news("sim:a"))
    await bot.settle()
    waits: list[timedelta] = []
    for _ in range(5):
        await bot.later(seconds=3, milliseconds=130)
        began = bot.clock.now()
        (advert,) = await bot.says("a", "ann", "buy now")
        while not bot.sim.room("a").posts[advert].deleted:
            await bot.advance_to(await bot.app.next_moment())
        waits.append(bot.clock.now() - began)
    assert max(waits) <= timedelta(milliseconds=300)
    assert {State.WAITING, State.SENT} == {state for state, _ in outbox_rows(bot)}
    assert all(attempts == (state is State.SENT) for state, attempts in outbox_rows(bot)[: SLOW_GROUPS + 1])
    await bot.later(minutes=2)
    posted = [entry.group for entry in bot.sim.transcript if entry.act == "post" and entry.text == "news"]
    assert sorted(posted) == sorted([*groups, "sim:a"])


async def test_what_is_held_costs_nothing_at_every_look(world: Any) -> None:
    bot = await world.start()
    told(bot, lambda key, effect, now: now + timedelta(hours=1))
    queue(bot, *(news(group) for group in many_groups(bot)))
    await bot.settle()
    seen: list[Any] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    listened = (Engine, "before_cursor_execute", note)
    event.listen(*listened)
    try:
        assert await bot.app.dispatcher.send_due() == 0
    finally:
        event.remove(*listened)
    ((statement, parameters),) = [entry for entry in seen if "FROM outbox" in entry[0]]
    assert "outbox.id > ?" in statement
    assert len(parameters) < 5
    assert bot.app.database.read_now(lambda conn: conn.exec_driver_sql(statement, parameters).all()) == []


async def test_a_complaint_about_one_group_delays_no_other(world: Any) -> None:
    bot = await world.start()
    adapter = paced(bot)
    queue(bot, text("sim:a", "1"), text("sim:a", "2"), text("sim:b", "3"), news("sim:staff"))
    adapter.complaints.append(RetryLater("Too Many Requests", timedelta(seconds=30)))
    await bot.settle()
    assert (bot.said_in("a"), bot.said_in("b"), bot.said_in("staff")) == ([], ["3"], ["news"])
    await bot.later(seconds=29)
    assert bot.said_in("a") == []
    await bot.later(seconds=3)
    assert bot.said_in("a") == ["1", "2"]


async def test_a_platform_that_asks_for_silence_has_all_its_talk_wait_and_order_kept(world: Any) -> None:
    bot = await world.start()
    adapter = paced(bot)
    adapter.complaints.append(RetryLater("slow down", timedelta(seconds=30), whole_platform=True))
    queue(bot, text("sim:a", "1"))
    await bot.settle()
    queue(bot, text("sim:b", "2"), MuteMember(group="sim:b", member="sim:ann"), event="later")
    await bot.settle()
    assert [act for act, _ in bot.acts] == ["mute"]
    await bot.later(seconds=30)
    assert (bot.said_in("a"), bot.said_in("b")) == (["1"], ["2"])
    assert sorted(attempts for _, attempts in outbox_rows(bot)) == [0, 1, 2]


async def test_a_reply_overtakes_the_announcements_that_its_group_has_waiting(world: Any) -> None:
    bot = await world.start()
    queue(bot, *(news("sim:a", f"news {number}") for number in range(3)))
    told(bot, lambda key, effect, now: now + timedelta(hours=1) if lane_of(effect) is Lane.ANNOUNCEMENT else now)
    await bot.settle()
    queue(bot, text("sim:a", "answer"), event="asked")
    await bot.settle()
    assert bot.said_in("a") == ["answer"]


async def test_a_delete_goes_out_while_an_announcement_of_its_group_is_under_way(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete()))
    adapter = bot.app.adapters["sim"]
    perform, asked, answer = adapter.perform, asyncio.Event(), asyncio.Event()

    async def slowly(effect: Effect) -> Any:
        if lane_of(effect) is Lane.ANNOUNCEMENT:
            asked.set()
            await answer.wait()
        return await perform(effect)

    adapter.perform = slowly
    queue(bot, news("sim:a"))
    running = asyncio.create_task(bot.app.run())
    await asked.wait()
    advert = bot.sim.post("a", "ann", "buy now")
    await until(lambda: bot.sim.room("a").posts[advert].deleted)
    assert bot.said_in("a") == []
    answer.set()
    bot.app.drain()
    await running
    assert bot.said_in("a") == ["news"]


async def test_what_is_held_goes_at_its_moment_without_looking_every_second(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.BEAT", 3_600.0)
    bot = await world.start(world.rule("echo", Reply(text="heard {name}")))
    asked: dict[str, datetime] = {}

    def once(key: str, effect: Effect, now: datetime) -> datetime:
        return asked.setdefault(key, now + timedelta(milliseconds=50))

    told(bot, once)
    clock = SystemClock()
    bot.sim.now = clock.now
    app = App(bot.setup, bot.app.database, bot.app.adapters, clock)
    running = asyncio.create_task(app.run())
    bot.sim.post("a", "ann", "hi")
    await until(lambda: bool(bot.said_in("a")))
    app.drain()
    await running


async def test_what_is_decided_about_one_member_stays_in_order_however_it_is_held(world: Any) -> None:
    bot = await world.start()
    asked: dict[str, int] = {}

    def thrice(key: str, effect: Effect, now: datetime) -> datetime:
        asked[key] = asked.get(key, 0) + 1
        return now if asked[key] > 3 else now + timedelta(seconds=asked[key])

    told(bot, thrice)
    acts = [MuteMember("sim:a", "sim:ann"), UnmuteMember("sim:a", "sim:ann"), DeleteMessage("sim:a", "sim:a/1")]
    queue(bot, *acts)
    await bot.settle()
    queue(bot, MuteMember("sim:a", "sim:ann"), event="again")
    await bot.later(minutes=1)
    assert [act for act, _ in bot.acts] == ["mute", "unmute", "mute"]
    assert set(asked.values()) == {4}


async def test_an_adapter_whose_pace_breaks_is_asked_to_perform_all_the_same(world: Any) -> None:
    bot = await world.start()

    def broken(key: str, effect: Effect, now: datetime) -> datetime:
        raise KeyError("chat")

    told(bot, broken)
    queue(bot, text("sim:a", "hello"))
    await bot.settle()
    assert bot.said_in("a") == ["hello"]


async def test_what_is_held_follows_its_group_to_a_new_id(world: Any) -> None:
    bot = await world.start()
    due = bot.clock.now() + timedelta(seconds=30)
    told(bot, lambda key, effect, now: due)
    queue(bot, text("sim:a", "hello"), DeleteMessage("sim:a", "sim:a/1"), DeleteMessage("sim:a", "sim:a/2"))
    await bot.settle()
    bot.sim.migrate("a", "a2")
    await bot.later(minutes=1)
    assert bot.said_in("a2") == ["hello"]
    assert [state for state, _ in outbox_rows(bot)][:3] == [State.SENT, State.DROPPED, State.DROPPED]


async def test_what_was_dropped_while_it_was_held_is_not_sent(world: Any) -> None:
    bot = await world.start()
    due = bot.clock.now() + timedelta(seconds=30)
    told(bot, lambda key, effect, now: due)
    queue(bot, text("sim:a", "one"), text("sim:a", "two"))
    await bot.settle()
    bot.app.database.write_now(lambda conn: outbox.drop(conn, (1,), "it is over", bot.clock.now()))
    await bot.later(minutes=1)
    assert bot.said_in("a") == ["two"]


async def test_a_group_that_moves_while_its_turn_is_under_way_has_nothing_said_twice(world: Any) -> None:
    bot = await world.start()
    adapter = bot.app.adapters["sim"]
    perform = adapter.perform

    async def moving(effect: Effect) -> Any:
        if effect.text.literal == "1":
            await bot.app.database.write(lambda conn: migrate(conn, "sim:b", "sim:b2"))
            bot.app.dispatcher.look_again()
            await bot.app.dispatcher.send_due()
        return await perform(effect)

    adapter.perform = moving
    queue(bot, *(text("sim:a", str(number)) for number in range(1, 4)))
    await bot.settle()
    assert bot.said_in("a") == ["1", "2", "3"]


@pytest.mark.parametrize("moves", ["after the turn", "during the turn"])
async def test_a_group_that_moves_has_what_is_left_of_its_turn_said_once(world: Any, moves: str) -> None:
    bot = await world.start()
    dispatcher, adapter = bot.app.dispatcher, bot.app.adapters["sim"]
    perform = adapter.perform
    bot.sim.add_group("a2", "A")
    refused: list[Effect] = []

    async def slow(effect: Effect) -> Receipt:
        if refused:
            receipt: Receipt = await perform(effect)
            return receipt
        refused.append(effect)
        if moves == "during the turn":
            await bot.app.intake.migrated("sim:a", "sim:a2")
            await dispatcher.send_due()
        raise RetryLater("slow down", timedelta(seconds=2))

    adapter.perform = slow
    queue(bot, text("sim:a", "1"), text("sim:a", "2"))
    await dispatcher.go_on()
    while not dispatcher._ended:
        await asyncio.wait_for(dispatcher.wake.wait(), 30)
        dispatcher.wake.clear()
    if moves == "after the turn":
        await bot.app.intake.migrated("sim:a", "sim:a2")
    await dispatcher.go_on()  # takes the turn in, which has ended, before it reads
    await bot.later(seconds=10)
    assert bot.said_in("a2") == ["1", "2"]
    assert [state for state, _ in outbox_rows(bot)][:2] == [State.SENT, State.SENT]


async def test_a_turn_that_ends_while_the_database_cannot_be_read_has_nothing_said_twice(world: Any) -> None:
    bot = await world.start()
    dispatcher, database = bot.app.dispatcher, bot.app.database
    bot.sim.fail_next(RetryLater("slow down", timedelta(seconds=2)))
    queue(bot, text("sim:a", "1"), text("sim:a", "2"))
    await dispatcher.go_on()
    dispatcher.look_again()
    read = database.read

    async def fails(work: Callable[[Connection], Any]) -> Any:
        raise DatabaseUnreachable("gone")

    database.read = fails
    with pytest.raises(DatabaseUnreachable):
        await dispatcher.go_on()
    database.read = read
    while not dispatcher._ended:
        await asyncio.wait_for(dispatcher.wake.wait(), 30)
        dispatcher.wake.clear()
    await dispatcher.go_on()  # takes the turn in before it reads
    await bot.later(seconds=10)
    assert bot.said_in("a") == ["1", "2"]
