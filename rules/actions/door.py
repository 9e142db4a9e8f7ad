"""Answering who comes by a door's word: they are asked, invited, or told why not."""

from collections.abc import Iterable, Iterator

from pydantic import Field

from rules import changes as c
from rules import doors
from rules import gate as g
from rules.actions.doors import ANSWERED
from rules.actions.gate import passed_lately
from rules.capability import Capability
from rules.effects import AnswerJoinRequest, SendPrivate
from rules.events import Event, JoinRequested
from rules.facts import Facts
from rules.gatekeeper import Gatekeeper
from rules.quota import Quota
from rules.state import AtGate, Waiting
from rules.step import Action, Outcome, Remark, RuleContext
from rules.text import Text, key
from rules.wording import copy_keys, filling, name_of, to_staff, wording

NEEDED = (Capability.SEND_PRIVATE, Capability.JOIN_REQUESTS, Capability.INVITE)
"""What a platform must be able to do for a door."""
_DAILY = Quota(1, doors.ASKED.period)


class OpenDoor(Action):
    """Ask who wrote a door's word to the bot alone, or invite them at once where no gate asks.

    ```yaml
    open_door:
      gate: { gate: { ask: "Who told you of us?", answer_any: [Ann, Bo] }, groups: [readers], door: true }
      onboarding: welcome
      full_at: 200
    ```
    """

    step = "open_door"
    kinds = frozenset({"join_request"})
    gate: g.Gate | None = Field(default=None, description="The gate, as it is written; empty: nobody is asked.")
    onboarding: str = Field(default="welcome", description="The onboarding's id.")
    full_at: int | None = Field(default=None, description="With so many members a group is full.")

    def wants(self) -> frozenset[Capability]:
        return frozenset(NEEDED)

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.gate.gate.ask) if self.gate is not None else ()

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if isinstance(event, JoinRequested) and event.source in (doors.BY_WORD, doors.FULL):
            if ANSWERED in rule.done:
                yield Remark("answer_join_request: done by an earlier rule")
                return
            rule.done.add(ANSWERED)  # only here: a request of another kind is for the gate to answer
            yield from _AtTheDoor(self, event, facts, rule).answered()


class _AtTheDoor:
    """One person who wants to come in, in one decision."""

    def __init__(self, door: OpenDoor, event: JoinRequested, facts: Facts, rule: RuleContext) -> None:
        self._door, self._event, self._facts, self._rule = door, event, facts, rule
        self._member, self._name = event.member.id, name_of(event, facts)
        self._keeper = Gatekeeper(door.onboarding, door.gate, event, facts, rule)

    def answered(self) -> Iterator[Outcome]:
        """What is done about them."""
        state = self._facts.member
        gate = state.gate
        if state.banned:
            yield from self._told("banned")
        elif gate is not None and gate.request and gate.is_open:
            yield from self._waiting(gate)
        elif gate is not None and _turned_away(gate) and gate.at > self._facts.now - g.REMEMBERED:
            yield from self._told("declined")
        elif state.removed_at is not None:
            yield from self._left_to_staff()
        elif state.is_in and self._facts.can(Capability.SEE_LEAVES):
            yield from self._told("inside")
        elif self._event.source == doors.FULL:
            yield from self._told("full")
            yield from self._staff_of_full()
        elif not doors.ASKED.allows(state.uses.get(_ASKED, []), self._facts.now):
            yield from self._told("enough")
        else:
            yield c.CountUse(use=_ASKED, keep=int(doors.ASKED.period.total_seconds()), member=self._member)
            yield from self._let_in() if self._is_free() else self._keeper.ask_alone(self._member, self._name)

    def _waiting(self, gate: AtGate) -> Iterator[Outcome]:
        """They have asked before, and are waited for, or wait."""
        found = self._keeper.place_of(self._member)
        if found is not None and found[1].until is None and found[1].since > self._facts.now:
            yield Remark("gate: the question is to be asked when the quiet hours are over")
        else:
            yield from self._told("asked" if gate.stands == "asked" else "held")

    def _is_free(self) -> bool:
        """Whether they come in without a question."""
        door = self._door
        asks = door.gate is not None and not g.resting(door.gate.gate, self._facts.group, self._facts.now)
        # Where nobody tells who leaves, who is known here may have left, and has been in.
        return not asks or passed_lately(self._facts) or self._facts.member.is_in

    def _let_in(self) -> Iterator[Outcome]:
        yield AnswerJoinRequest(group=self._event.group.id, member=self._member, approve=True)
        yield c.DecideAtGate(member=self._member, stands="passed", why="by_word", onboarding=self._door.onboarding)
        yield self._whisper("door.invited")

    def _left_to_staff(self) -> Iterator[Outcome]:
        """Who was removed does not come back by a word alone; who removed them may have erred."""
        if self._facts.settings.staff_chat is None:
            yield from self._told("declined")
            return
        one = Waiting(self._member, self._name, self._facts.now)
        yield c.DecideAtGate(
            member=self._member, stands="held", why="removed", onboarding=self._door.onboarding, request=True
        )
        yield self._whisper("door.held")
        self._keeper.note(one, "held", "removed")
        yield from self._keeper.reported()

    def _staff_of_full(self) -> Iterator[Outcome]:
        use = f"door/full/{self._door.onboarding}"
        if not _DAILY.allows(self._facts.group.uses.get(use, []), self._facts.now):
            return
        words = filling(self._event, self._facts, self._rule, count=self._door.full_at or 0)
        told = to_staff(self._facts, key("alerts.door_full", **{**words, "name": self._name}))
        if told is not None:
            yield told
            yield c.CountUse(use=use, keep=int(_DAILY.period.total_seconds()))

    def _told(self, how: str) -> Iterator[Outcome]:
        """A word on how they stand; who goes on asking gets none."""
        if not doors.TOLD.allows(self._facts.member.uses.get(_TOLD, []), self._facts.now):
            yield Remark("door: they were told often enough how they stand")
            return
        yield self._whisper(f"door.{how}")
        yield c.CountUse(use=_TOLD, keep=int(doors.TOLD.period.total_seconds()), member=self._member)

    def _whisper(self, name: str) -> SendPrivate:
        return SendPrivate(group=self._event.group.id, member=self._member, text=self._words(name))

    def _words(self, name: str) -> Text:
        words = filling(self._event, self._facts, self._rule)
        gate = self._door.gate
        if name == "door.asked":
            asked = gate.gate.ask if gate is not None else None
            words["question"] = wording(asked, self._event, self._facts, self._rule) if asked else ""
        return key(name, **{**words, "name": self._name})


def _turned_away(gate: AtGate) -> bool:
    """Whether staff decided that they stay outside."""
    return gate.request and gate.stands == "removed" and gate.why == "by_hand"


_ASKED, _TOLD = "door/asked", "door/told"
