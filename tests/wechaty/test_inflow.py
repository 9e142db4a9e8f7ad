"""What is heard is read side by side, handed over in order, and not let go before it is kept or put aside."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from adapters.driver import MemoryIntake
from adapters.errors import Rejected, RetryLater
from adapters.wechaty.inflow import AT_ONCE, TRIES, Fetched, Inflow, Position
from adapters.wechaty.link import Heard
from bot.clock import VirtualClock
from bot.intake import DurableIntake
from rules.commandline import CommandNames
from rules.events import MessagePosted
from rules.values import Group, Member, Message
from storage.database import Database

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)
GUARD = 30.0


def heard(number: int) -> Heard:
    return Heard("message", {"messageId": str(number)})


def posted(number: int) -> MessagePosted:
    group = Group(f"wx:room{number % 2}")
    message = Message(f"{group.id}/{number}", Member("wx:ann", "Ann"), str(number), NOON)
    return MessagePosted(f"wx:{number}", group, NOON, message)


def number_of(one: Heard) -> int:
    return int(one.data["messageId"])


async def at_once(one: Heard) -> Fetched:
    return lambda: [posted(number_of(one))]


class Flow:
    """An inflow that runs; connected unless `up` is cleared; its waits take no time."""

    def __init__(self, fetch: Callable[[Heard], Awaitable[Fetched]], intake: Any, **given: Any) -> None:
        self.up = asyncio.Event()
        self.up.set()
        self.waits: list[float] = []
        self.inflow = Inflow("wx", fetch, self.up, self._sleep, **given)
        self.running = asyncio.create_task(self.inflow.run(intake))

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def flow(fetch: Callable[[Heard], Awaitable[Fetched]], intake: Any, **given: Any) -> AsyncIterator[Flow]:
    made = Flow(fetch, intake, **given)
    try:
        async with asyncio.timeout(GUARD):
            yield made
        assert not made.running.done(), made.running.exception()
    finally:
        made.running.cancel()
        with suppress(asyncio.CancelledError):
            await made.running


async def kept(intake: MemoryIntake, *numbers: int) -> None:
    await intake.holds(len(numbers))
    assert [event.id for event in intake.events] == [f"wx:{number}" for number in numbers]


async def until(true: Callable[[], object]) -> None:
    while not true():  # noqa: ASYNC110 - there is nothing that tells
        await asyncio.sleep(0.005)


async def test_what_is_read_sooner_waits_for_what_was_heard_before() -> None:
    gates = [asyncio.Event() for _ in range(6)]

    async def fetch(one: Heard) -> Fetched:
        await gates[number_of(one)].wait()
        return await at_once(one)

    intake = MemoryIntake()
    async with flow(fetch, intake) as made:
        for number in range(6):
            await made.inflow.put(heard(number))
        for number in (5, 1, 4):
            gates[number].set()
        await asyncio.sleep(0.02)
        assert intake.events == []
        gates[0].set()
        await kept(intake, 0, 1)
        gates[3].set()
        gates[2].set()
        await kept(intake, 0, 1, 2, 3, 4, 5)


async def test_no_more_are_asked_about_at_once_than_a_gateway_bears() -> None:
    asked, most = 0, 0

    async def fetch(one: Heard) -> Fetched:
        nonlocal asked, most
        asked += 1
        most = max(most, asked)
        await asyncio.sleep(0.001)
        asked -= 1
        return await at_once(one)

    intake = MemoryIntake()
    async with flow(fetch, intake) as made:
        for number in range(150):
            await made.inflow.put(heard(number))
        await kept(intake, *range(150))
    assert most == AT_ONCE


async def test_while_the_database_fails_everything_waits_and_nothing_is_lost() -> None:
    intake = MemoryIntake(failures=5)
    async with flow(at_once, intake) as made:
        for number in range(50):
            await made.inflow.put(heard(number))
        await kept(intake, *range(50))
        assert len(made.waits) == 5


async def test_a_real_database_that_is_full_for_a_while_has_everything_in_the_end(tmp_path: Path) -> None:
    async def never(old: str, new: str) -> None:
        raise AssertionError

    with Database.open(f"sqlite:///{tmp_path / 'bot.db'}") as database:
        database.upgrade()
        intake = DurableIntake(database, VirtualClock(NOON), lambda: CommandNames({}), lambda: None, never)
        count = text("SELECT count(*) FROM inbox")
        await intake.accept([posted(0)])
        pages = database.write_now(lambda conn: conn.scalar(text("PRAGMA page_count")))
        database.write_now(lambda conn: conn.execute(text(f"PRAGMA max_page_count={pages}")).close())
        async with flow(at_once, intake) as made:
            for number in range(1, 301):
                await made.inflow.put(heard(number))
            await until(lambda: len(made.waits) > 3)
            assert database.write_now(lambda conn: conn.scalar(count)) < 301
            database.write_now(lambda conn: conn.execute(text("PRAGMA max_page_count=1000000")).close())
            await until(lambda: database.write_now(lambda conn: conn.scalar(count)) == 301)


async def test_what_was_being_asked_when_the_connection_went_is_asked_after_the_return() -> None:
    tried = 0
    broke = asyncio.Event()

    async def fetch(one: Heard) -> Fetched:
        nonlocal tried
        if not broke.is_set():
            tried += 1
            raise RetryLater("the connection broke off")
        return await at_once(one)

    intake = MemoryIntake()
    async with flow(fetch, intake) as made:
        made.up.clear()
        for number in range(3):
            await made.inflow.put(heard(number))
        await until(lambda: tried == 3)
        for _ in range(2 * TRIES):  # outages do not count as tries
            made.up.set()
            made.up.clear()
            await asyncio.sleep(0.005)
        assert intake.broken == []
        broke.set()
        made.up.set()
        await kept(intake, 0, 1, 2)
        assert intake.broken == []


@pytest.mark.parametrize("error", [Rejected("no message 1"), RetryLater("the gateway did not answer in time")])
async def test_what_the_gateway_cannot_tell_is_put_aside_after_some_tries_and_others_go_on(error: Exception) -> None:
    tried = 0

    async def fetch(one: Heard) -> Fetched:
        nonlocal tried
        if number_of(one) == 1:
            tried += 1
            raise error
        return await at_once(one)

    intake = MemoryIntake()
    async with flow(fetch, intake) as made:
        for number in range(4):
            await made.inflow.put(heard(number))
        await kept(intake, 0, 2, 3)
    assert tried == TRIES
    (broken,) = intake.broken
    assert (broken.id, broken.raw) == ("wx:message:1", '{"messageId": "1"}')
    assert str(error) in broken.error


async def test_what_cannot_be_read_is_put_aside_wherever_that_shows() -> None:
    def unreadable() -> list[MessagePosted]:
        raise KeyError("text")

    async def fetch(one: Heard) -> Fetched:
        if number_of(one) == 1:
            raise ValueError("an odd payload")
        return unreadable if number_of(one) == 2 else await at_once(one)

    intake = MemoryIntake()
    with capture_logs() as lines:
        async with flow(fetch, intake) as made:
            for number in range(5):
                await made.inflow.put(heard(number))
            await kept(intake, 0, 3, 4)
    assert [broken.id for broken in intake.broken] == ["wx:message:1", "wx:message:2"]
    assert [line["event"] for line in lines] == ["wechaty_unreadable"] * 2


async def test_things_without_an_id_are_put_aside_each_for_itself() -> None:
    async def fetch(one: Heard) -> Fetched:
        raise ValueError("what is this?")

    intake = MemoryIntake()
    async with flow(fetch, intake) as made:
        for _ in range(2):
            await made.inflow.put(Heard("message", {"odd": [1, 2]}))
        await until(lambda: len(intake.broken) == 2)


async def test_when_too_much_waits_nothing_more_is_listened_to() -> None:
    gate = asyncio.Event()

    async def fetch(one: Heard) -> Fetched:
        await gate.wait()
        return await at_once(one)

    intake = MemoryIntake()
    async with flow(fetch, intake, most=10) as made:
        taken = 0

        async def listen() -> None:
            nonlocal taken
            for number in range(25):
                await made.inflow.put(heard(number))
                taken += 1

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.05)
        assert taken == 10
        gate.set()
        await listening
        await kept(intake, *range(25))


async def test_the_same_told_twice_is_one() -> None:
    intake = MemoryIntake()
    async with flow(at_once, intake) as made:
        for number in (1, 2, 1, 2, 3):
            await made.inflow.put(heard(number))
        await kept(intake, 1, 2, 3)


async def test_cursors_of_two_sources_are_kept_each_with_what_follows_it() -> None:
    async def fetch(one: Heard) -> Fetched:
        number = number_of(one)
        return lambda: [Position(f"room{number % 2}", str(number)), posted(number)]

    intake = MemoryIntake()
    async with flow(fetch, intake) as made:
        for number in range(9):
            await made.inflow.put(heard(number))
        await kept(intake, *range(9))
    assert (await intake.cursor("room0"), await intake.cursor("room1")) == ("8", "7")


async def test_closing_lets_go_of_what_waits_and_of_who_waits_to_be_taken() -> None:
    async def fetch(one: Heard) -> Fetched:
        await asyncio.Event().wait()
        raise AssertionError

    intake = MemoryIntake()
    async with flow(fetch, intake, most=2) as made:
        for number in range(2):
            await made.inflow.put(heard(number))
        waiting = asyncio.create_task(made.inflow.put(heard(2)))
        await asyncio.sleep(0.01)
        await made.inflow.close()
        await waiting
        await made.inflow.close()
    assert intake.events == []
    assert {task.get_name() for task in asyncio.all_tasks()} & {"fetch wx"} == set()


async def test_it_ends_though_what_is_asked_says_that_the_connection_is_gone_instead_of_being_cancelled() -> None:
    asked = asyncio.Event()

    async def fetch(one: Heard) -> Fetched:
        asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RetryLater("the stream was closed") from None
        raise AssertionError

    async with flow(fetch, MemoryIntake()) as made:
        await made.inflow.put(heard(1))
        await asked.wait()
        made.up.clear()
        await made.inflow.close()
    assert made.running.done()
