"""All, any and none: conditions made of conditions. The engine walks them itself, so that it can trace each."""

from datetime import timedelta
from typing import ClassVar

from pydantic import InstanceOf

from rules.events import Event
from rules.facts import Facts
from rules.step import Condition


class Logic(Condition):
    """A condition made of others. A part that answers ``stop_at`` settles the whole, to ``settled``."""

    scalar = "of"
    made_of_others = True
    stop_at: ClassVar[bool]
    settled: ClassVar[bool]
    of: tuple[InstanceOf[Condition], ...]

    def parts(self) -> tuple[Condition, ...]:
        return self.of

    def holds(self, event: Event, facts: Facts) -> bool:
        for part in self.of:
            if part.holds(event, facts) is self.stop_at:
                return self.settled
        return not self.settled

    def looks_back(self) -> timedelta:
        return max((part.looks_back() for part in self.of), default=timedelta())


class All(Logic):
    """Every one of these holds.

    ```yaml
    all:
      - text_has_any: [加微信]
      - role: newcomer
    ```
    """

    step = "all"
    stop_at = False
    settled = False


class AnyOf(Logic):
    """At least one of these holds.

    ```yaml
    any:
      - text_has_any: [加微信]
      - links: any
    ```
    """

    step = "any"
    stop_at = True
    settled = True


class NoneOf(Logic):
    """Not one of these holds.

    ```yaml
    none:
      - role: trusted
    ```
    """

    step = "none"
    stop_at = True
    settled = False
