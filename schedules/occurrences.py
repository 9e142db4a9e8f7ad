"""When a timing is due: its wall times on its days, one after the other, worked out only as far as asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from rules.timing import Timing
from rules.windows import Window
from schedules.walltime import reached

EPOCH = date(2024, 1, 1)
"""``every:`` counts from this Monday where no anchor is given, so that a restart or a second machine counts alike."""

_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - a wall clock's week, nowhere in particular
_LAST = date(9990, 1, 1).toordinal()  # beyond it, dates overflow in some zones
_SEARCHED = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a schedule is due: ``local``, the wall time as written (``2026-10-25T02:30``), and the moment.

    Within one schedule ``local`` is unique. ``due`` is too, except where a wall clock that is put forward skips two of
    its times: both are due when it jumps.
    """

    local: str
    due: datetime


def occurrences(
    timing: Timing,
    zone: ZoneInfo,
    after: datetime,
    until: datetime | None = None,
    *,
    window: Window | None = None,
    anchor: date | None = None,
) -> Iterator[Occurrence]:
    """The occurrences in ``(after, until]``, in order; without ``until`` they may never end.

    ``date`` is one day, whatever ``days`` and ``every`` say. ``every`` takes each n-th day counted from ``anchor``, and
    from there the first day that is among ``days`` (every 14d on Fridays: every second Friday). With ``window`` only
    wall times inside it count. A timing by ``quiet_for`` has none; see ``schedules.quiet``.
    """
    found = _from(timing, zone, after, window, anchor)
    return found if until is None else takewhile(lambda one: one.due <= until, found)


def next_due(
    timing: Timing, zone: ZoneInfo, after: datetime, *, window: Window | None = None, anchor: date | None = None
) -> Occurrence | None:
    """The first occurrence after a moment; None when there is none any more."""
    return next(occurrences(timing, zone, after, window=window, anchor=anchor), None)


def waiting(
    timing: Timing,
    zone: ZoneInfo,
    after: datetime,
    until: datetime,
    *,
    window: Window | None = None,
    anchor: date | None = None,
) -> list[Occurrence]:
    """The occurrences in ``(after, until]`` that are still of interest: of the last eight days, else all.

    Only the latest of several is ever carried out. So after two years away a daily schedule costs eight days, and a
    rare one, which has nothing in those days, has few in all.
    """
    recent = max(after, until - _SEARCHED)
    found = list(occurrences(timing, zone, recent, until, window=window, anchor=anchor))
    if found or recent == after:
        return found
    return list(occurrences(timing, zone, after, recent, window=window, anchor=anchor))


def _from(
    timing: Timing, zone: ZoneInfo, after: datetime, window: Window | None, anchor: date | None
) -> Iterator[Occurrence]:
    week = _week(timing, window)
    if not any(week):
        return
    for day in _days(timing, after.astimezone(zone).date(), anchor or EPOCH, week):
        for at in week[day.weekday()]:
            due = reached(day, at, zone)
            if due > after:
                yield Occurrence(f"{day.isoformat()}T{at:%H:%M}", due)


def _week(timing: Timing, window: Window | None) -> list[tuple[time, ...]]:
    """The wall times by day of the week, 0 is Monday."""
    times = sorted(set(timing.at))
    return [
        tuple(
            at
            for at in times
            if (timing.date is not None or weekday in timing.days)
            and (window is None or window.contains(datetime.combine(_MONDAY + timedelta(days=weekday), at)))
        )
        for weekday in range(7)
    ]


def _days(timing: Timing, first: date, anchor: date, week: list[tuple[time, ...]]) -> Iterator[date]:
    start = first.toordinal()
    if timing.date is not None:
        if timing.date >= first:
            yield timing.date
        return
    every = timing.every.days if timing.every is not None else 1
    # The last counted day up to here is enough: one before it whose allowed day is still to come shares that day.
    counted = anchor.toordinal() + (start - anchor.toordinal()) // every * every
    last = 0
    for ordinal in range(counted, _LAST, every):
        allowed = ordinal if every == 1 else _first_allowed(ordinal, week)
        if allowed >= start and allowed != last:
            last = allowed
            yield date.fromordinal(allowed)


def _first_allowed(ordinal: int, week: list[tuple[time, ...]]) -> int:
    return next(day for day in range(ordinal, ordinal + 7) if week[(day - 1) % 7])  # day 1 was a Monday
