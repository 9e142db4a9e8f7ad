"""Whether the member owes the bot an answer: a condition of rules that are made, not written."""

from rules.events import Event
from rules.facts import Facts
from rules.step import Condition


class Asked(Condition):
    """The member was asked something and the time to answer is not over.

    ```yaml
    asked:
    ```
    """

    step = "asked"
    kinds = frozenset({"message"})

    def holds(self, event: Event, facts: Facts) -> bool:
        question = facts.member.question
        return question is not None and question.until > facts.now and bool(facts.reading.text.strip())

    def seen(self, event: Event, facts: Facts) -> str | None:
        question = facts.member.question
        return question.save if question is not None else None
