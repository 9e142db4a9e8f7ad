"""Which schedules have come due in which groups, and when to look again."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from schedules.late import settle
from schedules.occurrences import next_due, waiting
from schedules.planned import Due, Key, Planned
from schedules.quiet import Silence, first_free, next_silence_due, period
from schedules.walltime import wall_time

SETTLING = timedelta(minutes=2)
"""After a start silences are not looked at for so long: what members wrote while we were away comes in first."""

_JUST_BEFORE = timedelta(seconds=1)
_SOON = timedelta(minutes=1)
_NOTHING: Mapping[Key, Silence] = {}


@dataclass(slots=True)
class _Item:
    """A planned schedule as far as it is settled: ``checked`` in time, ``attempted`` the last post into a silence."""

    planned: Planned
    checked: datetime
    attempted: datetime | None = None
    look_at: datetime | None = None  # None: never again
    held: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    item: _Item
    checked: datetime
    attempted: datetime | None
    look_at: datetime | None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What one look at the clock found. ``cursors`` are to be kept, in the transaction that keeps the events.

    ``wake`` is the next moment to look (None: nothing is planned), always later than the look itself.
    """

    due: tuple[Due, ...]
    cursors: Mapping[Key, datetime]
    wake: datetime | None
    _steps: tuple[_Step, ...] = ()


class Planner:
    """Knows for every schedule in every group how far it is settled. It reads no clock and keeps nothing on disk.

    ``tick`` says what is due and changes nothing; ``settled`` confirms that a plan was kept. A plan that could not be
    kept (a full disk) comes again with the next tick.
    """

    def __init__(self) -> None:
        self._items: dict[Key, _Item] = {}
        self._heap: list[tuple[datetime, int, _Item]] = []
        self._numbers = count()  # two entries of one moment are told apart before their items are compared
        self._unsaved: dict[Key, datetime] = {}

    def load(self, planned: Iterable[Planned], cursors: Mapping[Key, datetime], now: datetime) -> frozenset[Key]:
        """Plan these and nothing else; at the start and after each reload. Returns the cursors that are of no use.

        A schedule without a cursor, or with another time than before, starts from now and never fires back. Delete the
        cursors returned, or a schedule that is one day written again would make up for the time between. Raises
        ``ValueError`` when a schedule is planned twice for a group.
        """
        items: dict[Key, _Item] = {}
        for one in planned:
            if one.key in items:
                raise ValueError(f"schedule `{one.schedule}` is planned twice for group {one.group}")
            item = self._items.get(one.key)
            if item is None or item.planned != one:
                item = self._new(one, None if item else cursors.get(one.key), now)
            items[one.key] = item
        self._items = items
        self._unsaved = {key: at for key, at in self._unsaved.items() if key in items}
        self._heap = [(item.look_at, next(self._numbers), item) for item in items.values() if item.look_at is not None]
        heapq.heapify(self._heap)
        return frozenset(key for key in cursors if key not in items or _by_silence(items[key]))

    def to_check(self, now: datetime) -> list[Key]:
        """The schedules by silence that the next tick will look at: bring their ``Silence``."""
        if not self._heap or self._heap[0][0] > now:
            return []
        return [
            item.planned.key
            for look_at, _, item in self._heap
            if look_at <= now and look_at == item.look_at and _by_silence(item)
        ]

    def tick(
        self, now: datetime, silences: Mapping[Key, Silence] = _NOTHING, next_timer: datetime | None = None
    ) -> Plan:
        """What is due now. ``silences`` are those of ``to_check(now)``; ``next_timer`` is when a timer is due next."""
        ripe: list[tuple[datetime, int, _Item]] = []
        while self._heap and (self._heap[0][0] <= now or self._heap[0][0] != self._heap[0][2].look_at):
            entry = heapq.heappop(self._heap)
            if entry[0] == entry[2].look_at:  # else it was settled since, and has a later entry
                ripe.append(entry)
        due: list[Due] = []
        steps: list[_Step] = []
        for _, _, item in ripe:
            quiet_for = item.planned.timing.quiet_for
            if quiet_for is None:
                found, step = _look(item, now)
            else:
                found, step = _look_for_silence(item, quiet_for, silences.get(item.planned.key), now)
            due += found
            steps.append(step)
        moments = [step.look_at for step in steps if step.look_at is not None]
        moments += [entry[0] for entry in self._heap[:1]]
        if next_timer is not None:
            moments.append(max(next_timer, now + _JUST_BEFORE))
        for entry in ripe:
            heapq.heappush(self._heap, entry)
        cursors = dict(self._unsaved)
        cursors |= {step.item.planned.key: step.checked for step in steps if step.checked > step.item.checked}
        due.sort(key=lambda one: (one.due, one.group, one.schedule))
        return Plan(tuple(due), cursors, min(moments, default=None), tuple(steps))

    def settled(self, plan: Plan) -> None:
        """The plan's events and cursors are kept."""
        for step in plan._steps:
            item = step.item
            item.checked, item.attempted, item.look_at, item.held = (
                step.checked,
                step.attempted,
                step.look_at,
                step.held,
            )
            if item.look_at is not None and self._items.get(item.planned.key) is item:
                heapq.heappush(self._heap, (item.look_at, next(self._numbers), item))
        for key, at in plan.cursors.items():
            if self._unsaved.get(key) == at:
                del self._unsaved[key]

    def next_look(self) -> datetime | None:
        """The moment of the next look as things stand (over, where something is due); None: nothing planned."""
        while self._heap and self._heap[0][0] != self._heap[0][2].look_at:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def cursors(self, now: datetime) -> dict[Key, datetime]:
        """How far all is settled: to keep at an orderly end, so that a time changed meanwhile counts from then."""
        through = {
            key: max(item.checked, now)
            for key, item in self._items.items()
            if not _by_silence(item) and not item.held and (item.look_at is None or item.look_at > now)
        }
        return self._unsaved | through

    def _new(self, planned: Planned, cursor: datetime | None, now: datetime) -> _Item:
        item = _Item(planned, now if cursor is None else cursor)
        if _by_silence(item):
            item.look_at = now + SETTLING
            return item
        if cursor is None:
            self._unsaved[planned.key] = now
        item.look_at = _next(planned, item.checked)
        return item


