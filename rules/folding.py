"""The folding view of a text: what it says once the ways of writing it differently are taken away."""

import hashlib
import re
import unicodedata

_INVISIBLE = frozenset(
    [
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
        *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)),
    ]
)
# Where the other ways of writing that people really use stand: full width, circled, squared and mathematical letters.
_VARIANT_BLOCKS = (
    *((0x00A0, 0x00A0), (0x2000, 0x2030), (0x2100, 0x214F), (0x2460, 0x24FF), (0x3000, 0x3000), (0x3200, 0x33FF)),
    *((0xFF00, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F100, 0x1F2FF)),
)
# Square letters that Unicode gives no plain form; 🆅🆇 is how VX is written past a filter.
_SQUARE = {chr(first + i): chr(ord("A") + i) for first in (0x1F150, 0x1F170) for i in range(26)}
# Negative circled and other digits without a plain form: ❶ to ❿, ➀ to ➉, ➊ to ➓, ⓿.
_DIGITS = {chr(first + i): str(i + 1) for first in (0x2776, 0x2780, 0x278A) for i in range(10)} | {"⓿": "0", "🄋": "0"}


def _plain_forms() -> dict[str, str]:
    plain = {chr(code): "" for code in (*_INVISIBLE, *range(0xD800, 0xE000))}  # halves of a pair say nothing
    for first, last in _VARIANT_BLOCKS:
        for code in range(first, last + 1):
            sign = chr(code)
            form = unicodedata.normalize("NFKC", sign)
            if form != sign:
                plain.setdefault(sign, form)
    return plain | _SQUARE | _DIGITS


_PLAIN = _plain_forms()
# A class of characters below U+10000 is one table look-up for `re`, one with others among them a walk over ranges.
_VARIANT = re.compile("[" + "".join(re.escape(sign) for sign in _PLAIN if sign < "\U00010000") + "]")
_LETTERS = re.compile(r"[^\W_]+")
_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_SPREAD = re.compile(r"[\s*._·~|/^-]{1,2}(?=[㐀-鿿])")
_SPREADERS = frozenset(" \t\n*._·~|/^-")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def fold(text: str) -> str:
    """Compatibility forms unified, case folded, invisible characters and variation selectors dropped.

    Folding a folded text changes nothing.
    """
    if text.isascii():
        return text.lower()
    # Normalising costs 25 us for 200 Chinese characters, nearly all of it for a few full-width commas. Those are
    # replaced one by one, after which most texts are found to be normal already.
    variants = _VARIANT.findall(text) + _ASTRAL.findall(text)
    if variants:
        for sign in set(variants):
            text = text.replace(sign, _PLAIN.get(sign, sign))
    if not unicodedata.is_normalized("NFKC", text):
        text = _without_invisible(unicodedata.normalize("NFKC", text))
    text = text.casefold()
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text


def closed_up(folded: str) -> str:
    """A folded text with Chinese words put together again that were spread to hide them: 加 微 信, 微*信."""
    if folded.isascii() or _SPREAD.search(folded) is None:
        return folded
    return _SPREAD.sub(_unless_spread, folded)


def fingerprint(folded: str) -> int:
    """64 bits that are the same for texts that differ only in spaces and punctuation; 0 for a text without letters."""
    if folded.isascii():
        letters = folded.encode().translate(None, _ASCII_MARKS)  # ten times as fast, and the same
    else:
        letters = "".join(_LETTERS.findall(folded)).encode()
    if not letters:
        return 0
    return int.from_bytes(hashlib.blake2b(letters, digest_size=8).digest(), "big", signed=True)


def says(text: str, wanted: str) -> bool:
    """Whether words are in a text, however they are written; of letters, as whole words."""
    here, what = closed_up(fold(text)), closed_up(fold(wanted)).strip()
    if not what.isascii():
        here, what = "".join(here.split()), "".join(what.split())
    if not what:
        return False
    for found in re.finditer(re.escape(what), here):
        before, after = here[: found.start()][-1:], here[found.end() :][:1]
        if not (_joined(before, what[0]) or _joined(what[-1], after)):
            return True
    return False


def _without_invisible(text: str) -> str:
    return "".join([sign for sign in text if ord(sign) not in _INVISIBLE])


def _unless_spread(match: "re.Match[str]") -> str:
    """Nothing, for a sign that stands between two Chinese characters, or a space where one of them stands alone."""
    text, start, end = match.string, match.start(), match.end()
    if not start or not "㐀" <= text[start - 1] <= "鿿":
        return match.group()
    if not match.group().isspace():
        return ""
    alone = text[end + 1 : end + 2] in _SPREADERS or (start > 1 and text[start - 2] in _SPREADERS)
    return "" if alone else match.group()


def _joined(left: str, right: str) -> bool:
    """Whether two signs are of one word. Chinese has no gaps between words."""
    return all(sign.isalnum() and sign < "⺀" for sign in (left, right)) if left and right else False
