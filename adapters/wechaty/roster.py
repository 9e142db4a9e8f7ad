"""Who is in which room, kept from one connection to the next: what nobody told of is found by comparing.

A gateway tells nothing twice, and some puppets never tell that somebody left. Lists of members can be asked for; but a
list may be short because the puppet is not ready, so one that says that many have gone is believed only when it says
the same again later, and one that says nothing never.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import DecodeError, Struct, json, structs

from adapters.protocol import Broken, Intake
from adapters.wechaty.identity import Identity
from adapters.wechaty.inflow import Outcome, Position
from adapters.wechaty.people import Contact, Room
from adapters.wechaty.reading.told import Came, Went
from rules.events import Event, MemberJoined, MemberLeft

FEW = 5
"""So many may have gone at once without a doubt; beyond that a third of a room."""
LATER = 45.0
"""Seconds after which a list that was doubted is believed if it says the same."""
LATELY = 120.0
"""Seconds in which what was told counts for more than a list, which may be from before."""
SLACK = timedelta(seconds=60)
"""How far the gateway's clock and ours may be apart."""


class Entry(Struct, frozen=True, array_like=True, omit_defaults=True):
    """What a member is known again by, where ids do not stay: see ``matching.Described``."""

    raw: str = ""
    name: str = ""
    alias: str = ""
    called: str = ""


class Record(Struct, frozen=True, omit_defaults=True):
    """A room as it was last known, as it is kept. ``revision`` grows with every change; ``seen``: as a member."""

    revision: int = 0
    seen: bool = False
    raw: str = ""
    topic: str = ""
    members: dict[str, Entry] = {}


class Listing(Struct, frozen=True):
    """Who is in a room, as was asked: entries by id, at ``asked`` (``at`` on the clock of the wall)."""

    room: Room
    members: Mapping[str, Entry]
    asked: float
    at: datetime


class Difference(Struct, frozen=True):
    """What a list says against what is known. ``doubtful``: to be asked again before it is believed."""

    new: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    doubtful: bool = False


