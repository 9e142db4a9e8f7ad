"""Named stretches of the week on a group's wall clock, such as an evening on which advertisements are welcome."""

from dataclasses import dataclass
from datetime import datetime, time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` (included) to ``end`` (not) on the given days (0 is Monday).

    One that ends at or before its start runs past midnight and belongs to the day it began on; equal ends mean the
    whole day.
    """

    days: frozenset[int]
    start: time
    end: time

    def contains(self, local: datetime) -> bool:
        """Whether a moment on the group's wall clock lies in the window."""
        now = local.time().replace(tzinfo=None)
        today = local.weekday()
        if self.start < self.end:
            return today in self.days and self.start <= now < self.end
        if now >= self.start:
            return today in self.days
        return now < self.end and (today - 1) % 7 in self.days


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When the bot posts nothing but what keeps order; late posts are held until the end, or dropped."""

    window: Window
    late_posts: str = "hold"
