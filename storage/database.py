"""One database: writes in one thread with group commit, reads beside them, by URL on SQLite or PostgreSQL."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from rules.errors import StorageError
from storage import engines, version
from storage.errors import explained
from storage.keys import KeyCache, KeySession
from storage.writer import Writer

T = TypeVar("T")
Work = Callable[[Connection], T]
READERS = 2


class Database:
    """An open database. Works are functions of a connection; they must not keep it, nor commit.

    ``write`` returns once its transaction is on disk, so a caller never has more than one work in the queue: that is
    the back-pressure. Errors of the database are ``StorageError``; the database stays usable after them.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.place = engines.place_of(url)
        self.file = engines.file_of(url)
        in_memory = url.drivername == "sqlite" and self.file is None
        guard = threading.Lock() if in_memory else nullcontext()  # one connection, so one user at a time
        self._guard = guard
        self._keys = KeyCache()
        self._engine = engines.writer_engine(url)
        self._readers = self._engine if in_memory else engines.reader_engine(url, READERS)
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="groupkeeper-reader")
        self._writer = Writer(self._engine, guard, self._keys, self.place)

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Self:
        """Open the database at ``url``; an empty one is made where there is none. Raises ``StorageError``.

        Without ``create`` a file that is not there is an error: an empty copy of a mistyped path is no backup.
        """
        parsed = engines.parse(url)
        path = engines.file_of(parsed)
        if path is not None and not create:
            engines.require(path)
        if path is not None:
            engines.prepare_folder(path)
        database = cls(parsed)
        try:
            database.write_now(lambda conn: version.refuse_newer(conn, database.place))
        except BaseException:
            database.close()
            raise
        return database

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def waiting(self) -> int:
        """How many works wait for the next commit."""
        return self._writer.waiting

    @property
    def alive(self) -> bool:
        """Whether there is somebody to write: false once it is closed, or should the writer have died."""
        return self._writer.alive

    async def write(self, work: Work[T]) -> T:
        """Run a work in a transaction, together with others that wait. It may be run twice, should the first fail."""
        return await asyncio.wrap_future(self._writer.submit(work))

    async def read(self, work: Work[T]) -> T:
        """Run a work that only reads, beside the writer; it sees what is committed."""
        return await asyncio.wrap_future(self._pool.submit(self.read_now, work))

    def write_now(self, work: Work[T]) -> T:
        """``write`` for code without an event loop: waits for the commit."""
        return self._writer.submit(work).result()

    def read_now(self, work: Work[T]) -> T:
        """``read`` in this thread."""
        try:
            with self._guard, self._readers.connect() as conn, conn.begin() as transaction:
                KeySession(self._keys).attach(conn)
                result = work(conn)
                transaction.rollback()
                return result
        except (DBAPIError, PoolTimeout) as error:
            meant = explained(error, self.place)
            if meant is error:
                raise
            raise meant from error

    def upgrade(self) -> None:
        """Bring the tables to the schema that this program knows. Does nothing where they already are."""
        self.write_now(lambda conn: version.upgrade(conn, self.place))

    def check(self) -> list[str]:
        """What is wrong with the database, each with what to do; empty when all is well. Reads every page."""
        from storage.check import problems  # noqa: PLC0415 - needed by one command only

        return self.read_now(problems)

    def backup(self, path: Path | str) -> None:
        """Copy a SQLite database to a new file while it is in use. Raises ``StorageError`` on PostgreSQL."""
        from storage.backup import copy  # noqa: PLC0415 - needed by one command only

        if self.dialect != "sqlite":
            raise StorageError(
                f"{self.place}: a PostgreSQL database is backed up with its own tool: "
                f"pg_dump --format=custom --file={path} {self.place}"
            )
        self.read_now(lambda conn: copy(conn, Path(path)))

    def close(self) -> None:
        """Finish the writes that wait, then let go of every connection. Closing twice is fine."""
        self._writer.close()
        self._pool.shutdown()
        self._readers.dispose()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
