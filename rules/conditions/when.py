"""When it happened, on the group's wall clock. The event's own time counts, however late it is decided on."""

import datetime as dt
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rules.conditions.fields import Names
from rules.events import Event
from rules.facts import Facts
from rules.section import listed
from rules.step import Condition
from rules.timing import Days, TimeOfDay
from rules.windows import Window


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("write a date such as 2026-10-05") from None
    return value


Dates = Annotated[
    tuple[Annotated[dt.date, BeforeValidator(_date)], ...],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]


class InWindow(Condition):
    """It happened while one of these named windows was open.

    ```yaml
    in_window: ad-time
    ```
    """

    step = "in_window"
    scalar = "of"

    of: Names

    def refers(self) -> tuple[tuple[str, str], ...]:
        return tuple(("window", name) for name in self.of)

    def holds(self, event: Event, facts: Facts) -> bool:
        settings = facts.settings
        local = settings.local(event.at)
        return any(settings.windows[name].contains(local) for name in self.of)

    def seen(self, event: Event, facts: Facts) -> str:
        return wall_clock(event, facts)


class Between(Condition):
    """It happened between two times of the day; `to` may be past midnight.

    ```yaml
    between: { from: "22:00", to: "07:00" }
    ```
    """

    step = "between"

    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay

    @cached_property
    def _window(self) -> Window:
        return Window(frozenset(range(7)), self.from_, self.to)

    def holds(self, event: Event, facts: Facts) -> bool:
        return self._window.contains(facts.settings.local(event.at))

    def seen(self, event: Event, facts: Facts) -> str:
        return wall_clock(event, facts)


class Day(Condition):
    """It happened on one of these days of the week. A day begins when the group's `day_starts_at` says.

    ```yaml
    day: [fri, sat]
    ```
    """

    step = "day"
    scalar = "of"

    of: Days

    def holds(self, event: Event, facts: Facts) -> bool:
        return _day(event, facts).weekday() in self.of

    def seen(self, event: Event, facts: Facts) -> str:
        return wall_clock(event, facts)


class OnDate(Condition):
    """It happened on one of these dates. A day begins when the group's `day_starts_at` says.

    ```yaml
    date: [2026-10-01, 2026-10-02]
    ```
    """

    step = "date"
    scalar = "of"

    of: Dates

    def holds(self, event: Event, facts: Facts) -> bool:
        return _day(event, facts) in self.of

    def seen(self, event: Event, facts: Facts) -> str:
        return wall_clock(event, facts)


def wall_clock(event: Event, facts: Facts) -> str:
    """When it happened, as the group's clock showed it."""
    return f"{facts.settings.local(event.at):%a %Y-%m-%d %H:%M}"


def _day(event: Event, facts: Facts) -> dt.date:
    settings = facts.settings
    return (settings.local(event.at) - settings.day_starts_at).date()
