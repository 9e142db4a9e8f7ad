"""The `tests:` beside rules, run on the whole rulebook: somebody made up does something, and the rule acts or not.

The rule under test is enforced whatever its mode, all others are as they are written, so that an earlier rule that
stops the look is found out. Nothing is sent and nothing is kept: each test begins with an empty memory.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, cast

from rules import events as ev
from rules.changes import Change
from rules.commandline import CommandNames
from rules.config import Config, RuleSpec, TestSpec, wall_time
from rules.decision import FIRED, Decision
from rules.effects import Effect, kind_of
from rules.engine import decide
from rules.errors import Complaint, Place
from rules.facts import Facts, GroupSettings
from rules.happenings import described, happenings
from rules.memory import GroupMemory
from rules.rulebook import ENFORCE, Rule, Rulebook
from rules.step import Action, Fallback, Outcome, RuleContext
from rules.testers import Tester, make_up
from rules.verdict import Verdict

NOTHING = "nothing"
WHEN = "2026-01-07 12:00"
"""The wall time of a test that says none: a Wednesday at noon."""

EFFECTS = {
    "delete_message": "delete",
    "pin_message": "pin",
    "mute_member": "mute",
    "unmute_member": "unmute",
    "kick_member": "kick",
    "ban_member": "ban",
    "unban_member": "unban",
    "set_announcement": "announce",
    "rename_group": "rename_group",
    "invite_member": "invite",
}
"""What effects are called in `expect:`, beside the names of the steps that asked for them."""

Look = Callable[[ev.Event], Mapping[str, Verdict]]


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one test came out. ``trace`` is that of the event which was judged, as ``Trace.entries`` gives it."""

    __test__ = False

    rule: str
    number: int
    place: Place
    what: str
    expected: tuple[str, ...]
    got: tuple[str, ...]
    fault: str = ""
    trace: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    section: str = "rules"

    @property
    def passed(self) -> bool:
        """Whether what was expected came about."""
        return not self.fault and (not self.got if self.expected == (NOTHING,) else {*self.expected} <= {*self.got})

    def complaint(self) -> Complaint:
        """What is wrong, where the test did not pass."""
        got = ", ".join(self.got) or NOTHING
        why = self.fault or f"expected {', '.join(self.expected)}, but the rule did {got}"
        return Complaint(self.place, f"{self.what}: {why}", f"{self.section}.{self.rule}.tests[{self.number}]")


def run_tests(
    rulebook: Rulebook,
    config: Config,
    places: Mapping[str, Place] = MappingProxyType({}),
    commands: CommandNames | None = None,
    look: Look | None = None,
    known: Collection[str] = (),
) -> Iterator[TestResult]:
    """The result of every test of a configuration, in the order of the file.

    ``places`` tells where tests are written, as ``rules.language.Loaded`` has it; ``look`` asks the detectors;
    ``known`` are the names of all actions: what is expected and not among them is a slip.
    """
    for spec in config.rules:
        rule = rulebook.rule(spec.id)
        if rule is None:
            continue
        for number, test in enumerate(spec.tests):
            place = places.get(f"{spec.id}.tests[{number}]") or rule.place or Place("")
            run = _Run(rulebook, config, rule, test, commands, look)
            result = run.result(spec, number, place)
            slip = next(
                (name for name in test.expect if known and name not in {NOTHING, *known, *EFFECTS.values()}), None
            )
            yield result if slip is None else replace(result, fault=_unknown(slip, known))


