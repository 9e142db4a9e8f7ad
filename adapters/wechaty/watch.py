"""Compares who is in the rooms with what was told of them: after every connection, and slowly all the time."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

import structlog

from adapters.errors import AdapterError, Rejected
from adapters.protocol import Broken, Finding, Intake
from adapters.wechaty.identity import Found, Identity
from adapters.wechaty.inflow import Fetched, Outcome, Position
from adapters.wechaty.link import Heard
from adapters.wechaty.naming import topic_of
from adapters.wechaty.once import Once
from adapters.wechaty.people import Contact, People
from adapters.wechaty.reading.told import Asked, Told
from adapters.wechaty.roster import Entry, Listing, Roster
from adapters.wechaty.settling import Settling
from adapters.wechaty.wire.calls import Calls
from rules.errors import StorageError
from rules.events import Event

log = structlog.get_logger("groupkeeper.wechaty")

LOOK = "roster"
"""The kind of what is put in line with what is heard, to look at a room when its turn comes."""
AT_ONCE = 5.0
"""Seconds between two tries while it is not known who is who, and everything waits for that."""
SOON = 60.0
"""Seconds between two looks where something is in doubt."""
EVERY = 600.0
"""The same where nothing is."""
MOST = 100
"""Rooms that are watched where nobody has said which."""


class Watch:
    """See above. ``put`` lines a look up with what is heard; ``read`` makes events of who came and went."""

    def __init__(
        self,
        platform: str,
        identity: Identity,
        roster: Roster,
        people: People,
        calls: Callable[[], Calls],
        *,
        up: asyncio.Event,
        put: Callable[[Heard], Awaitable[None]],
        read: Callable[[Told], Sequence[Event | Broken]],
        clock: Callable[[], float],
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._platform = platform
        self._identity = identity
        self._roster = roster
        self._people = people
        self._calls = calls
        self._settling = Settling(platform, identity, roster, people, calls, sleep)
        self._up = up
        self._put = put
        self._read = read
        self._clock = clock
        self._now = now
        self._sleep = sleep
        self._wanted: set[str] = set()
        self._stirred = asyncio.Event()
        self._looked = float("-inf")
        self._faults: Mapping[str, str] = {}
        self._intake: Intake | None = None
        self._failed = Once()

    def want(self, groups: Iterable[str]) -> None:
        """Groups that are kept (qualified ids)."""
        new = {group.removeprefix(f"{self._platform}:") for group in groups} - self._wanted
        if new:
            self._wanted |= new
            self.stir()

    def stir(self) -> None:
        """Look at all rooms now: something may have been missed."""
        self._looked = float("-inf")
        self._stirred.set()

    def findings(self, groups: Collection[str]) -> list[Finding]:
        """Groups that are not there, or that several rooms could be."""
        found = []
        for group in groups:
            id_ = group.removeprefix(f"{self._platform}:")
            if fault := self._faults.get(id_):
                found.append(Finding("error", f"wechaty.{fault}", {"name": topic_of(id_)}, group))
        return found

    async def run(self, intake: Intake) -> None:
        """Watch until cancelled."""
        self._intake = intake
        self._roster.forget()
        self.stir()
        while True:
            await self._pause()
            if not self._up.is_set():
                continue
            try:
                await self._round(intake)
            except (AdapterError, StorageError) as error:
                write = log.info if self._identity.settled.is_set() else log.warning
                if self._failed.is_new(str(error)):  # it is tried every few seconds
                    write("wechaty_roster_later", adapter=self._platform, error=str(error))
                self._looked = float("-inf")
            else:
                self._failed = Once()

    async def opened(self, told: Told) -> None:
        """Until it is known who was in the room that something is about: before it is noted who comes or goes."""
        room = None if isinstance(told, Asked) else told.room
        while self._intake is not None and room is not None:
            try:
                await self._roster.open(self._identity.room(room.id), self._intake)
            except StorageError:  # the intake says so when it is to keep something
                await self._sleep(AT_ONCE)
            else:
                return

    async def look(self, heard: Heard) -> Fetched:
        """Ask who is in a room. What cannot be found out now is found out the next time."""
        raw, intake = str(heard.data["roomId"]), self._intake
        asked, at = self._clock(), self._now()
        if intake is None:
            return _nothing
        try:
            room, raws = await asyncio.gather(self._people.room(raw), self._people.members(raw))
            entries: Mapping[str, Entry] = dict.fromkeys(raws, Entry())
            if not self._identity.stable:
                entries = await self._settling.members(raw, list(raws))
            room = self._identity.renamed(room)
            record = await self._roster.open(room.id, intake)
            members = {self._identity.person(one): entry for one, entry in entries.items()}
            listing = Listing(room, members, asked, at)
            said = self._roster.difference(listing)
            changed = frozenset[str]() if said.doubtful or not record.seen else said.new | said.gone
            people = dict(await asyncio.gather(*(self._contact(id_, record.members.get(id_)) for id_ in changed)))
        except (AdapterError, StorageError) as error:
            if self._failed.is_new(f"{raw}: {error}"):
                log.info("wechaty_roster_later", adapter=self._platform, room=raw, error=str(error))
            return _nothing
        return partial(self._compared, listing, people)

    def _compared(self, listing: Listing, people: Mapping[str, Contact]) -> Outcome:
        found: list[Event | Broken | Position] = []
        for each in self._roster.compared(listing, people):
            if isinstance(each, Position):
                found.append(each)
            else:
                found.extend(self._read(each))
        return found

    async def _contact(self, id_: str, entry: Entry | None) -> tuple[str, Contact]:
        raw = id_ if self._identity.stable else self._identity.person_now(id_)
        contact = Contact(id_, entry.name if entry is not None else "")
        if raw is not None:
            with suppress(Rejected):  # who has left may be known no longer
                contact = self._identity.renamed(await self._people.contact(raw))
        return id_, contact

    async def _round(self, intake: Intake) -> None:
        everything = self._clock() - self._looked >= EVERY
        rooms = set(self._roster.doubted)
        if everything:
            self._looked = self._clock()
            rooms = await self._rooms(intake)
        for room in sorted(rooms):
            if (raw := self._identity.room_now(room)) is not None:
                await self._put(Heard(LOOK, {"roomId": raw}))
        while self._roster.left:
            await intake.standing(f"{self._platform}:{self._roster.left.pop()}")

    async def _rooms(self, intake: Intake) -> set[str]:
        if not self._identity.stable:
            if self._identity.account is None and not await self._calls().rooms():
                self._looked = float("-inf")  # nobody is logged in; an old gateway does not say who is
                return set()
            await self._say(await self._settling.settle(self._wanted, intake), intake)
            return set(self._identity.rooms.values())
        return self._wanted or set(list(await self._calls().rooms())[:MOST])

    async def _say(self, found: Found, intake: Intake) -> None:
        """Have groups examined with which something is wrong, or no longer is."""
        faults = {**dict.fromkeys(found.missing, "room_missing"), **dict.fromkeys(found.several, "room_twice")}
        faults = {id_: fault for id_, fault in faults.items() if id_ not in self._identity.rooms.values()}
        changed = {id_ for id_ in {*faults, *self._faults} if faults.get(id_) != self._faults.get(id_)}
        self._faults = faults
        for id_ in sorted(changed):
            if id_ in faults:
                log.error(f"wechaty_{faults[id_]}", adapter=self._platform, room=topic_of(id_))
            await intake.standing(f"{self._platform}:{id_}")

    async def _pause(self) -> None:
        """Until something stirs, or for a while."""
        seconds = SOON if self._identity.settled.is_set() else AT_ONCE
        waiting = {asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._stirred.wait())}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        self._stirred.clear()


def _nothing() -> Outcome:
    return ()
