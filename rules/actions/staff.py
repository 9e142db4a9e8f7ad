"""Telling staff, and asking them to decide."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from rules.capability import Capability
from rules.events import Event, message_of, subject_of
from rules.facts import Facts
from rules.step import MEMBER_EVENTS, Action, Outcome, Remark, RuleContext
from rules.text import Param, Text, key, say
from rules.values import Button
from rules.wording import Words, copy_keys, excerpt, filling, to_staff, wording

_COMMANDS = {"remove": "kick", "ban": "ban", "mute": "mute"}


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
        report = _report("alerts", event, facts, rule)
        if self.text:
            report = Text(literal="{items}", params={"items": (wording(self.text, event, facts, rule), report)})
        effect = to_staff(facts, report, silent=self.silent)
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
        place = facts.settings.key  # staff commands end with the group that they are about
        command = f"/{_COMMANDS[self.whether_to]} {subject} {place}"
        report = _report("alerts", event, facts, rule)
        spoken = key(f"commands.{_COMMANDS[self.whether_to]}.name")
        typed = say("{command} {member} {chat}", command=spoken, member=subject, chat=place)
        question = Text(key=f"ask_staff.{self.whether_to}", params=filling(event, facts, rule, command=typed))
        effect = to_staff(
            facts,
            Text(literal="{items}", params={"items": (report, question)}),
            buttons=(
                Button(text=f"/{_COMMANDS[self.whether_to]}", data=command),
                Button(text="/forgive", data=f"/forgive {subject} {place}"),
            ),
        )
        yield effect if effect is not None else Remark("ask_staff: there is no staff room to ask (staff: room)")


def _report(prefix: str, event: Event, facts: Facts, rule: RuleContext) -> Text:
    """What happened: who, where, under which rule, the first words, and what to type."""
    message = message_of(event)
    subject = subject_of(event)
    more: dict[str, Param] = {"member": subject or ""}
    if subject is None:
        return key(f"{prefix}.group", **filling(event, facts, rule))
    if message is None:
        return key(f"{prefix}.member", **filling(event, facts, rule, **more))
    more |= {"message": message.id, "text": excerpt(facts.reading.text or message.text)}
    return key(f"{prefix}.message", **filling(event, facts, rule, **more))
