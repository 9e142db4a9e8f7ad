"""A copy of a SQLite database, made while it is in use."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection

from rules.errors import StorageError


def copy(conn: Connection, path: Path) -> None:
    """Copy the database to a new file. Raises ``StorageError`` where the file exists or cannot be written."""
    if path.exists():
        raise StorageError(f"{path}: there is a file already: name a new one, so that no backup is overwritten")
    source = conn.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)  # noqa: S101 - Database.backup asks on SQLite only
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        target = sqlite3.connect(partial)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, without -wal and -shm beside it
        finally:
            target.close()
        partial.rename(path)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise StorageError(f"{path}: the backup cannot be written: {error}") from error
