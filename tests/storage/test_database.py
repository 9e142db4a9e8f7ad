import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from rules.errors import StorageError
from storage.database import Database
from storage.errors import (
    DatabaseBroken,
    DatabaseBusy,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnreachable,
    SchemaMismatch,
)


def put(source: str, value: str = "1"):
    def work(conn: Connection) -> str:
        conn.execute(text("INSERT INTO cursors (source, value) VALUES (:s, :v)"), {"s": source, "v": value})
        return source

    return work


def sources(conn: Connection) -> list[str]:
    return list(conn.scalars(text("SELECT source FROM cursors ORDER BY source")))


async def hold_the_writer(db: Database) -> tuple[threading.Event, "asyncio.Task[None]"]:
    """Keep the writer in a transaction until the event is set, so that other works must wait together."""
    started, release = threading.Event(), threading.Event()

    def work(conn: Connection) -> None:
        started.set()
        release.wait()

    task = asyncio.create_task(db.write(work))
    await asyncio.to_thread(started.wait)
    return release, task


async def test_works_that_wait_for_a_commit_share_the_next_one(db: Database) -> None:
    transactions: set[int] = set()

    def work(conn: Connection) -> None:
        transactions.add(id(conn.get_transaction()))

    release, held = await hold_the_writer(db)
    tasks = [asyncio.create_task(db.write(work)) for _ in range(50)]
    await asyncio.sleep(0)  # each task runs up to where it waits
    assert db.waiting == 50
    release.set()
    await asyncio.gather(held, *tasks)
    assert len(transactions) == 1


async def test_a_bad_work_in_a_shared_transaction_fails_alone(db: Database) -> None:
    release, held = await hold_the_writer(db)
    works = [put(f"good-{n}") for n in range(5)]
    works.insert(2, put("good-0"))
    tasks = [asyncio.create_task(db.write(work)) for work in works]
    await asyncio.sleep(0)  # each task runs up to where it waits
    assert db.waiting == len(works)
    release.set()
    await held
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results].count(IntegrityError) == 1
    assert isinstance(results[2], IntegrityError)
    assert db.read_now(sources) == [f"good-{n}" for n in range(5)]


async def test_a_failed_work_leaves_nothing_behind(db: Database) -> None:
    def work(conn: Connection) -> None:
        put("half")(conn)
        raise ValueError("thought better of it")

    with pytest.raises(ValueError, match="thought better"):
        await db.write(work)
    assert db.read_now(sources) == []


async def test_a_work_that_nobody_waits_for_any_more_is_not_begun(db: Database) -> None:
    release, held = await hold_the_writer(db)
    task = asyncio.create_task(db.write(put("late")))
    await asyncio.sleep(0)  # each task runs up to where it waits
    assert db.waiting == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    release.set()
    await held
    await db.write(put("after"))
    assert db.read_now(sources) == ["after"]


async def test_reads_go_on_during_a_write_and_see_what_is_committed(db: Database) -> None:
    await db.write(put("before"))
    written, release = threading.Event(), threading.Event()

    def work(conn: Connection) -> None:
        put("during")(conn)
        written.set()
        release.wait()

    task = asyncio.create_task(db.write(work))
    await asyncio.to_thread(written.wait)
    assert await db.read(sources) == ["before"]
    release.set()
    await task
    assert await db.read(sources) == ["before", "during"]


def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(DatabaseReadOnly):
        db.read_now(put("sneaked in"))
    db.write_now(put("properly"))
    assert db.read_now(sources) == ["properly"]


def test_a_work_that_waits_for_another_write_is_refused_instead_of_waiting_for_ever(db: Database) -> None:
    with pytest.raises(StorageError, match="may not wait for another write"):
        db.write_now(lambda conn: db.write_now(put("inner")))


def test_a_closed_database_refuses_work_and_closes_twice(db: Database) -> None:
    db.close()
    db.close()
    with pytest.raises(StorageError, match="closed"):
        db.write_now(put("too late"))


def test_a_database_in_memory_reads_and_writes() -> None:
    with Database.open("sqlite://") as db:
        db.upgrade()
        db.write_now(put("kept"))
        assert db.read_now(sources) == ["kept"]


