"""The campaign memory of the running bot: asked from worker threads, and written down a little later."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.settle import Settled
from bot.taught import Said
from rules.detectors.campaigns import MOST_CAMPAIGNS, CampaignMemory
from rules.detectors.recurrence import Recurrence, recurrence
from rules.detectors.sightings import Campaign
from rules.detectors.sketch import Sketch
from schedules.clock import Clock
from storage import campaigns as storage
from storage import sightings
from storage.campaigns import Changed, Taught
from storage.database import Database
from storage.renaming import present_ids

log = structlog.get_logger("groupkeeper.campaigns")

REMEMBERED = timedelta(days=60)
_TIDY = timedelta(hours=1)
_LATELY = 5_000


class Campaigns:
    """What was posted before, for all groups of one bot. Every method may be called from any thread.

    What was counted since the last ``keep`` is lost when the process dies; the events that are then looked at again
    are counted again, and those that were written are not counted twice. Without a database it remembers all the same.
    """

    def __init__(self, most: int = MOST_CAMPAIGNS) -> None:
        self._most = most
        self._memory = CampaignMemory(most)
        self._guard = threading.Lock()
        self._database: Database | None = None
        self._clock: Clock | None = None
        self._tidied: datetime | None = None
        self._seen: dict[int, set[tuple[str, str]]] = {}  # campaigns that are not yet written, with their new posters
        self._said: set[int] = set()  # campaigns whose labels are not yet written
        self._written: set[int] = set()
        self._forgotten: set[tuple[str, str]] = set()
        self._groups: set[str] = set()
        self._lately: OrderedDict[str, Sketch] = OrderedDict()  # by message, should a rule remove it

    def __len__(self) -> int:
        return len(self._memory)

    async def begin(self, database: Database, clock: Clock) -> None:
        """Read what was posted lately, from now on write there."""
        since = clock.now() - REMEMBERED
        known = await database.read(lambda conn: storage.load(conn, since, self._most))
        taught = await database.read(lambda conn: storage.taught(conn, since))
        await asyncio.to_thread(self._know, known, taught)  # tens of thousands take seconds
        self._database, self._clock, self._tidied = database, clock, clock.now()
        log.info("campaigns_read", campaigns=len(known))

    def look(
        self,
        sketch: Sketch,
        group: str,
        member: str,
        at: datetime,
        event_id: str,
        *,
        message: str | None = None,
        newcomer: bool = False,
        staff: bool = False,
        count: bool = True,
    ) -> Recurrence | None:
        """What its being a copy says of a message, which is counted from now on (once an event, and with ``count``)."""
        if not sketch:
            return None
        with self._guard:
            if message is not None:
                self._lately[message] = sketch
                if len(self._lately) > _LATELY:
                    self._lately.popitem(last=False)
            found = recurrence(self._memory.match(sketch), at, group, member, event_id)
            if count:
                ids = self._memory.see(
                    sketch, group, member, at, event_id, message=message, newcomer=newcomer, staff=staff
                )
                for id_ in ids:
                    self._seen.setdefault(id_, set()).add((group, member))
                self._groups.add(group)
            return found

    def label(
        self, sketch: Sketch, ad: bool | None, by: str, group: str, at: datetime, *, bot: bool = False
    ) -> int | None:
        """Note what staff say of a message (None: they take it back): the id of its campaign, if it has one."""
        if not sketch:
            return None
        with self._guard:
            id_ = self._memory.label(sketch, ad, by, group, at, bot=bot)
            if id_ is not None:
                self._seen.setdefault(id_, set())
                self._said.add(id_)
                self._groups.add(group)
            return id_

    def removed(self, message: str, rule: str, group: str, at: datetime) -> bool:
        """Note that a rule removed a message as an advertisement; whether it is known which message that was.

        It counts less than a person's word. To be called where the rule asked for this detector's verdict and took
        the message away; a ban alone teaches nothing.
        """
        with self._guard:
            sketch = self._lately.get(message)
        return sketch is not None and self.label(sketch, True, f"rule:{rule}", group, at, bot=True) is not None

    def settled(self, settled: Settled) -> None:
        """Note what staff said of messages, and who is to be forgotten."""
        for said in settled.said:
            self._say(said)
        for group, member in settled.forgotten:
            self.forgotten(group, member)

    def _know(self, known: Sequence[Campaign], taught: Sequence[Taught]) -> None:
        with self._guard:
            self._memory.load(known)
            self._written.update(campaign.id for campaign in known)
            for campaign in known:
                self._groups.update(poster.group for poster in campaign.posters)
        for said in taught:  # with what was not written down before the process died
            self._say(said)

    def _say(self, said: Said | Taught) -> None:
        try:
            sketch = Sketch.unpacked(said.sketch)
        except ValueError:
            return  # kept by another version
        self.label(sketch, said.ad, said.by, said.group, said.at)

    def forgotten(self, group: str, member: str) -> None:
        """A member of a group was forgotten: nobody can tell from here that they posted anything."""
        with self._guard:
            self._memory.forget(group, member)
            self._forgotten.add((group, member))
            for posters in self._seen.values():
                posters.discard((group, member))

    def moved(self, old: str, new: str) -> None:
        """A group has another id from now on."""
        with self._guard:
            self._move({old: new})

    async def keep(self) -> None:
        """Write down what changed since the last time. What could not be written is written the next time."""
        if self._database is None or self._clock is None:
            return
        now = self._clock.now()
        with self._guard:
            if self._tidied is None or not self._tidied <= now < self._tidied + _TIDY:
                self._tidied = now
                self._memory.drop_before(now - REMEMBERED)
                self._written = {id_ for id_ in self._written if self._memory.get(id_) is not None}
            changes = self._changes()
            seen, said, groups = self._seen, self._said, set(self._groups)
            self._seen, self._said = {}, set()
            forgotten = frozenset(self._forgotten)
        if not changes and not forgotten:
            return

        def write(conn: Connection) -> dict[str, str]:
            for group, member in forgotten:  # what was being written then may have come after that
                sightings.forget(conn, group, member)
            storage.keep(conn, changes)
            return present_ids(conn, groups)

        try:
            moves = await self._database.write(write)
        except BaseException:
            with self._guard:
                self._said |= said
                for id_, posters in seen.items():
                    self._seen.setdefault(id_, set()).update(posters)
            raise
        with self._guard:
            self._written.update(change.campaign.id for change in changes)
            self._forgotten -= forgotten
            self._move(moves)

    def _move(self, moves: dict[str, str]) -> None:
        for old, new in moves.items():
            self._memory.moved(old, new)
            self._groups.discard(old)
            self._groups.add(new)
            for posters in self._seen.values():
                for group, member in tuple(posters):
                    if group == old:
                        posters.discard((group, member))
                        posters.add((new, member))

    def _changes(self) -> list[Changed]:
        """What is to be written; of a campaign that is written for the first time, all that is known."""
        found = []
        for id_, posters in self._seen.items():
            campaign = self._memory.get(id_)
            if campaign is None or not campaign.worth_keeping:
                continue
            if id_ in self._written:
                found.append(Changed(campaign, frozenset(posters), id_ in self._said))
            else:
                every = frozenset((poster.group, poster.member) for poster in campaign.posters)
                found.append(Changed(campaign, every, labels=True))
        return found
