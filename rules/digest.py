"""What the activity log says about a stretch of time: the numbers that a digest and /stats are made of."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from rules.facts import GroupSettings


class Ranked(Struct, frozen=True):
    """A member with a count."""

    member: str
    name: str
    count: int


class Quoted(Struct, frozen=True):
    """A message worth naming: its id, author, first words and a count (of replies, say)."""

    message: str
    name: str
    text: str
    count: int = 0


class Digest(Struct, frozen=True):
    """Activity from ``since`` (included) to ``until`` (not). Counts are of people's messages, not commands."""

    since: datetime
    until: datetime
    messages: int = 0
    active_members: int = 0
    new_members: int = 0
    left_members: int = 0
    members: int = 0
    top: tuple[Ranked, ...] = ()
    most_replied: tuple[Quoted, ...] = ()
    links: tuple[str, ...] = ()
    introductions: tuple[Quoted, ...] = ()
    unanswered: tuple[Quoted, ...] = ()
    checkins: int = 0
    removed_messages: int = 0
    busiest_hour: int | None = None


def stretch(period: str, settings: "GroupSettings", now: datetime) -> tuple[datetime, datetime]:
    """The stretch of time that a period's digest is about, in the group's own days.

    ``day`` and ``evening``: today until now. ``morning`` and ``yesterday``: the whole of yesterday. ``week``: seven
    days until now. ``month``: thirty. It begins in the group's zone, in which its busiest hour is then told. Raises
    ``ValueError`` for any other period.
    """
    midnight = datetime.combine(date.fromisoformat(settings.day(now)), time(), settings.timezone)
    today = midnight + settings.day_starts_at
    if period in ("day", "evening"):
        return today, now
    if period in ("morning", "yesterday"):
        return today - timedelta(days=1), today.astimezone(UTC)
    if period in ("week", "month"):
        since = now - timedelta(days=7 if period == "week" else 30)
        return since.astimezone(settings.timezone), now
    raise ValueError(f"`{period}` is no period; write day, morning, evening, week or month")


PERIODS = ("day", "morning", "evening", "yesterday", "week", "month")
