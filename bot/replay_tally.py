"""Counting what a replay comes to: per rule, in all, and against another rulebook. Counters and a few examples only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from bot.replay_engine import Outcome
from rules import decision as d
from rules.effects import Effect, kind_of
from rules.events import message_of, subject_of
from rules.rulebook import Rulebook

EXAMPLES = 3
LONGEST = 80
"""Characters of an example's text."""


@dataclass(frozen=True, slots=True)
class Example:
    """An event to look at: when (on the group's wall clock), who, and its first words."""

    id: str
    at: datetime
    author: str
    text: str


@dataclass(slots=True)
class RuleTally:
    """What one rule came to. ``hits`` were enforced, ``shadow_hits`` would have been.

    ``limited`` counts those that `at_most` held back, ``errors`` conditions that raised, with the first such error.
    One that is ``timed`` starts by the clock, and a replay has no such events; an ``internal`` one is in no file.
    """

    id: str
    name: str
    timed: bool = False
    internal: bool = False
    hits: int = 0
    shadow_hits: int = 0
    limited: int = 0
    errors: int = 0
    first_error: str | None = None
    members: set[str] = field(default_factory=set)
    effects: Counter[str] = field(default_factory=Counter)
    would: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    @property
    def held(self) -> int:
        """How often it held, in whatever mode."""
        return self.hits + self.shadow_hits


class Tally:
    """What a replay comes to so far. ``failed`` counts events on which no decision could be made."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rules = {
            rule.id: RuleTally(rule.id, rule.name, rule.timing is not None, rule.internal) for rule in rulebook.rules
        }
        self.events: Counter[str] = Counter()
        self.effects: Counter[str] = Counter()
        self.acted = 0
        self.failed = 0
        self.first_failure: str | None = None
        self.groups: dict[str, str] = {}
        self.since: datetime | None = None
        self.until: datetime | None = None
        self.zone: tzinfo = UTC
        """The wall clock by which times are told to people: that of the first group."""

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        event, decision = outcome.event, outcome.decision
        if not self.events:
            self.zone = outcome.settings.timezone
        self.events[event.kind] += 1
        self.groups[event.group.id] = event.group.name
        self.since = event.at if self.since is None else min(self.since, event.at)
        self.until = event.at if self.until is None else max(self.until, event.at)
        if outcome.error is not None:
            self.failed += 1
            self.first_failure = self.first_failure or f"{event.id}: {outcome.error}"
        if decision.effects:
            self.acted += 1
            self.effects.update(kind_of(effect) for effect in decision.effects)
        if decision.trace is None:
            return
        for part in decision.trace.rules:
            for condition, _, error in part.notes:
                if error is not None:
                    tally = self.rules[part.rule]
                    tally.errors += 1
                    tally.first_error = tally.first_error or f"{condition.step}: {error}"
            if part.outcome in (d.FIRED, d.SHADOW):
                self._hit(part, outcome)
            elif part.outcome == d.LIMITED:
                self.rules[part.rule].limited += 1

    def _hit(self, part: d.RuleTrace, outcome: Outcome) -> None:
        tally = self.rules[part.rule]
        if part.outcome == d.FIRED:
            tally.hits += 1
            tally.effects.update(kind_of(effect) for effect in part.effects)
        else:
            tally.shadow_hits += 1
            tally.would.update(kind_of(effect) for effect in part.effects)
        subject = subject_of(outcome.event)
        if subject is not None:
            tally.members.add(subject)
        if len(tally.examples) < EXAMPLES:
            tally.examples.append(example_of(outcome, _seen(part, outcome)))


@dataclass(slots=True)
class Comparison:
    """How another rulebook differs, on events that either acts on; shadow rules count as if they were enforced.

    ``newly``: only the other acts; ``no_longer``: only this one; ``otherwise``: both, with other effects.
    """

    newly: int = 0
    no_longer: int = 0
    otherwise: int = 0
    examples: dict[str, list[Example]] = field(default_factory=lambda: {"newly": [], "no_longer": [], "otherwise": []})

    def add(self, ours: Outcome | None, theirs: Outcome | None) -> bool:
        """Count one event; whether the two differ on it. Either is None where the event (a timer) came to one only."""
        here, there = _acts(ours), _acts(theirs)
        outcome = theirs or ours
        if here == there or outcome is None:
            return False
        if not here:
            what = "newly"
            self.newly += 1
        elif not there:
            what = "no_longer"
            self.no_longer += 1
        else:
            what = "otherwise"
            self.otherwise += 1
        if len(self.examples[what]) < EXAMPLES:
            self.examples[what].append(example_of(outcome))
        return True


def example_of(outcome: Outcome, seen: Iterable[str] = ()) -> Example:
    """An outcome's event, short. A long text is shown around the first of the words that were ``seen`` in it."""
    event = outcome.event
    message = message_of(event)
    text = message.text if message is not None else ""
    if message is not None and not text:
        text = " ".join(f"[{media.kind}]" for media in message.media)
    member = subject_of(event)
    author = message.author.name if message is not None else getattr(getattr(event, "member", None), "name", "")
    short = _excerpt(" ".join(text.split()), seen)
    return Example(event.id, outcome.settings.local(event.at), author or member or "", short or f"({event.kind})")


def would_be(outcome: Outcome) -> Iterable[Effect]:
    """The effects that shadow rules would have had."""
    trace = outcome.decision.trace
    if trace is None:
        return ()
    return [effect for part in trace.rules if part.outcome == d.SHADOW for effect in part.effects]


def _acts(outcome: Outcome | None) -> tuple[str, ...]:
    if outcome is None:
        return ()
    kinds = [kind_of(effect) for effect in outcome.decision.effects]
    return tuple(sorted({*kinds, *(kind_of(effect) for effect in would_be(outcome))}))


def _seen(part: d.RuleTrace, outcome: Outcome) -> list[str]:
    """The words that a rule's conditions found."""
    trace = outcome.decision.trace
    words: list[str] = []
    for condition, held, _ in part.notes if trace is not None else ():
        seen = condition.seen(trace.event, trace.facts) if held and trace is not None else None
        words += [one for one in (seen if isinstance(seen, (list, tuple)) else [seen]) if isinstance(one, str)]
    return words


def _excerpt(text: str, seen: Iterable[str]) -> str:
    if len(text) <= LONGEST:
        return text
    folded = text.casefold()
    found = next((at for words in seen if words and (at := folded.find(words.casefold())) >= 0), 0)
    start = 0 if found < LONGEST // 2 else min(found - LONGEST // 4, len(text) - LONGEST)
    end = start + LONGEST
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
