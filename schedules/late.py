"""What becomes of occurrences whose time has come: carried out, held through quiet hours, skipped or reported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from rules.timing import Timing
from rules.windows import QuietHours
from schedules.occurrences import Occurrence
from schedules.openings import closes

Outcome = Literal["run", "skip", "alert", "hold"]

ON_TIME = timedelta(minutes=2)
"""Up to here nobody calls it late: a quick restart or a busy moment is not a missed post."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An occurrence and what becomes of it; ``until`` is the moment to look again at one that is held."""

    occurrence: Occurrence
    outcome: Outcome
    until: datetime | None = None


def postponed(due: datetime, quiet_hours: QuietHours | None, zone: ZoneInfo) -> datetime | None:
    """When something due at this moment may be posted: then, or at the end of quiet hours; None if they drop it."""
    if quiet_hours is None or not quiet_hours.window.contains(due.astimezone(zone)):
        return due
    if quiet_hours.late_posts == "drop":
        return None
    return closes(quiet_hours.window, zone, due)


def judge(
    timing: Timing, due: datetime, now: datetime, quiet_hours: QuietHours | None, zone: ZoneInfo
) -> tuple[Outcome, datetime | None]:
    """What becomes of one occurrence now, and until when it is held.

    Waiting through quiet hours is not being late: lateness counts from the moment at which it could have been posted.
    """
    possible = postponed(due, quiet_hours, zone)
    if possible is None:
        return "skip", None
    if possible > now:
        return "hold", possible
    late = now - possible
    if late > ON_TIME:
        if timing.late != "run":
            return timing.late, None
        if timing.late_within is not None and late > timing.late_within:
            return "skip", None
    free = postponed(now, quiet_hours, zone)  # one that comes late may come in the middle of the night
    if free is None:
        return "skip", None
    return ("hold", free) if free > now else ("run", None)


def settle(
    timing: Timing,
    occurrences: Iterable[Occurrence],
    now: datetime,
    quiet_hours: QuietHours | None,
    zone: ZoneInfo,
) -> list[Settled]:
    """What becomes of all occurrences of one schedule that wait, in their order.

    However many were missed, a group gets one post, the newest, and staff get one alert: three daily challenges at
    once are spam, and yesterday's is worth nothing next to today's. The others are skipped.
    """
    settled: list[Settled] = []
    used: set[Outcome] = set()
    for one in sorted(occurrences, key=lambda one: (one.due, one.local), reverse=True):
        outcome, until = judge(timing, one.due, now, quiet_hours, zone)
        if outcome in used:
            outcome, until = "skip", None
        used.add(outcome)
        settled.append(Settled(one, outcome, until))
    return settled[::-1]
