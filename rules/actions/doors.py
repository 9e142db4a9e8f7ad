"""Answering those who ask to be let in."""

from collections.abc import Iterable, Iterator

from pydantic import Field

from rules.capability import Capability
from rules.effects import AnswerJoinRequest, SendPrivate
from rules.events import Event, JoinRequested
from rules.facts import Facts
from rules.step import Action, Outcome, RuleContext
from rules.wording import Words, copy_keys, wording

ANSWERED = "answer_join_request"
"""What is done once for each request: the first rule that answers it does, and the gate asks only where none has."""


class ApproveJoin(Action):
    """Let the person in who asks for it.

    ```yaml
    approve_join:
    ```
    """

    step = "approve_join"
    kinds = frozenset({"join_request"})
    needs = frozenset({Capability.JOIN_REQUESTS})

    def once(self) -> str | None:
        return ANSWERED

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if isinstance(event, JoinRequested):
            yield AnswerJoinRequest(group=event.group.id, member=event.member.id, approve=True)


class DeclineJoin(Action):
    """Turn down the person who asks to be let in, and say why where the platform can.

    ```yaml
    decline_join: "This group is for members of the reading club."
    ```
    """

    step = "decline_join"
    scalar = "text"
    kinds = frozenset({"join_request"})
    needs = frozenset({Capability.JOIN_REQUESTS})
    text: Words | None = Field(default=None, description="What to tell them, or the name of a text.")

    def once(self) -> str | None:
        return ANSWERED

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, JoinRequested):
            return
        person = event.member.id
        if self.text and facts.can(Capability.SEND_PRIVATE):
            yield SendPrivate(group=event.group.id, member=person, text=wording(self.text, event, facts, rule))
        yield AnswerJoinRequest(group=event.group.id, member=person, approve=False)

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.text)
