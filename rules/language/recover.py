"""Errors of YAML's parser in an operator's words; and a way to go on, so that the rest of the file is looked at too."""

import re
from typing import Any

from rules.language.lines import Lines
from rules.language.slips import mend_colon

_WIDE_KEY = re.compile(r"^ *(?:- +)*[^\s:：#\"'\[{|>-][^:：#\"'\[{]*?(?P<colon>：)")
_TIGHT_KEY = re.compile(r"^ *(?:- +)*(?P<key>[\w.-]+)(?P<colon>:)(?=[^\s/:])")
_VALUE = re.compile(r"^(?P<head> *(?:- +)*[^\s:#\"'\[{][^:#\"'\[{]*: +)(?P<value>[^\"'\[{|>#].*?) *$")
_BRACED = re.compile(r"(?<=[ \[{,])[^\s\"'\[\]{},]+\{[^{}\s]*\}[^\s,\]}]*")
_WIDE_IN_FLOW = {"，": ", ", "】": "]", "［": "[", "］": "]", "｛": "{", "｝": "}", "：": ": ", "【": "[", "、": ", "}

_LONGEST = 2_000
"""Characters of a line that is worth guessing about."""


def recover(lines: Lines, error: Any) -> bool:
    """Complain of an error of the parser and change the lines so that it will not come again. False: impossible."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        lines.complain(0, 0, f"YAML cannot read this: {error.problem or error}")
        return False
    line, column = min(mark.line, len(lines.lines) - 1), mark.column
    problem, context = error.problem or "", error.context or ""
    before = list(lines.lines)
    start = error.context_mark
    if start is not None and (start.line >= len(lines.lines) or start.column >= len(lines.lines[start.line])):
        start = None  # where the file ends
    _mend(lines, line, column, problem, context, start)
    return lines.lines != before


def _mend(lines: Lines, line: int, column: int, problem: str, context: str, start: Any) -> None:
    text = lines.lines[line]
    if "cannot start any token" in problem:
        sign = text[column : column + 1]
        why = "a tab cannot stand here; use spaces" if sign == "\t" else f"text that begins with `{sign}` needs quotes"
        lines.complain(line, column, why)
        lines.replace(line, column, column + 1, " " if sign == "\t" else "x")
    elif "scanning an a" in context and start is not None:  # an anchor, an alias
        sign = text[start.column : start.column + 1]
        lines.complain(start.line, start.column, f"text that begins with `{sign}` needs quotes")
        lines.replace(start.line, start.column, start.column + 1, "x")
    elif "directive" in context and start is not None:
        lines.complain(start.line, start.column, "a line that begins with `%` needs quotes around its text")
        lines.blank(start.line, start.line + 1)
    elif "tag" in context and start is not None:
        lines.complain(start.line, start.column, "text that begins with `!` needs quotes")
        lines.replace(start.line, start.column, start.column + 1, "x")
    elif "escape" in problem or "hexdecimal" in problem or "Unicode character" in problem:
        why = 'after a `\\` in "..." only n, t, " and \\ may stand; write \\\\ for a plain `\\`, or use single quotes'
        lines.complain(line, column, why)
        _double_backslash(lines, line, column)
    elif not (
        _unclosed_quote(lines, line, column, context, start)
        or _bare_braces(lines, line, column, context)
        or _wide_marks(lines, line, context, start)
        or _colons(lines, line, problem, context, start)
        or _text_with_colon(lines, line, column, problem)
        or _text_goes_on(lines, line, column, context)
        or _too_far(lines, line, problem)
    ):
        _leave_out(lines, line, column, problem, context, start)


def _double_backslash(lines: Lines, line: int, column: int) -> None:
    at = lines.lines[line].rfind("\\", 0, column + 1)
    if at < 0:
        lines.blank(line, line + 1)
    else:
        lines.replace(line, at, at + 1, "\\\\")


def _unclosed_quote(lines: Lines, line: int, column: int, context: str, start: Any) -> bool:
    """A quote that closes only at the next one, lines below, or never."""
    opened: tuple[int, int, str] | None = None
    if "quoted scalar" in context and start is not None:
        opened = (start.line, start.column, lines.lines[start.line][start.column])
    else:
        for quote in lines.structure()[1]:
            if quote.line >= line or quote.end_line is None or quote.end_line == quote.line:
                continue
            if quote.end_line in (line, line - 1) and (quote.end_line < line or quote.end_column <= column):
                opened = (quote.line, quote.column, quote.sign)
    if opened is None:
        return False
    at, quoted, sign = opened
    text = lines.lines[at].rstrip()
    lines.complain(at, quoted, f"the quote `{sign}` that opens here is not closed on its line")
    rest = text[quoted + 1 :]
    bracket = re.search(r"[\]},][\s\]},]*$", rest)
    end = quoted + 1 + (bracket.start() if bracket else len(rest))
    if "\\" in rest:
        lines.replace(at, quoted, len(lines.lines[at]), f"{sign}{sign}")
    else:
        lines.replace(at, end, end, sign)
    return True


def _bare_braces(lines: Lines, line: int, column: int, context: str) -> bool:
    """``{ token: ${TOKEN} }``: braces in a text inside braces."""
    text = lines.lines[line]
    if "flow" not in context or len(text) > _LONGEST:
        return False
    for match in _BRACED.finditer(text):
        if match.start() <= column <= match.end():
            lines.complain(
                line, match.start(), f"`{_short(match.group())}` needs quotes: inside {{ }} braces open settings"
            )
            lines.replace(line, match.end(), match.end(), '"')
            lines.replace(line, match.start(), match.start(), '"')
            return True
    return False


def _wide_marks(lines: Lines, line: int, context: str, start: Any) -> bool:
    """Full-width commas, colons and brackets where ``[`` or ``{`` opened and did not close."""
    if "flow" not in context or start is None:
        return False
    quoted = lines.structure()[1]
    for number in range(start.line, line + 1):
        text = lines.lines[number]
        if text.isascii():
            continue
        begin = start.column + 1 if number == start.line else 0
        quotes = [quote for quote in quoted if quote.line == number]
        for at in range(len(text) - 1, begin - 1, -1):
            inside = any(q.column < at and (q.end_line != number or at < q.end_column) for q in quotes)
            if text[at] in _WIDE_IN_FLOW and not inside:
                _replace_wide(lines, number, at)
                return True
    return False


def _replace_wide(lines: Lines, number: int, at: int) -> None:
    sign = lines.lines[number][at]
    half = _WIDE_IN_FLOW[sign]
    lines.complain(number, at, f"full-width `{sign}` where YAML needs `{half}`; or put the text in quotes")
    lines.replace(number, at, at + 1, half)


def _colons(lines: Lines, line: int, problem: str, context: str, start: Any) -> bool:
    """A key whose colon is full-width, or lacks its space, on this line or the one above."""
    candidates = [line]
    if start is not None and "simple key" in context:
        candidates.insert(0, start.line)
    above = next((number for number in range(line - 1, -1, -1) if lines.lines[number].strip()), None)
    if above is not None:
        candidates.append(above)
    for number in candidates:
        text = lines.lines[number]
        match = _WIDE_KEY.match(text)
        if match:
            mend_colon(lines, number, match.start("colon"))
            return True
        match = _TIGHT_KEY.match(text)
        if match and ": " not in text[: match.end()]:
            lines.complain(number, match.start("colon"), f"a space is missing after `:`; write `{match['key']}: ...`")
            lines.replace(number, match.start("colon"), match.end("colon"), ": ")
            return True
    return False


def _text_with_colon(lines: Lines, line: int, column: int, problem: str) -> bool:
    """``say: hello: world``: a text with a colon and a space needs quotes."""
    if "mapping values are not allowed" not in problem or len(lines.lines[line]) > _LONGEST:
        return False
    match = _VALUE.match(lines.lines[line])
    if not match or '"' in match["value"] or "\\" in match["value"] or column < match.end("head"):
        return False
    lines.complain(line, match.start("value"), "text with `: ` inside needs quotes around it")
    lines.replace(line, match.end("value"), match.end("value"), '"')
    lines.replace(line, match.start("value"), match.start("value"), '"')
    return True


def _text_goes_on(lines: Lines, line: int, column: int, context: str) -> bool:
    """``say: {name} hello``, ``say: "hello" you``: a text that only begins with a bracket or quote."""
    text = lines.lines[line]
    last = text[:column].rstrip()[-1:]
    if "block" not in context or not last or last not in "}]\"'" or not text[column:].strip():
        return False
    opening = {"}": "{", "]": "["}.get(last, last)
    begin = text.rfind(opening, 0, len(text[:column].rstrip()) - 1)
    lines.complain(line, max(begin, 0), f"text that begins with `{opening}` and goes on needs quotes around all of it")
    whole = text[begin:].rstrip()
    quoted = f'"{whole}"' if begin >= 0 and '"' not in whole and "\\" not in whole else '"x"'
    lines.replace(line, max(begin, 0), len(text), quoted)
    return True


def _too_far(lines: Lines, line: int, problem: str) -> bool:
    """A key indented further than the one above it, which has its value; or a line above that has no colon."""
    above = next((number for number in range(line - 1, -1, -1) if lines.lines[number].strip()), None)
    if "mapping values are not allowed" not in problem or above is None:
        return False
    text = lines.lines[above]
    lead = re.match(r" *(?:- +)*", text)
    column, indent = lead.end() if lead else 0, lines.indent(line)
    if ":" not in text:
        lines.complain(above, column, f"no `: ` after `{_short(text)}`; write `key: value`")
        lines.blank(above, above + 1)
        return True
    if indent <= column:
        return False
    why = f"indented too far: the key above begins in column {column + 1}, this one in column {indent + 1}"
    lines.complain(line, indent, why)
    lines.replace(line, 0, indent, " " * column)
    return True


def _leave_out(lines: Lines, line: int, column: int, problem: str, context: str, start: Any) -> None:
    """Say what is wrong as well as can be told, and leave out the item it is in."""
    if "flow" in context and start is None:
        lines.complain(line, column, "a `]` or `}` is missing: a list or mapping is opened and never closed")
        _blank_item(lines, line)
        return
    opened = start is not None and "flow" in context and lines.lines[start.line][start.column] in "[{"
    if start is not None and "simple key" in context:
        line, column = start.line, start.column
        lines.complain(line, column, f"no `: ` after `{_short(lines.lines[line])}`; write `key: value`")
    elif opened:
        sign = lines.lines[start.line][start.column]
        kind, close = ("list", "]") if sign == "[" else ("mapping", "}")
        ended = line >= len(lines.lines) - 1 or line > start.line
        if ended:
            why = f"the {kind} that `{sign}` opens is never closed with `{close}`"
            lines.complain(start.line, start.column, why)
        else:
            why = f"a `, ` or `{close}` is missing in the {kind} that `{sign}` opens; text with brackets needs quotes"
            lines.complain(line, column, why)
        line = start.line
    elif "flow" in context:
        lines.complain(
            line, column, "something is missing here, between `,` and brackets; text with brackets needs quotes"
        )
    elif "mapping values are not allowed" in problem:
        lines.complain(line, column, "a `:` is not expected here: is this line indented too far? or quote the text")
    elif "'-'" in problem and lines.lines[line].lstrip().startswith("-"):
        lines.complain(line, column, "wrong indentation: the items of a list begin with `- ` in one column")
    elif "block" in context or "block end" in problem:
        lines.complain(line, column, _indentation(lines, line, start if "mapping" in context else None))
    else:
        lines.complain(line, column, f"YAML cannot read this: {problem or context}")
    _blank_item(lines, line)


def _indentation(lines: Lines, line: int, start: Any) -> str:
    since = f" (those above begin in column {start.column + 1}, on line {start.line + 1})" if start is not None else ""
    if lines.lines[line].lstrip().startswith("- "):
        return f"wrong indentation: an item `- ` among keys{since}"
    return f"wrong indentation: keys that belong together begin in one column{since}"


def _blank_item(lines: Lines, line: int) -> None:
    """Leave out the innermost list item or section that a line is in."""
    line = min(line, len(lines.lines) - 1)
    while line > 0 and not lines.lines[line].strip():
        line -= 1
    first, limit = line, lines.indent(line)
    while first > 0 and not (
        lines.lines[first].strip()
        and lines.indent(first) <= limit
        and (lines.indent(first) == 0 or lines.lines[first].lstrip().startswith("- "))
    ):
        first -= 1
    floor = lines.indent(first)
    end = max(first, line) + 1
    while end < len(lines.lines) and (not lines.lines[end].strip() or lines.indent(end) > floor):
        end += 1
    lines.blank(first, end)


def _short(text: str) -> str:
    bare = text.strip()
    return bare if len(bare) <= 30 else bare[:29] + "…"
