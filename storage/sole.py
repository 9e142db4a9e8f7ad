"""One process keeps groups with a database: a second one beside it would send everything twice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rules.errors import StorageError
from storage.errors import DatabaseReadOnly


@contextmanager
def sole(file: Path | None) -> Iterator[None]:
    """Hold the lock of a SQLite file while inside. Raises ``StorageError`` where another process does.

    The lock lies on a file of its own, and the system lets go of it however the process ends: letting go of one on the
    database's own file would let go of SQLite's, too. A database in memory or on a server (None) has none.
    """
    if file is None:
        yield
        return
    beside = file.with_name(file.name + ".lock")
    try:
        lock = beside.open("ab")
    except OSError as error:
        raise DatabaseReadOnly(f"{beside}: cannot be made ({error.strerror}): let this user write to it") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StorageError(
                f"{file}: another Groupkeeper is running on this database: end it first, or give each one its own"
            ) from error
        yield
