"""The pictures of waiting messages: fetched, looked at and remembered before anybody judges or decides on them.

A group whose picture is still on its way rests, and the others go on. What was found is kept by file, so that a picture
that is posted again is not fetched again, and that a message which is tried again shows the same.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import msgspec
import structlog
from msgspec.structs import replace
from PIL import Image

from adapters.errors import AdapterError
from adapters.protocol import Adapter, OffersFiles
from bot.pictures.findings import PictureFindings, Trouble
from bot.pictures.frames import LARGEST
from bot.pictures.looking import ReadWords, look_at, words_in
from bot.pictures.wanted import SIGN, enriched, seeing, views_of
from rules.errors import StorageError
from rules.events import Event, encode
from rules.rulebook import Rulebook
from rules.values import File
from schedules.clock import Clock
from storage import pictures
from storage.database import Database
from storage.inbox import Waiting

PATIENCE = 10.0
"""Seconds after which a message is decided on without its picture."""
AT_ONCE = 8
"""Pictures that are fetched at the same time."""
OF_A_GROUP = 4
"""Pictures of one group that are on their way: a flood in one keeps no other waiting."""
LOOKERS = 2
"""Threads that look at pictures for codes; one more reads words."""
AGAIN = timedelta(minutes=1)
"""After which a picture that was not to be had is asked for again, when somebody posts it again."""
REMEMBERED = 500
"""Findings kept in memory: what could not be written into the database is there at least."""

T = TypeVar("T")
_PASSING = (Trouble.OUT_OF_REACH, Trouble.NOT_IN_TIME)
_decoder = msgspec.json.Decoder(PictureFindings)
_encoder = msgspec.json.Encoder()

log = structlog.get_logger("groupkeeper.pictures")


class Gallery:
    """Looks at pictures for the worker. ``wake`` is called when a group that rested may be looked at again.

    ``words`` reads the words in pictures, for groups that want them read; without it, none are.
    """

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        rulebook: Callable[[], Rulebook],
        wake: Callable[[], object],
        words: ReadWords | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._database = database
        self._adapters = adapters
        self._clock = clock
        self._rulebook = rulebook
        self._wake = wake
        self._words = words
        self._patience = patience
        self._seeing: tuple[Rulebook | None, Mapping[str, bool]] = (None, {})
        self._found: dict[str, PictureFindings] = {}
        self._underway: dict[str, asyncio.Task[None]] = {}
        self._for: dict[str, set[str]] = {}  # by file, the groups that wait for it
        self._came = False
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._threads: dict[bool, ThreadPoolExecutor] = {}

    @property
    def asked_for(self) -> bool:
        """Whether any rule goes by what pictures show, on a platform that gives them out."""
        return bool(self._groups)

    @property
    def resting(self) -> frozenset[str]:
        """The groups that wait for a picture."""
        return frozenset(group for groups in self._for.values() for group in groups)

    def begin(self) -> None:
        """Have what reads words made ready, which takes seconds, before the first picture comes."""
        if self._words is not None and any(self._groups.values()):
            self._pool(reading=True).submit(self._words, Image.new("RGB", (64, 64)))

    async def hung(self, rows: Sequence[Waiting]) -> list[Waiting]:
        """The rows that can be decided on, with what their pictures show; those of groups that rest are left out."""
        groups = self._groups
        views = {
            row.seq: [(_key(row, view), view) for view in views_of(row.event)]
            for row in rows
            if row.group in groups and SIGN in row.payload
        }
        if not any(views.values()):
            return [row for row in rows if row.group not in self.resting]
        known = await self._known({key for shown in views.values() for key, _ in shown})
        resting = set(self.resting)
        ready: list[Waiting] = []
        for row in rows:
            shown = views.get(row.seq, [])
            missing = [
                (key, view) for key, view in shown if not _serves(known.get(key), groups[row.group] and self._reads)
            ]
            if missing:
                resting.add(row.group)
                self._begin(row.group, missing, read=groups[row.group])
            elif row.group not in resting:
                ready.append(_enriched(row, {key: known[key] for key, _ in shown}) if shown else row)
        return ready

    async def arrived(self) -> bool:
        """Wait for the pictures that are on their way; whether any came since this was asked last."""
        underway = list(self._underway.values())
        if underway:
            await asyncio.wait(underway)
        came, self._came = self._came, False
        return came

    async def close(self) -> None:
        """Let go of what is on its way: the messages are in the inbox, and looked at again."""
        underway = list(self._underway.values())
        for task in underway:
            task.cancel()
        if underway:
            await asyncio.wait(underway)
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)
        self._threads.clear()

    @property
    def _reads(self) -> bool:
        return self._words is not None

    @property
    def _groups(self) -> Mapping[str, bool]:
        """The groups whose pictures are looked at, and whether their words are read too."""
        book = self._rulebook()
        if self._seeing[0] is not book:
            found = seeing(book)
            able = {name for name, adapter in self._adapters.items() if isinstance(adapter, OffersFiles)}
            self._seeing = (book, {chat: read for chat, read in found.items() if _platform(chat) in able})
        return self._seeing[1]

    async def _known(self, keys: set[str]) -> dict[str, PictureFindings]:
        stored = await self._database.read(lambda conn: pictures.load(conn, keys))
        since = self._clock.now() - AGAIN
        known = {key: found for key, (text, _) in stored.items() if (found := _decoded(text)) is not None}
        late = {key for key, found in known.items() if found.trouble in _PASSING and stored[key][1] < since}
        here = {key: found for key in keys - known.keys() if (found := self._found.get(key)) is not None}
        return {key: found for key, found in known.items() if key not in late} | here

    def _begin(self, group: str, missing: Sequence[tuple[str, File]], *, read: bool) -> None:
        """See to it that pictures are on their way to a group, the first of those that wait."""
        for key, view in missing:
            if key in self._underway:
                self._for[key].add(group)
            elif sum(group in groups for groups in self._for.values()) < OF_A_GROUP:
                self._for[key] = {group}
                work = self._look(key, view, self._words if read else None)
                self._underway[key] = asyncio.create_task(work, name=f"picture {key}")

    async def _look(self, key: str, view: File, words: ReadWords | None) -> None:
        try:
            found = await self._found_in(key, view, words)
            self._remember(key, found)
            await self._keep(key, found)
        finally:
            del self._underway[key], self._for[key]
            self._came = True
            self._wake()

    async def _found_in(self, key: str, view: File, words: ReadWords | None) -> PictureFindings:
        found = PictureFindings()
        try:
            async with asyncio.timeout(self._patience):
                async with self._slots:
                    data = await self._fetch(_platform(key), view)
                found = await self._in_thread(look_at, data)
                if words is not None and found.frames:
                    found = replace(found, text=await self._in_thread(words_in, data, words, reading=True))
        except TimeoutError:
            found = replace(found, trouble=Trouble.NOT_IN_TIME)
        except AdapterError as error:
            log.info("picture_not_fetched", picture=key, error=str(error))
            found = PictureFindings(trouble=Trouble.OUT_OF_REACH)
        except Exception as error:  # noqa: BLE001 - whatever a picture does to those who look at it, its group goes on
            log.warning("picture_failed", picture=key, error=f"{type(error).__name__}: {error}")
            found = replace(found, trouble=Trouble.BROKEN)
        if found.trouble is not None:
            log.info("picture_not_read", picture=key, trouble=found.trouble.value)
        return replace(found, read=words is not None)

    async def _in_thread(self, work: Callable[..., T], *given: object, reading: bool = False) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool(reading=reading), work, *given)

    def _pool(self, *, reading: bool) -> ThreadPoolExecutor:
        """Threads of one kind: reading words takes long, and codes are not to wait behind it."""
        threads = self._threads.get(reading)
        if threads is None:
            names = "words" if reading else "pictures"
            threads = self._threads[reading] = ThreadPoolExecutor(1 if reading else LOOKERS, thread_name_prefix=names)
        return threads

    async def _fetch(self, platform: str, view: File) -> bytes:
        adapter = self._adapters[platform]
        if not isinstance(adapter, OffersFiles):
            raise TypeError(f"the platform {platform} gives no files out")
        return await adapter.fetch(view, LARGEST)

    async def _keep(self, key: str, found: PictureFindings) -> None:
        written, now = _encoder.encode(found).decode(), self._clock.now()
        try:
            await self._database.write(lambda conn: pictures.keep(conn, {key: written}, now))
        except StorageError as error:
            log.warning("picture_not_kept", picture=key, error=str(error))

    def _remember(self, key: str, found: PictureFindings) -> None:
        self._found.pop(key, None)
        self._found[key] = found
        if len(self._found) > REMEMBERED:
            del self._found[next(iter(self._found))]


def _decoded(text: str) -> PictureFindings | None:
    """Findings as they were kept; None where another version wrote what this one cannot read."""
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError:
        return None


def _serves(found: PictureFindings | None, words: bool) -> bool:
    """Whether a picture need not be looked at any more: it may have been once by who did not read its words."""
    return found is not None and (found.read or not words)


def _enriched(row: Waiting, known: Mapping[str, PictureFindings]) -> Waiting:
    event: Event = enriched(row.event, lambda view: known.get(_key(row, view)))
    return replace(row, payload=encode(event).decode())


def _key(row: Waiting, view: File) -> str:
    return f"{_platform(row.group)}:{view.unique}"


def _platform(id_: str) -> str:
    return id_.partition(":")[0]
