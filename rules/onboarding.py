"""Onboarding as rules: ask at the gate, queue the joiner, greet the batch, recognise the introduction, remind of it."""

from collections.abc import Mapping
from typing import Any

from rules import strangers
from rules.actions.door import OpenDoor
from rules.actions.gate import AskAtDoor, AskAtGate, AtTheGate
from rules.actions.gate_answers import GiveBack, LeaveGate, LetInUnmuted, TakeAnswer
from rules.actions.gate_time import TimeGate
from rules.actions.introduction import RemindIntroduction, StoreIntroduction, timer_of
from rules.actions.members import AnswerQuestion
from rules.actions.strangers import TellOfStrangers
from rules.actions.welcome import QueueWelcome, SendWelcome, UnqueueWelcome
from rules.conditions.asked import Asked
from rules.conditions.at_gate import BeforeGate, UnmutedByHand
from rules.conditions.introduces import Introduces
from rules.config import Config, IntroduceSpec, Mode, OnboardingSpec, WelcomeSpec
from rules.doors import Door
from rules.errors import Place
from rules.gate import TIMES, Gate
from rules.greeting import TIMER
from rules.rulebook import Rule
from rules.selectors import modes_in_groups, select
from rules.step import Action, Condition

GATE = "@gate"
"""How the ids of the rules begin that see to those who stand at a gate; no id of a file is like it."""
DOOR = "word"
"""How the id of an onboarding's rule ends that answers who comes by its door's word."""
ANSWER = "answers"
"""The id of the rule that takes in answers to questions that `ask` asked."""


def onboarding_rules(config: Config, places: Mapping[str, Place]) -> list[Rule]:
    """The rules of every onboarding."""
    return [rule for spec in config.onboarding for rule in _rules(config, spec, places.get(spec.id))]


def gates_of(config: Config) -> dict[str, Gate]:
    """The gates of a configuration, by their onboarding's id."""
    return {spec.id: gate for spec in config.onboarding if (gate := gate_of(config, spec)) is not None}


def gate_of(config: Config, spec: OnboardingSpec) -> Gate | None:
    """The gate of one onboarding."""
    if spec.gate is None:
        return None
    welcome = welcome_of(spec)
    groups = tuple(sorted(select(config, spec.groups)))
    batch = welcome.batch if welcome is not None else None
    return Gate(gate=spec.gate, groups=groups, batch=batch, door=spec.door is not None)


def doors_of(config: Config) -> tuple[Door, ...]:
    """The doors of a configuration; the groups of each in the order of its `groups:`, else of the file."""
    return tuple(
        Door(spec.id, spec.door.keywords, spec.door.full_at, _in_order(config, spec))
        for spec in config.onboarding
        if spec.door is not None
    )


def _in_order(config: Config, spec: OnboardingSpec) -> tuple[str, ...]:
    chosen = select(config, spec.groups)
    return tuple(dict.fromkeys(key for key in (*spec.groups, *config.groups) if key in chosen))


def welcome_of(spec: OnboardingSpec) -> WelcomeSpec | None:
    """How newcomers are greeted; who is asked to introduce themselves is greeted first."""
    return spec.welcome or (WelcomeSpec() if spec.introduce is not None else None)


def gate_rules(config: Config) -> list[Rule]:
    """The rules that bring to an end what was begun at a gate: in whatever mode it is now, and also once it is gone."""
    gates = gates_of(config)

    def rule(suffix: str, kinds: set[str], action: Action, condition: Condition | None = None, **more: Any) -> Rule:
        return Rule(
            id=f"{GATE}{suffix}",
            name="",
            kinds=frozenset(kinds),
            condition=condition,
            actions=(action,),
            groups=frozenset(config.groups),
            binds_staff=True,
            internal=True,
            made_from=GATE,
            **more,
        )

    rules = [
        rule(".time", {"schedule"}, TimeGate(gates=gates), names=TIMES),
        rule(".back", {"join"}, GiveBack(gates=gates, modes=_modes(config, gates))),
    ]
    if gates:
        rules += [
            rule(".in", {"message"}, LetInUnmuted(gates=gates), UnmutedByHand()),
            rule("", {"message", "button"}, TakeAnswer(gates=gates), BeforeGate(), stop=True),
            rule(".left", {"leave"}, LeaveGate(gates=gates)),
        ]
    return rules


