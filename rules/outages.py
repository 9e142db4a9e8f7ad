"""Outages in words and figures: when a connection was away in a stretch of time, and for how long."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from rules.facts import GroupSettings
from rules.tally import Outage
from rules.text import Text
from rules.wording import spoken


class Absence(Struct, frozen=True):
    """All outages of one platform in a stretch of time, together. ``still``: the last one is not over.

    ``restarted``: during one of them the bot itself was not there all the time.
    """

    platform: str
    times: int
    whole: timedelta
    longest: tuple[datetime, datetime]
    still: bool = False
    restarted: bool = False


def absences(outages: Iterable[Outage], since: datetime, until: datetime) -> list[Absence]:
    """The absences from ``since`` to ``until`` by platform; only what lies in that time counts."""
    by_platform: dict[str, list[Outage]] = {}
    for outage in outages:
        by_platform.setdefault(outage.platform, []).append(outage)
    return [_absence(name, found, since, until) for name, found in sorted(by_platform.items())]


def _absence(platform: str, found: list[Outage], since: datetime, until: datetime) -> Absence:
    stretches = [(max(each.since, since), min(each.until or until, until)) for each in found]
    return Absence(
        platform,
        len(stretches),
        sum((end - begin for begin, end in stretches), timedelta()),
        max(stretches, key=lambda stretch: stretch[1] - stretch[0]),
        still=any(each.until is None for each in found),
        restarted=any(each.restarted for each in found),
    )


def roughly(duration: timedelta) -> Text:
    """A duration in words, to the minute where it is one or more."""
    seconds = max(round(duration.total_seconds()), 1)
    return spoken(timedelta(seconds=seconds if seconds < 60 else (seconds + 30) // 60 * 60))


def stretch_of(since: datetime, until: datetime, settings: GroupSettings, now: datetime) -> str:
    """From when to when, on a group's wall clock: `02:10–02:22`; with the dates where it is not all of today."""
    begin, end, today = settings.local(since), settings.local(until), settings.local(now).date()
    first = f"{begin:%H:%M}" if begin.date() == today else f"{begin:%Y-%m-%d %H:%M}"
    last = f"{end:%H:%M}" if end.date() == begin.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{first}–{last}"
