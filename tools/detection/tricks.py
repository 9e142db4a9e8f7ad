"""The ways in which adverts are hidden from filters, done to a text with a given chance: for training and for trials.

They share no table with the folding view that undoes them, so that a trial shows what it is worth.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random

from confusable_homoglyphs.confusables import confusables_data
from opencc import OpenCC
from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.contrib.tone_convert import to_normal

Trick = Callable[[str, Random], str]

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u2063\u200e"
_SEPARATORS = " .*-_·~|/^•,'"
_SQUARED_FROM = (0x1F130, 0x1F150, 0x1F170)
_MATHEMATICAL = (
    "BOLD",
    "ITALIC",
    "BOLD ITALIC",
    "SCRIPT",
    "BOLD SCRIPT",
    "FRAKTUR",
    "DOUBLE-STRUCK",
    "SANS-SERIF BOLD",
)
_DIGITS_SAID = ("零〇", "一壹幺", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DRAWN = (
    "微信 💚✉, 加 ➕, 钱 💰, 信 ✉, 手机 📱, 电话 📞, 飞机 ✈, 群 👥, 红包 🧧, 房 🏠, 车 🚗, 美女 👩, "
    "女 👩, 男 👨, 人 👤, 看 👀, 火 🔥, 水 💧, 金 🥇, 奖 🏆, 礼 🎁, 日 ☀, 月 🌙, 星 ⭐, 花 🌹, 茶 🍵, "
    "酒 🍷, 书 📖, 门 🚪, 手 ✋, 心 ❤, 药 💊, 球 ⚽, 牌 🃏, 票 🎫, 网 🌐, 时 ⏰, 快 ⚡, 好 👍, 点 👆, "
    "链接 🔗, 股 📈, 美元 💵, 元 💴, 号 #️⃣, 免费 🆓, 中 🀄, 发 🀅, 赌 🎰, money 💰, free 🆓, "
    "cash 💵, phone 📱, call 📞, mail 📧, fire 🔥, love ❤, link 🔗, деньги 💰, деньг 💰, телефон 📱, "
    "дом 🏠, ссылк 🔗, доллар 💵, время ⏰, qq 🐧, QQ 🐧, v ✌, V ✌"
)
_PICTURES = dict(pair.split(" ") for pair in _DRAWN.split(", "))


def apply(name: str, text: str, rng: Random) -> str:
    """The text with the trick of that name done to it."""
    return _TRICKS[name](text, rng)


def split(text: str, rng: Random, parts: int = 3) -> list[str]:
    """The text as so many messages, parted at chance places near equal lengths; fewer if it is too short."""
    parts = min(parts, len(text))
    if parts < 2:
        return [text]
    length = len(text) / parts
    cuts = sorted(
        {max(1, min(len(text) - 1, round(length * (at + rng.uniform(-0.25, 0.25))))) for at in range(1, parts)}
    )
    return [text[first:last] for first, last in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def pad(text: str, pool: Sequence[str], rng: Random, least: float = 1.0, most: float = 4.0) -> str:
    """The text with ordinary texts of the pool before and after it, one to four times its own length together."""
    wanted = max(20, round(len(text) * rng.uniform(least, most)))
    before: list[str] = []
    after: list[str] = []
    while wanted > 0:
        ordinary = rng.choice(pool)[: wanted + 40]
        wanted -= max(1, len(ordinary))
        (before if rng.random() < 0.5 else after).append(ordinary)
    joint = rng.choice([" ", "\n", "，" if _has_han(text) else ". "])
    return joint.join([*before, text, *after])


def _has_han(text: str) -> bool:
    return any(_is_han(sign) for sign in text)


def _is_han(sign: str) -> bool:
    return "㐀" <= sign <= "鿿"


@cache
def _homoglyphs() -> Mapping[str, str]:
    """Letters of other alphabets for each Latin one, and the reverse for Cyrillic."""
    found: dict[str, set[str]] = {}
    for sign, forms in confusables_data.items():
        for other in (form["c"] for form in forms):
            if len(sign) == 1 and len(other) == 1 and _are_letters(sign, other):
                found.setdefault(sign, set()).add(other)
    return {sign: "".join(sorted(others)) for sign, others in found.items()}


def _are_letters(sign: str, other: str) -> bool:
    alphabets = [unicodedata.name(letter, "").split(" ")[0] for letter in (sign, other)]
    return (
        set(alphabets) <= {"LATIN", "CYRILLIC", "GREEK"}
        and len(set(alphabets)) == 2
        and ("LATIN" in alphabets and (sign.isascii() or other.isascii()))
    )


@cache
def _same_form() -> Mapping[str, str]:
    """Signs of Unicode's compatibility blocks for each character: radicals, compatibility ideographs."""
    found: dict[str, str] = {}
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code):
            found[plain] = found.get(plain, "") + chr(code)
    return found


def _with_homoglyphs(text: str, rng: Random) -> str:
    glyphs, same = _homoglyphs(), _same_form()

    def other(sign: str) -> str:
        choices = glyphs.get(sign) or same.get(sign)
        return rng.choice(choices) if choices and rng.random() < 0.5 else sign

    return "".join(map(other, text))


def _full_width(text: str, rng: Random) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" and rng.random() < 0.9 else sign for sign in text)


def _with_zero_width(text: str, rng: Random) -> str:
    return "".join(sign + (rng.choice(_INVISIBLE) if rng.random() < 0.5 else "") for sign in text)


