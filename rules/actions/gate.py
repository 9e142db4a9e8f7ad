"""The entry gate: asking who comes in, and who asks to be let in; taking their answers; seeing to what time brings."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from rules import changes as c
from rules import gate as g
from rules.actions.doors import ANSWERED
from rules.capability import Capability
from rules.effects import AnswerJoinRequest, DeleteMessage, UnmuteMember
from rules.engine import overridden
from rules.events import ButtonPressed, Event, JoinRequested, MemberJoined, MemberLeft, MessagePosted, ScheduleFired
from rules.facts import Facts
from rules.gatekeeper import STAYS, Gatekeeper
from rules.outcome import read_outcome
from rules.rulebook import ENFORCE
from rules.state import Challenge
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
        until = facts.group.gate_required_until
        return self.gate.gate.required == "when_asked" and (until is None or until <= facts.now)


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
        found = keeper.place_of(member.id)
        before = facts.member.gate
        if before is not None and before.is_open and before.request:
            yield Remark("gate: somebody else has let them in")
        elif (why := self._not_asked(event, facts)) is not None:
            yield why
        elif found is not None:
            yield Remark("gate: they are being asked already")
            return
        else:
            yield from keeper.ask(member.id, name)
            return
        if before is not None and (before.is_open or before.muted):
            keeper.decided.add(member.id)
            if before.muted:
                yield UnmuteMember(group=event.group.id, member=member.id)
            yield c.DecideAtGate(member=member.id, stands="passed", why="by_hand", unmuted=True)
            if found is not None:
                yield from keeper.close(found[0])
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
        if _passed(facts):
            return Remark("gate: they answered not long ago")
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
        if not isinstance(event, JoinRequested):
            return
        member, before = event.member, facts.member.gate
        if self.resting(facts):
            yield Remark("gate: nobody is asked just now (require_gate)")
        elif facts.member.banned:
            yield Remark("gate: they are banned; staff decide")
        elif not facts.can(Capability.SEND_PRIVATE):
            yield Remark("gate: nobody can be asked alone here; staff decide")
        elif _passed(facts):
            yield Remark("gate: they answered not long ago")
            yield AnswerJoinRequest(group=event.group.id, member=member.id, approve=True)
        elif before is not None and before.is_open:
            yield Remark("gate: they are being asked already")
        else:
            keeper = Gatekeeper(self.onboarding, self.gate, event, facts, rule)
            yield from keeper.ask_alone(member.id, name_of(event, facts))


class KeepGate(Action):
    """Something that is done for those who stand at any gate; of all gates, as the file has them."""

    gates: dict[str, g.Gate] = Field(default_factory=dict, description="The gates by their onboarding's id.")

    def keeper(self, name: str, event: Event, facts: Facts, rule: RuleContext) -> Gatekeeper:
        """The keeper of a gate, also where the file has it no more."""
        return Gatekeeper(name, gate_here(self.gates, name, facts), event, facts, rule)


class TakeAnswer(KeepGate):
    """Take the button that a newcomer pressed, or what they wrote, as their answer; what is none is removed.

    ```yaml
    take_answer:
      gates: { welcome: { gate: { wait: 10m }, groups: [readers] } }
    ```
    """

    step = "take_answer"
    kinds = frozenset({"message", "button"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if isinstance(event, ButtonPressed):
            yield from answer_by_button(
                event.member.id, event.data, event.press, event=event, facts=facts, rule=rule, gates=self.gates
            )
        elif isinstance(event, MessagePosted):
            yield from self._written(event, facts, rule)

    def _written(self, event: MessagePosted, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        message, gate = event.message, facts.member.gate
        if gate is None:
            return
        keeper = self.keeper(gate.onboarding, event, facts, rule)
        found = keeper.place_of(message.author.id)
        if not keeper.is_kept:
            yield from keeper.let_in(message.author.id, name_of(event, facts), "no_gate")
            if found is not None:
                yield from keeper.close(found[0])
            return
        if facts.can(Capability.DELETE):
            for each in (message.id, *message.parts):
                yield DeleteMessage(group=event.group.id, message=each)
        words = facts.reading.text.strip()
        if found is None or message.command is not None or not words:
            return
        challenge, one = found
        if keeper.kind != "text":
            yield from keeper.notice(one, "gate.first")
            return
        verdict = yield from keeper.judge(challenge, one, words)
        if verdict == "right":
            yield from keeper.notice(one, "gate.thanks")
        elif verdict == "wrong":
            yield from keeper.notice(one, "gate.wrong", count=keeper.left(one))
        elif verdict == "over" and (stands := STAYS.get(keeper.spec.wrong)):
            yield from keeper.notice(one, f"gate.{stands}")


class LetInUnmuted(KeepGate):
    """Let in whom an admin gave their voice back by hand, or made an admin.

    ```yaml
    let_in_unmuted:
      gates: { welcome: { groups: [readers], batch: 2m } }
    ```
    """

    step = "let_in_unmuted"
    kinds = frozenset({"message"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        gate = facts.member.gate
        if gate is None or not isinstance(event, MessagePosted):
            return
        keeper, member = self.keeper(gate.onboarding, event, facts, rule), event.message.author.id
        found = keeper.place_of(member)
        keeper.decided.add(member)
        yield c.DecideAtGate(member=member, stands="passed", why="by_hand", unmuted=True)
        yield from keeper.greet(member, name_of(event, facts))
        if found is not None:
            yield from keeper.close(found[0])


class GiveBack(KeepGate):
    """Give who comes back the voice that was taken before they left, where the gate asks nobody any more.

    ```yaml
    give_back:
      gates: { welcome: { groups: [readers] } }
      modes: { welcome: { readers: shadow } }
    ```
    """

    step = "give_back"
    kinds = frozenset({"join"})
    modes: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="The modes of the gates by their onboarding's id and the group."
    )

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        gate = facts.member.gate
        if gate is None or not gate.muted or not isinstance(event, MemberJoined) or self._asks(facts):
            return
        keeper, member = self.keeper(gate.onboarding, event, facts, rule), event.member.id
        found = keeper.place_of(member)
        keeper.decided.add(member)
        yield UnmuteMember(group=event.group.id, member=member)
        yield c.DecideAtGate(member=member, stands="passed", why="no_gate", unmuted=True)
        if found is not None:
            yield from keeper.close(found[0])

    def _asks(self, facts: Facts) -> bool:
        """Whether a gate is in force here, which then sees to them itself."""
        here = next((name for name in self.gates if gate_here(self.gates, name, facts) is not None), None)
        if here is None:
            return False
        return (overridden(here, facts) or self.modes.get(here, {}).get(facts.settings.key, ENFORCE)) == ENFORCE


class LeaveGate(KeepGate):
    """Ask those no more who have gone; who was removed by somebody is asked again when they come back.

    ```yaml
    leave_gate:
    ```
    """

    step = "leave_gate"
    kinds = frozenset({"leave"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        gate = facts.member.gate
        if gate is None or not isinstance(event, MemberLeft):
            return
        removed = event.remover is not None and event.remover.id != event.member.id
        if gate.is_open or (gate.stands == "passed" and removed):
            keeper = self.keeper(gate.onboarding, event, facts, rule)
            found = keeper.place_of(event.member.id)
            keeper.decided.add(event.member.id)
            stands, why = ("removed", "by_hand") if removed else ("gone", "")
            yield c.DecideAtGate(member=event.member.id, stands=stands, why=why)
            if found is not None:
                yield from keeper.close(found[0])


class TimeGate(KeepGate):
    """See to what time brings: a challenge was delivered, or not; the time to answer is over; staff are to be told.

    ```yaml
    time_gate:
      gates: { welcome: { gate: { no_answer: remove }, groups: [readers] } }
    ```
    """

    step = "time_gate"
    kinds = frozenset({"schedule"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, ScheduleFired):
            return
        if event.name == g.NOTES:
            yield from self._tell_staff(event, facts, rule)
            return
        id_, revision = g.challenge_in(event.schedule)
        challenge = next((one for one in facts.group.challenges if one.id == id_), None)
        keeper = self.keeper(challenge.onboarding if challenge is not None else "", event, facts, rule)
        if challenge is None:
            yield from self._too_late(event, keeper)
        elif not keeper.is_kept:
            yield from self._let_all_in(challenge, keeper)
        elif event.name == g.CLOCK:
            yield from self._look(challenge, event, keeper)
        elif event.name == g.SHOW:
            if any(not one.shown for one in challenge.waiting):
                yield keeper.shown(challenge, challenge.revision + 1)
            yield c.ShowChallenge(challenge.id)
        elif event.name == g.REPORT:
            yield from self._delivered(challenge, revision, event, keeper)
        elif event.name == g.ANSWER:
            yield from self._answered(challenge, event, keeper, rule)

    def _tell_staff(self, event: ScheduleFired, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        notes = tuple(facts.group.gate_notes)
        if not notes:
            yield Remark("gate: staff know already")
            return
        yield from self.keeper("", event, facts, rule).told(notes)
        yield c.ToldStaff()

    def _too_late(self, event: ScheduleFired, keeper: Gatekeeper) -> Iterator[Outcome]:
        """The challenge is over: what still came of it is taken away again."""
        yield Remark("gate: this challenge is over")
        if event.name == g.REPORT:
            outcome = read_outcome(event.data)
            if outcome.state == "sent" and outcome.message is not None:
                yield from keeper.taken_away((outcome.message,))
        elif event.name == g.ANSWER:
            yield from keeper.answered(g.read_answer(event.data).press, "gate.press.over")

    def _let_all_in(self, challenge: Challenge, keeper: Gatekeeper) -> Iterator[Outcome]:
        yield Remark("gate: the file has this gate no more; everybody is let in")
        yield from keeper.decide(challenge.waiting, "let_in", "no_gate")
        yield from keeper.close(challenge)

    def _look(self, challenge: Challenge, event: ScheduleFired, keeper: Gatekeeper) -> Iterator[Outcome]:
        now = keeper.facts.now
        if challenge.waiting and event.at - event.due > g.LATE:
            yield Remark("gate: the bot was away; everybody gets more time")
            until = now + min(g.GRACE, keeper.spec.wait)
            yield c.GrantTime(challenge.id, until)
            yield c.SetTimer(event.schedule, until)
            return
        over = [one for one in challenge.waiting if g.over(one) <= now]
        yield from keeper.decide([one for one in over if one.until is None], keeper.spec.if_unreachable, "unreachable")
        yield from keeper.decide([one for one in over if one.until is not None], keeper.spec.no_answer, "no_answer")
        yield from keeper.close(challenge)
        yield from keeper.reported()

    def _delivered(
        self, challenge: Challenge, revision: int, event: ScheduleFired, keeper: Gatekeeper
    ) -> Iterator[Outcome]:
        outcome, now = read_outcome(event.data), keeper.facts.now
        concerned = [one for one in challenge.waiting if one.until is None and 0 < one.shown <= revision]
        if outcome.state != "sent":
            yield Remark(f"gate: the question was not delivered: {outcome.reason or outcome.state}")
            yield from keeper.decide(concerned, keeper.spec.if_unreachable, "unreachable")
            yield from keeper.close(challenge)
            yield from keeper.reported()
            return
        until = now + keeper.spec.wait
        yield c.ChallengeStands(challenge.id, revision, until, outcome.message)
        if outcome.message is not None:
            yield from keeper.taken_away(each for each in challenge.messages if each != outcome.message)
        ends = [until if one in concerned else g.over(one) for one in challenge.waiting]
        look = g.latest_together(ends) if ends else challenge.at + g.SHARED
        yield c.SetTimer(g.timer(g.CLOCK, challenge.id), look)

    def _answered(
        self, challenge: Challenge, event: ScheduleFired, keeper: Gatekeeper, rule: RuleContext
    ) -> Iterator[Outcome]:
        answer, member = g.read_answer(event.data), event.subject or ""
        one = next((each for each in challenge.waiting if each.member == member), None)
        if answer.data:
            yield from answer_by_button(
                member, answer.data, answer.press, event=event, facts=keeper.facts, rule=rule, gates=self.gates
            )
        elif one is None or keeper.kind != "text":
            yield Remark("gate: this is to be answered by a button")
        else:
            verdict = yield from keeper.judge(challenge, one, answer.text)
            if verdict == "right":
                yield keeper.whisper(one, "gate.end.let_in")
            elif verdict == "wrong":
                yield keeper.whisper(one, "gate.wrong", count=keeper.left(one))


def answer_by_button(
    member: str,
    data: str,
    press: str | None,
    *,
    event: Event,
    facts: Facts,
    rule: RuleContext,
    gates: Mapping[str, g.Gate],
) -> Iterator[Outcome]:
    """What follows from the button that somebody pressed, and what they are told."""
    id_, index = g.pressed(data) or ("", 0)
    challenge = next((one for one in facts.group.challenges if one.id == id_), None)
    name = challenge.onboarding if challenge is not None else ""
    keeper = Gatekeeper(name, gate_here(gates, name, facts), event, facts, rule)
    found, gate = keeper.place_of(member), facts.others(member).gate
    if gate is not None and gate.is_open and gate.stands != "asked":
        yield from keeper.answered(press, f"gate.press.{'restricted' if gate.stands == 'restricted' else 'held'}")
        return
    if challenge is None:
        yield from keeper.answered(press, "gate.press.over")
        return
    if found is None or found[0].onboarding != challenge.onboarding:
        yield from keeper.answered(press, "gate.press.not_yours")
        return
    own, one = found
    if not keeper.is_kept:
        yield from keeper.let_in(member, one.name, "no_gate")
        yield from keeper.close(own)
        return
    answer = g.chosen(challenge.id, index, keeper.kind, keeper.spec, facts.settings.secret)
    if answer is None:  # the question was changed meanwhile
        yield from keeper.answered(press, "gate.press.over")
        return
    verdict = yield from keeper.judge(own, one, answer, asked_in=challenge.id)
    if verdict == "wrong":
        yield from keeper.answered(press, "gate.press.wrong", count=keeper.left(one))
    elif verdict == "over":
        yield from keeper.answered(press, f"gate.press.{STAYS.get(keeper.spec.wrong, 'removed')}")
    else:
        yield from keeper.answered(press, "gate.press.right")
        if own.private:
            yield keeper.whisper(one, "gate.end.let_in")


def gate_here(gates: Mapping[str, g.Gate], name: str, facts: Facts) -> g.Gate | None:
    """A gate, where the file has it for this group."""
    gate = gates.get(name)
    return gate if gate is not None and facts.settings.key in gate.groups else None


def _vouches(is_bot: bool, roles: Iterable[PlatformRole]) -> bool:
    return is_bot or any(role is not PlatformRole.MEMBER for role in roles)


def _passed(facts: Facts) -> bool:
    gate = facts.member.gate
    return gate is not None and gate.stands == "passed" and gate.at > facts.now - g.REMEMBERED