def _modes(config: Config, gates: Mapping[str, Gate]) -> dict[str, dict[str, str]]:
    """The modes of the gates in their groups, by onboarding and group."""
    found: dict[str, dict[str, str]] = {}
    for spec in config.onboarding:
        if spec.id in gates:
            own = modes_in_groups(config, spec.id, spec.mode)
            found[spec.id] = {key: own.get(key, spec.mode or config.defaults.mode) for key in gates[spec.id].groups}
    return found


def door_rules(config: Config, places: Mapping[str, Place]) -> list[Rule]:
    """The rules that ask those who want to be let in; they come after those that answer such requests at once."""
    rules: list[Rule] = []
    for spec in config.onboarding:
        place, gate = places.get(spec.id), gate_of(config, spec)
        if spec.door is not None:
            action = OpenDoor(gate=gate, onboarding=spec.id, full_at=spec.door.full_at)
            rules.append(_rule(config, spec, place, DOOR, "join_request", action, always=True))
        if gate is not None:
            asking = _at(AskAtDoor, spec, gate)
            rules.append(_rule(config, spec, place, "door", "join_request", asking, always=True))
    return rules


def contact_rule(room: str) -> Rule:
    """The rule that tells staff, in their room, of those who turned to the bot's account."""
    return Rule(
        id="@contacts",
        name="",
        kinds=frozenset({"schedule"}),
        condition=None,
        actions=(TellOfStrangers(),),
        names=frozenset({strangers.WAITS, strangers.TIME}),
        groups=frozenset({room}),
        binds_staff=True,
        internal=True,
    )


def answer_rule(config: Config) -> Rule:
    """The rule that takes in the answers to questions."""
    return Rule(
        id=ANSWER,
        name="",
        kinds=frozenset({"message"}),
        condition=Asked(),
        actions=(AnswerQuestion(),),
        groups=frozenset(config.groups),
        binds_staff=True,
        modes=modes_in_groups(config, ANSWER),
        internal=True,
    )


def _rules(config: Config, spec: OnboardingSpec, place: Place | None) -> list[Rule]:
    welcome = welcome_of(spec)
    introduce = spec.introduce
    gate = gate_of(config, spec)

    def rule(suffix: str, kind: str, action: Action, **more: Any) -> Rule:
        return _rule(config, spec, place, suffix, kind, action, **more)

    rules: list[Rule] = []
    if gate is not None:
        rules.append(rule("", "join", _at(AskAtGate, spec, gate)))
    if welcome is None:
        return rules
    if gate is None:
        rules.append(rule("", "join", QueueWelcome(batch=welcome.batch)))
    greet = SendWelcome(welcome=welcome, introduce=introduce, onboarding=spec.id)
    rules += [rule("left", "leave", UnqueueWelcome()), rule("greet", "schedule", greet, names=frozenset({TIMER}))]
    if introduce is not None:
        remind = RemindIntroduction(introduce=introduce, onboarding=spec.id)
        rules += [
            rule("introduced", "message", StoreIntroduction(introduce=introduce), condition=_introduces(introduce)),
            rule("remind", "schedule", remind, names=frozenset({timer_of(spec.id)})),
        ]
    return rules


def _rule(
    config: Config, spec: OnboardingSpec, place: Place | None, suffix: str, kind: str, action: Action, **more: Any
) -> Rule:
    """One rule of an onboarding: the first has its id, the others are named after it."""
    mode: Mode = spec.mode or config.defaults.mode
    return Rule(
        id=f"{spec.id}.{suffix}" if suffix else spec.id,
        name="",
        kinds=frozenset({kind}),
        condition=more.pop("condition", None),
        actions=(action,),
        mode=mode,
        groups=select(config, spec.groups),
        binds_staff=True,
        place=place,
        modes=modes_in_groups(config, spec.id, spec.mode),
        internal=True,
        made_from=spec.id,
        **more,
    )


def _at(action: type[AtTheGate], spec: OnboardingSpec, gate: Gate) -> Action:
    return action(gate=gate, onboarding=spec.id)


def _introduces(spec: IntroduceSpec) -> Condition:
    return Introduces(
        fields=spec.fields, at_least_fields=spec.at_least_fields, free_text=spec.free_text, within=spec.within
    )
