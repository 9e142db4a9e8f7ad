"""Which writing a text is in: its letters by script, its emoji and its capitals."""

import re
from typing import Literal

Script = Literal[
    "han", "kana", "hangul", "latin", "cyrillic", "arabic", "hebrew", "greek", "thai", "devanagari", "bengali"
]
"""The scripts that can be told apart."""

_RANGES: dict[str, str] = {
    "han": "々〇㐀-䶿一-鿿豈-﫿\U00020000-\U000323af",
    "kana": "ぁ-ゖァ-ヺーｦ-ﾝㇰ-ㇿ",
    "hangul": "가-힣ᄀ-ᇿㄱ-ㆎ",
    "latin": "A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿＡ-Ｚａ-ｚ",
    "cyrillic": "Ѐ-ԯᲀ-ᲈ",
    "arabic": "ء-ۓە-ۯۺ-ۿݐ-ݿࢠ-ࣿﭐ-﷿ﹰ-ﻼ",
    "hebrew": "א-ת",
    "greek": "Ͱ-Ͽἀ-῿",
    "thai": "ก-ฺเ-๎",
    "devanagari": "ऀ-ॿ",
    "bengali": "ঀ-৿",
}
_PATTERNS = {name: re.compile(f"[{ranges}]+") for name, ranges in _RANGES.items()}
_LETTERS = re.compile(r"[^\W\d_]+")
_PICTURE = (
    "[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23fa\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f004\U0001f0cf\U0001f18e-\U0001f19a\U0001f201-\U0001f265\U0001f300-\U0001faff]"
)
# Quick looks for what emoji are made of: a class of characters below U+10000 is one table look-up.
_SYMBOL = re.compile("[\u203c-\u2bff\u3030\u303d\u3297\u3299]")
_ASTRAL = re.compile("[\U0001f000-\U0001faff]")
_EMOJI = re.compile(
    f"(?:{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]?(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]?){{0,6}}"
    "|[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3)"
)


def letters(text: str) -> int:
    """How many letters (Chinese characters are letters) a text has."""
    return sum(map(len, _LETTERS.findall(text)))


def letters_in(script: str, text: str) -> int:
    """How many letters of a text are of a script."""
    return sum(map(len, _PATTERNS[script].findall(text)))


def emoji(text: str) -> tuple[int, float]:
    """How many emoji a text has (one of several code points counts once), and their share of what can be seen."""
    if text.isascii() or (_SYMBOL.search(text) is None and _ASTRAL.search(text) is None):
        return 0, 0.0
    count = len(_EMOJI.findall(text))
    if not count:
        return 0, 0.0
    others = len("".join(_EMOJI.sub("", text).split()))
    return count, count / (count + others)


def capitals(text: str) -> tuple[int, float]:
    """How many letters of a text have case, and the share of capitals among them."""
    upper = sum(map(str.isupper, text))
    cased = upper + sum(map(str.islower, text))
    return cased, upper / cased if cased else 0.0
