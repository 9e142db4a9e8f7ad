"""What each rule really does in each group: as it is written, or something else where the platform cannot do a step."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.setup import Setup
from bot.speech import Speech
from rules.doing import Doing, doings
from rules.facts import GroupSettings
from rules.rulebook import ENFORCE, OFF, Rule

FEW = 12
"""So many rows are shown whole; of more only those that say something."""
_NAMED = 3
"""So many rows in which the same is done are named."""
_NARROWEST = 18
"""Cells that a column needs to be read."""
_NAMES = 26
"""Cells that the names of the rows take."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A step that is not done as written: ``instead`` of it these are, or nothing. ``ladder`` is the one it is in."""

    step: str
    instead: tuple[str, ...]
    ladder: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What becomes of a rule in a group; ``mode`` is empty where it is not for that group."""

    mode: str = ""
    changed: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A rule, schedule or onboarding, with its cells in the order of the groups."""

    kind: str
    id: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Groups of one platform in which all rules do the same."""

    platform: str
    groups: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CapabilityTable:
    """The rows, the groups by their keys, and what people call the platform of each."""

    groups: tuple[str, ...]
    platforms: tuple[str, ...]
    rows: tuple[Row, ...]

    def plain(self) -> list[dict[str, Any]]:
        """As plain data: every rule with every group that it is for."""
        return [
            {
                "kind": row.kind,
                "id": row.id,
                "name": row.name,
                "groups": {key: asdict(cell) for key, cell in zip(self.groups, row.cells, strict=True) if cell.mode},
            }
            for row in self.rows
        ]

    def columns(self) -> list[Column]:
        """The groups put together in which the same is done; those that no rule is for are left out."""
        found: dict[tuple[str, tuple[Cell, ...]], list[str]] = {}
        for index, (key, platform) in enumerate(zip(self.groups, self.platforms, strict=True)):
            cells = tuple(row.cells[index] for row in self.rows)
            if any(cell.mode for cell in cells):
                found.setdefault((platform, cells), []).append(key)
        named = [Column(platform, tuple(keys), cells) for (platform, cells), keys in found.items()]
        return sorted(named, key=lambda column: self.platforms.index(column.platform))


def capability_table(setup: Setup) -> CapabilityTable:
    """What the rules of a setup do in its groups."""
    rulebook = setup.rulebook
    settings = [book.settings for book in rulebook.groups.values()]

    def cell(rules: Sequence[Rule], group: GroupSettings) -> Cell:
        here = [rule for rule in rules if group.key in rule.groups]
        if not here:
            return Cell()
        mode = here[0].modes.get(group.key, here[0].mode)
        every = (doing for rule in here for doing in doings(rule.actions, rule.fallback, group, rulebook.library))
        return Cell(mode, tuple(dict.fromkeys(_changed(every))))

    def row(kind: str, id_: str, name: str, rules: Sequence[Rule]) -> Row:
        return Row(kind, id_, name, tuple(cell(rules, group) for group in settings))

    rows = [
        row("onboarding", one.id, "", [rule for rule in rulebook.rules if rule.made_from == one.id])
        for one in setup.config.onboarding
    ]
    rows += [
        row("rule" if rule.timing is None else "schedule", rule.id, rule.name, [rule]) for rule in rulebook.written
    ]
    return CapabilityTable(
        tuple(group.key for group in settings), tuple(group.title or group.platform for group in settings), tuple(rows)
    )


def _changed(every: Iterable[Doing]) -> Iterator[Changed]:
    for doing in every:
        if doing.stand_in is not None:
            yield Changed(doing.stand_in.name, tuple(step.step for step in doing.stand_in.steps or ()), doing.ladder)


def print_capabilities(table: CapabilityTable, console: Console, speech: Speech) -> None:
    """Print it, where it says more than that everything is done everywhere."""
    columns = table.columns()
    telling = [index for index in range(len(table.rows)) if _tells([column.cells[index] for column in columns])]
    if not telling:
        return
    few = len(table.rows) <= FEW
    shown = [[index] for index in range(len(table.rows))] if few else _alike(table, telling)
    most = max(1, (console.width - _NAMES) // _NARROWEST)
    for start in range(0, len(columns), most):
        console.print(_drawn(table, shown, columns[start : start + most], speech))
    left = len(table.rows) - sum(map(len, shown))
    if left:
        console.print(Text(speech("done.others", count=left), style="dim"))
    console.print(Text(speech("done.legend"), style="dim"))


def _tells(cells: Sequence[Cell]) -> bool:
    """Whether a row says something: it is not done alike in all groups, or not as it is written."""
    return len(set(cells)) > 1 or any(cell.changed for cell in cells)


def _alike(table: CapabilityTable, rows: Iterable[int]) -> list[list[int]]:
    """Rows put together in which the same is done everywhere."""
    found: dict[tuple[str, tuple[Cell, ...]], list[int]] = {}
    for index in rows:
        found.setdefault((table.rows[index].kind, table.rows[index].cells), []).append(index)
    return list(found.values())


def _drawn(table: CapabilityTable, shown: Sequence[Sequence[int]], columns: Sequence[Column], speech: Speech) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    drawn.add_column(speech("column.done_where"), overflow="fold")
    for column in columns:
        head = Text(speech.word(column.platform), style="not dim bold")
        drawn.add_column(Text("\n").join([head, Text(", ".join(column.groups))]), overflow="fold")
    before = ""
    for index, *others in shown:
        row = table.rows[index]
        label = Text(", ".join(table.rows[each].id for each in (index, *others)[:_NAMED]))
        if len(others) >= _NAMED:
            label.append(f" +{len(others) + 1 - _NAMED}")
        if row.kind != "rule":
            label.append(f" {speech.word(row.kind)}", style="dim")
        if row.kind != before and before:
            drawn.add_section()
        before = row.kind
        drawn.add_row(label, *(_words(column.cells[index], speech) for column in columns))
    return drawn


def _words(cell: Cell, speech: Speech) -> Text:
    if not cell.mode:
        return Text("–", style="dim")
    if cell.mode == OFF:
        return Text(speech.word(OFF), style="dim")
    watched = "" if cell.mode == ENFORCE else speech("within", text=speech.word(cell.mode))
    if not cell.changed:
        return Text.assemble(("✓", "green"), watched)
    lines = dict.fromkeys(
        f"{each.step} → {speech('between').join(each.instead) or speech.word('nothing')}" for each in cell.changed
    )
    return Text.assemble(("\n".join(lines), "yellow"), watched)
