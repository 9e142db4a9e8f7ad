"""Where adapters bring events: kept for good first, confirmed to the platform after."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy import Connection

from adapters.protocol import Broken, News
from rules.commandline import CommandNames, expand
from rules.errors import StorageError
from rules.events import Event
from schedules.clock import Clock
from storage import inbox, outbox, quarantine
from storage.database import Database
from storage.outbox import Delivery

log = structlog.get_logger("groupkeeper.intake")


class DurableIntake:
    """Puts events into the inbox in one transaction, commands told apart, then wakes the worker.

    A message that is a command is kept twice: as the message it is, so that rules see what was written, and as the
    command it asks for. ``quarantined`` gives what is queued along with what is put into quarantine, such as notices
    to staff; ``count_quarantined`` is told how much of it was new.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        commands: Callable[[], CommandNames],
        wake: Callable[[], None],
        move: Callable[[str, str], Awaitable[None]],
        examine: Callable[[str], None] = lambda group: None,
        *,
        quarantined: Callable[[Sequence[Broken]], Sequence[Delivery]] = lambda broken: (),
        count_quarantined: Callable[[int], None] = lambda count: None,
        tell: Callable[[News], Awaitable[None]] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._commands = commands
        self._wake = wake
        self._move = move
        self._examine = examine
        self._quarantined = quarantined
        self._count_quarantined = count_quarantined
        self._tell = tell or _untold
        self._troubled = False

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        """Keep events, and what is broken in quarantine. When this returns it is on disk: the platform may be told."""
        names = self._commands()
        told = [part for event in events for part in expand(event, names)]
        now = self._clock.now()
        notices = self._quarantined(broken) if broken else ()

        def keep(conn: Connection) -> int:
            inbox.put(conn, told, now)
            if cursor is not None:
                inbox.set_cursor(conn, *cursor)
            outbox.enqueue(conn, notices, now)
            return quarantine.put(conn, broken, now)

        try:
            put_aside = await self._database.write(keep)
        except StorageError as error:
            self._say_once(str(error))
            raise
        if self._troubled:
            self._troubled = False
            log.info("taking_in_again")
        if put_aside:
            self._count_quarantined(put_aside)
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

    async def news(self, news: News) -> None:
        """Tell staff of something about a connection."""
        try:
            await self._tell(news)
        except StorageError as error:
            log.error("news_not_told", adapter=news.adapter, news=news.kind, error=str(error))
        except Exception:  # an adapter from elsewhere may tell what nobody can read: it goes on without
            log.exception("news_not_told", adapter=news.adapter, news=news.kind)

    async def standing(self, group: str) -> None:
        """What the bot may do in a group has changed."""
        self._examine(group)


async def _untold(news: News) -> None:
    log.warning("connection", adapter=news.adapter, news=news.kind, detail=news.detail)