class Roster:
    """The rooms of one account. All its ids are those that stay."""

    def __init__(self, platform: str, identity: Identity) -> None:
        self._platform = platform
        self._identity = identity
        self._records: dict[str, Record] = {}
        self._doubts: dict[str, Listing] = {}
        self._soon: set[str] = set()
        self._lately: dict[tuple[str, str], float] = {}
        self._found: dict[tuple[str, str], datetime] = {}
        self.renumbered: set[str] = set()
        """Rooms whose members have other raw ids than in the record, until a comparison has settled who is who."""
        self.left: set[str] = set()
        """Rooms that the account is found to be in no longer."""

    @property
    def doubted(self) -> frozenset[str]:
        """Rooms to be asked about again soon."""
        return frozenset(self._doubts) | self._soon

    def record(self, room: str) -> Record:
        """What is known of a room."""
        return self._records.get(room, Record())

    def forget(self) -> None:
        """Go by what was kept alone: what was noted may have been lost before it was."""
        self._records.clear()
        self._doubts.clear()
        self._lately.clear()
        self._found.clear()

    async def open(self, room: str, intake: Intake) -> Record:
        """The same, read from what was kept where it was not yet."""
        if room not in self._records:
            kept = await intake.cursor(self._source(room))
            try:
                record = json.decode(kept, type=Record) if kept else Record()
            except DecodeError:  # of another version: as if the room were seen for the first time
                record = Record()
            self._records.setdefault(room, record)
        return self._records[room]

    def entered(self, room: str) -> None:
        """The account itself came into a room, or left it: who is there is looked at as if for the first time."""
        if room in self._records:
            self._records[room] = structs.replace(self._records[room], seen=False)

    def noted(self, told: Sequence[Event | Broken], clock: float) -> Outcome:
        """Note who came or went, as was told, and have it kept with that. Who was found before is not told again."""
        events = [event for event in told if not self._is_found(event)]
        positions: list[Position] = []
        for event in told:
            if isinstance(event, MemberJoined | MemberLeft):
                id_, room = self._bare(event.member.id), self._bare(event.group.id)
                came = isinstance(event, MemberJoined)
                positions += self._change(Room(room, event.group.name), clock, id_, came=came)
        return [*positions, *events]

    def is_in(self, event: Event | Broken) -> bool:
        """Whether somebody is said to have come who is known to be there: somebody else of the same name came."""
        if not isinstance(event, MemberJoined):
            return False
        record = self.record(self._bare(event.group.id))
        return record.seen and self._bare(event.member.id) in record.members

    def difference(self, listing: Listing) -> Difference:
        """What a list says, and whether it is to be believed."""
        room, record = listing.room.id, self.record(listing.room.id)
        now, was = frozenset(listing.members), frozenset(record.members)
        me = self._identity.me
        if not now - {me}:
            return Difference()
        gone, new = was - now, now - was
        many = len(gone) > FEW and len(gone) > len(was) / 3
        if not record.seen or many or me in gone:
            doubt = self._doubts.get(room)
            again = doubt is not None and listing.asked - doubt.asked >= LATER and _alike(frozenset(doubt.members), now)
            if not again:
                return Difference(doubtful=True)
        if not record.seen:
            return Difference(new=now)
        told = {id_ for (where, id_), when in self._lately.items() if where == room and listing.asked - when < LATELY}
        return Difference(frozenset(new - told), frozenset(gone - told))

    def compared(self, listing: Listing, people: Mapping[str, Contact]) -> Sequence[Position | Came | Went]:
        """What comes of a list. ``people`` are those it was asked about; others are left for the next time."""
        room = listing.room.id
        record, said = self.record(room), self.difference(listing)
        if said.doubtful:
            first = self._doubts.get(room)
            if first is None or not _alike(frozenset(first.members), frozenset(listing.members)):
                self._doubts[room] = listing
            return ()
        me, silent = self._identity.me, not record.seen
        if not frozenset(listing.members) - {me}:
            return ()
        self._doubts.pop(room, None)
        self._soon.discard(room)
        if me in said.gone:
            self.left.add(room)
            return self._write(listing.room, structs.replace(record, seen=False))
        if room in self.renumbered:  # some who are gone may be some who are new, under another name
            self.renumbered.discard(room)
            silent = silent or bool(said.gone and said.new)
        new = {id_ for id_ in said.new if silent or id_ in people or id_ == me}
        gone = {id_ for id_ in said.gone if silent or id_ in people}
        stay = {} if not record.seen else record.members
        members = {id_: listing.members.get(id_, entry) for id_, entry in stay.items() if id_ not in gone}
        members |= {id_: listing.members[id_] for id_ in new}
        position = self._write(listing.room, structs.replace(record, seen=True, members=members))
        if silent or not (new | gone) - {me}:
            return position
        for id_ in new:
            self._found[room, id_] = listing.at
        mark, at = f"gap:{self.record(room).revision}", int(listing.at.timestamp())
        came = tuple(people[id_] for id_ in sorted(new - {me}))
        went = tuple(people[id_] for id_ in sorted(gone) if not self._is_me(record.members[id_]))
        return [*position, Came(listing.room, came, None, at, mark), Went(listing.room, went, None, at, mark)]

    def _is_me(self, entry: Entry) -> bool:
        """Whether this is the account itself, under an id from before it was known that it is."""
        return bool(entry.raw) and entry.raw == self._identity.account

    def _is_found(self, event: Event | Broken) -> bool:
        if not isinstance(event, MemberJoined):
            return False
        found = self._found.pop((self._bare(event.group.id), self._bare(event.member.id)), None)
        return found is not None and event.at <= found + SLACK

    def _change(self, room: Room, clock: float, id_: str, *, came: bool) -> Sequence[Position]:
        self._lately = {key: when for key, when in self._lately.items() if clock - when < LATELY}
        self._lately[room.id, id_] = clock
        if not came:
            self._found.pop((room.id, id_), None)
        record = self.record(room.id)
        if not record.seen:
            return ()
        members = {key: entry for key, entry in record.members.items() if came or key != id_}
        if came and id_ not in members:
            members[id_] = Entry("" if self._identity.stable else self._identity.person_now(id_) or "")
            if not self._identity.stable:
                self._soon.add(room.id)  # to know what they are called
        return self._write(room, structs.replace(record, members=members))

    def _write(self, room: Room, record: Record) -> Sequence[Position]:
        if not self._identity.stable:
            record = structs.replace(record, raw=self._identity.room_now(room.id) or record.raw, topic=room.topic)
        if record == self._records.get(room.id):
            return ()
        record = structs.replace(record, revision=record.revision + 1)
        self._records[room.id] = record
        return [Position(self._source(room.id), json.encode(record).decode())]

    def _bare(self, qualified: str) -> str:
        return qualified.removeprefix(f"{self._platform}:")

    def _source(self, room: str) -> str:
        return f"{self._platform}:roster:{room}"


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two lists are of the same people, but for a few who came or went between them."""
    return len(one ^ other) <= max(2, len(other) // 20)
