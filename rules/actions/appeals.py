"""Reminding staff of an appeal that nobody has answered."""

from collections.abc import Iterator

from rules.buttons import with_typed
from rules.capability import Capability
from rules.cases import case_buttons
from rules.events import Event, ScheduleFired
from rules.facts import Facts
from rules.step import Action, Outcome, Remark, RuleContext
from rules.text import key
from rules.wording import filling, to_staff


class RemindOfAppeal(Action):
    """Remind the staff, once, of an appeal that should have been answered by now.

    ```yaml
    remind_of_appeal:
    ```
    """

    step = "remind_of_appeal"
    kinds = frozenset({"schedule"})
    needs = frozenset({Capability.SEND})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, ScheduleFired) or not (event.data or "").isdecimal():
            return
        number = int(event.data or 0)
        text = key("appeals.waiting", **filling(event, facts, rule, number=number, member=event.subject or ""))
        buttons = case_buttons(number, ("add_points",), facts.settings)
        told = to_staff(facts, with_typed(text, buttons, facts), buttons)
        yield told if told is not None else Remark("alert: there is no staff room to tell (staff: room)")
