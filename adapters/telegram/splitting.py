"""Long texts in parts that Telegram takes: lengths are in UTF-16 code units, as the Bot API counts."""

import unicodedata

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_ANSWER = 4096, 1024, 200
_SEAMS = ("\n\n", "\n", " ")
_JOINER = "\u200d"


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def parts(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """The text in parts of at most ``longest`` units: cut between paragraphs, else lines, words, letters.

    A seam is white space, and is left out. Nothing is made of a text that has nothing but white space.
    """
    found = []
    rest = text.strip()
    while units(rest) > longest:
        here, after = _cut(rest, longest)
        if head := rest[:here].rstrip():
            found.append(head)
        rest = rest[after:].lstrip("\n ")
    return [*found, rest] if rest else found


def shortened(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis."""
    text = text.strip()
    return text if units(text) <= longest else parts(text, longest - 1)[0] + "…"


def _cut(text: str, longest: int) -> tuple[int, int]:
    """Where a part ends, and where the next one begins."""
    end = _fitting(text, longest)
    for seam in _SEAMS:
        # In the last half only: a heading by itself, with what it is about in the next message, reads badly.
        at = text.rfind(seam, end // 2, end + len(seam))
        if 0 < at <= end:
            return at, at + len(seam)
    while end > 1 and end > longest // 4 and not _may_part(text, end):
        end -= 1
    return end, end


def _fitting(text: str, longest: int) -> int:
    """How many characters fit into so many units."""
    if text[:longest].isascii():
        return longest
    used = 0
    for count, sign in enumerate(text):
        used += 2 if ord(sign) > 0xFFFF else 1
        if used > longest:
            return count
    return len(text)


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
