"""Where adapters bring events: kept for good first, confirmed to the platform after."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import Connection

from rules.commandline import CommandNames, expand
from rules.events import Event
from schedules.clock import Clock
from storage import inbox
from storage.database import Database


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

    async def accept(self, events: Sequence[Event], cursor: tuple[str, str] | None = None) -> None:
        """Keep events. When this returns they are on disk and the platform may be told."""
        names = self._commands()
        told = [part for event in events for part in expand(event, names)]
        now = self._clock.now()

        def keep(conn: Connection) -> None:
            inbox.put(conn, told, now)
            if cursor is not None:
                inbox.set_cursor(conn, *cursor)

        await self._database.write(keep)
        self._wake()

    async def cursor(self, source: str) -> str | None:
        """The position that was kept last."""
        return await self._database.read(lambda conn: inbox.cursor(conn, source))

    async def migrated(self, old: str, new: str) -> None:
        """A group has another id. When this returns, all that is known of it is under that one, on disk."""
        await self._move(old, new)
        self._wake()
