"""The usual slips of a keyboard, seen in the raw text before YAML stumbles over them (or worse, does not)."""

import re
from collections.abc import Collection

from rules.language.lines import Lines, Quote

_SUSPECT = re.compile(r"[：\u3000\xa0]|^[ ]*\t|^ +[A-Za-z_]\w*:[^\s:/]|^ *- id:\S|^ *-[A-Za-z_]\w*:", re.MULTILINE)
_INDENT = re.compile(r"[ \t\u3000\xa0]*")
_STRUCTURE = re.compile(r"-(?: |$)|[\w.-]+ *(?::|：)")
_KEY = re.compile(r"^ *(?:- +)*(?P<key>[A-Za-z_][\w.-]*) *(?P<colon>：)")
_FLOW_KEY = re.compile(r"[{,，] *(?P<key>[A-Za-z_][\w.-]*) *(?P<colon>：)")
_TIGHT = re.compile(r"^(?: +(?P<key>[A-Za-z_][\w.-]*)| *- +(?P<id>id))(?P<colon>:)(?=[^\s:/])")
_TIGHT_DASH = re.compile(r"^ *(?P<dash>-)(?P<key>[A-Za-z_][\w.-]*):")
_CONTROL = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FULL_COLON = "full-width `：` where YAML needs `: ` (a half-width colon and a space)"
_TIGHT_COLON = "a space is missing after `:`; write `{}: ...`"


def mend_slips(lines: Lines, keys: Collection[str]) -> None:
    """Complain of slips and mend them. ``keys`` are the words of the language: elsewhere a ``：`` is just text."""
    text = lines.text
    if _CONTROL.search(text):
        _mend_control(lines)
    if not _SUSPECT.search(text):
        return
    structural, quotes = lines.structure()
    _mend_indents(lines, structural)
    by_line: dict[int, list[Quote]] = {}
    for quote in quotes:
        by_line.setdefault(quote.line, []).append(quote)
    for number in structural:
        line = lines.lines[number]
        if "：" in line:
            _mend_colons(lines, number, keys, by_line.get(number, []))
        match = _TIGHT_DASH.match(line)
        if match and match["key"] in keys:
            lines.complain(number, match.start("dash"), f"a space is missing after `-`; write `- {match['key']}: ...`")
            lines.replace(number, match.start("dash"), match.end("dash"), "- ")
            line = lines.lines[number]
        match = _TIGHT.match(line)
        if match and (match["id"] or match["key"] in keys):
            lines.complain(number, match.start("colon"), _TIGHT_COLON.format(match["key"] or match["id"]))
            lines.replace(number, match.start("colon"), match.end("colon"), ": ")


def mend_colon(lines: Lines, number: int, column: int) -> None:
    """Make a full-width colon a half-width one, with a space."""
    lines.complain(number, column, _FULL_COLON)
    spaced = lines.lines[number][column + 1 : column + 2] in ("", " ")
    lines.replace(number, column, column + 1, ":" if spaced else ": ")


def _mend_colons(lines: Lines, number: int, keys: Collection[str], quotes: list[Quote]) -> None:
    line = lines.lines[number]
    found = [match for match in (_KEY.match(line),) if match]
    found += _FLOW_KEY.finditer(line)
    for match in sorted(found, key=lambda match: match.start("colon"), reverse=True):
        column = match.start("colon")
        inside = any(
            quote.column < column and (quote.end_line != number or column < quote.end_column) for quote in quotes
        )
        if match["key"] in keys and not inside:
            mend_colon(lines, number, column)


def _mend_control(lines: Lines) -> None:
    for number, line in enumerate(lines.lines):
        for match in _CONTROL.finditer(line):
            code = f"U+{ord(match.group()):04X}"
            lines.complain(number, match.start(), f"an invisible control character ({code}); delete it")
        lines.lines[number] = _CONTROL.sub(" ", line)


def _mend_indents(lines: Lines, structural: list[int]) -> None:
    """Tabs and wide spaces at the start of lines; a run of such lines is complained of once."""
    runs: list[tuple[int, int, str, int]] = []  # line, column, sign, how many lines
    last = -2
    for position, number in enumerate(structural):
        line = lines.lines[number]
        match = _INDENT.match(line)
        indent = match.group() if match else ""
        if not indent.strip(" ") or not ("\t" in indent or _STRUCTURE.match(line[len(indent) :])):
            continue
        column = len(indent) - len(indent.lstrip(" "))
        sign = indent[column]
        if runs and last == position - 1 and runs[-1][2] == sign:
            runs[-1] = (*runs[-1][:3], runs[-1][3] + 1)
        else:
            runs.append((number, column, sign, 1))
        last = position
    names = {"\t": "a tab", "\u3000": "a full-width space", "\xa0": "a no-break space"}
    for number, column, sign, count in runs:
        more = f" (lines like it: {count})" if count > 1 else ""
        lines.complain(number, column, f"indented with {names[sign]}; use two plain spaces instead{more}")
    if not runs:
        return
    inside = set(structural)
    for number, line in enumerate(lines.lines):
        match = _INDENT.match(line)
        indent = match.group() if match else ""
        if indent.strip(" ") and (number in inside or "\t" in indent):
            even = indent.replace("\t", "  ").replace("\u3000", "  ").replace("\xa0", " ")
            lines.lines[number] = even + line[len(indent) :]
            lines.moved.setdefault(number, []).append((0, len(even) - len(indent)))
