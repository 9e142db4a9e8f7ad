"""What turns record is recorded together, and the outbox is read for news, not for every turn that ends."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select

from adapters.protocol import Receipt
from bot.dispatch.marks import Mark, Marks
from rules.effects import DeleteMessage, Effect, Lane
from storage import outbox, schema
from storage.database import Database
from storage.outbox import Delivery, State

TURNS = 40
NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


@contextmanager
def statements(containing: str) -> Iterator[list[str]]:
    """The statements with these words that databases are given meanwhile."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if containing in statement:
            seen.append(statement)

    listened = (Engine, "before_cursor_execute", note)
    event.listen(*listened)
    try:
        yield seen
    finally:
        event.remove(*listened)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(f"sqlite:///{tmp_path / 'marks.db'}") as opened:
        opened.upgrade()
        yield opened


def queue(database: Database, groups: int, now: datetime = NOW) -> list[int]:
    """Queue a delete in each of so many groups; the ids of all deliveries."""
    deliveries = [
        Delivery(
            event="raid",
            position=number,
            group=f"sim:{number}",
            lane=Lane.MODERATION,
            effect=DeleteMessage(f"sim:{number}", f"sim:{number}/1"),
        )
        for number in range(groups)
    ]

    def work(conn: Connection) -> list[int]:
        outbox.enqueue(conn, deliveries, now)
        return list(conn.scalars(select(schema.outbox.c.id).order_by(schema.outbox.c.id)))

    return database.write_now(work)


def states(database: Database) -> list[State]:
    query = select(schema.outbox.c.state).order_by(schema.outbox.c.id)
    return [outbox.STATES[code] for code in database.read_now(lambda conn: conn.scalars(query).all())]


async def test_what_many_turns_record_at_once_takes_few_commits(database: Database) -> None:
    marks = Marks(database, lambda: None, lambda: None)
    ids = queue(database, TURNS)
    with statements("BEGIN IMMEDIATE") as begun:
        await asyncio.gather(*(marks.write([Mark(sent=((id_, None, NOW),))]) for id_ in ids))
    assert states(database) == [State.SENT] * TURNS
    assert len(begun) <= 2


async def test_a_mark_that_cannot_be_recorded_keeps_no_other_from_it(database: Database) -> None:
    marks = Marks(database, lambda: None, lambda: None)
    ids = queue(database, 4)

    def broken(_conn: Connection) -> None:
        raise ValueError("no")

    asked = [[Mark(sent=((id_, None, NOW),))] for id_ in ids]
    asked[2].append(Mark(broken))
    told = await asyncio.gather(*(marks.write(each) for each in asked), return_exceptions=True)
    assert [type(each) for each in told] == [type(None), type(None), ValueError, type(None)]
    assert states(database) == [State.SENT, State.SENT, State.WAITING, State.SENT]


async def test_marks_are_recorded_in_the_order_in_which_they_were_made(database: Database) -> None:
    marks = Marks(database, lambda: None, lambda: None)
    (id_,) = queue(database, 1)
    sent = Mark(sent=((id_, None, NOW),))
    await marks.write([sent, Mark(lambda conn: outbox.mark_uncertain(conn, id_, "why", NOW))])
    assert states(database) == [State.UNCERTAIN]
    await marks.write([Mark(lambda conn: outbox.mark_failed(conn, id_, "why", NOW)), sent])
    assert states(database) == [State.SENT]


async def test_what_wakes_and_what_queues_is_told_once_it_is_on_disk(database: Database) -> None:
    (id_,) = queue(database, 1)
    heard: list[tuple[str, list[State]]] = []
    marks = Marks(
        database,
        lambda: heard.append(("worker", states(database))),
        lambda: heard.append(("dispatch", states(database))),
    )
    await marks.write([Mark(sent=((id_, None, NOW),), wakes=True, queues=True)])
    assert heard == [("worker", [State.SENT]), ("dispatch", [State.SENT])]


async def test_turns_that_end_do_not_have_the_outbox_read_again(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dispatch.dispatcher.UNASKED", float("inf"))  # however slow this machine
    bot = await world.start()
    dispatcher = bot.app.dispatcher
    may_end = asyncio.Semaphore(0)

    async def perform(effect: Effect) -> Receipt:
        await may_end.acquire()
        return Receipt()

    bot.app.adapters["sim"].perform = perform
    queue(bot.app.database, TURNS, bot.clock.now())
    dispatcher.look()
    with statements("outbox.id > ?") as looks:
        for turn in range(TURNS):
            may_end.release()
            while states(bot.app.database).count(State.SENT) <= turn:
                await asyncio.wait_for(dispatcher.wake.wait(), 30)
                dispatcher.wake.clear()
                await dispatcher.go_on()
    assert len(looks) == 1


async def test_what_nobody_told_of_is_found_when_somebody_does(world: Any) -> None:
    bot = await world.start()
    dispatcher = bot.app.dispatcher
    performed: list[Effect] = []

    async def perform(effect: Effect) -> Receipt:
        performed.append(effect)
        return Receipt()

    bot.app.adapters["sim"].perform = perform
    await dispatcher.go_on()
    queue(bot.app.database, 1, bot.clock.now())
    dispatcher.look()
    while State.WAITING in states(bot.app.database):
        await asyncio.wait_for(dispatcher.wake.wait(), 30)
        dispatcher.wake.clear()
        await dispatcher.go_on()
    assert len(performed) == 1
