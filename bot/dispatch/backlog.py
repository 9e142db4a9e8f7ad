"""The order of what waits in the outbox, in memory: which line may go now, and when the next one may.

A line is one group's lane: its deliveries go one after another, and lines go side by side, so that a delete passes by
the announcements of its group. Only ids are kept: what is to be done is read when its time has come, and is then as
the database has it. It all can be thrown away at any moment and read again.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from heapq import heappop, heappush

from rules.effects import Lane
from storage.outbox import Delivery

LineKey = tuple[str, Lane]
"""A group's id and a lane of it."""


class _Line:
    __slots__ = ("busy", "ids", "until")

    def __init__(self) -> None:
        self.ids: list[int] = []  # a heap
        self.busy = False
        self.until: datetime | None = None


class Backlog:
    """What waits, by line. ``seen`` is the id up to which the outbox was read; None: from its beginning."""

    def __init__(self) -> None:
        self.seen: int | None = None
        self._lines: dict[LineKey, _Line] = {}
        self._ready: set[LineKey] = set()
        self._held: list[tuple[datetime, LineKey]] = []  # heaps
        self._later: list[tuple[datetime, int, LineKey]] = []
        self._taken: set[int] = set()

    def add(self, deliveries: Iterable[Delivery], now: datetime) -> None:
        """Take in deliveries that were read for the first time."""
        for delivery in deliveries:
            if delivery.id in self._taken:
                continue  # read again, while its turn is under way
            key = (delivery.group, delivery.lane)
            at = delivery.not_before
            if at is None or at <= now:
                self._put(key, delivery.id)
            elif delivery.attempts == 0:
                heappush(self._later, (at, delivery.id, key))
            else:  # it is tried again then, and those behind it wait for it
                self._put(key, delivery.id)
                self._hold(key, at)

    def take(self, now: datetime, most: int, most_moderation: int) -> list[tuple[LineKey, list[int]]]:
        """The lines that may go now, what keeps order first, with the ids that are next. They are busy from now on."""
        self._ripen(now)
        first = sorted(self._ready, key=lambda key: (key[1], self._lines[key].ids[0]))
        self._ready.clear()
        taken = []
        for key in first:
            line = self._lines[key]
            line.busy = True
            count = min(most_moderation if key[1] is Lane.MODERATION else most, len(line.ids))
            ids = [heappop(line.ids) for _ in range(count)]
            self._taken.update(ids)
            taken.append((key, ids))
        return taken

    def give_back(
        self, key: LineKey, taken: Collection[int], left: Collection[int] = (), until: datetime | None = None
    ) -> None:
        """A line's turn is over: of what was ``taken`` this is ``left``, and nothing of it goes before ``until``.

        What this backlog has not read yet, it will still read: it must not stand in a line twice, nor in two lines.
        """
        self._taken.difference_update(taken)
        line = self._lines[key]
        line.busy = False
        for id_ in left:
            if self.seen is not None and id_ <= self.seen:  # it was passed over then, since it was taken
                heappush(line.ids, id_)
        if until is not None:
            self._hold(key, until)
        self._settle(key, line)

    def next_moment(self, now: datetime) -> datetime | None:
        """When something may go: ``now``, later, or None where nothing waits."""
        self._ripen(now)
        if self._ready:
            return now
        heads = [heap[0][0] for heap in (self._held, self._later) if heap]
        return min(heads, default=None)

    def afresh(self) -> "Backlog":
        """One that has read nothing yet, because groups have other ids now. Turns under way keep what they took."""
        other = Backlog()
        other._taken = self._taken
        for key, line in self._lines.items():
            if line.busy:
                other._lines[key] = _Line()
                other._lines[key].busy = True
        return other

    def _put(self, key: LineKey, id_: int) -> None:
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line()
        heappush(line.ids, id_)
        self._settle(key, line)

    def _hold(self, key: LineKey, until: datetime) -> None:
        line = self._lines[key]
        if line.until is None or line.until < until:
            line.until = until
            heappush(self._held, (until, key))
        self._ready.discard(key)

    def _ripen(self, now: datetime) -> None:
        while self._held and self._held[0][0] <= now:
            until, key = heappop(self._held)
            line = self._lines.get(key)
            if line is not None and line.until == until:
                line.until = None
                self._settle(key, line)
        while self._later and self._later[0][0] <= now:
            _, id_, key = heappop(self._later)
            self._put(key, id_)

    def _settle(self, key: LineKey, line: _Line) -> None:
        if line.busy or line.until is not None:
            return
        if line.ids:
            self._ready.add(key)
        else:
            del self._lines[key]
