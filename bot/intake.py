"""Where adapters bring events: kept for good first, confirmed to the platform after."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy import Connection

from rules.commandline import CommandNames, expand
from rules.errors import StorageError
from rules.events import Event
from schedules.clock import Clock
from storage import inbox
from storage.database import Database

log = structlog.get_logger("groupkeeper.intake")


class DurableIntake:
    """Puts events into the inbox in one transaction, commands told apart, then wakes the worker.

    A message that is a command is kept twice: as the message it is, so that rules see what was written, and as the
    command it asks for.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        commands: Callable[[], CommandNames],
        wake: Callable[[], None],
        move: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._commands = commands
        self._wake = wake
        self._move = move
        self._troubled = False

    async def accept(self, events: Sequence[Event], cursor: tuple[str, str] | None = None) -> None:
        """Keep events. When this returns they are on disk and the platform may be told."""
        names = self._commands()
        told = [part for event in events for part in expand(event, names)]
        now = self._clock.now()

        def keep(conn: Connection) -> None:
            inbox.put(conn, told, now)
            if cursor is not None:
                inbox.set_cursor(conn, *cursor)

        try:
            await self._database.write(keep)
        except StorageError as error:
            self._say_once(str(error))
            raise
        if self._troubled:
            self._troubled = False
            log.info("taking_in_again")
        self._wake()

    def _say_once(self, error: str) -> None:
        """Adapters try again and again, or leave it to the platform: one line is enough for all that."""
        if not self._troubled:
            self._troubled = True
            log.error("nothing_taken_in", error=error, advice="the platform keeps what was not confirmed")

    async def cursor(self, source: str) -> str | None:
        """The position that was kept last."""
        return await self._database.read(lambda conn: inbox.cursor(conn, source))

    async def migrated(self, old: str, new: str) -> None:
        """A group has another id. When this returns, all that is known of it is under that one, on disk."""
        await self._move(old, new)
        self._wake()
