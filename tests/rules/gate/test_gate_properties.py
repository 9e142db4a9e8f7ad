"""What the gate promises whatever happens in whatever order: nobody is removed unasked, nobody is silent unseen."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.capability import Capability
from rules.effects import AnswerJoinRequest, KickMember, MuteMember, SendPrivate, SendText, UnmuteMember
from rules.events import ButtonPressed, Event
from rules.gate import NOTICED, challenge_in
from rules.values import Group, PlatformRole

PEOPLE = ("ann", "bo", "cy")
GATES = (
    "{ wait: 5m, no_answer: remove }",
    "{ wait: 5m }",
    "{ wait: 5m, no_answer: remove, if_unreachable: hold_for_staff }",
    "{ challenge: captcha, wait: 15m, wrong: remove, no_answer: hold_for_staff, attempts: 2 }",
    "{ ask: Who?, choices: [A, B], answer_any: [A], wrong: decline, no_answer: decline, attempts: 1 }",
    "{ ask: Who?, answer_any: [A], wrong: remove, no_answer: remove, attempts: 2 }",
    "{ required: when_asked, no_answer: remove }",
)
MORE = "rules:\n  - { id: raid, when: { button: raid }, then: { require_gate: 10m } }\n"
who = st.sampled_from(PEOPLE)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["joins", "joins", "added", "leaves", "removed", "asks_in", "requires"]), who),
        st.tuples(st.sampled_from(["says", "answers"]), who, st.sampled_from(["A", "B"])),
        st.tuples(st.just("presses"), who, st.integers(0, 5)),
        st.tuples(st.just("report"), st.integers(0, 5), st.sampled_from(["sent", "sent", "refused", "uncertain"])),
        st.tuples(st.just("later"), st.sampled_from([5, 20, 70, 400, 1200])),
    ),
    max_size=25,
)


def watched(base: type) -> type:
    """A gatehouse that knows who is in and who is silent as a platform does, and looks on when somebody is removed."""

    class Watched(base):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self.present: set[str] = set()
            self.silent: set[str] = set()
            self.asked: list[SendText | SendPrivate] = []
            self.shown: set[str] = set()
            self.unasked: list[str] = []
            self.answering = ""

        def happens(self, event: Event) -> Any:
            before = {handle: self.gate_of(handle) for handle in PEOPLE}
            challenges = {handle: gate.challenge for handle, gate in before.items() if gate is not None}
            effects = super().happens(event)
            for effect in effects:
                handle = getattr(effect, "member", "").removeprefix("sim:")
                match effect:
                    case MuteMember():
                        self.silent.add(handle)
                    case UnmuteMember():
                        self.silent.discard(handle)
                    case KickMember() | AnswerJoinRequest(approve=False):
                        if challenges.get(handle, "") not in self.shown and handle != self.answering:
                            self.unasked.append(handle)
                        self.present.discard(handle)
                    case SendText(report=report) | SendPrivate(report=report) if report is not None:
                        self.asked.append(effect)
            return effects

        def step(self, what: str, *more: Any) -> None:
            handle = more[0]
            admin = self.person("boss", role=PlatformRole.ADMIN)
            is_in = handle in self.present
            match what:
                case "joins" | "added" if not is_in:
                    self.present.add(handle)
                    self.joins(handle, inviter=admin if what == "added" else None)
                case "leaves" | "removed" if is_in:
                    self.present.discard(handle)
                    self.leaves(handle, remover=admin if what == "removed" else None)
                case "asks_in" if not is_in:
                    self.asks_in(handle)
                case "says" if is_in:
                    self._says(handle, more[1])
                case "answers" if (gate := self.gate_of(handle)) is not None and gate.request and gate.is_open:
                    self._answer(handle, lambda: self.answers_alone(handle, more[1]))
                case "presses" if is_in and self.group.challenges:
                    self._answer(handle, lambda: self.presses(handle, more[1]))
                case "report" if self.asked:
                    sent = self.asked.pop(handle % len(self.asked))
                    if more[1] == "sent":
                        self.shown.add(challenge_in(sent.report.name)[0])
                    self.delivered(sent, more[1])
                case "later":
                    self.later(seconds=handle)
                case "requires":
                    self.happens(ButtonPressed(self.new_id(), Group("sim:readers"), self.now, admin, "raid"))

        def _says(self, handle: str, text: str) -> None:
            joined = self.memory.member(f"sim:{handle}").joined_at
            if self.now - joined > NOTICED:
                self.silent.discard(handle)  # they could not write, had nobody given them their voice back
            self._answer(handle, lambda: self.says(handle, text))

        def _answer(self, handle: str, answer: Any) -> None:
            self.answering = handle
            answer()
            self.answering = ""

    return Watched


@settings(deadline=None, max_examples=150)
@given(
    gate=st.sampled_from(GATES),
    without=st.sampled_from([Capability.PIN, Capability.MUTE, Capability.EDIT_OWN, Capability.ANSWER_BUTTONS]),
    steps=STEPS,
)
def test_nobody_is_removed_unasked_and_nobody_is_left_silent_unseen(
    gatehouse_of: Any, gate: str, without: Capability, steps: list[Any]
) -> None:
    house = gatehouse_of(watched, gate, more=MORE, without={without}, reports=False)
    for what in steps:
        house.step(*what)
    house.later(days=2)  # whatever is to come has come
    assert house.unasked == []
    told = "\n".join(house.said("sim:staff"))
    for handle in PEOPLE:
        stands = house.stands(handle).partition("/")[0]
        assert stands != "asked"
        if stands == "held":
            assert f"sim:{handle}" in house.group.held
            assert f"(sim:{handle})" in told
        elif handle in house.present:
            assert handle not in house.silent, f"{stands}, and silent"
    assert house.group.challenges == []
    assert house.group.gate_notes == []
    assert house.memory.next_due() is None
