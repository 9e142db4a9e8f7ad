"""When a group has been silent for long enough to be spoken to, and when to leave it alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rules.timing import Timing
from rules.windows import QuietHours, Window
from schedules.openings import closes, opens


@dataclass(frozen=True, slots=True)
class Silence:
    """What is known of a group's silence: the last human message (None: never one), the posts that nobody answered.

    ``fires`` is how many posts of this schedule came since that message, ``last_fired_at`` when the last of them came.
    """

    last_message_at: datetime | None
    fires: int = 0
    last_fired_at: datetime | None = None


def next_silence_due(
    timing: Timing,
    zone: ZoneInfo,
    silence: Silence,
    *,
    window: Window | None = None,
    quiet_hours: QuietHours | None = None,
) -> datetime | None:
    """The moment at which the silence may be broken if nobody writes until then; None when there is none.

    That is ``quiet_for`` after the last human message, then ``quiet_for`` after each post that nobody answered, until
    ``stop_after_unanswered`` of them: a bot that is ignored gives up until somebody writes. A group in which nobody
    ever wrote is not spoken to.
    """
    if timing.quiet_for is None or silence.last_message_at is None:
        return None
    if timing.stop_after_unanswered is not None and silence.fires >= timing.stop_after_unanswered:
        return None
    since = silence.last_message_at
    if silence.last_fired_at is not None:
        since = max(since, silence.last_fired_at)
    return first_free(since + timing.quiet_for, zone, window=window, quiet_hours=quiet_hours)


def first_free(
    moment: datetime, zone: ZoneInfo, *, window: Window | None = None, quiet_hours: QuietHours | None = None
) -> datetime | None:
    """The first moment from this one on inside the window and outside quiet hours; None if there is none in a week.

    ``late_posts`` does not matter here: a silence that outlasts the night is still one in the morning.
    """
    last = moment + timedelta(days=9)
    free: datetime | None = moment
    while free is not None and free <= last:
        start = free
        if window is not None:
            free = opens(window, zone, free)
        if free is not None and quiet_hours is not None:
            free = closes(quiet_hours.window, zone, free)
        if free == start:
            return free
    return None


def period(quiet_for: timedelta, last_message_at: datetime, due: datetime) -> int:
    """Which ``quiet_for`` of this silence is over at ``due``: 1 for the first.

    It grows from one attempt to the next and comes out the same after a restart: part of the event's id.
    """
    return (due - last_message_at) // quiet_for
