"""What is recorded of deliveries, and how: many turns' marks in one transaction.

What turns record while a commit is under way is recorded together by the next one. Each of them has little to say, and
would otherwise cost a statement of its own, and a way to the writer's thread and back.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from storage import outbox
from storage.database import Database

Sent = tuple[int, str | None, datetime]
"""A delivery's id, its receipt, and when it was performed."""


class Mark(Struct, frozen=True):
    """Something to be recorded: that deliveries were performed and nothing follows from it (``sent``), or a ``write``.

    ``wakes``: the worker has an event to settle then; ``queues``: there is more to be delivered.
    """

    write: Callable[[Connection], None] | None = None
    sent: tuple[Sent, ...] = ()
    wakes: bool = False
    queues: bool = False


class _Asked(Struct):
    marks: Sequence[Mark]
    recorded: asyncio.Future[None]


class Marks:
    """Writes marks down. What the database could not take is kept, to be written before anything more is sent.

    ``wake_worker`` and ``look`` are called when what was written wakes or queues.
    """

    def __init__(self, database: Database, wake_worker: Callable[[], None], look: Callable[[], None]) -> None:
        self._database = database
        self._wake_worker = wake_worker
        self._look = look
        self._unwritten: list[Mark] = []
        self._asked: list[_Asked] = []
        self._writing: asyncio.Task[None] | None = None

    @property
    def all_written(self) -> bool:
        """Whether nothing is kept."""
        return not self._unwritten

    async def write(self, marks: Sequence[Mark]) -> None:
        """Record in one transaction; when this returns they are on disk."""
        asked = _Asked(marks, asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_asked(), name="dispatch marks")
        await asked.recorded
        if any(mark.wakes for mark in marks):
            self._wake_worker()
        if any(mark.queues for mark in marks):
            self._look()

    def keep(self, marks: Sequence[Mark]) -> None:
        """Record these later."""
        self._unwritten += marks

    async def catch_up(self) -> None:
        """Record what was kept."""
        unwritten, self._unwritten = self._unwritten, []  # what is kept meanwhile is for the next time
        if unwritten:
            try:
                await self.write(unwritten)
            except BaseException:
                self._unwritten = unwritten + self._unwritten
                raise

    async def _write_asked(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, []
                error = await self._record(asked)
                for one in asked:
                    # What cannot be recorded must not keep the others from it.
                    trouble = await self._record([one]) if error is not None and len(asked) > 1 else error
                    if one.recorded.done():
                        continue  # who asked was cancelled
                    if trouble is None:
                        one.recorded.set_result(None)
                    else:
                        one.recorded.set_exception(trouble)
        finally:
            self._writing = None

    async def _record(self, asked: Sequence[_Asked]) -> Exception | None:
        try:
            await self._database.write(lambda conn: _write((mark for one in asked for mark in one.marks), conn))
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
            return error
        return None


def _write(marks: Iterable[Mark], conn: Connection) -> None:
    """In order; what only says that it was sent with one statement for many."""
    sent: list[Sent] = []
    for mark in marks:
        sent += mark.sent
        if mark.write is not None:
            outbox.mark_sent(conn, sent)
            sent.clear()
            mark.write(conn)
    outbox.mark_sent(conn, sent)
