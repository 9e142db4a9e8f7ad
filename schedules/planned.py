"""What is planned, and what has come due: the values that go into the planner and come out of it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rules.events import ScheduleFired
from rules.rulebook import Rulebook
from rules.timing import Timing
from rules.values import Group
from rules.windows import QuietHours, Window
from schedules.late import Outcome

Key = tuple[str, str]
"""A schedule's id and the platform-qualified id of a group."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A schedule in one group. ``anchor`` is the day that ``every:`` counts from (None: ``occurrences.EPOCH``)."""

    schedule: str
    group: str
    timing: Timing
    zone: ZoneInfo
    window: Window | None = None
    quiet_hours: QuietHours | None = None
    anchor: date | None = None

    @property
    def key(self) -> Key:
        """Which schedule in which group."""
        return self.schedule, self.group


@dataclass(frozen=True, slots=True)
class Due:
    """A schedule whose time has come in a group, and what becomes of it.

    ``id`` is the id of its event; equal times have equal ids, whoever finds them. ``until`` is the moment to which one
    that is held waits: it comes back by itself.
    """

    id: str
    schedule: str
    group: str
    local: str
    due: datetime
    outcome: Outcome
    until: datetime | None = None

    def event(self, at: datetime, group: Group) -> ScheduleFired:
        """The event to put into the inbox where the outcome is ``run``; ``at`` is now."""
        return ScheduleFired(id=self.id, group=group, at=at, schedule=self.schedule, due=self.due, local=self.local)


def planned(rulebook: Rulebook) -> list[Planned]:
    """Every timed rule in each of its groups.

    Switched-off rules are among them, because an admin may switch one on at any time: the engine asks for the mode.
    Raises ``KeyError`` for a window that is not defined, which loading refuses.
    """
    return [
        Planned(
            schedule=rule.id,
            group=chat,
            timing=rule.timing,
            zone=book.settings.timezone,
            window=book.settings.windows[rule.timing.in_window] if rule.timing.in_window is not None else None,
            quiet_hours=book.settings.quiet_hours,
        )
        for chat, book in rulebook.groups.items()
        for rule in book.by_kind.get("schedule", ())
        if rule.timing is not None
    ]
