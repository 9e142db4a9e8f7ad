"""What an operator may write as the database's URL, and what they are told when it does not work."""

from pathlib import Path

import pytest
from sqlalchemy import text

from rules.errors import StorageError
from storage import states
from storage.database import Database
from storage.errors import SchemaMismatch

SECRET = "geheim"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://bot:{SECRET}@127.0.0.1:port/bot",
        f"postgresql://bot:{SECRET}@127.0.0.1:1/bot",
        f"postgresql://bot@127.0.0.1:1/bot?password={SECRET}",
        f"postgresql://bot@127.0.0.1:1/bot?sslpassword={SECRET}&connect_timeout=1",
        f"mysql://bot:{SECRET}@127.0.0.1/bot",
        f"bot:{SECRET}@127.0.0.1",
    ],
)
def test_a_complaint_about_a_database_is_one_line_without_its_password(url: str) -> None:
    with pytest.raises(StorageError) as caught:
        Database.open(url)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_slashes_do_not_open_a_database_that_is_gone_at_the_end() -> None:
    with pytest.raises(StorageError, match=r"sqlite:///groupkeeper\.db"):
        Database.open("sqlite://groupkeeper.db")


def test_the_advice_on_two_slashes_keeps_the_whole_path() -> None:
    with pytest.raises(StorageError, match=r"write sqlite:///data/groupkeeper\.db$"):
        Database.open("sqlite://data/groupkeeper.db")


def test_a_database_that_has_to_be_there_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "data" / "group.db"
    with pytest.raises(StorageError, match="there is no such file"):
        Database.open(f"sqlite:///{missing}", create=False)
    assert not missing.parent.exists()


def test_a_server_that_refuses_is_told_from_one_that_is_not_there(postgres_url: str) -> None:
    with pytest.raises(StorageError, match="name, password and database"):
        Database.open(postgres_url.rpartition("/")[0] + "/no_such_database")


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    with Database.open(url) as db:
        db.write_now(lambda conn: conn.execute(text("CREATE TABLE groups (name TEXT)")))
        with pytest.raises(SchemaMismatch, match="give it a database of its own"):
            db.upgrade()


def test_a_database_without_tables_says_what_to_do(url: str) -> None:
    with Database.open(url) as db, pytest.raises(SchemaMismatch, match="groupkeeper db upgrade"):
        db.read_now(states.known_groups)


def test_what_was_to_be_written_is_not_in_the_error(sqlite_db: Database) -> None:
    def work(conn) -> None:
        conn.execute(text("INSERT INTO people (key, id) VALUES (1, :id)"), {"id": SECRET})
        conn.execute(text("INSERT INTO people (key, id) VALUES (1, :id)"), {"id": SECRET})

    with pytest.raises(Exception, match="UNIQUE") as caught:
        sqlite_db.write_now(work)
    assert SECRET not in str(caught.value)
