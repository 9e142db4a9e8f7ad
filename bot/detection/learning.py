"""What groups teach the detection: their heads, and how many of their ordinary messages were seen."""

import asyncio
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace
from sqlalchemy import Connection

from bot.detection import lessons
from bot.detection.ordinary import Ordinary, count
from bot.notices import Notices
from bot.settle import Settled
from bot.setup import Setup
from rules.cases import is_about_ads
from rules.detectors.examples import SAME, Example, agreed
from rules.detectors.features import FEATURES_VERSION
from rules.detectors.head import Head
from rules.detectors.model import Model
from rules.detectors.neighbours import likeness
from rules.errors import StorageError
from rules.facts import GroupSettings
from rules.rulebook import GroupBook
from schedules.clock import Clock
from storage import labels, outbox, samples
from storage.database import Database
from storage.labels import Label
from storage.samples import Progress, Stood

log = structlog.get_logger("groupkeeper.learning")

STANDS = timedelta(hours=1)
"""A message counts as ordinary that has stood for so long,"""
FOLLOWED = 50
"""or that so many others followed, without anybody taking it for an advertisement."""
BACK = 2_000
"""Messages of the log that are looked at in a group that is new to the detection."""
ROUND = timedelta(minutes=1)
PART = 500
"""Messages that are counted in a transaction."""
TOLD_AT = 20
"""Messages after which staff are told that a group is only watched as yet, unless something shows up before."""
SHOWN = 3
"""Messages that are shown to staff as what would have been removed."""
MOST_HEADS = 256
"""Heads of groups that taught something; the others are next to nothing, and take a reading of the sample to make."""
MOST_GROUPS = 10_000
IDLE = timedelta(days=1)
GROUPS_AGREE = 2
"""Groups of an operator that must have taught the same before it counts in others."""


@dataclass(slots=True)
class _Kept:
    head: Head
    stamp: tuple[int, int]
    used: datetime


