"""Asking at the entry gate: who comes in, and who asks to be let in."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field

from rules import changes as c
from rules import gate as g
from rules.actions.doors import ANSWERED
from rules.capability import Capability
from rules.doors import BY_WORD, FULL
from rules.effects import AnswerJoinRequest, UnmuteMember
from rules.events import Event, JoinRequested, MemberJoined
from rules.facts import Facts
from rules.gatekeeper import Gatekeeper
from rules.step import Action, Outcome, Remark, RuleContext
from rules.values import PlatformRole
from rules.wording import copy_keys, name_of


class AtTheGate(Action):
    """Something that is done at the gate of one onboarding, when somebody comes."""

    gate: g.Gate = Field(default=g.Gate(), description="The gate, as it is written.")
    onboarding: str = Field(default="welcome", description="The onboarding's id.")
    needs: ClassVar[frozenset[Capability]] = frozenset({Capability.SEND})

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.gate.gate.ask)

    def listens(self) -> bool:
        return self.gate.gate.kind == "question" and not self.gate.gate.choices

    def wants(self) -> frozenset[Capability]:
        spec = self.gate.gate
        wanted = {Capability.SEND, Capability.DELETE if self.listens() else Capability.MUTE}
        if spec.kind == "captcha":
            wanted.add(Capability.SEND_PICTURE)
        if {"remove", "decline"} & {spec.wrong, spec.no_answer}:
            wanted.add(Capability.KICK)
        return frozenset(wanted)

    def resting(self, facts: Facts) -> bool:
        """Whether the gate asks nobody just now."""
        return g.resting(self.gate.gate, facts.group, facts.now)


class AskAtGate(AtTheGate):
    """Let a joiner answer before they can write; they are welcomed once they have.

    ```yaml
    ask_at_gate:
      gate: { gate: { wait: 10m }, groups: [readers], batch: 2m }
      onboarding: welcome
    ```
    """

    step = "ask_at_gate"
    kinds = frozenset({"join"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, MemberJoined):
            return
        member, name = event.member, name_of(event, facts)
        keeper = Gatekeeper(self.onboarding, self.gate, event, facts, rule)
        before = facts.member.gate
        if before is not None and before.is_open and before.request:
            yield Remark("gate: somebody else has let them in")
        elif (why := self._not_asked(event, facts)) is not None:
            yield why
        elif keeper.place_of(member.id) is not None:
            yield Remark("gate: they are being asked already")
            return
        else:
            yield from keeper.ask(member.id, name)
            return
        if before is not None and (before.is_open or before.muted):
            if before.muted:
                yield UnmuteMember(group=event.group.id, member=member.id)
            yield c.DecideAtGate(member=member.id, stands="passed", why="by_hand", unmuted=True)
            yield from keeper.gone(member.id)
        if not member.is_bot:
            yield from keeper.greet(member.id, name)

    def _not_asked(self, event: MemberJoined, facts: Facts) -> Remark | None:
        """Why somebody is not asked; None where they are."""
        member, by = event.member, event.inviter
        if member.is_bot:
            return Remark("gate: bots are not asked")
        if facts.staff or member.role is not PlatformRole.MEMBER:
            return Remark("gate: admins are not asked")
        if by is not None and by.id != member.id and _vouches(by.is_bot, {by.role, facts.others(by.id).role}):
            return Remark("gate: an admin or a bot has added them")
        if passed_lately(facts):
            return Remark("gate: they answered not long ago")
        if not self.gate.asks_inside(facts.settings):
            return Remark("gate: it asks at the door alone")
        return Remark("gate: nobody is asked just now (require_gate)") if self.resting(facts) else None


class AskAtDoor(AtTheGate):
    """Ask who wants to be let in, alone; the right answer opens the door.

    ```yaml
    ask_at_door:
      gate: { gate: { ask: "Who told you of us?", answer_any: [Ann, Bo] }, groups: [readers] }
      onboarding: welcome
    ```
    """

    step = "ask_at_door"
    kinds = frozenset({"join_request"})

    def once(self) -> str | None:
        return ANSWERED

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, JoinRequested) or event.source in (BY_WORD, FULL):
            return
        member, before = event.member, facts.member.gate
        if self.resting(facts):
            yield Remark("gate: nobody is asked just now (require_gate)")
        elif facts.member.banned:
            yield Remark("gate: they are banned; staff decide")
        elif not facts.can(Capability.SEND_PRIVATE):
            yield Remark("gate: nobody can be asked alone here; staff decide")
        elif passed_lately(facts):
            yield Remark("gate: they answered not long ago")
            yield AnswerJoinRequest(group=event.group.id, member=member.id, approve=True)
        elif before is not None and before.is_open:
            yield Remark("gate: they are being asked already")
        else:
            keeper = Gatekeeper(self.onboarding, self.gate, event, facts, rule)
            yield from keeper.ask_alone(member.id, name_of(event, facts))


def _vouches(is_bot: bool, roles: Iterable[PlatformRole]) -> bool:
    return is_bot or any(role is not PlatformRole.MEMBER for role in roles)


def passed_lately(facts: Facts) -> bool:
    """Whether the member answered not long ago, and so is not asked again."""
    gate = facts.member.gate
    return gate is not None and gate.stands == "passed" and gate.at > facts.now - g.REMEMBERED
