"""From a URL to SQLAlchemy engines that are set up for one writer and many readers."""

import os
import re
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool, StaticPool

from rules.errors import StorageError
from storage.errors import DatabaseReadOnly

BUSY_MS = 5_000
_CREDENTIALS = re.compile(r"[^/\s]*:[^/]*(?=@)|(?<=password=)[^&]*")


def parse(url: str) -> URL:
    """The URL of a database. Raises ``StorageError`` where it is none that we know."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        shown = _CREDENTIALS.sub("***", url)
        raise StorageError(
            f"`{shown}` is no database URL: write sqlite:///data/groupkeeper.db or postgresql://user@host/name"
        ) from error
    if parsed.drivername == "sqlite":
        if parsed.host:  # it would be one in memory, which nobody has a second time
            path = "/".join(part for part in (parsed.host, parsed.database) if part)
            raise StorageError(f"{place_of(parsed)}: a slash is missing: write sqlite:///{path}")
        return parsed
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise StorageError(
        f"{place_of(parsed)}: databases of kind {parsed.drivername!r} are not supported: use sqlite:/// or postgresql://"
    )


def place_of(url: URL) -> str:
    """A URL as it may be shown: without the password."""
    secret = {name: "***" for name in url.query if "password" in name}
    shown = url.update_query_dict(secret).render_as_string(hide_password=True)
    return shown.replace("postgresql+psycopg://", "postgresql://")


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory or on a server."""
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def prepare_folder(path: Path) -> None:
    """Make the folder of a database file. Raises ``DatabaseReadOnly`` where that is not allowed."""
    folder = path.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseReadOnly(
            f"{path}: its folder cannot be made ({error.strerror}): create {folder} and let this user write to it"
        ) from error
    if path.is_dir():
        raise StorageError(f"{path} is a folder: name a file in it, such as {path / 'groupkeeper.db'}")
    target = path if path.exists() else folder
    if not os.access(target, os.W_OK) or not os.access(folder, os.W_OK):
        raise DatabaseReadOnly(f"{path}: {target} is read-only: let this user write to the file and to its folder")


def require(path: Path) -> None:
    """Raises ``StorageError`` where there is no such database file."""
    if not path.exists():
        raise StorageError(
            f"{path}: there is no such file: give the path of the database; "
            f"sqlite:///{path.name} is meant from the folder where you are, an absolute path has four slashes"
        )


# Errors are logged and told to staff, so what members wrote must not be in them: all engines hide their parameters.


def writer_engine(url: URL) -> Engine:
    """The engine of the one writer. SQLite: every transaction begins IMMEDIATE, commits are on disk (FULL)."""
    if url.drivername != "sqlite":
        return create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    if file_of(url) is None:
        engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True
        )
    else:
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
    # A transaction that begins as a reader cannot wait for the write lock: it fails at once whatever busy_timeout says.
    _set_up_sqlite(engine, begin="BEGIN IMMEDIATE", read_only=False)
    return engine


def reader_engine(url: URL, readers: int) -> Engine:
    """The engine of the readers, whose connections cannot write."""
    if url.drivername != "sqlite":
        engine = create_engine(url, pool_size=readers, max_overflow=2, hide_parameters=True)
        return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=readers,
        max_overflow=2,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )
    _set_up_sqlite(engine, begin="BEGIN", read_only=True)
    return engine


def _set_up_sqlite(engine: Engine, *, begin: str, read_only: bool) -> None:
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is a deferred one
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-8000",
            *(("query_only=ON",) if read_only else ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")),
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def began(conn: Connection) -> None:
        conn.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
