"""How the group is: what kind of group, how much is written, how quiet it is."""

from datetime import timedelta

from pydantic import Field

from rules.conditions.fields import Names
from rules.durations import Duration, format_duration
from rules.events import Event, ScheduleFired
from rules.facts import Facts
from rules.step import Condition


class GroupTagged(Condition):
    """The group has one of these tags.

    ```yaml
    group_tagged: [public]
    ```
    """

    step = "group_tagged"
    scalar = "of"

    of: Names

    def refers(self) -> tuple[tuple[str, str], ...]:
        return tuple(("tag", name) for name in self.of)

    def holds(self, event: Event, facts: Facts) -> bool:
        return not facts.settings.tags.isdisjoint(self.of)

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        return sorted(facts.settings.tags) or None


class QuietFor(Condition):
    """Nobody has written for so long.

    ```yaml
    quiet_for: 6h
    ```
    """

    step = "quiet_for"
    scalar = "time"

    time: Duration

    def holds(self, event: Event, facts: Facts) -> bool:
        quiet = _quiet(event, facts)
        return quiet is not None and quiet >= self.time

    def seen(self, event: Event, facts: Facts) -> str | None:
        quiet = _quiet(event, facts)
        return format_duration(quiet) if quiet is not None else None


class _SinceLastPost(Condition):
    scalar = "messages"
    kinds = frozenset({"schedule"})

    messages: int = Field(ge=1)

    def seen(self, event: Event, facts: Facts) -> int:
        if not isinstance(event, ScheduleFired):
            return 0
        return facts.group.messages - facts.group.messages_at_post.get(event.schedule, 0)


class MessagesSinceLast(_SinceLastPost):
    """At least so many messages were written since this schedule last posted (or ever).

    ```yaml
    messages_since_last: 200
    ```
    """

    step = "messages_since_last"

    def holds(self, event: Event, facts: Facts) -> bool:
        return self.seen(event, facts) >= self.messages


class MessagesUnder(_SinceLastPost):
    """Fewer messages than this were written since this schedule last posted (or ever).

    ```yaml
    messages_under: 20
    ```
    """

    step = "messages_under"

    def holds(self, event: Event, facts: Facts) -> bool:
        return self.seen(event, facts) < self.messages


def _quiet(event: Event, facts: Facts) -> timedelta | None:
    since = facts.group.last_message_at or facts.group.first_seen
    return event.at - since if since is not None else None
