"""From a group's wall clock to moments, also where the wall clock jumps."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def reached(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first moment (aware, UTC) at which the zone's wall clock has come to this time.

    A time that the clock shows twice is reached the first time. A time that the clock skips is reached when it jumps:
    02:30 in Berlin on 2026-03-29 is the moment at which 02:00 becomes 03:00. So a later wall time is never reached
    before an earlier one.
    """
    wall = datetime.combine(day, at)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _jump(wall, zone)


def readings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments at which the wall clock comes to this time, in order: one, or two where it is set back."""
    first = reached(day, at, zone)
    second = datetime.combine(day, at, tzinfo=zone).replace(fold=1).astimezone(UTC)
    return (first, second) if second > first else (first,)


def wall_time(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as the wall clock shows it: ``YYYY-MM-DDTHH:MM``."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def _jump(wall: datetime, zone: ZoneInfo) -> datetime:
    # In a gap fold=1 takes the offset of after the jump and so lands before it; fold=0 the other way round.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    new = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after