class _Run:
    """One test being run."""

    def __init__(
        self,
        rulebook: Rulebook,
        config: Config,
        rule: Rule,
        test: TestSpec,
        commands: CommandNames | None,
        look: Look | None,
    ) -> None:
        self._config = config
        self._rule = rule
        self._test = test
        self._look = look
        self._commands = commands or CommandNames({})
        self._did: list[str] = []
        self._rulebook = _recording(rulebook, rule, self._did)

    def result(self, spec: RuleSpec, number: int, place: Place) -> TestResult:
        """How the test came out."""
        told = TestResult(spec.id, number, place, described(self._test), self._test.expect, ())
        settings = self._rulebook.settings_for(self._rule, self._test.group)
        if settings is None:
            return replace(told, fault="the rule is for no group in which it could be tested")
        start = start_of(self._test, settings)
        if isinstance(start, str):
            return replace(told, fault=start)
        tester = make_up(self._test.by, self._config, self._rulebook, settings, start)
        if tester is None:
            return replace(told, fault=f"by: nobody can be made up who holds the role `{self._test.by}`")
        try:
            decision = self._decide(settings, start, tester)
        except Exception as error:  # noqa: BLE001 - an action's fault fails its test, not the run
            return replace(told, fault=f"an action failed: {type(error).__name__}: {error}")
        entries = tuple(decision.trace.entries()) if decision.trace is not None else ()
        return replace(told, got=self._names(decision), trace=entries)

    def _decide(self, settings: GroupSettings, start: datetime, tester: Tester) -> Decision:
        """Have it happen as often as asked; the last decision in which the rule could take part."""
        memory = GroupMemory(settings.chat, self._rulebook.horizon)
        memory.members[tester.member.id] = tester.state
        judged = Decision()
        for turn in range(self._test.times):
            at = start + turn * self._test.every
            for fired in memory.due_before(at, settings):
                memory.settle(fired, self._one(fired, memory, settings), settings)
            for event in happenings(self._test, self._rule, settings, tester, at, turn, self._commands):
                self._did.clear()
                decision = self._one(event, memory, settings)
                memory.settle(event, decision, settings)
                judged = decision
                if event.kind in self._rule.kinds:
                    break
        return judged

    def _one(self, event: ev.Event, memory: GroupMemory, settings: GroupSettings) -> Decision:
        verdicts = self._look(event) if self._look is not None else None
        return decide(event, memory.facts_for(event, settings, verdicts), self._rulebook)

    def _names(self, decision: Decision) -> tuple[str, ...]:
        """What the rule did: its steps, those of its ladders, and what came of them."""
        parts = decision.trace.rules if decision.trace is not None else ()
        fired = [part for part in parts if part.rule == self._rule.id and part.outcome == FIRED]
        done = [EFFECTS[kind_of(effect)] for part in fired for effect in part.effects if kind_of(effect) in EFFECTS]
        return tuple(dict.fromkeys([*self._did, *done]))


def start_of(test: TestSpec, settings: GroupSettings) -> datetime | str:
    """When a test happens; else what is wrong with the time that it names."""
    try:
        return wall_time(test.at or WHEN, settings.timezone).astimezone(UTC)
    except ValueError:
        return f'at: write a time such as "2026-10-09 20:30" instead of `{test.at}`'


def _unknown(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted({NOTHING, *known, *EFFECTS.values()}), 1)
    return f"expect: `{name}` is no action" + (f"; did you mean `{near[0]}`?" if near else "")


class _Recorded:
    """An action that notes by its step's name when it does something for the rule under test."""

    def __init__(self, action: Action, rule: str, did: list[str]) -> None:
        self._action = action
        self._rule = rule
        self._did = did

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    def __repr__(self) -> str:
        return repr(self._action)

    def without(self) -> Mapping[str, Action]:
        parts = self._action.without()
        return {name: cast("Action", _Recorded(rest, self._rule, self._did)) for name, rest in parts.items()}

    def outcomes(self, event: ev.Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        for outcome in self._action.outcomes(event, facts, rule):
            if rule.id == self._rule and isinstance(outcome, Effect | Change):
                self._did.append(self._action.step)
            yield outcome


def _recording(rulebook: Rulebook, rule: Rule, did: list[str]) -> Rulebook:
    """The rulebook with the rule enforced everywhere, and what it does noted."""

    def recorded(actions: tuple[Action, ...]) -> tuple[Action, ...]:
        return tuple(cast("Action", _Recorded(action, rule.id, did)) for action in actions)

    def instead(fallback: Fallback) -> Fallback:
        return {name: recorded(steps) for name, steps in fallback.items()}

    actions, fallback = recorded(rule.actions), instead(rule.fallback)
    tested = replace(rule, mode=ENFORCE, modes={}, actions=actions, fallback=fallback)
    ladders = {
        name: replace(
            ladder,
            rungs=tuple(replace(rung, do=recorded(rung.do)) for rung in ladder.rungs),
            fallback=instead(ladder.fallback),
        )
        for name, ladder in rulebook.library.ladders.items()
    }
    altered = rulebook.altered(lambda each: tested if each.id == rule.id else each)
    return replace(altered, library=replace(rulebook.library, ladders=ladders))