class Learning:
    """Learns from what staff say of messages, and from what stands unchallenged. Asked from any thread.

    All that it knows is read from the database, so that a restart changes nothing. ``head`` is worked out when it is
    asked for and something has changed since.
    """

    def __init__(self, model: Model, agree: int = GROUPS_AGREE, most_heads: int = MOST_HEADS) -> None:
        self._model = model
        self._most_heads = most_heads
        self._agree = agree
        self._guard = threading.Lock()
        self._heads: OrderedDict[str, _Kept] = OrderedDict()
        self._stamps: dict[str, int] = {}
        self._taught = 0
        self._shared: tuple[int, dict[str, list[Example]]] = (-1, {})
        self._seen: dict[str, int] = {}
        self._suspects: dict[str, deque[str]] = {}
        self._doubted: dict[str, frozenset[str]] = {}  # who, as the log has it
        self._forgotten: set[tuple[str, str]] = set()
        self._looked: dict[str, datetime] = {}
        self._database: Database | None = None
        self._clock: Clock
        self._setup: Callable[[], Setup]
        self._notices: Notices

    async def begin(self, database: Database, clock: Clock, setup: Callable[[], Setup]) -> None:
        """Look at what is there; from now on read and write there."""
        self._clock, self._setup = clock, setup
        self._notices = Notices(database, clock, setup)
        stale = await database.read(lambda conn: labels.stale(conn, FEATURES_VERSION))
        self._database = database
        if stale:
            advice = "they were made by another version; teach the messages again that still matter"
            log.warning("labels_not_used", labels=stale, features=FEATURES_VERSION, advice=advice)

    def settled(self, settled: Settled) -> None:
        """What was taught by a batch counts from the next message on."""
        with self._guard:
            self._taught += bool(settled.taught)
            for group in settled.taught:
                self._stamps[group] = self._stamps.get(group, 0) + 1
        for group, member in settled.forgotten:
            self._suspects.pop(group, None)
            self._forgotten.add((group, member))

    async def keep(self) -> None:
        """Count the messages that have stood for long enough, and let go of the heads that nobody asks for."""
        if self._database is None:
            return
        now = self._clock.now()
        if self._forgotten:
            await self._forget_again(self._database, tuple(self._forgotten))
        for settings in list(self._watched()):
            looked = self._looked.get(settings.chat)
            if looked is not None and looked <= now < looked + ROUND:
                continue
            self._looked[settings.chat] = now
            more = True
            while more:
                more = await self._count(self._database, settings, now)
        with self._guard:
            for group in [group for group, kept in self._heads.items() if kept.used < now - IDLE]:
                del self._heads[group]

    def ordinary(self, group: str) -> int:
        """How many ordinary messages of a group were seen. Raises ``StorageError`` where that cannot be read."""
        seen = self._seen.get(group)
        if seen is None and self._database is not None:
            seen = self._seen[group] = self._database.read_now(lambda conn: samples.progress(conn, group)).ordinary
        return seen or 0

    def cold(self, group: str) -> str | None:
        """How far a group has come that has not seen enough (``57/200``); None for one that has, or is not kept."""
        book = self._setup().rulebook.group(group) if self._database is not None else None
        if book is None or self.ordinary(group) >= book.settings.ads.cold_start:
            return None
        return f"{self.ordinary(group)}/{book.settings.ads.cold_start}"

    def head(self, group: str) -> Head | None:
        """What a group taught so far; None before the database is known, or where it cannot be read."""
        if self._database is None:
            return None
        book = self._setup().rulebook.group(group)
        shares = book is not None and book.settings.ads.shares
        with self._guard:
            stamp = self._stamp(group, shares=shares)
            kept = self._heads.get(group)
            if kept is not None and kept.stamp == stamp:
                kept.used = self._clock.now()
                self._heads.move_to_end(group)
                return kept.head
        try:
            head = self._made(self._database, group, shares=shares)
        except StorageError as error:
            log.error("head_not_read", group=group, error=str(error))
            return kept.head if kept is not None else None
        with self._guard:
            self._heads[group] = _Kept(head, stamp, self._clock.now())
            self._heads.move_to_end(group)
            self._make_room()
        return head

    async def _forget_again(self, database: Database, whom: Collection[tuple[str, str]]) -> None:
        """What was being counted while somebody was forgotten may have come into the sample after that."""

        def write(conn: Connection) -> None:
            for group, member in whom:
                samples.forget(conn, group, member)

        await database.write(write)
        self._forgotten.difference_update(whom)

    def _make_room(self) -> None:
        """Let go of those that nobody asked for longest."""
        taught = [group for group, kept in self._heads.items() if kept.head.examples]
        for group in taught[: max(0, len(taught) - self._most_heads)]:
            del self._heads[group]
        while len(self._heads) > MOST_GROUPS:
            self._heads.popitem(last=False)

    def _renew(self, database: Database, settings: GroupSettings) -> None:
        """Another sample makes another head. Where there is one, it is worked out before the next message asks."""
        group = settings.chat
        with self._guard:
            stamp, kept = self._stamp(group, shares=settings.ads.shares), self._heads.get(group)
        head = self._made(database, group, shares=settings.ads.shares) if kept is not None else None
        with self._guard:
            unchanged = self._stamp(group, shares=settings.ads.shares) == stamp
            self._stamps[group] = self._stamps.get(group, 0) + 1
            if head is not None and kept is not None and unchanged and group in self._heads:
                self._heads[group] = _Kept(head, self._stamp(group, shares=settings.ads.shares), kept.used)

    def _stamp(self, group: str, *, shares: bool) -> tuple[int, int]:
        """By what a head is known to be up to date."""
        return self._stamps.get(group, 0), self._taught if shares else 0

    def _made(self, database: Database, group: str, *, shares: bool) -> Head:
        def read(conn: Connection) -> tuple[list[Label], list[samples.Sample], int]:
            found = labels.in_force(conn, group, FEATURES_VERSION)
            return found, samples.of_group(conn, group, FEATURES_VERSION), samples.progress(conn, group).ordinary

        said, usual, seen = database.read_now(read)
        own = list(lessons.examples(said))
        shared = self._from_others(database, group, own) if shares else []
        head = Head.of([*own, *shared], lessons.looks(group, usual), seen)
        if head.doubted and self._doubted.get(group) != head.doubted:
            self._doubted[group] = head.doubted
            advice = "what they taught does not fit what others taught and what is ordinary; have a look at /learned"
            log.warning("labels_doubted", group=group, by=sorted(head.doubted), advice=advice)
        return head

    def _from_others(self, database: Database, group: str, own: list[Example]) -> list[Example]:
        """What enough other groups agree on, but for what this group has an opinion of its own about."""
        with self._guard:
            stamp, by_group = self._taught, self._shared[1] if self._shared[0] == self._taught else None
        if by_group is None:
            by_group = database.read_now(lessons.by_group)
            with self._guard:
                self._shared = (stamp, by_group)
        ours = [example.look.features.indices for example in own]
        others = {name: examples for name, examples in by_group.items() if name != group}
        return [
            example
            for example in agreed(others, self._agree)
            if all(likeness(example.look.features.indices, one) < SAME for one in ours)
        ]

    def _watched(self) -> Iterator[GroupSettings]:
        """The groups in which a rule asks the detection."""
        for book in self._setup().rulebook.groups.values():
            if asks(book):
                yield book.settings

    async def _count(self, database: Database, settings: GroupSettings, now: datetime) -> bool:
        """Count the next messages of a group; whether there may be more."""
        group = settings.chat

        def read(conn: Connection) -> tuple[Progress, list[Stood], set[str], set[str]]:
            come = samples.progress(conn, group)
            if not come.through_at:
                come = replace(come, through_at=samples.latest_begin(conn, group, BACK))
            rows = samples.stood(conn, group, come, now - STANDS, FOLLOWED, PART)
            messages = [row.message for row in rows if row.message is not None]
            called_ads = labels.labelled(conn, group, messages, ad=True)
            return come, rows, called_ads, labels.labelled(conn, group, messages, ad=False)

        come, rows, ads, hams = await database.read(read)
        if self._seen.get(group, come.ordinary) != come.ordinary:  # it took in another, or learned from its history
            with self._guard:
                self._stamps[group] = self._stamps.get(group, 0) + 1
        self._seen[group] = come.ordinary
        if not rows and (come.warm_at is not None or come.ordinary < settings.ads.cold_start):
            return False
        counted = Ordinary(group, self._model, come)
        suspects = await asyncio.to_thread(count, counted, rows, ads, hams)
        self._suspects.setdefault(group, deque(maxlen=SHOWN)).extend(suspects)
        fresh = counted.fresh
        after = replace(come, ordinary=counted.count, suspected=counted.suspected)
        if rows:
            after = replace(after, through_at=rows[-1].at, through_seq=rows[-1].seq)
        after, deliveries = self._news(settings, come, after, now)

        def write(conn: Connection) -> None:
            samples.put(conn, group, fresh)
            samples.keep_progress(conn, group, after)
            outbox.enqueue(conn, deliveries, now)

        await database.write(write)
        self._seen[group] = after.ordinary
        if fresh:
            await asyncio.to_thread(self._renew, database, settings)
        return len(rows) == PART

    def _news(
        self, settings: GroupSettings, before: Progress, come: Progress, now: datetime
    ) -> tuple[Progress, list[outbox.Delivery]]:
        """What staff are told of how far a group has come, each once."""
        wanted, shown = settings.ads.cold_start, tuple(self._suspects.get(settings.chat, ()))
        if before.warm_at is not None:
            return come, []
        if come.ordinary >= wanted:
            told = self._notices.warm(settings, come.ordinary, come.suspected, shown) if wanted else []
            self._suspects.pop(settings.chat, None)
            return replace(come, warm_at=now), told
        if before.told_at is None and (come.suspected or come.ordinary >= TOLD_AT):
            told = self._notices.watching(settings, come.ordinary, wanted, come.suspected, shown)
            return replace(come, told_at=now), told
        return come, []


def asks(book: GroupBook) -> bool:
    """Whether a rule of a group asks the detection of advertisements."""
    return any(is_about_ads(rule) for rules in book.by_kind.values() for rule in rules)
