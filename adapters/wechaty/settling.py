"""Finding out who is who after a login, on puppets that give everybody another id each time."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import structlog
from msgspec import Struct

from adapters.errors import Rejected
from adapters.protocol import Intake
from adapters.wechaty.identity import Found, Identity, Place, rooms_found
from adapters.wechaty.matching import Described, matched
from adapters.wechaty.naming import TOPIC, id_of_topic
from adapters.wechaty.people import People, Room
from adapters.wechaty.roster import FEW, Entry, Record, Roster
from adapters.wechaty.wire.calls import Calls

log = structlog.get_logger("groupkeeper.wechaty")

PAUSE = 3.0
"""Seconds between two looks at lists that may not be whole yet."""
TRIES = 20
AT_ONCE = 16
"""Members who are asked about side by side."""
MOST = 500
"""Rooms that are looked through for those with the right names."""


class Snapshot(Struct, frozen=True):
    """The rooms that were found, and who is in each of them: all raw ids."""

    found: Found
    members: Mapping[str, frozenset[str]]


class Settling:
    """See above. ``calls`` raises ``RetryLater`` while the gateway is not connected."""

    def __init__(
        self,
        platform: str,
        identity: Identity,
        roster: Roster,
        people: People,
        calls: Callable[[], Calls],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._platform = platform
        self._identity = identity
        self._roster = roster
        self._people = people
        self._calls = calls
        self._sleep = sleep
        self._recognised: set[str] = set()

    async def settle(self, wanted: Collection[str], intake: Intake) -> Found:
        """Find the rooms by their names (all where none is ``wanted``), then their members. Raises adapter errors."""
        account, settled = self._identity.account, self._identity.settled.is_set()
        seen = await self._snapshot(wanted, intake)
        if not settled:
            seen = await self._steady(seen, wanted, intake)
            self._recognised.clear()
        described = await self._strangers(seen)
        if self._identity.account != account:
            return seen.found  # another login meanwhile, which is settled by itself
        kept = {raw: id_ for raw, id_ in self._identity.rooms.items() if id_ not in set(seen.found.ids.values())}
        self._identity.know_rooms({**kept, **seen.found.ids})
        self._recognise(seen, described)
        self._recognised.update(seen.members)
        self._identity.settled.set()
        return seen.found

    async def members(self, room: str, raws: Collection[str]) -> Mapping[str, Entry]:
        """What is to be remembered of the members of a room (all raw ids). Raises adapter errors."""
        at_once = asyncio.Semaphore(AT_ONCE)

        async def one(raw: str) -> Entry:
            async with at_once:
                try:
                    contact = await self._people.contact(raw)
                    return Entry(raw, contact.name, contact.alias, await self._people.name_in(room, raw))
                except Rejected:  # the puppet knows nothing of them: they are nobody's namesake
                    return Entry(raw)

        return dict(zip(raws, await asyncio.gather(*map(one, raws)), strict=True))

    async def _snapshot(self, wanted: Collection[str], intake: Intake) -> Snapshot:
        raws = list(await self._calls().rooms())[:MOST]
        for raw in raws:
            self._people.forget_room(raw)
        told = await asyncio.gather(*map(self._room, raws))
        topics = {room.id: room.topic for room in told if room is not None}
        ids = [id_ for id_ in wanted if id_.startswith(TOPIC)] or {
            id_of_topic(each) for each in topics.values() if each
        }
        before = {id_: place for id_ in ids if (place := self._place(id_, await self._roster.open(id_, intake)))}
        found = rooms_found(ids, before, topics)
        lists = await asyncio.gather(*map(self._list, found.ids))
        return Snapshot(found, dict(zip(found.ids, map(frozenset, lists), strict=True)))

    async def _room(self, raw: str) -> Room | None:
        try:
            return await self._people.room(raw)
        except Rejected:  # one that the puppet cannot tell of must not hide the others
            return None

    async def _list(self, raw: str) -> Sequence[str]:
        try:
            return await self._people.members(raw)
        except Rejected:
            return ()

    def _place(self, id_: str, record: Record) -> Place | None:
        raw = self._identity.room_now(id_) or record.raw
        return Place(raw, record.topic) if record.raw else Place(raw, "") if raw else None

    async def _steady(self, seen: Snapshot, wanted: Collection[str], intake: Intake) -> Snapshot:
        """What stays the same: right after a login some puppets know only a part."""
        for _ in range(TRIES):
            await self._sleep(PAUSE)
            before, seen = seen, await self._snapshot(wanted, intake)
            if before == seen and not self._is_short(seen):
                return seen
        log.warning("wechaty_unsteady", adapter=self._platform, rooms=len(seen.found.ids))
        return seen

    def _is_short(self, seen: Snapshot) -> bool:
        for raw, id_ in seen.found.ids.items():
            was, now = len(self._roster.record(id_).members), len(seen.members[raw])
            if not now or (was - now > FEW and was - now > was / 3):
                return True
        return any(self._roster.record(id_).seen for id_ in seen.found.missing)

    def _record(self, seen: Snapshot, raw: str) -> tuple[Record, bool]:
        """What is known of a room, and whether it is from the same login: then raw ids still tell who is who."""
        record = self._roster.record(seen.found.ids[raw])
        others = {entry.raw for id_, entry in record.members.items() if id_ != self._identity.me}
        return record, bool(others & seen.members[raw])

    async def _strangers(self, seen: Snapshot) -> Mapping[str, Mapping[str, Entry]]:
        """What there is to know by of members whose raw ids say nothing, by room: once for each after a login."""
        found = {}
        for raw, members in seen.members.items():
            record, same = self._record(seen, raw)
            if record.members and not same and raw not in self._recognised:
                found[raw] = await self.members(raw, sorted(members))
        return found

    def _recognise(self, seen: Snapshot, strangers: Mapping[str, Mapping[str, Entry]]) -> None:
        identity = self._identity
        sure = frozenset[str]().union(*(seen.members[raw] for raw in self._recognised & set(seen.members)))
        for raw, members in seen.members.items():
            if raw not in strangers and raw not in self._recognised:
                sure |= members
                record, _ = self._record(seen, raw)
                identity.know({one.raw: id_ for id_, one in record.members.items() if one.raw in members})
        before: dict[str, dict[str, Entry]] = {}
        now: dict[str, dict[str, Entry]] = {}
        for raw, entries in strangers.items():
            id_ = seen.found.ids[raw]
            self._roster.renumbered.add(id_)
            for member, entry in self._roster.record(id_).members.items():
                if member != identity.me and identity.person_now(member) is None:
                    before.setdefault(member, {})[id_] = entry
            for member, entry in entries.items():
                if member not in sure and member != identity.account:
                    now.setdefault(member, {})[id_] = entry
        same = matched(_described(before), _described(now))
        identity.know(same)
        if now:
            log.info(
                "wechaty_recognised", adapter=self._platform, members=len(now), again=len(same), before=len(before)
            )


def _described(people: Mapping[str, Mapping[str, Entry]]) -> dict[str, Described]:
    """Of somebody's entries the last name and remark count: they are one and the same, unless an entry is old."""
    found = {}
    for key, rooms in people.items():
        last = list(rooms.values())[-1]
        alias = next((entry.alias for entry in rooms.values() if entry.alias), "")
        found[key] = Described(last.name, alias, {room: entry.called for room, entry in rooms.items()})
    return found
