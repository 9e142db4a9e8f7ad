"""What a member has done so far, as it is remembered. The event being decided on does not count yet."""

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from rules.conditions.fields import MEMBERS, Amount
from rules.durations import Duration, format_duration
from rules.events import Event, MemberJoined
from rules.facts import Facts
from rules.step import Condition


class InGroupFor(Condition):
    """The member has been in the group for so long, or for less. Who came before the bot counts from when it saw them.

    ```yaml
    in_group_for: { under: 3d }
    ```
    """

    step = "in_group_for"
    scalar = "at_least"
    kinds = MEMBERS

    at_least: Duration | None = None
    under: Duration | None = None

    @model_validator(mode="after")
    def _says_how_long(self) -> Self:
        if self.at_least is None and self.under is None:
            raise ValueError("say how long: a duration such as 7d, or {under: 3d}")
        return self

    def holds(self, event: Event, facts: Facts) -> bool:
        span = _time_in_group(event, facts)
        return (self.at_least is None or span >= self.at_least) and (self.under is None or span < self.under)

    def seen(self, event: Event, facts: Facts) -> str:
        return format_duration(_time_in_group(event, facts))


class _Record(Amount):
    kinds = MEMBERS

    def holds(self, event: Event, facts: Facts) -> bool:
        return self.fits(self.seen(event, facts))

    def seen(self, event: Event, facts: Facts) -> int:
        raise NotImplementedError


class MessagesSoFar(_Record):
    """The member has written so many messages before this one, or fewer.

    ```yaml
    messages_so_far: { under: 3 }
    ```
    """

    step = "messages_so_far"

    def seen(self, event: Event, facts: Facts) -> int:
        return facts.member.messages


class ActiveDays(_Record):
    """The member has written on so many days.

    ```yaml
    active_days: 5
    ```
    """

    step = "active_days"

    def seen(self, event: Event, facts: Facts) -> int:
        return facts.member.active_days


class Warnings(_Record):
    """The member has been warned so often (and not been forgiven).

    ```yaml
    warnings: 2
    ```
    """

    step = "warnings"

    def seen(self, event: Event, facts: Facts) -> int:
        return len(facts.member.warnings)


class PointsOn(_Record):
    """The member has so many points on a ladder; those that have faded do not count.

    ```yaml
    ladder_points: { ladder: ads, at_least: 2 }
    ```
    """

    step = "ladder_points"

    ladder: str = Field(min_length=1)

    def refers(self) -> tuple[tuple[str, str], ...]:
        return (("ladder", self.ladder),)

    def seen(self, event: Event, facts: Facts) -> int:
        now = event.at
        return sum(
            given.points
            for given in facts.member.points
            if given.ladder == self.ladder and (given.expires is None or given.expires > now)
        )


class Score(_Record):
    """The member has so many points of activity (check-ins, challenges).

    ```yaml
    score: 100
    ```
    """

    step = "score"

    def seen(self, event: Event, facts: Facts) -> int:
        return facts.member.score


class Streak(_Record):
    """The member's last check-ins were on so many days in a row.

    ```yaml
    streak: 7
    ```
    """

    step = "streak"

    def seen(self, event: Event, facts: Facts) -> int:
        return facts.member.streak


def _time_in_group(event: Event, facts: Facts) -> timedelta:
    since = facts.member.joined_at or facts.member.first_seen
    if since is None or isinstance(event, MemberJoined):
        return timedelta()
    return max(event.at - since, timedelta())
