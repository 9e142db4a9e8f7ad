"""The bot's own messages that are kept up to date, as the database has them."""

from datetime import UTC, datetime, timedelta

from storage import running
from storage.database import Database
from storage.migrate import migrate
from storage.retention import Keep, purge
from storage.running import Running

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
GROUP, NEW = "telegram:-100", "telegram:-200"


def remember(db: Database, name: str, now: Running, group: str = GROUP) -> None:
    db.write_now(lambda conn: running.remember(conn, group, name, now))


def find(db: Database, name: str, group: str = GROUP) -> Running | None:
    return db.read_now(lambda conn: running.find(conn, group, name))


def test_the_message_that_was_sent_last_stands_under_a_name(db: Database) -> None:
    assert find(db, "board") is None
    remember(db, "board", Running(f"{GROUP}/1", NOW))
    latest = Running(f"{GROUP}/2", NOW + timedelta(hours=1), pictured=True)
    remember(db, "board", latest)
    remember(db, "welcome", Running(f"{GROUP}/3", NOW))
    assert find(db, "board") == latest
    assert find(db, "board", NEW) is None
    db.write_now(lambda conn: running.end(conn, GROUP, "board"))
    assert find(db, "board") is None
    assert find(db, "welcome") is not None


def test_what_stands_in_a_groups_former_place_is_kept_up_to_date_no_more(db: Database) -> None:
    remember(db, "board", Running(f"{GROUP}/1", NOW))
    db.write_now(lambda conn: migrate(conn, GROUP, NEW))
    assert find(db, "board", NEW) is None


def test_what_stands_in_the_new_place_already_goes_on(db: Database) -> None:
    remember(db, "board", Running(f"{GROUP}/1", NOW))
    young = Running(f"{NEW}/1", NOW)
    remember(db, "board", young, NEW)
    db.write_now(lambda conn: migrate(conn, GROUP, NEW))
    assert find(db, "board", NEW) == find(db, "board", GROUP) == young


def test_what_has_long_not_been_sent_anew_is_forgotten(db: Database) -> None:
    remember(db, "board", Running(f"{GROUP}/1", NOW))
    remember(db, "welcome", Running(f"{GROUP}/2", NOW + timedelta(days=300)))
    db.write_now(lambda conn: purge(conn, NOW + timedelta(days=500), Keep()))
    assert find(db, "board") is None
    assert find(db, "welcome") is not None
