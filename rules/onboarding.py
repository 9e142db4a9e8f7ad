"""Onboarding as rules: queue the joiner, greet the batch, recognise the introduction, remind of it."""

from collections.abc import Mapping

from rules.actions.introduction import RemindIntroduction, StoreIntroduction, timer_of
from rules.actions.members import AnswerQuestion
from rules.actions.welcome import TIMER, QueueWelcome, SendWelcome, UnqueueWelcome
from rules.conditions.asked import Asked
from rules.conditions.introduces import Introduces
from rules.config import Config, IntroduceSpec, Mode, OnboardingSpec, WelcomeSpec
from rules.errors import Place
from rules.rulebook import Rule
from rules.selectors import modes_in_groups, select
from rules.step import Action, Condition

ANSWER = "answers"
"""The id of the rule that takes in answers to questions that `ask` asked."""


def onboarding_rules(config: Config, places: Mapping[str, Place]) -> list[Rule]:
    """The rules of every onboarding."""
    return [rule for spec in config.onboarding for rule in _rules(config, spec, places.get(spec.id))]


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
    welcome = spec.welcome
    introduce = spec.introduce
    if welcome is None and introduce is None:
        return []
    welcome = welcome or WelcomeSpec()  # who is asked to introduce themselves is greeted first
    mode: Mode = spec.mode or config.defaults.mode

    def rule(suffix: str, kind: str, *actions: Action, names: str = "", condition: Condition | None = None) -> Rule:
        return Rule(
            id=f"{spec.id}.{suffix}" if suffix else spec.id,
            name="",
            kinds=frozenset({kind}),
            condition=condition,
            actions=actions,
            mode=mode,
            names=frozenset({names}) if names else frozenset(),
            groups=select(config, spec.groups),
            binds_staff=True,
            place=place,
            modes=modes_in_groups(config, spec.id, spec.mode),
            internal=True,
        )

    rules = [
        rule("", "join", QueueWelcome(batch=welcome.batch)),
        rule("left", "leave", UnqueueWelcome()),
        rule("greet", "schedule", SendWelcome(welcome=welcome, introduce=introduce, onboarding=spec.id), names=TIMER),
    ]
    if introduce is not None:
        rules += [
            rule("introduced", "message", StoreIntroduction(introduce=introduce), condition=_introduces(introduce)),
            rule(
                "remind",
                "schedule",
                RemindIntroduction(introduce=introduce, onboarding=spec.id),
                names=timer_of(spec.id),
            ),
        ]
    return rules


def _introduces(spec: IntroduceSpec) -> Condition:
    return Introduces(
        fields=spec.fields, at_least_fields=spec.at_least_fields, free_text=spec.free_text, within=spec.within
    )
