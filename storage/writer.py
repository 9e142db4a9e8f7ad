"""The one writer: works that wait while a commit runs are committed together by the next one (group commit)."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from rules.errors import StorageError
from storage.errors import explained
from storage.keys import KeyCache, KeySession

T = TypeVar("T")
BATCH = 256


class _Job(Generic[T]):
    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.future: Future[T] = Future()


class _CommitUnknown(Exception):
    """The connection broke while it committed: the transaction may be recorded, so it must not be repeated."""

    def __init__(self, cause: DBAPIError) -> None:
        self.cause = cause


class Writer:
    """A thread that runs works in transactions, in the order in which they came.

    A work may be run twice (alone, after the batch that it was in failed), so it must have no effect but on the
    database. ``guard`` is held during each transaction.
    """

    def __init__(self, engine: Engine, guard: AbstractContextManager[Any], keys: KeyCache, place: str) -> None:
        self._engine = engine
        self._guard = guard
        self._keys = keys
        self._place = place
        self._jobs: deque[_Job[Any]] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="groupkeeper-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many works wait for the next commit."""
        return len(self._jobs)

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue a work; its future is done when its transaction is committed or has failed."""
        if threading.current_thread() is self._thread:
            raise StorageError("a work may not wait for another write: it has its own connection to write with")
        job = _Job(work)
        with self._wake:
            if self._closing:
                raise StorageError(f"{self._place}: the database is closed")
            self._jobs.append(job)
            self._wake.notify()
        return job.future

    @property
    def alive(self) -> bool:
        """Whether the thread that commits is there."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Commit what waits, then end."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._take():
            self._commit([job for job in batch if job.future.set_running_or_notify_cancel()])

    def _take(self) -> "list[_Job[Any]]":
        with self._wake:
            while not self._jobs and not self._closing:
                self._wake.wait()
            return [self._jobs.popleft() for _ in range(min(len(self._jobs), BATCH))]

    def _commit(self, jobs: "list[_Job[Any]]") -> None:
        try:
            results = self._transaction(jobs)
        except _CommitUnknown as unknown:
            error = explained(unknown.cause, self._place)
            for job in jobs:
                job.future.set_exception(error)
        except BaseException as error:  # noqa: BLE001 - whoever waits for the work gets it; the writer goes on
            if len(jobs) == 1:
                jobs[0].future.set_exception(explained(error, self._place))
                return
            for job in jobs:
                self._commit([job])
        else:
            for job, result in zip(jobs, results, strict=True):
                job.future.set_result(result)

    def _transaction(self, jobs: "list[_Job[Any]]") -> list[Any]:
        keys = KeySession(self._keys)
        try:
            with self._guard, self._engine.connect() as conn:
                keys.attach(conn)
                with conn.begin() as transaction:
                    results = [job.work(conn) for job in jobs]
                    try:
                        transaction.commit()
                    except DBAPIError as error:
                        if error.connection_invalidated:
                            raise _CommitUnknown(error) from error
                        raise
        except BaseException:
            keys.rollback()
            raise
        keys.commit()
        return results
