"""Clues from how a text looks: rows of pictures, rules, a signature in brackets, the same words again."""

import re
from collections.abc import Iterator

from rules.detectors.clues import Clue
from rules.detectors.folding import View
from rules.detectors.kinds import ClueKind

_PICTURES = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_RULE = re.compile(r"([-=_~*#—─━═★☆◆■●+·])\1{5,}")
_SIGNED = re.compile(r"^\s*[【\[][^【】\[\]\n]{2,20}[】\]]|[【\[][^【】\[\]\n]{2,16}[】\]]\s*$")
_HASHTAG = re.compile(r"#\w{2,}")
_LOOKED_AT = 2000  # characters: a layout shows at once
_FEW_PICTURES, _PICTURE_SHARE = 3, 12
_TAGS = 3
_PIECE, _TIMES, _SIGNS = 8, 3, 4


def layout_clues(view: View) -> Iterator[Clue]:
    """What the look of a text says."""
    raw = view.raw[:_LOOKED_AT]
    if not raw.isascii():
        pictures = len(_PICTURES.findall(raw))
        if pictures >= _FEW_PICTURES and pictures * _PICTURE_SHARE >= len(raw.strip()):
            yield Clue(ClueKind.LAYOUT_EMOJI, str(pictures))
        if "【" in raw and (signed := _SIGNED.search(raw)) is not None:
            yield Clue(ClueKind.LAYOUT_SIGNED, signed.group().strip()[:40])
    if (rule := _RULE.search(raw)) is not None:
        yield Clue(ClueKind.LAYOUT_RULES, rule.group()[:12])
    if "#" in raw and len(_HASHTAG.findall(raw)) >= _TAGS:
        yield Clue(ClueKind.LAYOUT_HASHTAGS)
    if len(view.text) >= _PIECE * _TIMES and _repeats(view.text[:_LOOKED_AT]):
        yield Clue(ClueKind.LAYOUT_REPEATED)


def _repeats(folded: str) -> bool:
    """Whether the piece at the beginning, or that in the middle, stands in a text three times or more."""
    middle = len(folded) // 2
    for piece in (folded[:_PIECE], folded[middle : middle + _PIECE]):
        if len(set(piece)) >= _SIGNS and folded.count(piece) >= _TIMES:
            return True
    return False
