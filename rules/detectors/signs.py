"""Single signs: what each stands for once the ways of writing it differently are taken away."""

import unicodedata
from functools import cache, lru_cache

from rules.detectors import tables

_WIDEST = 6  # ㌖ and its like; a whole sentence in one sign stays as it is
_REMEMBERED = 1 << 16
# Marks that are heaped on letters: those of Latin, Greek and Cyrillic, of symbols, and half marks.
_HEAPED = frozenset(
    code
    for first, last in (
        (0x300, 0x36F),
        (0x483, 0x489),
        (0x1AB0, 0x1AFF),
        (0x1DC0, 0x1DFF),
        (0x20D0, 0x20FF),
        (0xFE20, 0xFE2F),
    )
    for code in range(first, last + 1)
)
_BLANKS = frozenset([0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10)])
_SKIN_TONES = frozenset(range(0x1F3FB, 0x1F400))
_NOTHING = _HEAPED | _BLANKS | _SKIN_TONES
_KEPT_CONTROLS = frozenset("\t\n\r")
_SQUARE = {chr(first + i): chr(ord("a") + i) for first in (0x1F150, 0x1F170) for i in range(26)}
_DIGITS = {chr(first + i): str(i + 1) for first in (0x2776, 0x2780, 0x278A) for i in range(10)}
# Pictures that are written for the word itself in adverts.
_PICTURES = {
    **dict.fromkeys("➕", "加"),
    "🔞": "18禁",
    "🔟": "10",
    "🆔": "id",
    "🆚": "vs",
    "🆓": "free",
    "🆕": "new",
    "🆗": "ok",
    "🉑": "可",
    "㊙": "秘",
    "⓿": "0",
    "🄋": "0",
}
# Characters that look like a common one, or contain it, and are written for it alone.
_MARTIAN = dict(
    zip(
        "伱収呺㮸鎹筘僤澫杤汼洊凖氺曰亊菿侟宻哖琎惍窾嚸斿幵圑囬銭仺嶶溦徾",
        "你收号送送扣单万万牛存准水日事到存密年进金款点游开团回钱仓微微微",
        strict=True,
    )
)
_GREEK_C = {"ϲ": "c", "Ϲ": "c", "\u1d26": "r", "ϳ": "j"}
_WIDTH = ((0xFF00, 0xFFEF), (0x3000, 0x3000))


class Plain(dict[int, str]):
    """The plain form of every sign by its code point, worked out when first met; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        form = _plain(chr(code))
        if len(self) < _REMEMBERED:  # a text of nothing but rare signs must not fill the memory
            self[code] = form
        return form


@cache
def plain() -> Plain:
    """The table of single signs."""
    return Plain({code: _step(chr(code)) for code in range(128)})


@cache
def _simplified() -> dict[str, str]:
    return dict(zip(tables.TRADITIONAL, tables.SIMPLIFIED, strict=True))


@cache
def _strange() -> dict[str, str]:
    """Letters of scripts that no one writes here, and characters that no one writes at all."""
    letters = dict(zip(tables.STRANGE, tables.STRANGE_FOR, strict=True))
    return letters | dict(zip(tables.RARE, tables.COMMON, strict=True)) | _MARTIAN


@lru_cache(maxsize=1 << 14)
def trick_of(sign: str) -> str:
    """The way of hiding that a sign is, or "" for one that stands for itself or is merely a capital."""
    code = ord(sign)
    if code < 0x80 or plain()[code] in {sign, sign.lower()}:
        return ""
    if sign in _PICTURES:
        return "emoji"
    if sign in _DIGITS or unicodedata.category(sign) in {"Nd", "No"}:
        return "digits" if not 0xFF00 <= code <= 0xFFEF else "width"
    if code in _HEAPED:
        return "marks"
    if not plain()[code]:
        return "invisible"
    if any(first <= code <= last for first, last in _WIDTH):
        return "width"
    if sign in _simplified():
        return "traditional"
    if sign in _strange() or sign.casefold() in _strange():
        return "confusable"
    if sign in _SQUARE or unicodedata.decomposition(sign).startswith(("<circle>", "<font>", "<square>")):
        return "circled"
    return ""


def _plain(sign: str) -> str:
    form = _step(sign)
    for _ in range(4):
        if form == sign:
            return form
        further = "".join([_step(part) for part in form])
        if further == form:
            break
        form = further
    return form if len(form) <= _WIDEST else sign


def _step(sign: str) -> str:
    code = ord(sign)
    if _is_invisible(sign):
        return ""
    if code < 0x80:
        return sign.lower()
    special = _GREEK_C.get(sign) or _PICTURES.get(sign) or _SQUARE.get(sign) or _DIGITS.get(sign)
    if special is not None:
        return special
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.decimal(sign))
    form = unicodedata.normalize("NFKC", sign)
    if form == sign:
        form = _bare(sign.casefold())
    return "".join([_simplified().get(part) or _strange().get(part) or part for part in form])


def _is_invisible(sign: str) -> bool:
    if ord(sign) in _NOTHING:
        return True
    category = unicodedata.category(sign)
    return category in {"Cf", "Cs"} or (category == "Cc" and sign not in _KEPT_CONTROLS)


def _bare(form: str) -> str:
    """A Latin letter without its accents, and ё as the е that it is mostly written as."""
    if form == "ё":
        return "е"
    parts = unicodedata.normalize("NFD", form)
    return "".join(part for part in parts if not unicodedata.combining(part)) if parts[0] < "\u0250" else form
