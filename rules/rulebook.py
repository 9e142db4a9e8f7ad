"""The rules in force, made ready for deciding: by group and kind of event, with one index over all phrases."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

from rules.decision import RuleTrace, missed
from rules.errors import Place
from rules.facts import Facts, GroupSettings
from rules.logic import All, AnyOf
from rules.phrases import PhraseIndex
from rules.quota import Quota
from rules.step import Action, Condition, Fallback, Library
from rules.timing import Timing

ENFORCE, SHADOW, OFF = "enforce", "shadow", "off"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to be asked. ``order`` is its place in the file; rules are looked at in that order.

    ``names`` narrows the trigger: the commands, button data or schedules it is for (empty: all of its kinds).
    ``binds_staff`` is whether staff are held to it too. ``stop`` ends the look at later rules once it has fired.
    """

    id: str
    name: str
    kinds: frozenset[str]
    condition: Condition | None
    actions: tuple[Action, ...]
    mode: str = ENFORCE
    names: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()  # keys of configured groups
    binds_staff: bool = False
    stop: bool = False
    at_most: Quota | None = None
    timing: Timing | None = None
    place: Place | None = None
    modes: Mapping[str, str] = field(default_factory=dict)  # per group key, over ``mode``
    missed: RuleTrace | None = None  # its part where no phrase is found, if it can only hold where one is
    internal: bool = False  # made from another section (onboarding, activities) rather than written as a rule
    made_from: str = ""  # the id of that section: an onboarding makes several rules, named after it
    fallback: Fallback = field(default_factory=dict)  # what is done instead of steps that a platform cannot do
    always: bool = False  # looked at although an earlier rule has ended the look
    sees_lines: bool = False  # asks for what nobody has said (a recall, a poke), which other rules never see


@dataclass(frozen=True, slots=True)
class GroupBook:
    """One group's settings and its rules by kind of event, in order."""

    settings: GroupSettings
    by_kind: Mapping[str, tuple[Rule, ...]]


@dataclass(frozen=True)
class Rulebook:
    """All rules of a configuration. ``version`` names its content: equal files have equal versions.

    ``groups`` is by platform-qualified chat id. ``roles_of`` tells which of the operator's roles a member holds and
    whether that makes them staff.
    """

    version: str
    rules: tuple[Rule, ...]
    groups: Mapping[str, GroupBook]
    library: Library = field(default_factory=Library)
    first_match: bool = False
    roles_of: Callable[[Facts], tuple[frozenset[str], bool]] = lambda facts: (frozenset(), False)
    phrases: PhraseIndex = field(default_factory=lambda: PhraseIndex(()))
    horizon: timedelta = timedelta()
    detectors: frozenset[str] = frozenset()

    def group(self, chat: str) -> GroupBook | None:
        """The configured group with this platform-qualified chat id."""
        return self.groups.get(chat)

    def standing_in(self, chat: str, key: str) -> "Rulebook":
        """The same rulebook, in which another chat is kept as the group ``key`` is: for replaying strange histories.

        Raises ``KeyError`` for a group that is not configured.
        """
        book = next((book for book in self.groups.values() if book.settings.key == key), None)
        if book is None:
            raise KeyError(key)
        here = GroupBook(replace(book.settings, chat=chat), book.by_kind)
        return replace(self, groups=MappingProxyType({**self.groups, chat: here}))

    def moved(self, old: str, new: str) -> "Rulebook":
        """The same rulebook, in which the group with the id ``old`` has the id ``new``; as a staff room, too."""

        def renamed(chat: str | None) -> str | None:
            return new if chat == old else chat

        groups = {
            renamed(chat) or chat: GroupBook(
                replace(
                    book.settings,
                    chat=renamed(chat) or chat,
                    staff_chat=renamed(book.settings.staff_chat),
                ),
                book.by_kind,
            )
            for chat, book in self.groups.items()
        }
        chats = {key: renamed(chat) or chat for key, chat in self.library.chats.items()}
        return replace(self, groups=MappingProxyType(groups), library=replace(self.library, chats=chats))

    def altered(self, change: Callable[[Rule], Rule]) -> "Rulebook":
        """The same rulebook, in whose groups every rule is what ``change`` makes of it: for trying rules out."""
        groups = {
            chat: GroupBook(
                book.settings, {kind: tuple(change(rule) for rule in rules) for kind, rules in book.by_kind.items()}
            )
            for chat, book in self.groups.items()
        }
        return replace(self, groups=MappingProxyType(groups))

    def settings_for(self, rule: Rule, key: str | None = None) -> GroupSettings | None:
        """The settings of a group that the rule is for: the first, or the one with this key; None if there is none."""
        books = (book.settings for book in self.groups.values() if book.settings.key in rule.groups)
        return next((settings for settings in books if key in (None, settings.key)), None)

    @property
    def written(self) -> tuple[Rule, ...]:
        """The rules and schedules of the file, without those that are made from other sections."""
        return tuple(rule for rule in self.rules if not rule.internal)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def assemble(
    version: str,
    rules: Iterable[Rule],
    settings: Iterable[GroupSettings],
    library: Library | None = None,
    *,
    first_match: bool = False,
    roles_of: Callable[[Facts], tuple[frozenset[str], bool]] | None = None,
) -> Rulebook:
    """A rulebook from its parts: indexed by group and kind, its phrases in one index."""
    ordered = tuple(_ready(rule) for rule in rules)
    conditions = [part for rule in ordered if rule.condition is not None for part in walk(rule.condition)]
    groups: dict[str, GroupBook] = {}
    for group in settings:
        by_kind: dict[str, list[Rule]] = {}
        for rule in ordered:
            if group.key in rule.groups:
                for kind in rule.kinds:
                    by_kind.setdefault(kind, []).append(rule)
        groups[group.chat] = GroupBook(group, MappingProxyType({kind: tuple(found) for kind, found in by_kind.items()}))
    return Rulebook(
        version=version,
        rules=ordered,
        groups=MappingProxyType(groups),
        library=library or Library(),
        first_match=first_match,
        roles_of=roles_of or _no_roles,
        phrases=PhraseIndex(phrase for part in conditions for phrase in part.phrases()),
        horizon=max((part.looks_back() for part in conditions), default=timedelta()),
        detectors=frozenset(name for part in conditions for name in part.detectors()),
    )


def walk(condition: Condition) -> Iterable[Condition]:
    """A condition and all conditions inside it."""
    yield condition
    for part in condition.parts():
        yield from walk(part)


def _ready(rule: Rule) -> Rule:
    """A rule with what follows from its condition alone."""
    condition = rule.condition
    if condition is None:
        return rule
    gate = _gate(condition)
    sees_lines = any(part.asks_for_lines() for part in walk(condition))
    if gate is None and not sees_lines:
        return rule
    return replace(rule, missed=missed(rule.id, gate) if gate is not None else None, sees_lines=sees_lines)


def _gate(condition: Condition | None) -> Condition | None:
    """A condition inside this one that needs a phrase, and without which this one cannot hold."""
    if condition is None or condition.gated:
        return condition
    if isinstance(condition, All):
        return next((gate for part in condition.of if (gate := _gate(part)) is not None), None)
    if isinstance(condition, AnyOf):
        gates = [_gate(part) for part in condition.of]
        return gates[0] if gates and all(gate is not None for gate in gates) else None
    return None


def _no_roles(facts: Facts) -> tuple[frozenset[str], bool]:
    return frozenset(), False
