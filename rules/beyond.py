"""What rules ask of platforms that cannot do it, and nothing is said to be done instead: found when a file is loaded."""
# ruff: noqa: E501 - a sentence is easier to find whole

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from rules.capability import Capability
from rules.doing import Doing, Doings, ladders_of, rungs
from rules.errors import Complaint, Place
from rules.facts import GroupSettings
from rules.rulebook import Rule
from rules.step import Action, Fallback, Library

Locate = Callable[[Rule, Action, Capability], Place | None]
"""Where a rule asks for something."""

WORDS = {
    Capability.DELETE: "delete a member's message",
    Capability.MUTE: "mute a member",
    Capability.KICK: "remove a member",
    Capability.BAN: "ban a member",
    Capability.PIN: "pin a message",
    Capability.EDIT_OWN: "change a message of the bot's own",
    Capability.SEND_PRIVATE: "send a message to one member alone",
    Capability.JOIN_REQUESTS: "answer join requests",
    Capability.ANNOUNCE: "set the notice at the top of a group",
    Capability.RENAME: "rename a group",
    Capability.INVITE: "invite somebody into a group",
}
"""What a capability lets the bot do."""
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "delete": ("remind", "kick", "alert"),
    "hold": ("remind", "alert"),
    "mute": ("warn", "alert", "kick"),
    "kick": ("warn", "alert"),
    "ban": ("kick", "warn", "alert"),
    "ask_staff": ("alert",),
    "pin": ("announce", "nothing"),
    "announce": ("send", "nothing"),
    "send_private": ("reply", "send"),
    "invite": ("send", "alert"),
    "post": ("send", "nothing"),
}
"""What may well be done instead of a step, the nearest first."""


def platform_of(groups: Iterable[GroupSettings]) -> str:
    """What to call the platform of some groups, all on platforms of one title."""
    some = sorted(groups, key=lambda one: one.key)
    if some[0].title:
        return some[0].title
    keys = ", ".join(one.key for one in some)
    return f"the platform of group {keys}" if len(some) == 1 else f"the platform of groups {keys}"


@dataclass
class _Fault:
    """One step that cannot be done, for one reason, on platforms of one title: in these rules and groups."""

    doing: Doing
    rules: dict[str, Rule] = field(default_factory=dict)
    groups: dict[str, GroupSettings] = field(default_factory=dict)


def beyond(
    rules: Iterable[Rule],
    settings: Mapping[str, GroupSettings],
    done: Doings,
    locate: Locate,
    known: Mapping[str, type[Action]],
) -> Iterator[Complaint]:
    """A complaint for every step that a platform cannot do and nothing stands in for, and for every such stand-in."""
    lacking: dict[tuple[Place | None, str, Capability, str], _Fault] = {}
    vain: dict[tuple[Place | None, str, Capability, str], _Fault] = {}
    for rule in rules:
        for key in sorted(rule.groups):
            group = settings[key]
            for doing in done.of(rule, group):
                standing = doing.stand_in
                if standing is None:
                    continue
                if standing.steps is None:
                    for missing in sorted(standing.missing):
                        _note(lacking, doing, doing.action, missing, rule, group, locate)
                for step in standing.steps or ():
                    for missing in sorted(step.required() - group.capabilities):
                        _note(vain, doing, step, missing, rule, group, locate)
    for (place, _, missing, _), fault in lacking.items():
        yield Complaint(place or Place("config"), _lacking(fault, missing, known))
    for (place, name, missing, _), fault in vain.items():
        cannot = f"{platform_of(fault.groups.values())} cannot {WORDS.get(missing, missing)}"
        why = f"{_asking(fault)}: {cannot} either (`{name}`, instead of `{_name(fault.doing)}`), and a fallback has no fallback; write what can be done there, or `{_name(fault.doing)}: nothing`"
        yield Complaint(place or Place("config"), why)


def _note(
    found: dict[tuple[Place | None, str, Capability, str], _Fault],
    doing: Doing,
    step: Action,
    missing: Capability,
    rule: Rule,
    group: GroupSettings,
    locate: Locate,
) -> None:
    at = locate(rule, step, missing)
    fault = found.setdefault((at, step.step, missing, group.title), _Fault(doing))
    fault.rules[rule.id] = rule
    fault.groups[group.key] = group


def _lacking(fault: _Fault, missing: Capability, known: Mapping[str, type[Action]]) -> str:
    groups = sorted(fault.groups)
    step = _step(fault.doing, missing)
    cannot = f"{platform_of(fault.groups.values())} cannot {WORDS.get(missing, missing)}"
    keys = ", ".join(groups)
    exclude = f"exclude group{'s' if len(groups) > 1 else ''} {keys}"
    ladder = f" of ladder {fault.doing.ladder}" if fault.doing.ladder else ""
    if any(rule.internal for rule in fault.rules.values()):
        step = "grow_for" if missing is Capability.EDIT_OWN else step
        return f"{_asking(fault)}: {cannot} (`{step}`); take out what asks for it, or leave {keys} out of its groups:"
    name = "pin" if missing is Capability.PIN else fault.doing.action.step
    near = _suggested(name, fault, known)
    instead = f"add a fallback (`fallback: {{ {name}: ... }}`: {near})"
    return f"{_asking(fault)}: {cannot} (`{step}`{ladder}); {instead}, or {exclude} (except_groups: [{keys}])"


