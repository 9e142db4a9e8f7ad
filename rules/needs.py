"""What the rules of a group ask of its platform: by capability, the rules that need it."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.capability import Capability
from rules.doing import really_done
from rules.onboarding import ANSWER, GATE
from rules.rulebook import OFF, GroupBook, Rule, Rulebook

_BY_KIND: Mapping[str, Capability] = {
    "join": Capability.SEE_JOINS,
    "leave": Capability.SEE_LEAVES,
    "join_request": Capability.JOIN_REQUESTS,
    "reaction": Capability.SEE_REACTIONS,
}
_READ = frozenset({"message", "edit"})


@dataclass(frozen=True, slots=True)
class Needs:
    """``by_capability`` and ``reads`` name rules as people call them; ``reads`` are those that look at messages."""

    by_capability: Mapping[Capability, tuple[str, ...]]
    reads: tuple[str, ...]


def needs_of(book: GroupBook, rulebook: Rulebook) -> Needs:
    """What the rules in force in a group need, those in shadow too: they are to be switched on some day.

    The rules that see to those who stand at a gate need nothing that its onboarding does not need.
    """
    found: dict[Capability, dict[str, None]] = {}
    reads: dict[str, None] = {}
    for rule in _rules(book):
        name = _called(rule)
        done = really_done(rule.actions, rule.fallback, book.settings, rulebook.library)
        asked = {capability for action in done for capability in action.wants()}
        asked |= {_BY_KIND[kind] for kind in rule.kinds & _BY_KIND.keys()}
        for capability in asked & book.settings.capabilities:
            found.setdefault(capability, {})[name] = None
        if (rule.kinds & _READ and rule.id != ANSWER) or any(action.listens() for action in done):
            reads[name] = None
    return Needs({capability: tuple(names) for capability, names in sorted(found.items())}, tuple(reads))


def _rules(book: GroupBook) -> list[Rule]:
    every = {rule.id: rule for rules in book.by_kind.values() for rule in rules if not rule.id.startswith(GATE)}
    return [rule for rule in every.values() if rule.modes.get(book.settings.key, rule.mode) != OFF]


def _called(rule: Rule) -> str:
    # Rules made of an onboarding are named after it: `newcomers.greet` is what the operator wrote as `newcomers`.
    return rule.name or rule.made_from or rule.id