def _with_separators(text: str, rng: Random) -> str:
    """One mark between the letters of every word, the same throughout, as they are written by hand."""
    mark = rng.choice(_SEPARATORS)
    out: list[str] = []
    for at, sign in enumerate(text):
        out.append(sign)
        if sign.isalpha() and text[at + 1 : at + 2].isalpha() and (mark != " " or _is_han(sign)):
            out.append(mark)
    return "".join(out)


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def _traditional(text: str, rng: Random) -> str:
    converted: str = _to_traditional().convert(text)
    return converted


def _circled(text: str, rng: Random) -> str:
    first = rng.choice([*_SQUARED_FROM, 0x24B6])

    def circled(sign: str) -> str:
        if sign.isascii() and sign.isalpha():
            small = first == 0x24B6 and sign.islower()
            return chr(0x24D0 + ord(sign) - ord("a")) if small else chr(first + ord(sign.upper()) - ord("A"))
        if sign.isascii() and sign.isdigit():
            return "⓪" if sign == "0" else chr(0x2460 + int(sign) - 1)
        return sign

    return "".join(map(circled, text))


def _mathematical(text: str, rng: Random) -> str:
    style = rng.choice(_MATHEMATICAL)

    def styled(sign: str) -> str:
        if not sign.isascii() or not sign.isalpha():
            return sign
        size = "SMALL" if sign.islower() else "CAPITAL"
        try:
            return unicodedata.lookup(f"MATHEMATICAL {style} {size} {sign.upper()}")
        except KeyError:  # italic h, script B and others have their places elsewhere
            return unicodedata.lookup(f"MATHEMATICAL BOLD {size} {sign.upper()}")

    return "".join(map(styled, text))


def _zalgo(text: str, rng: Random) -> str:
    return "".join(
        sign + "".join(chr(rng.randrange(0x300, 0x370)) for _ in range(rng.randrange(1, 6) if sign.isalnum() else 0))
        for sign in text
    )


def _read(text: str, style: Style) -> list[str]:
    """The syllable of every sign, "" for one that has none."""
    read = lazy_pinyin(text, style=style, errors=lambda signs: "\0" * len(signs))
    syllables: list[str] = []
    for syllable in read:
        syllables += [""] * len(syllable) if "\0" in syllable else [syllable]
    return syllables


def _in_pinyin(text: str, rng: Random, share: float = 0.3) -> str:
    read = _read(text, Style.NORMAL)
    capital = rng.random() < 0.2
    out = []
    for sign, syllable in zip(text, read, strict=True):
        if _is_han(sign) and rng.random() < share:
            out.append(syllable.capitalize() if capital else syllable)
        else:
            out.append(sign)
    return "".join(out)


@cache
def _sounding() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The characters of each syllable, with its tone and without; the common ones several times."""
    with_tone: dict[str, str] = {}
    without: dict[str, str] = {}
    for code in range(0x4E00, 0x9FA6):
        sign = chr(code)
        try:
            common = sign.encode("gb2312")[0] < 0xD8
        except UnicodeEncodeError:
            continue
        [[reading]] = pinyin(sign, style=Style.TONE3)
        with_tone[reading] = with_tone.get(reading, "") + sign * (4 if common else 1)
        bare = to_normal(reading)
        without[bare] = without.get(bare, "") + sign * (4 if common else 1)
    return with_tone, without


def _with_homophones(text: str, rng: Random, share: float = 0.3) -> str:
    with_tone, without = _sounding()
    read = _read(text, Style.TONE3)
    out = []
    for sign, reading in zip(text, read, strict=True):
        choices = with_tone.get(reading, "") if rng.random() < 0.6 else without.get(to_normal(reading), "")
        out.append(rng.choice(choices) if choices and _is_han(sign) and rng.random() < share else sign)
    return "".join(out)


def _with_pictures(text: str, rng: Random) -> str:
    for word, picture in _PICTURES.items():
        pieces = text.split(word)
        text = pieces[0] + "".join((picture if rng.random() < 0.8 else word) + piece for piece in pieces[1:])
    return _with_emoji_digits(text, rng) if rng.random() < 0.3 else text


def _with_chinese_digits(text: str, rng: Random) -> str:
    formal = rng.random() < 0.2

    def said(sign: str) -> str:
        if not (sign.isascii() and sign.isdigit()):
            return sign
        ways = _DIGITS_SAID[int(sign)]
        return ways[1 if formal and len(ways) > 1 else 0] if rng.random() < 0.8 else rng.choice(ways)

    return "".join(map(said, text))


def _with_emoji_digits(text: str, rng: Random) -> str:
    way = rng.randrange(3)

    def drawn(sign: str) -> str:
        if not (sign.isascii() and sign.isdigit()):
            return sign
        if way == 0 or sign == "0":
            return sign + "\ufe0f\u20e3"
        return chr((0x2776 if way == 1 else 0x2460) + int(sign) - 1)

    return "".join(map(drawn, text))


def _reversed(text: str, rng: Random) -> str:
    return text[::-1]


_TRICKS: Mapping[str, Trick] = {
    "homoglyphs": _with_homoglyphs,
    "full_width": _full_width,
    "zero_width": _with_zero_width,
    "separators": _with_separators,
    "traditional": _traditional,
    "circled": _circled,
    "mathematical": _mathematical,
    "zalgo": _zalgo,
    "pinyin": _in_pinyin,
    "homophones": _with_homophones,
    "emoji": _with_pictures,
    "chinese_digits": _with_chinese_digits,
    "emoji_digits": _with_emoji_digits,
    "reversed": _reversed,
}
NAMES: tuple[str, ...] = tuple(_TRICKS)
