"""Telling staff, and asking them to decide."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from rules.buttons import bare, button, place_name
from rules.capability import Capability
from rules.cases import about, report
from rules.events import Event, subject_of
from rules.facts import Facts
from rules.step import MEMBER_EVENTS, Action, Outcome, Remark, RuleContext
from rules.text import Text
from rules.wording import Words, copy_keys, filling, to_staff, wording

_COMMANDS = {"remove": "kick", "ban": "ban", "mute": "mute"}
_NEEDED = {"remove": Capability.KICK, "ban": Capability.BAN, "mute": Capability.MUTE}


class Alert(Action):
    """Tell the staff room what happened, where, by whom, and what can be done about it.

    ```yaml
    alert: staff
    ```
    """

    step = "alert"
    scalar = "to"
    needs = frozenset({Capability.SEND})
    to: Literal["staff"] = Field(default="staff", description="Who is told: the staff room.")
    text: Words | None = Field(default=None, description="A word of your own to begin with.")
    silent: bool = Field(default=False, description="Without a sound on phones.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        told = report(event, facts, rule)
        if self.text:
            told = Text(literal="{items}", params={"items": (wording(self.text, event, facts, rule), told)})
        effect = about(to_staff(facts, told, silent=self.silent), subject_of(event))
        yield effect if effect is not None else Remark("alert: there is no staff room to tell (staff: room)")

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.text)


class AskStaff(Action):
    """Ask the staff room whether to remove, ban or mute the member; nothing is done until somebody there says so.

    ```yaml
    ask_staff: remove
    ```
    """

    step = "ask_staff"
    scalar = "whether_to"
    kinds = MEMBER_EVENTS
    needs = frozenset({Capability.SEND})
    whether_to: Literal["remove", "ban", "mute"] = Field(description="What staff are asked to decide on.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject = subject_of(event) or ""
        verb = _COMMANDS[self.whether_to]
        question = Text(key=f"ask_staff.{self.whether_to}", params=filling(event, facts, rule))
        # Staff commands end with the group that they are about.
        doing = button(verb, f"/{verb} {bare(subject)} {place_name(facts.settings)}")
        text = Text(literal="{items}", params={"items": (report(event, facts, rule), question)})
        effect = about(to_staff(facts, text, buttons=(doing,)), subject)
        yield effect if effect is not None else Remark("ask_staff: there is no staff room to ask (staff: room)")

    def required(self) -> frozenset[Capability]:
        return self.needs | {_NEEDED[self.whether_to]}