def test_a_full_disk_fails_the_write_and_later_writes_succeed(sqlite_db: Database) -> None:
    db = sqlite_db

    def limit(pages: int):
        def work(conn: Connection) -> None:
            conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        return work

    db.write_now(put("first"))
    db.write_now(limit(db.read_now(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar_one())))
    with pytest.raises(DatabaseFull, match="disk is full: free some space"):
        db.write_now(put("big", "x" * 100_000))
    assert db.read_now(sources) == ["first"]
    db.write_now(limit(1_000_000))
    db.write_now(put("big", "x" * 100_000))
    assert db.read_now(sources) == ["big", "first"]
    assert db.check() == []


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deeper" / "groupkeeper.db"
    with Database.open(f"sqlite:///{path}") as db:
        db.upgrade()
    assert path.is_file()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://localhost/x", "'mysql' are not supported"),
        ("groupkeeper.db", "is no database URL"),
        ("", "is no database URL"),
        ("postgresql://nobody@127.0.0.1:1/none", "server cannot be reached"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_plainly(url: str, words: str) -> None:
    with pytest.raises(StorageError, match=words):
        Database.open(url)


def test_a_password_is_not_shown_in_errors() -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        Database.open("postgresql://nobody:hush@127.0.0.1:1/none")
    assert "hush" not in str(caught.value)


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "holiday.db"
    path.write_bytes(b"not a database at all, but long enough to have a header of its own " * 20)
    before = path.read_bytes()
    with pytest.raises(DatabaseBroken, match="not a SQLite database"):
        Database.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is a folder: name a file in it"):
        Database.open(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseReadOnly, match="its folder cannot be made"):
        Database.open(f"sqlite:///{tmp_path / 'file' / 'groupkeeper.db'}")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that even root cannot write to")
def test_a_read_only_folder_is_told() -> None:
    with pytest.raises((DatabaseReadOnly, DatabaseUnreachable), match="folder"):
        Database.open("sqlite:////proc/self/groupkeeper.db")


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    with Database.open(url) as db:
        db.upgrade()
        db.write_now(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '0907'")))
        assert "knows up to 0005" in db.check()[0]
    with pytest.raises(SchemaMismatch, match=r"schema 0907, this Groupkeeper knows up to 0005: install the newer"):
        Database.open(url)


def test_a_database_of_another_program_is_refused(url: str) -> None:
    with Database.open(url) as db:
        db.upgrade()
        db.write_now(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = 'ae1027a6acf'")))
    with pytest.raises(SchemaMismatch, match="not Groupkeeper's"):
        Database.open(url)


def test_a_database_without_tables_says_how_to_get_them(url: str) -> None:
    with Database.open(url) as db:
        assert db.check() == ["schema: there are no tables yet: run `groupkeeper db upgrade`"]


def test_upgrading_twice_changes_nothing(db: Database) -> None:
    db.write_now(put("kept"))
    db.upgrade()
    assert db.read_now(sources) == ["kept"]


def test_the_migrations_lead_to_the_tables_that_the_program_uses(db: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from storage.schema import metadata

    def compare(conn: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata))

    assert db.read_now(compare) == []


def test_the_newest_migration_is_the_schema_that_the_program_knows() -> None:
    from alembic.script import ScriptDirectory

    import storage.migrations
    from storage.version import HEAD

    assert storage.migrations.__file__ is not None
    script = ScriptDirectory(os.path.dirname(storage.migrations.__file__))
    assert script.get_current_head() == HEAD


def test_another_process_that_keeps_the_write_lock_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engines.BUSY_MS", 50)
    url = f"sqlite:///{tmp_path / 'groupkeeper.db'}"
    with Database.open(url) as one, Database.open(url) as other:
        one.upgrade()
        held, release = threading.Event(), threading.Event()

        def hold(conn: Connection) -> None:
            held.set()
            release.wait()

        holder = threading.Thread(target=one.write_now, args=(hold,))
        holder.start()
        held.wait()
        with pytest.raises(DatabaseBusy, match="another process is writing"):
            other.write_now(put("waits"))
        release.set()
        holder.join()
        other.write_now(put("goes through"))
        assert one.read_now(sources) == ["goes through"]


def test_a_backup_made_during_use_is_a_whole_database(sqlite_db: Database, tmp_path: Path) -> None:
    sqlite_db.write_now(put("kept"))
    target = tmp_path / "backups" / "monday.db"
    sqlite_db.backup(target)
    sqlite_db.write_now(put("later"))
    assert sorted(path.name for path in target.parent.iterdir()) == ["monday.db"]
    with Database.open(f"sqlite:///{target}") as copy:
        assert copy.check() == []
        assert copy.read_now(sources) == ["kept"]


def test_a_backup_never_overwrites_a_file(sqlite_db: Database, tmp_path: Path) -> None:
    target = tmp_path / "monday.db"
    target.write_text("precious")
    with pytest.raises(StorageError, match="there is a file already"):
        sqlite_db.backup(target)
    assert target.read_text() == "precious"


def test_a_backup_of_postgresql_names_its_own_tool(postgres_url: str) -> None:
    with Database.open(postgres_url) as db, pytest.raises(StorageError, match="pg_dump"):
        db.backup("x.dump")


def test_a_damaged_file_is_found_by_check(sqlite_db: Database) -> None:
    for n in range(200):
        sqlite_db.write_now(put(f"source-{n:03}", "x" * 200))
    sqlite_db.close()
    path = sqlite_db.file
    assert path is not None
    data = bytearray(path.read_bytes())
    middle = data.find(b"source-150")
    data[middle - 200 : middle + 200] = b"\xff" * 400
    path.write_bytes(bytes(data))
    with Database.open(f"sqlite:///{path}") as damaged:
        assert any("restore the latest backup" in problem for problem in damaged.check())


def test_what_was_written_survives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "groupkeeper.db"
    script = f"""
import os
from storage.database import Database
from sqlalchemy import text
db = Database.open("sqlite:///{path}")
db.upgrade()
db.write_now(lambda c: c.execute(text("INSERT INTO cursors VALUES ('committed', '1')")))
def die(c):
    c.execute(text("INSERT INTO cursors VALUES ('half', '1')"))
    os._exit(137)
db.write_now(die)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 137
    with Database.open(f"sqlite:///{path}") as db:
        assert db.read_now(sources) == ["committed"]
        assert db.check() == []


def test_the_package_is_light_to_import() -> None:
    script = "import sys, storage; sys.exit(any(m.startswith(('sqlalchemy', 'alembic')) for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False).returncode == 0
