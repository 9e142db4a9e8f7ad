"""What the activity log says about a stretch of time: the numbers that a digest and /stats are made of."""

from datetime import datetime

from msgspec import Struct


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
