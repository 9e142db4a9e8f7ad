"""The lines of a file while they are being repaired: a slip is complained of and mended, so that reading can go on."""

import re
from dataclasses import dataclass, field

from rules.errors import Complaint, Place

_LEAD = re.compile(r"[ \t\u3000\xa0]*(?:- +)*")
_BLOCK = re.compile(r"(?:^|[:\-] +)[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?$")


@dataclass(slots=True)
class Quote:
    """A quoted text: where it opens and where it closes (None: nowhere), lines and columns from 0."""

    sign: str
    line: int
    column: int
    end_line: int | None = None
    end_column: int = 0


@dataclass
class Lines:
    """Lines to be mended. Mending never adds or removes a line, and columns can be told in the file as it was."""

    file: str
    lines: list[str]
    complaints: dict[tuple[int, int, str], Complaint] = field(default_factory=dict)
    moved: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    damaged: bool = False
    """Whether something had to be left out: then a missing name may be a mere consequence."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def place(self, line: int, column: int) -> Place:
        """Where a place (line and column from 0) is in the file as it was written."""
        for at, more in reversed(self.moved.get(line, [])):
            if column > at:
                column = max(at, column - more)
        return Place(self.file, line + 1, column + 1)

    def complain(self, line: int, column: int, message: str) -> None:
        """Note a complaint once."""
        place = self.place(line, column)
        self.complaints.setdefault((place.line, place.column, message), Complaint(place, message))

    def replace(self, line: int, start: int, end: int, by: str) -> None:
        """Put other characters in the place of some."""
        text = self.lines[line]
        self.lines[line] = text[:start] + by + text[end:]
        if len(by) != end - start:
            self.moved.setdefault(line, []).append((start, len(by) - (end - start)))

    def blank(self, first: int, end: int) -> None:
        """Leave lines out."""
        self.damaged = True
        for line in range(first, end):
            self.lines[line] = ""

    def indent(self, line: int) -> int:
        """How far a line is indented."""
        text = self.lines[line]
        return len(text) - len(text.lstrip(" "))

    def structure(self) -> tuple[list[int], list[Quote]]:
        """The lines that hold structure (not inside a block of text or a quoted text), and the quoted texts."""
        structural: list[int] = []
        quotes: list[Quote] = []
        open_: Quote | None = None
        block: int | None = None
        for number, line in enumerate(self.lines):
            start = 0
            if open_ is None:
                bare = line.lstrip(" \t\u3000\xa0")
                if not bare or bare[0] == "#":
                    continue
                if block is not None:
                    if len(line) - len(bare) > block:
                        continue
                    block = None
                structural.append(number)
                if _BLOCK.search(line):
                    block = _block_floor(line)
                    continue
            else:
                start = _closing(line, 0, open_.sign)
                if start < 0:
                    continue
                open_.end_line, open_.end_column = number, start - 1
                open_ = None
            open_ = _quotes(line, start, number, quotes)
        return structural, quotes


def _block_floor(line: str) -> int:
    match = _LEAD.match(line)
    lead = match.end() if match else 0
    if line[lead : lead + 1] in ("|", ">"):
        return line.rfind("-", 0, lead)
    return lead


def _closing(line: str, start: int, sign: str) -> int:
    """The column after the quote that closes, or -1."""
    at = start
    while at < len(line):
        if line[at] == "\\" and sign == '"':
            at += 2
            continue
        if line[at] == sign:
            if sign == "'" and line[at + 1 : at + 2] == "'":
                at += 2
                continue
            return at + 1
        at += 1
    return -1


def _quotes(line: str, start: int, number: int, quotes: list[Quote]) -> Quote | None:
    """Gather the quoted texts of a line; the one that stays open."""
    if '"' not in line and "'" not in line:
        return None
    at, fresh, before = start, start == 0, ""
    while at < len(line):
        sign = line[at]
        if fresh and sign in "\"'":
            quote = Quote(sign, number, at)
            quotes.append(quote)
            at = _closing(line, at + 1, sign)
            if at < 0:
                return quote
            quote.end_line, quote.end_column = number, at - 1
            fresh, before = False, sign
            continue
        if sign == "#" and before in ("", " "):
            return None
        fresh = sign in "[{,：，【" or (sign == " " and (fresh or before in ":-"))
        before = sign
        at += 1
    return None
