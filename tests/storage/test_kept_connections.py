"""What is known of connections, and when they were away."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from rules.effects import Lane, SendText
from rules.tally import Outage
from rules.text import say
from storage import connections, outbox
from storage.connections import Known
from storage.database import Database
from storage.outbox import Delivery, State
from storage.retention import Keep, purge
from storage.tally import tally

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def record(db: Database, *outages: Outage) -> None:
    def work(conn: Connection) -> None:
        for outage in outages:
            connections.record(conn, outage)

    db.write_now(work)


def between(db: Database, since: float, until: float) -> list[Outage]:
    return db.read_now(lambda conn: connections.between(conn, after(since), after(until)))


def test_what_is_known_of_a_connection_is_kept_by_adapter(db: Database) -> None:
    assert db.read_now(lambda conn: connections.known(conn, "wx")) == Known()
    asked = Known(account="Bot", trouble="scan", trouble_at=NOW, tell_at=after(2), since=after(-1))
    db.write_now(lambda conn: connections.remember(conn, "wx", asked))
    db.write_now(lambda conn: connections.remember(conn, "wx2", Known(account="O\x00ther")))
    assert db.read_now(lambda conn: connections.known(conn, "wx")) == asked
    assert db.read_now(lambda conn: connections.known(conn, "wx2")) == Known(account="Other")
    db.write_now(lambda conn: connections.remember(conn, "wx", Known(account="Bot")))
    assert db.read_now(lambda conn: connections.known(conn, "wx")) == Known(account="Bot")


def test_outages_that_reach_into_a_time_are_found_in_order(db: Database) -> None:
    before, early, late = (Outage("wx", after(a), after(b)) for a, b in ((-60, -30), (-10, 5), (50, 70)))
    other = Outage("wx2", after(1), after(2), restarted=True)
    record(db, before, early, late, other)
    assert between(db, 0, 60) == [early, other, late]
    assert between(db, 5, 50) == [], "one that ends where a time begins is no part of it"
    assert db.read_now(lambda conn: connections.last_outage(conn, "wx")) == late
    assert db.read_now(lambda conn: connections.last_outage(conn, "main")) is None


def test_an_outage_that_is_not_over_is_found_too(db: Database) -> None:
    db.write_now(lambda conn: connections.remember(conn, "wx", Known(trouble="lost", since=after(10))))
    assert between(db, 0, 60) == [Outage("wx", after(10))]
    assert between(db, 0, 10) == []
    assert between(db, 20, 60) == [Outage("wx", after(10))]
    with pytest.raises(ValueError, match="not over"):
        record(db, Outage("wx", NOW))


def test_an_outage_that_is_told_twice_or_goes_on_is_one(db: Database) -> None:
    record(db, Outage("wx", after(0), after(5)), Outage("wx", after(0), after(5)), Outage("wx2", after(3), after(4)))
    record(db, Outage("wx", after(5), after(6), restarted=True), Outage("wx", after(2), after(3)))
    assert between(db, 0, 60) == [Outage("wx", after(0), after(6), restarted=True), Outage("wx2", after(3), after(4))]


def test_the_tally_has_the_outages_of_its_time(db: Database) -> None:
    record(db, Outage("wx", after(-60), after(-30)), Outage("wx", after(1), after(2)))
    assert db.read_now(lambda conn: tally(conn, after(0), after(60))).outages == (Outage("wx", after(1), after(2)),)


def test_outages_of_long_ago_are_forgotten(db: Database) -> None:
    record(db, Outage("wx", after(0), after(5)), Outage("wx", NOW + timedelta(days=300), NOW + timedelta(days=301)))
    db.write_now(lambda conn: purge(conn, NOW + timedelta(days=401), Keep()))
    assert [outage.since for outage in between(db, -1, 1e6)] == [NOW + timedelta(days=300)]


def test_what_still_waits_is_withdrawn_by_the_beginning_of_its_event(db: Database) -> None:
    events = ("notice:trouble:w_x:1", "notice:trouble:w_x:2", "notice:trouble:w_x2:1", "notice:trouble:wax:1")
    waiting = [
        Delivery(event=event, position=0, group="sim:staff", lane=Lane.REPLY, effect=SendText("sim:staff", say("!")))
        for event in events
    ]
    db.write_now(lambda conn: outbox.enqueue(conn, waiting, NOW))
    db.write_now(lambda conn: outbox.mark_sent(conn, [(1, None, NOW)]))
    db.write_now(lambda conn: outbox.withdraw(conn, "notice:trouble:w_x:", "it is over", NOW))
    states = [each.state for event in events for each in db.read_now(partial(outbox.of_event, event=event))]
    assert states == [State.SENT, State.DROPPED, State.WAITING, State.WAITING]