def _step(doing: Doing, missing: Capability) -> str:
    """What the operator wrote: a post that is to be pinned has `pin: true`, one that is kept up to date `update_for`."""
    if missing is Capability.PIN and doing.action.step != "pin":
        return "pin: true"
    return "update_for" if missing is Capability.EDIT_OWN and doing.action.step == "post" else doing.action.step


def _name(doing: Doing) -> str:
    return doing.action.step if doing.stand_in is None else doing.stand_in.name


def _asking(fault: _Fault) -> str:
    """What wants it: `rule ads`, `rules ads, spam`, `schedule morning`, `onboarding newcomers`."""
    if all(rule.internal for rule in fault.rules.values()):
        return f"onboarding {', '.join(sorted({rule.made_from for rule in fault.rules.values()}))}"
    ids = sorted(fault.rules)
    noun = "schedule" if all(rule.timing is not None for rule in fault.rules.values()) else "rule"
    return f"{noun}{'s' if len(ids) > 1 else ''} {', '.join(ids)}"


def _suggested(name: str, fault: _Fault, known: Mapping[str, type[Action]]) -> str:
    """Steps that can be done instead wherever this one cannot."""
    groups, kinds = fault.groups.values(), {kind for rule in fault.rules.values() for kind in rule.kinds}

    def fits(step: str) -> bool:
        cls = known.get(step)
        if cls is None:
            return step == "nothing"
        able = all(cls.needs <= group.capabilities for group in groups)
        told = step != "alert" or any(group.staff_chat is not None for group in groups)
        return able and told and (cls.kinds is None or not kinds or bool(kinds & cls.kinds))

    def written(step: str) -> str:
        cls = known.get(step)
        bare = cls is None or not any(one.is_required() for one in cls.model_fields.values())
        return step if bare else f"{{ {step}: ... }}"

    return ", ".join(written(step) for step in _INSTEAD.get(name, ("alert",)) if fits(step)) or "nothing"


def inapt(
    rules: Iterable[Rule], settings: Mapping[str, GroupSettings], done: Doings, locate: Locate
) -> Iterator[Complaint]:
    """Complaints about stand-ins that can never apply to what starts a rule: they would be done, and do nothing."""
    found: dict[tuple[Place | None, str], Complaint] = {}
    for rule in rules:
        for key in sorted(rule.groups):
            for doing in done.of(rule, settings[key]):
                for step in doing.stand_in.steps or () if doing.stand_in is not None else ():
                    if step.kinds is not None and step.kinds.isdisjoint(rule.kinds):
                        at = locate(rule, step, Capability.SEND) or Place("config")
                        happens, can = " or ".join(sorted(rule.kinds)), ", ".join(sorted(step.kinds))
                        asks = f"{'rule' if rule.timing is None else 'schedule'} {rule.id}"
                        why = f"{asks}: `{step.step}`, instead of `{_name(doing)}`, cannot apply when: {happens}; it is for {can}"
                        found.setdefault((at, step.step), Complaint(at, why))
    yield from found.values()


def idle(
    rules: Iterable[Rule],
    own: Mapping[str, Fallback],
    ladders: Mapping[str, Fallback],
    library: Library,
    places: Mapping[str, Place],
) -> Iterator[Complaint]:
    """A complaint for what is to be done instead of a step that a rule, or a ladder, does not have."""
    for rule in rules:
        steps = _names(rule.actions, library)
        yield from _idle(own.get(rule.id, {}), steps, f"rule {rule.id}", rule.id, places)
    for name, fallback in ladders.items():
        steps = _names(rungs(name, library), library, frozenset({name}))
        yield from _idle(fallback, steps, f"ladder {name}", f"ladders.{name}", places)


def _idle(fallback: Fallback, steps: set[str], who: str, path: str, places: Mapping[str, Place]) -> Iterator[Complaint]:
    for name in fallback:
        if name not in steps:
            why = f"{who} has no `{name}` that this could be done instead of; it has {', '.join(sorted(steps))}"
            yield Complaint(places.get(f"{path}.fallback.{name}") or Place("config"), why)


def _names(actions: tuple[Action, ...], library: Library, climbed: frozenset[str] = frozenset()) -> set[str]:
    """What steps are called under `fallback:`, and those of the ladders that they climb."""
    names = {name for action in actions for name in (action.step, *action.without())}
    for ladder in {name for action in actions for name in ladders_of(action, library)} - climbed:
        names |= _names(rungs(ladder, library), library, climbed | {ladder})
    return names


def strangers(
    rules: Iterable[Rule], settings: Mapping[str, GroupSettings], done: Doings, locate: Locate
) -> Iterator[Complaint]:
    """Complaints about invitations into a group of another platform, where nobody of this one can go."""
    found: dict[tuple[Place | None, str, str], list[str]] = {}
    for rule in rules:
        for key in sorted(rule.groups):
            for action in chain.from_iterable(doing.done for doing in done.of(rule, settings[key])):
                for kind, other in action.refers() if action.step == "invite" else ():
                    if kind == "group" and other in settings and settings[other].platform != settings[key].platform:
                        at = locate(rule, action, Capability.INVITE)
                        found.setdefault((at, rule.id, other), []).append(key)
    for (place, rule_id, other), keys in found.items():
        groups = ", ".join(keys)
        why = f"rule {rule_id}: `invite: {other}` can bring nobody there from {groups}, which is on another platform; exclude it (except_groups: [{groups}])"
        yield Complaint(place or Place("config"), why)
