from datetime import UTC, datetime, timedelta

from adapters.protocol import Broken
from storage import quarantine
from storage.database import Database
from storage.retention import Keep, purge

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def put(db: Database, *broken: Broken, at: datetime = NOW) -> int:
    return db.write_now(lambda conn: quarantine.put(conn, broken, at))


def test_what_could_not_be_read_is_kept_as_it_came_latest_first(db: Database) -> None:
    assert put(db, Broken("telegram:update-1", '{"a":"\x00"}', "KeyError: 'chat'")) == 1
    later = NOW + timedelta(minutes=1)
    assert put(db, Broken("telegram:update-2", "no JSON", "ValueError: no"), at=later) == 1
    assert db.read_now(quarantine.count) == 2
    assert db.read_now(quarantine.latest) == [
        quarantine.PutAside("telegram:update-2", later, "ValueError: no", "no JSON"),
        quarantine.PutAside("telegram:update-1", NOW, "KeyError: 'chat'", '{"a":""}'),
    ]
    assert len(db.read_now(lambda conn: quarantine.latest(conn, 1))) == 1


def test_what_is_told_again_counts_once(db: Database) -> None:
    broken = Broken("telegram:update-1", "{}", "KeyError: 'chat'")
    assert put(db, broken, broken) == 1
    assert put(db, broken, Broken("telegram:update-2", "{}", "KeyError: 'chat'")) == 1
    assert put(db) == 0
    assert db.read_now(quarantine.count) == 2


def test_quarantine_is_emptied_in_time(db: Database) -> None:
    put(db, Broken("telegram:update-1", "{}", "KeyError: 'chat'"))
    put(db, Broken("telegram:update-2", "{}", "KeyError: 'chat'"), at=NOW + timedelta(days=20))
    db.write_now(lambda conn: purge(conn, NOW + timedelta(days=31), Keep()))
    assert [one.id for one in db.read_now(quarantine.latest)] == ["telegram:update-2"]
