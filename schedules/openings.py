"""When a window on the wall clock next opens or closes, as a moment."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from rules.windows import Window
from schedules.walltime import readings


def opens(window: Window, zone: ZoneInfo, moment: datetime) -> datetime | None:
    """The first moment from this one on at which the window is open; None if it never opens."""
    return _first(window, zone, moment, window.start, wanted=True)


def closes(window: Window, zone: ZoneInfo, moment: datetime) -> datetime | None:
    """The first moment from this one on at which the window is closed; None if it never closes."""
    return _first(window, zone, moment, window.end, wanted=False)


def _first(window: Window, zone: ZoneInfo, moment: datetime, edge: time, *, wanted: bool) -> datetime | None:
    for candidate in chain((moment,), _edges(edge, zone, moment)):
        if candidate >= moment and window.contains(candidate.astimezone(zone)) is wanted:
            return candidate
    return None


def _edges(edge: time, zone: ZoneInfo, moment: datetime) -> Iterator[datetime]:
    today = moment.astimezone(zone).date()
    for day in range(-1, 10):  # a week, and a day on each side for what runs past midnight
        yield from readings(today + timedelta(days=day), edge, zone)
