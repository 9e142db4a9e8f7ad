"""Checks across a whole file: ids written twice, names that are nothing, steps that cannot apply to their trigger."""

from collections.abc import Iterable, Iterator

from rules.ads import AdsSpec
from rules.config import GroupSpec, OnboardingSpec, RuleSpec, ScheduleSpec, StaffSpec
from rules.errors import Place
from rules.language.names import Names
from rules.language.nodes import MapNode, Node, Path, nearest, place_of, scalars
from rules.language.stepping import StepBuilder
from rules.step import Step
from rules.timing import Timing
from rules.wording import is_key

_POSTING = ("post", "pin", "update_for")
"""Where a schedule says what it posts, and how."""


_PARTS = ("door", "gate")
"""Parts of an onboarding that are complained of by themselves."""


def check_ids(builder: StepBuilder, root: MapNode) -> dict[str, Place]:
    """Complain of ids that are there twice. Returns where each id is written."""
    places: dict[str, Place] = {}
    for section in ("onboarding", "rules", "schedules"):
        entry = root.entries.get(section)
        for number, item in enumerate(getattr(entry.value, "items", []) if entry is not None else []):
            found = item.entries.get("id") if isinstance(item, MapNode) else None
            text = getattr(found.value, "text", None) if found is not None else None
            if found is None or not text:
                continue
            first = places.setdefault(text, found.value.place)
            if first != found.value.place:
                where = f"line {first.line}" if first.file == found.value.place.file else str(first)
                why = f"the id `{text}` is used twice, first on {where}"
                builder.complain(found.value.place, (section, number, "id"), why)
            for part in _PARTS if section == "onboarding" and isinstance(item, MapNode) else ():
                if (entry_of := item.entries.get(part)) is not None:
                    places.setdefault(f"{text}.{part}", entry_of.key.place)
            tests = item.entries.get("tests") if isinstance(item, MapNode) else None
            for test, each in enumerate(getattr(tests.value, "items", []) if tests is not None else []):
                places.setdefault(f"{text}.tests[{test}]", each.place)
            places |= _keys(item, text)
    for section in ("platforms", "groups"):
        entry = root.entries.get(section)
        if entry is not None and isinstance(entry.value, MapNode):
            places |= {f"{section}.{name}": each.key.place for name, each in entry.value.entries.items()}
    entry = root.entries.get("ladders")
    for name, ladder in entry.value.entries.items() if entry is not None and isinstance(entry.value, MapNode) else ():
        places |= _keys(ladder.value, f"ladders.{name}")
    entry = root.entries.get("defaults")
    return places | (_keys(entry.value, "defaults") if entry is not None else {})


def _keys(node: Node, of: str) -> dict[str, Place]:
    """Where something says what it posts, and what is done instead of which step."""
    if not isinstance(node, MapNode):
        return {}
    places = {f"{of}.{name}": node.entries[name].key.place for name in _POSTING if name in node.entries}
    instead = node.entries.get("fallback")
    if instead is not None and isinstance(instead.value, MapNode):
        places |= {f"{of}.fallback.{name}": entry.key.place for name, entry in instead.value.entries.items()}
    return places


def check_references(builder: StepBuilder, root: MapNode, names: Names) -> None:
    """Complain of every name that is defined nowhere."""
    for path, made in builder.built.items():
        for sort, name, at in _references(made, path):
            why = names.selector_fault(name) if sort == "selector" else names.fault(sort, name)
            if why is not None:
                builder.complain(_place(root, at, name), at, why)
    for step, path, place, node in builder.origins:
        for sort, name in _refers(step):
            why = names.fault(sort, name)
            if why is not None:
                builder.complain(_within(node, name, place), path, why)


def check_kinds(builder: StepBuilder) -> None:
    """Complain of steps that can never apply to what starts their rule."""
    for step, path, place, _ in builder.origins:
        if step.kinds is None or len(path) < 2:
            continue
        kinds = frozenset({"schedule"}) if path[0] == "schedules" else builder.triggers.get(path[:2])
        if kinds and kinds.isdisjoint(step.kinds):
            happens, can = " or ".join(sorted(kinds)), ", ".join(sorted(step.kinds))
            builder.complain(place, path, f"`{step.step}` cannot apply when: {happens}; it is for {can}")


def _references(made: object, path: Path) -> Iterator[tuple[str, str, Path]]:
    """What a section names, with the path at which it does."""
    if isinstance(made, (RuleSpec, ScheduleSpec, OnboardingSpec)):
        yield from _selectors(made.groups, (*path, "groups"))
    if isinstance(made, (RuleSpec, ScheduleSpec)):
        yield from _selectors(made.except_groups, (*path, "except_groups"))
    if isinstance(made, RuleSpec):
        if "schedule" in made.when.kinds:
            yield from (("schedule", name, (*path, "when", "schedule")) for name in sorted(made.when.names))
        for number, test in enumerate(made.tests):
            yield "tester", test.by, (*path, "tests", number, "by")
            if test.group is not None:
                yield "group", test.group, (*path, "tests", number, "group")
        if made.when.timing is not None:
            yield from _window(made.when.timing, (*path, "when"))
    elif isinstance(made, ScheduleSpec):
        yield from _window(made.when, path)
    elif isinstance(made, GroupSpec):
        yield "platform", made.platform, (*path, "platform")
        yield from (("rule", name, (*path, "rules", name)) for name in made.rules)
        if made.ads is not None:
            yield from (("window", name, (*path, "ads", "windows")) for name in made.ads.windows or ())
    elif isinstance(made, AdsSpec):
        yield from (("window", name, (*path, "windows")) for name in made.windows)
        yield from _selectors(made.marketplace, (*path, "marketplace"))
    elif isinstance(made, StaffSpec):
        if made.room is not None:
            yield "group", made.room, (*path, "room")
        if made.report is not None:
            yield from _window(made.report, (*path, "report"))
    elif isinstance(made, OnboardingSpec):
        if made.gate is not None:
            yield from _copy(made.gate.ask, (*path, "gate", "ask"))
        if made.welcome is not None:
            yield from _copy(made.welcome.copy_, (*path, "welcome", "copy"))
        if made.introduce is not None:
            for name, text in (
                ("copy", made.introduce.copy_),
                ("thanks", made.introduce.thanks),
                ("remind", made.introduce.remind),
            ):
                yield from _copy(text, (*path, "introduce", name))


def _window(timing: Timing, path: Path) -> Iterator[tuple[str, str, Path]]:
    if timing.in_window is not None:
        yield "window", timing.in_window, (*path, "in_window")


def _copy(text: str | None, path: Path) -> Iterator[tuple[str, str, Path]]:
    if text is not None and is_key(text):
        yield "copy", text, path


def _selectors(names: Iterable[str], path: Path) -> Iterator[tuple[str, str, Path]]:
    for number, name in enumerate(names):
        yield "selector", name, (*path, number)


def _refers(step: Step) -> list[tuple[str, str]]:
    return list(step.refers())


def _place(root: Node, path: Path, name: str) -> Place:
    """Where a name is written: the text itself if it stands at (or in) the path, else the nearest place."""
    node, key, taken = nearest(root, path)
    if taken == len(path) and key is not None and key.text == name:
        return key.place
    return _within(node, name, place_of(root, path))


def _within(node: Node, name: str, otherwise: Place) -> Place:
    """Where a name is written in a node: as a text of its own, else as part of one."""
    whole = (scalar.place for scalar in scalars(node) if scalar.text == name)
    part = (scalar.place for scalar in scalars(node) if name in scalar.text)
    return next(whole, None) or next(part, otherwise)
