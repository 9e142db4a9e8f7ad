"""Whether a newcomer introduces themselves."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from rules.durations import Duration
from rules.events import Event, message_of
from rules.facts import Facts
from rules.introduction import recognise
from rules.section import Strings
from rules.step import Condition


class Introduces(Condition):
    """The message is the self-introduction of a member who was asked for one, or is new, and has not given one yet.

    ```yaml
    introduces:
      fields: { city: [城市, City] }
      at_least_fields: 2
      free_text: true
    ```
    """

    step = "introduces"
    kinds = frozenset({"message", "edit"})

    fields: Mapping[str, Strings] = Field(
        default_factory=dict, description="Profile fields with the labels that name them: city: [城市, City]."
    )
    at_least_fields: int = Field(default=2, ge=1, description="How many fields of the template are filled in.")
    within: Duration = Field(default=timedelta(days=14), description="So long after they came or were asked.")
    free_text: bool = Field(default=True, description="Recognise an introduction without the template, too.")

    def holds(self, event: Event, facts: Facts) -> bool:
        message, member = message_of(event), facts.member
        if message is None or message.author.is_bot or message.forward is not None:
            return False
        if member.introduced_at is not None or not self._is_awaited(facts):
            return False
        return recognise(message.text, self.fields, self.at_least_fields, self.free_text) is not None

    def seen(self, event: Event, facts: Facts) -> object:
        if facts.member.introduced_at is not None:
            return "introduced before"
        return "awaited" if self._is_awaited(facts) else "neither asked nor new"

    def _is_awaited(self, facts: Facts) -> bool:
        """Whether the member was asked, came, or was first seen so lately; or is seen for the first time."""
        member = facts.member
        moments = (member.asked_introduction_at, member.joined_at, member.first_seen)
        return member.first_seen is None or any(at is not None and facts.now - at <= self.within for at in moments)
