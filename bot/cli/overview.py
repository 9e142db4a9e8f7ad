"""What a configuration says, at a glance: groups, rules, schedules with their next times, what platforms can do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.setup import Setup
from bot.speech import Speech
from rules.capability import Capability
from rules.facts import GroupSettings
from rules.rulebook import Rule
from schedules.occurrences import occurrences

NEXT = 3
"""How many of a schedule's next times are told."""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One configured group."""

    key: str
    name: str
    chat: str
    timezone: str
    language: str
    mode: str
    rules: int
    cannot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One schedule in the groups that share a time zone; ``next`` are wall times there."""

    id: str
    name: str
    groups: tuple[str, ...]
    timezone: str
    next: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """What a configuration says."""

    version: str
    rules: dict[str, int]
    tests: int
    onboarding: int
    groups: tuple[GroupLine, ...]
    schedules: tuple[ScheduleLine, ...]

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def overview(setup: Setup, now: datetime) -> Overview:
    """What a setup says, with next times as seen from ``now``."""
    settings = [book.settings for book in setup.rulebook.groups.values()]
    written = [rule for rule in setup.rulebook.rules if _written(rule)]
    return Overview(
        version=setup.rulebook.version,
        rules=dict(Counter(rule.mode for rule in written)),
        tests=sum(len(rule.tests) for rule in setup.config.rules),
        onboarding=len(setup.config.onboarding),
        groups=tuple(_group(one, setup) for one in settings),
        schedules=tuple(
            line for rule in setup.rulebook.rules if rule.timing is not None for line in _schedule(rule, settings, now)
        ),
    )


def print_overview(found: Overview, file: str, console: Console, speech: Speech) -> None:
    """Print it as tables."""
    between = speech("between")
    total = sum(found.rules.values())
    modes = between.join(speech("mode", count=n, mode=speech.word(mode)) for mode, n in sorted(found.rules.items()))
    facts = [speech.many(total, "rule") + (speech("within", text=modes) if modes else "")]
    facts += [speech.many(found.tests, "test")]
    facts += [speech("onboarding", count=found.onboarding)] if found.onboarding else []
    facts += [speech.many(len(found.groups), "group")]
    facts += [speech.many(len({line.id for line in found.schedules}), "schedule")]
    told = speech("sound", facts=between.join(facts))
    console.print(Text.assemble(("✓ ", "bold green"), (file, "bold"), told), soft_wrap=True)
    if found.groups:
        console.print(_groups_table(found.groups, speech))
        if any(line.cannot for line in found.groups):
            console.print(_cannot_table(found.groups, speech))
    if found.schedules:
        console.print(_schedules_table(found.schedules, speech))


def _groups_table(groups: Sequence[GroupLine], speech: Speech) -> Table:
    table = _table(speech, "group", "chat", "timezone", "language", "rules")
    for line in groups:
        mode = "" if line.mode == "enforce" else speech("within", text=speech.word(line.mode))
        table.add_row(Text(line.key), Text(line.chat), line.timezone, line.language, f"{line.rules}{mode}")
    return table


def _cannot_table(groups: Sequence[GroupLine], speech: Speech) -> Table:
    """What platforms cannot do, a line for all groups that miss the same."""
    table = _table(speech, "groups", "cannot")
    alike: dict[tuple[str, ...], list[str]] = {}
    for line in groups:
        alike.setdefault(line.cannot, []).append(line.key)
    for cannot, keys in alike.items():
        missed = [each for each in cannot if _FOLLOWS.get(each) not in cannot]
        if missed:
            table.add_row(Text(", ".join(keys)), speech("between").join(map(speech.word, missed)))
    return table


def _schedules_table(schedules: Sequence[ScheduleLine], speech: Speech) -> Table:
    table = _table(speech, "schedule", "groups", "next")
    for line in schedules:
        zone = speech("within", text=line.timezone)
        when = speech("between").join(line.next) + zone if line.next else speech.word(line.words)
        table.add_row(Text(line.id), ", ".join(line.groups), when)
    return table


def _table(speech: Speech, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", title_justify="left")
    for column in columns:
        table.add_column(speech(f"column.{column}"), overflow="fold")
    return table


def _written(rule: Rule) -> bool:
    """Whether it stands under ``rules:``, and is not a schedule's or one that Groupkeeper made itself."""
    return not rule.internal and rule.timing is None


_UNSEEN = frozenset({Capability.DELETE_MANY})
"""What makes no difference to anybody but to the platform."""
_RARE = frozenset({Capability.ANNOUNCE, Capability.RENAME, Capability.INVITE})
"""What is missed only by who keeps groups on a platform that can do it, too."""
_FOLLOWS = {Capability.ANSWER_BUTTONS.value: Capability.BUTTONS.value}
"""What cannot be done without something else, and goes without saying where that cannot be done."""


def _group(one: GroupSettings, setup: Setup) -> GroupLine:
    able = frozenset[Capability]().union(*(book.settings.capabilities for book in setup.rulebook.groups.values()))
    missing = set(Capability) - one.capabilities - _UNSEEN - (_RARE - able)
    return GroupLine(
        key=one.key,
        name=one.name,
        chat=one.chat,
        timezone=str(one.timezone),
        language=one.language,
        mode=one.mode,
        rules=sum(1 for rule in setup.rulebook.rules if one.key in rule.groups and _written(rule)),
        cannot=tuple(each.value for each in Capability if each in missing),
    )


def _schedule(rule: Rule, settings: Sequence[GroupSettings], now: datetime) -> list[ScheduleLine]:
    timing = rule.timing
    assert timing is not None  # noqa: S101 - the caller asks for rules with a timing
    by_zone: dict[str, list[GroupSettings]] = {}
    for one in settings:
        if one.key in rule.groups:
            by_zone.setdefault(str(one.timezone), []).append(one)
    lines = []
    for zone, there in by_zone.items():
        window = there[0].windows.get(timing.in_window) if timing.in_window is not None else None
        times = islice(occurrences(timing, there[0].timezone, now, window=window), NEXT)
        lines.append(
            ScheduleLine(
                id=rule.id,
                name=rule.name,
                groups=tuple(sorted(one.key for one in there)),
                timezone=zone,
                next=tuple(one.local.replace("T", " ") for one in times),
                words="when it has been quiet" if timing.quiet_for is not None else "never again",
            )
        )
    return lines