def _by_silence(item: _Item) -> bool:
    return item.planned.timing.quiet_for is not None


def _next(planned: Planned, after: datetime) -> datetime | None:
    found = next_due(planned.timing, planned.zone, after, window=planned.window, anchor=planned.anchor)
    return found.due if found is not None else None


def _look(item: _Item, now: datetime) -> tuple[list[Due], _Step]:
    one = item.planned
    found = waiting(one.timing, one.zone, item.checked, now, window=one.window, anchor=one.anchor)
    due: list[Due] = []
    checked, held = now, None
    for settled in settle(one.timing, found, now, one.quiet_hours, one.zone):
        at = settled.occurrence
        due.append(
            Due(
                id=f"schedule:{one.schedule}:{one.group}:{at.local}",
                schedule=one.schedule,
                group=one.group,
                local=at.local,
                due=at.due,
                outcome=settled.outcome,
                until=settled.until,
            )
        )
        if settled.until is not None:
            # What is held is not settled: its cursor stays before it, so that it outlives a restart.
            checked, held = max(item.checked, at.due - _JUST_BEFORE), settled.until
    return due, _Step(item, checked, None, held or _next(one, now), held=held is not None)


def _look_for_silence(
    item: _Item, quiet_for: timedelta, silence: Silence | None, now: datetime
) -> tuple[list[Due], _Step]:
    one = item.planned
    if silence is None:  # it became ripe after to_check
        return [], _Step(item, item.checked, item.attempted, now + _SOON)
    # Whoever writes next, from now on it takes at least this long to become silent.
    later = now + max(quiet_for, _SOON)
    last = silence.last_message_at
    tried = max((at for at in (silence.last_fired_at, item.attempted) if at is not None), default=None)
    due = next_silence_due(
        one.timing,
        one.zone,
        Silence(last, silence.fires, tried),
        window=one.window,
        quiet_hours=one.quiet_hours,
    )
    if last is None or due is None:
        return [], _Step(item, item.checked, item.attempted, later)
    # Due while we were away, and now may be outside the window.
    free = first_free(max(due, now), one.zone, window=one.window, quiet_hours=one.quiet_hours)
    if free is None or free > now:
        return [], _Step(item, item.checked, item.attempted, free or later)
    fired = Due(
        id=f"quiet:{one.schedule}:{one.group}:{int(last.timestamp())}:{period(quiet_for, last, due)}",
        schedule=one.schedule,
        group=one.group,
        local=wall_time(due, one.zone),
        due=due,
        outcome="run",
    )
    return [fired], _Step(item, item.checked, now, later)
