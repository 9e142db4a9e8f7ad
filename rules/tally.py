"""What rules did in a stretch of time, and what those that are only watched would have done: for the staff's report."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from rules.state import GroupState

REPORT = "staff-report"
"""The id of the rule that posts the report."""
_USUAL, _LONGEST = timedelta(days=1), timedelta(days=8)


class RuleTally(Struct, frozen=True):
    """How often a rule acted, and what it did (kinds of effect with their counts); ``watched``: would have."""

    rule: str
    times: int
    acts: Mapping[str, int]
    watched: bool = False


class GroupTally(Struct, frozen=True):
    """One group's part. ``held`` is how many messages wait for staff now; the other counts are of the stretch."""

    group: str
    rules: tuple[RuleTally, ...] = ()
    refused: int = 0
    uncertain: int = 0
    parked: int = 0
    held: int = 0


class Outage(Struct, frozen=True):
    """A connection was away: nothing that was written on its ``platform`` then was seen.

    ``until`` is None while it still is. ``restarted``: the bot itself was not there all that time either.
    """

    platform: str
    since: datetime
    until: datetime | None = None
    restarted: bool = False


class Tally(Struct, frozen=True):
    """From ``since`` (included) to ``until`` (not), a part for each group in which anything was.

    ``outages`` are those that reach into that time, whole, in the order in which they began.
    """

    since: datetime
    until: datetime
    groups: tuple[GroupTally, ...] = ()
    outages: tuple[Outage, ...] = ()


def since_last(group: GroupState, now: datetime) -> datetime:
    """Where the next report begins: at the last one, at most eight days back; a day back where there was none."""
    last = group.posted.get(REPORT)
    return now - _USUAL if last is None else max(last, now - _LONGEST)
