"""One measured figure, and a table of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured. ``aim`` is the most it may be, or (``more``) the least; None: for comparison only."""

    what: str
    value: float
    unit: str
    aim: float | None = None
    more: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.more else self.value <= self.aim


def print_figures(title: str, figures: Sequence[Figure], console: Console) -> None:
    """Print figures with their aims, and how far from them they are."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("what")
    for column in ("measured", "aim", "of the aim"):
        table.add_column(column, justify="right")
    table.add_column("")
    table.add_column("", style="dim")
    for each in figures:
        aim = share = ""
        if each.aim is not None:
            aim = f"{'≥' if each.more else '≤'} {_number(each.aim)} {each.unit}"
            share = f"{each.value / each.aim:.0%}"
        sign = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}[each.met]
        table.add_row(each.what, f"{_number(each.value)} {each.unit}", aim, share, sign, each.note)
    console.print(table)
    console.print()


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
