"""Breaking lines by cells, also between Chinese characters, and never before a full stop."""

from rich.cells import cell_len
from rich.text import Text

_NOT_FIRST = frozenset("，。！？；：、）》」』”’…,.!?;:)]}%")
_NOT_LAST = frozenset("（《「『“‘([{")


def wrap(text: Text, width: int) -> list[Text]:
    """The lines of a text, each of at most ``width`` cells (more only where one character has more)."""
    lines: list[Text] = []
    for paragraph in text.split("\n", allow_blank=True):
        for line in paragraph.divide(_breaks(paragraph.plain, width)):
            line.rstrip()
            lines.append(line)
    return lines


def pack(text: str, width: int) -> list[str]:
    """The lines of a text whose items stand between `` · ``: only there does a line break."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for item in paragraph.split(" · "):
            longer = f"{line} · {item}" if line else item
            if line and cell_len(longer) > width:
                lines.append(line)
                longer = f"  {item}"
            line = longer
        lines.append(line)
    return lines


def shorten(text: str, cells: int) -> str:
    """A text as one line of at most so many cells, with … where something is left out."""
    line = " ".join(text.split())
    if cell_len(line) <= cells:
        return line
    while cell_len(line) > cells - 1:
        line = line[:-1]
    return line.rstrip() + "…"


def _breaks(line: str, width: int) -> list[int]:
    """Where to break: the offsets at which new lines begin."""
    found: list[int] = []
    start = last = 0
    for index in range(len(line)):
        if index > start and _may_break(line, index):
            last = index
        while start < index and cell_len(line[start : index + 1].rstrip()) > width:
            start = last = last if last > start else index
            found.append(start)
    return [offset for offset in found if 0 < offset < len(line)]


def _may_break(line: str, index: int) -> bool:
    before, after = line[index - 1], line[index]
    if after == " ":
        return False
    if before == " ":
        return line[:index].strip() not in ("•", "-", "·", "↩")
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\uffef" or "\uac00" <= character <= "\ud7af"
