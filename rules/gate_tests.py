"""The `tests:` of an onboarding: somebody made up comes in, presses a button or writes, and the gate does something.

The onboarding under test is enforced whatever its mode, and its gate asks also where it waits to be told so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rules import events as ev
from rules import gate as g
from rules.changes import Change, DecideAtGate, QueueWelcome
from rules.config import Config, GateSpec, OnboardingSpec, TestSpec
from rules.doors import BY_WORD
from rules.effects import AnswerJoinRequest, Effect, SendPrivate, SendText, kind_of
from rules.engine import decide
from rules.errors import Place
from rules.facts import GroupSettings
from rules.memory import GroupMemory
from rules.onboarding import GATE
from rules.outcome import Outcome
from rules.rulebook import ENFORCE, Rule, Rulebook
from rules.selftest import EFFECTS, NOTHING, TestResult, start_of
from rules.state import Challenge
from rules.testers import MEMBER
from rules.values import Group, Member, Message

RIGHT = "right"
"""How a test presses the right letters below a picture; anything else is wrong."""
_DECIDED = {"passed": "let_in", "held": "hold", "removed": "remove", "restricted": "restrict"}
_KNOWN = frozenset({NOTHING, "ask", "welcome", "approve", "decline", *_DECIDED.values(), *EFFECTS.values()})
_STRANGE = ("edit", "media", "forwarded", "mentions")


def _described(test: TestSpec) -> str:
    """What happens in a test, in few words."""
    what = f"{test.by} joins as “{test.join}”"
    for verb, words in (("presses", test.press), ("says", test.say)):
        what += f" and {verb} “{words}”" if words is not None else ""
    return (what + f" {test.times} times" if test.times > 1 else what) + (f" at {test.at}" if test.at else "")


def run_gate_tests(rulebook: Rulebook, config: Config, places: Mapping[str, Place]) -> Iterator[TestResult]:
    """The result of every test of an onboarding, in the order of the file."""
    for spec in config.onboarding:
        for number, test in enumerate(spec.tests):
            place = places.get(f"{spec.id}.tests[{number}]") or places.get(spec.id) or Place("")
            told = TestResult(spec.id, number, place, _described(test), test.expect, (), section="onboarding")
            yield _result(told, rulebook, spec, test)


def _result(told: TestResult, rulebook: Rulebook, spec: OnboardingSpec, test: TestSpec) -> TestResult:
    strange = next((name for name in _STRANGE if getattr(test, name)), "by" if test.by != MEMBER else None)
    unknown = next((name for name in test.expect if name not in _KNOWN), None)
    rule = rulebook.rule(spec.id)
    settings = rulebook.settings_for(rule, test.group) if rule is not None else None
    if test.join is None:
        return replace(told, fault="in an onboarding somebody comes in first: write `join:`")
    if strange is not None:
        return replace(told, fault=f"in an onboarding write `join:`, and `press:` or `say:`, not `{strange}:`")
    if unknown is not None:
        return replace(told, fault=f"expect: `{unknown}` is no action")
    if settings is None:
        return replace(told, fault="the rule is for no group in which it could be tested")
    start = start_of(test, settings)
    if isinstance(start, str):
        return replace(told, fault=start)
    play = _Play(_enforced(rulebook, spec), spec, settings, start)
    play.comes_in(test.join)
    for _ in range(test.times if test.press is not None or test.say is not None else 0):
        play.now += test.every
        if test.press is not None:
            play.presses(test.press)
        elif test.say is not None:
            play.says(test.say)
    return replace(told, got=tuple(dict.fromkeys(play.did)), trace=tuple(play.trace))


@dataclass
class _Play:
    """One newcomer, and what is done about them."""

    rulebook: Rulebook
    spec: OnboardingSpec
    settings: GroupSettings
    now: datetime
    did: list[str] = field(default_factory=list)
    trace: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.memory = GroupMemory(self.settings.chat, self.rulebook.horizon)
        self.memory.group.gate_required_until = self.now + timedelta(days=1)
        self.member = Member(f"{self.settings.platform}:tester", "Tester")
        self._own = {rule.id for rule in self.rulebook.rules if rule.made_from in (GATE, self.spec.id)}
        self._number = 0

    def comes_in(self, name: str) -> None:
        """Into the group, or to its door where the gate asks there alone."""
        self.member = Member(self.member.id, name)
        if self._at_door:
            event = ev.JoinRequested(self._id(), self._group, self.now, self.member, source=BY_WORD)
            self._happens(event)
            return
        self._happens(ev.MemberJoined(self._id(), self._group, self.now, self.member))

    def presses(self, words: str) -> None:
        """The button that says this, of the challenge that stands; without one, nothing is there to be pressed."""
        challenge = next(iter(self.memory.group.challenges), None)
        if challenge is not None:
            data = g.data_of(challenge.id, self._button(challenge, words))
            self._happens(ev.ButtonPressed(self._id(), self._group, self.now, self.member, data))

    def says(self, words: str) -> None:
        challenge = next(iter(self.memory.group.challenges), None)
        if self._at_door:
            if challenge is not None:
                timer, data = g.timer(g.ANSWER, challenge.id), g.Answer(words).encoded()
                self._fires(timer, data, self.member.id)
            return
        message = Message(f"{self.settings.chat}/{self._number}", self.member, words, self.now)
        self._happens(ev.MessagePosted(self._id(), self._group, self.now, message))

    @property
    def _at_door(self) -> bool:
        gate = g.Gate(gate=self.spec.gate or GateSpec(), door=self.spec.door is not None)
        return not gate.asks_inside(self.settings)

    @property
    def _group(self) -> Group:
        return Group(self.settings.chat, self.settings.name)

    def _button(self, challenge: Challenge, words: str) -> int:
        spec = self.spec.gate
        if spec is None or spec.kind == "button":
            return 0
        secret = self.settings.secret
        shown = g.answers(challenge.id, g.Gate(gate=spec).kind(self.settings), spec, secret)
        if spec.kind == "captcha":
            right = shown.index(g.code_of(challenge.id, secret))
            return right if words == RIGHT else (right + 1) % len(shown)
        return shown.index(words) if words in shown else len(shown)

    def _id(self) -> str:
        self._number += 1
        return f"test:{self._number}"

    def _happens(self, event: ev.Event) -> None:
        decision = decide(event, self.memory.facts_for(event, self.settings), self.rulebook)
        self.memory.settle(event, decision, self.settings)
        if decision.trace is not None:
            self.trace += decision.trace.entries()
            for part in decision.trace.rules:
                if part.rule in self._own:
                    self.did += [name for each in (*part.effects, *part.changes) if (name := _name(each))]
        for effect in decision.effects:
            if isinstance(effect, (SendText, SendPrivate)) and effect.report is not None:
                data = Outcome("sent", f"{self.settings.chat}/asked").encoded()
                self._fires(effect.report.name, data, effect.report.subject)

    def _fires(self, name: str, data: str, subject: str | None) -> None:
        self._happens(ev.ScheduleFired(self._id(), self._group, self.now, name, self.now, subject=subject, data=data))


def _name(done: Effect | Change) -> str | None:
    """What something is called in `expect:`."""
    if isinstance(done, (SendText, SendPrivate)):
        return "ask" if done.report is not None else None
    if isinstance(done, AnswerJoinRequest):
        return "approve" if done.approve else "decline"
    if isinstance(done, QueueWelcome):
        return "welcome"
    if isinstance(done, DecideAtGate):
        return _DECIDED.get(done.stands)
    return EFFECTS.get(kind_of(done)) if isinstance(done, Effect) else None


def _enforced(rulebook: Rulebook, spec: OnboardingSpec) -> Rulebook:
    """The rulebook with the onboarding enforced everywhere."""

    def enforced(rule: Rule) -> Rule:
        return replace(rule, mode=ENFORCE, modes={}) if rule.made_from == spec.id else rule

    return rulebook.altered(enforced)
