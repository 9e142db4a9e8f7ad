"""Clues from ways to get in touch that lead out of the group."""

import re
from collections.abc import Iterator
from functools import cache

from rules.contacts import placed_contacts
from rules.detectors.clues import Clue
from rules.detectors.folding import View
from rules.detectors.homophones import by_sound
from rules.detectors.kinds import ClueKind

_KINDS = {
    "wechat": ClueKind.CONTACT_WECHAT,
    "qq": ClueKind.CONTACT_QQ,
    "phone": ClueKind.CONTACT_PHONE,
    "telegram": ClueKind.CONTACT_TELEGRAM,
    "whatsapp": ClueKind.CONTACT_WHATSAPP,
    "email": ClueKind.CONTACT_EMAIL,
}
_HANDLE = re.compile(r"(?<![a-z0-9._+/@-])@[a-z][a-z0-9_]{4,31}(?![a-z0-9_.]|@)")

# Things, files and standards whose names look like those of accounts.
_MODELS = (
    "rtx|gtx|rx|gt|cs|cve|http|https|ios|mate|gpt|win|core|ddr|usb|iso|rfc|av|bv|ep|no|vol|sp|ps|hd|fps|utf|sha|md|base"
    "|int|uint|float|arm|es|jdk|java|php|covid|iphone|ipad|note|mi|nova|mp|gb|mb|ma|kb|cc|ce|ee|math|room|id|qq|tel|cpu"
)
# In a short Chinese text: a name such as abc256, or a number alone with a few words.
_CODE = re.compile(
    rf"(?<![a-z0-9@/._#:-])(?!(?:{_MODELS})[0-9])[a-z]{{2,6}}[0-9]{{3,8}}(?![a-z0-9.])"
    r"|^[^0-9a-z]{0,14}([1-9][0-9]{6,10}|[1-9][0-9]{2,5}\s[0-9]{3,6})[^0-9a-z]{0,14}$"
)
_DIGITS = re.compile("[0-9]{3}")
_HAN = re.compile("[㐀-鿿]")
_SHORT = 60


def contact_clues(view: View) -> Iterator[Clue]:
    """The contacts that a text gives, the first of each kind, and whether they were written past a filter."""
    text = view.text
    disguised = False
    found = placed_contacts(text)
    for contact, start, end in found:
        yield Clue(_KINDS[contact.kind], contact.words[:60], start, end)
        if not disguised and start >= 0 and _disguised(view, start, end):
            disguised = True
            yield Clue(ClueKind.CONTACT_DISGUISED, contact.words[:60], start, end)
    sounding: list[Clue] = []
    if not text.isascii() and _DIGITS.search(text):
        sounding += _sounding(view.pinyin, {contact.kind for contact, _, _ in found})
        yield from sounding
    if not found and not sounding and len(text) <= _SHORT and _DIGITS.search(text) and _HAN.search(text):
        yield from _code(text)
    if "@" in text and (handle := _HANDLE.search(text)) is not None:
        yield Clue(ClueKind.CONTACT_HANDLE, handle.group(), *handle.span())


def _sounding(sounds: str, known: set[str]) -> Iterator[Clue]:
    """The contacts whose words are written in other characters of the same sound, each with its name or number."""
    for kind, pattern in _by_sound().items():
        if kind not in known and (match := pattern.search(sounds)) is not None:
            yield Clue(_KINDS[kind], match[1])
            yield Clue(ClueKind.CONTACT_DISGUISED, match[1])


@cache
def _by_sound() -> dict[str, "re.Pattern[str]"]:
    we, chat, add, me, knock = map(by_sound, "微信加我扣")
    name = r"[^0-9a-z]{0,2}((?=[a-z_-]{0,12}[0-9])[a-z0-9][a-z0-9_-]{4,19})"
    number = "[^0-9a-z]{0,2}([1-9][0-9]{4,10})"
    return {
        "wechat": re.compile(f"(?:{we}{chat}|{add}{me}?{we}){name}"),
        "qq": re.compile(f"(?:{knock}|{add}){knock}{number}"),
    }


def _code(text: str) -> Iterator[Clue]:
    if (code := _CODE.search(text)) is not None:
        group = 1 if code[1] else 0
        yield Clue(ClueKind.CONTACT_CODE, code[group], *code.span(group))


def _disguised(view: View, start: int, end: int) -> bool:
    """Whether a contact was written in other signs than plain ones: ⓥ❶③, v一三八, 加-微-信."""
    words = view.text[start:end]
    if words in view.raw or words in view.raw.lower():
        return False
    first, last = view.span(start, end)
    raw = view.raw[first:last].lower()
    return raw.translate(_PLAIN_WIDTH) != words


# Full-width colons, plus signs and digits come from the keyboard, not from a wish to hide.
_PLAIN_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
