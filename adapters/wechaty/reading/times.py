"""Moments as puppets tell them: in seconds or in milliseconds, or not at all."""

from datetime import UTC, datetime

FUTURE = 60
"""Seconds that a gateway's clock may be before ours; what lies further ahead has not happened yet."""
_THOUSANDFOLD = 10_000_000_000
"""From here on a number counts smaller parts of a second (as seconds it would be of the year 2286)."""
_FIRST = 1_293_840_000
"""The beginning of 2011, and of WeChat."""


def moment(told: float, now: int) -> datetime:
    """A moment; ``now``, in seconds, where none is told, or one that cannot be."""
    seconds = float(told) if isinstance(told, (int, float)) and abs(told) < 1e30 else 0.0
    while seconds >= _THOUSANDFOLD:
        seconds /= 1000
    if not _FIRST <= seconds <= now + FUTURE:
        seconds = now
    return datetime.fromtimestamp(seconds, UTC)
