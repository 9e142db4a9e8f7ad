"""Long texts in parts that a platform takes, cut where a reader would pause."""

import re
import unicodedata
from collections.abc import Callable

Measure = Callable[[str], int]
"""The length of a text as a platform counts it: that of two texts is at most that of both together."""

_SEAMS = (
    re.compile(r"\n\n"),
    re.compile(r"\n"),
    re.compile(r"(?:(?<=[。！？；…])|(?<=[。！？；…][”’」』）]))(?![。！？；…”’」』）])"),
    re.compile(" "),
)
"""Between paragraphs, lines, Chinese sentences (which have no gap between them), words."""
_JOINER = "\u200d"


def parts(text: str, longest: int, measure: Measure) -> list[str]:
    """The text in parts of at most ``longest``: cut between paragraphs, else lines, sentences, words, letters.

    A seam is white space, and is left out. Nothing is made of a text that has nothing but white space.
    """
    found = []
    rest = text.strip()
    while measure(rest) > longest:
        here, after = _cut(rest, longest, measure)
        if head := rest[:here].rstrip():
            found.append(head)
        rest = rest[after:].lstrip("\n ")
    return [*found, rest] if rest else found


def shortened(text: str, longest: int, measure: Measure) -> str:
    """The text, or its beginning with an ellipsis."""
    text = text.strip()
    if measure(text) <= longest:
        return text
    return parts(text, longest - measure("…"), measure)[0] + "…"


def _cut(text: str, longest: int, measure: Measure) -> tuple[int, int]:
    """Where a part ends, and where the next one begins."""
    end = _fitting(text, longest, measure)
    for seam in _SEAMS:
        # In the last half only: a heading by itself, with what it is about in the next message, reads badly.
        found = [one.span() for one in seam.finditer(text, end // 2, end + 2) if 0 < one.start() <= end]
        if found:
            return found[-1]
    least = end // 4
    while end > max(1, least) and not _may_part(text, end):
        end -= 1
    return end, end


def _fitting(text: str, longest: int, measure: Measure) -> int:
    """How many characters fit."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) <= longest:
            low = middle
        else:
            high = middle - 1
    return low


def _may_part(text: str, at: int) -> bool:
    """Whether what stands before and after is not one sign to the reader: an accent, a family, a flag, a skin."""
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    return not (_is_flag(before) and _is_flag(after) and _flags_before(text, at) % 2)


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag(text[start - 1]):
        start -= 1
    return at - start
