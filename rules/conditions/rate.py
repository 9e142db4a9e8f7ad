"""How much in how short a time: floods, copies and raids. The event being decided on counts."""

from datetime import timedelta

from pydantic import Field

from rules.durations import Duration
from rules.events import Event
from rules.facts import Facts
from rules.step import Condition


class _Rate(Condition):
    within: Duration

    def looks_back(self) -> timedelta:
        return self.within


class SamePerson(_Rate):
    """One member posted at least so many messages in so short a time.

    ```yaml
    same_person: { messages: 6, within: 30s }
    ```
    """

    step = "same_person"
    kinds = frozenset({"message"})

    messages: int = Field(ge=2)

    def holds(self, event: Event, facts: Facts) -> bool:
        return self.seen(event, facts) >= self.messages

    def seen(self, event: Event, facts: Facts) -> int:
        member = facts.reading.member
        return facts.recent.messages_of(member.id, event.at, self.within) if member is not None else 0


class SameText(_Rate):
    """The same text came at least so often in so short a time, from at least so many members.

    Spaces, punctuation and ways of writing make no difference.

    ```yaml
    same_text: { times: 3, within: 10m, members: 2 }
    ```
    """

    step = "same_text"
    kinds = frozenset({"message"})

    times: int = Field(default=2, ge=2)
    members: int = Field(default=1, ge=1)

    def holds(self, event: Event, facts: Facts) -> bool:
        times, members = self._count(event, facts)
        return times >= self.times and members >= self.members

    def seen(self, event: Event, facts: Facts) -> dict[str, int]:
        times, members = self._count(event, facts)
        return {"times": times, "members": members}

    def _count(self, event: Event, facts: Facts) -> tuple[int, int]:
        fingerprint = facts.reading.fingerprint
        return facts.recent.same_text(fingerprint, event.at, self.within) if fingerprint else (0, 0)


class Joins(_Rate):
    """At least so many members came in so short a time: a raid.

    ```yaml
    joins: { count: 15, within: 1m }
    ```
    """

    step = "joins"

    count: int = Field(ge=2)

    def holds(self, event: Event, facts: Facts) -> bool:
        return self.seen(event, facts) >= self.count

    def seen(self, event: Event, facts: Facts) -> int:
        return facts.recent.joins(event.at, self.within)
