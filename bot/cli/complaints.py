"""Complaints about a configuration as an operator reads them: the place, the words, the line with a caret below."""

from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.speech import Speech
from rules.errors import Complaint
from rules.language.saying import said

_WIDEST = 160
"""Cells of a source line that are shown."""


def print_complaints(
    complaints: Iterable[Complaint],
    folder: Path | None,
    out: TextIO,
    speech: Speech,
    *,
    style: str = "red",
    label: str = "",
) -> None:
    """Print complaints in the operator's language: with the source and in colour on a terminal, else one line each.

    ``folder`` is that of the main file: the complaints' files are named relative to it.
    """
    console = Console(file=out, highlight=False, soft_wrap=True)
    sources: dict[str, list[str]] = {}
    for complaint in complaints:
        file = complaint.place.file
        line = Text(f"{_where(complaint, folder)}: ", style="bold")
        if label:
            line.append(label, style=f"bold {style}")
        if complaint.path:
            line.append(f"{complaint.path}: ", style="cyan not bold")
        line.append(said(complaint, speech.language).message, style=f"{style} not bold")
        console.print(line)
        if console.is_terminal and complaint.place.line:
            if file not in sources:
                sources[file] = _lines((folder or Path()) / file)
            _print_source(console, sources[file], complaint)


def _where(complaint: Complaint, folder: Path | None) -> str:
    inside = str(folder) if folder is not None and str(folder) != "." else ""
    return f"{inside}/{complaint.place}" if inside else str(complaint.place)


def _print_source(console: Console, lines: list[str], complaint: Complaint) -> None:
    number, column = complaint.place.line, max(complaint.place.column, 1)
    if number > len(lines):
        return
    source = lines[number - 1]
    before = cell_len(source[: column - 1].expandtabs(4))
    shown = source.expandtabs(4)
    if cell_len(shown) > _WIDEST:
        return
    gutter = f"{number:>5} │ "
    console.print(Text(gutter, style="dim") + Text(shown))
    console.print(Text(" " * (len(gutter) - 2) + "│ ", style="dim") + Text(" " * before + "^", style="bold red"))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
