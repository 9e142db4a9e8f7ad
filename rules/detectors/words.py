"""Words that were taken apart or written in other letters: put together again and in one script."""

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct

from rules.detectors import tables

Undo = Callable[["re.Match[str]"], str]


class Stage(Struct, frozen=True):
    """One way of hiding: what it looks like and what it stands for. A text without ``needs`` has nothing of it."""

    trick: str
    needs: "re.Pattern[str]"
    pattern: "re.Pattern[str]"
    undo: Undo


_HAN = "㐀-鿿"
_CHINESE_DIGITS = dict(zip("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True))
_SAID_DIGITS = str.maketrans(_CHINESE_DIGITS)
_DIGIT_SIGNS = "".join(_CHINESE_DIGITS)
_NUMBER = re.compile(f"(?<![0-9{_DIGIT_SIGNS}第])[0-9{_DIGIT_SIGNS}]{{4,40}}(?![0-9{_DIGIT_SIGNS}十百千万亿年])")

_SPREAD = r"\s*._·•~|/^=\-+&#,'`、。，"
_SPREAD_HAN = re.compile(f"(?<=[{_HAN}])[*._·•~|/^=&#`-]{{1,3}}(?=[{_HAN}])")
_ALONE_HAN = re.compile(f"(?<![{_HAN}a-z0-9])[{_HAN}](?:[{_SPREAD}]{{1,2}}[{_HAN}]){{2,200}}(?![{_HAN}])")
_ALONE_LATIN = re.compile(
    "(?<![a-zа-я0-9@])(?:[a-z](?:([._*~|/^=+-])[a-z])(?:\\1[a-z]){1,40}|[а-я](?:([._*~|/^=+-])[а-я])(?:\\2[а-я]){1,40}"
    "|[a-z](?: [a-z]){3,40}|[а-я](?: [а-я]){3,40})(?![a-zа-я0-9])"
)
_ALONE_DIGITS = re.compile(r"(?<![0-9a-z.])[0-9](?:[ ._*~|/-]{1,2}[0-9]){4,40}(?![0-9a-z])")
_MARKS = re.compile(f"[{_SPREAD}]+")
_SHORT = re.compile(r"(?<![a-z0-9])([vwqt])[ ._*~|/-]{1,2}([xqg])(?![a-z0-9])|(?<![a-z0-9])([v])[ ._*~|/-]{1,2}(?=信)")

_WORD = re.compile("[a-zͰ-ԯ@0]*[a-z][a-zͰ-ԯ@0]*[Ͱ-ԯ][a-zͰ-ԯ@0]*|[Ͱ-ԯ@0]*[Ͱ-ԯ][a-zͰ-ԯ@0]*")
_TWO_SCRIPTS = re.compile("[a-z@0][Ͱ-ԯ]|[Ͱ-ԯ][a-z@0]")
_RUSSIAN = re.compile("[бджилфцчщъыэюя]")
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_CODES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs "
    "bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cp cr cu cv cw cx cy cz de dg dj dk dm do dz ea "
    "ec ee eg eh er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy "
    "hk hm hn hr ht hu ic id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la "
    "lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz "
    "na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw "
    "sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz ta tc td tf tg th tj tk tl tm tn to "
    "tr tt tv tw tz ua ug um un us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw"
)
_COUNTRIES = frozenset(_CODES.split())


def _said(match: "re.Match[str]") -> str:
    run = match.group()
    if run.isascii() or (len(run) < 5 and not re.search("[0-9零〇幺]", run)):
        return run
    return run.translate(_SAID_DIGITS)


def _joined(match: "re.Match[str]") -> str:
    return _MARKS.sub("", match.group())


def _nothing(match: "re.Match[str]") -> str:
    return ""


@cache
def _as_latin() -> dict[str, str]:
    return dict(zip(tables.LOOKALIKES, tables.LOOKED_FOR, strict=True))


@cache
def _as_cyrillic() -> dict[str, str]:
    return dict(zip(tables.LATIN, tables.AS_CYRILLIC, strict=True))


def _in_one_script(match: "re.Match[str]") -> str:
    """A word of two scripts in the one that most of it is in."""
    word = match.group()
    latin = [sign for sign in word if "a" <= sign <= "z"]
    if not latin:
        return word
    foreign = [sign for sign in word if sign > "\u036f"]
    to_latin, to_cyrillic = _as_latin(), _as_cyrillic()
    can_be_latin = all(sign in to_latin for sign in foreign)
    can_be_cyrillic = all(sign in to_cyrillic for sign in latin) and any(sign >= "\u0400" for sign in foreign)
    if can_be_latin and not (can_be_cyrillic and _RUSSIAN.search(match.string)):
        return "".join([to_latin.get(sign, sign) for sign in word])
    if can_be_cyrillic:
        return "".join([to_cyrillic.get(sign, sign) for sign in word])
    return word


def _letters(match: "re.Match[str]") -> str:
    """Letters of flags, unless they are flags."""
    run = "".join([chr(ord(sign) - 0x1F1E6 + ord("a")) for sign in match.group()])
    pairs = [run[at : at + 2] for at in range(0, len(run), 2)]
    return match.group() if _COUNTRIES.issuperset(pairs) else run


_HAN_DIGIT = re.compile(f"[{_DIGIT_SIGNS}]")
_HAN_SIGN = re.compile(f"[{_HAN}]")
_SEPARATED = re.compile(f"[a-zа-я{_HAN}][{_SPREAD}]{{1,2}}[a-zа-я{_HAN}](?:[{_SPREAD}]|$)")
_MARK_BETWEEN = re.compile(f"[{_HAN}][*._·•~|/^=&#`-]{{1,3}}[{_HAN}]")
_DIGIT_APART = re.compile("[0-9][ ._*~|/-]{1,2}[0-9][ ._*~|/-]{1,2}[0-9]")

STAGES = (
    Stage("emoji", _FLAG_LETTERS, _FLAG_LETTERS, _letters),
    Stage("confusable", _TWO_SCRIPTS, _WORD, _in_one_script),
    Stage("spread", _MARK_BETWEEN, _SPREAD_HAN, _nothing),
    Stage("spread", _SEPARATED, _ALONE_HAN, _joined),
    Stage("spread", _SEPARATED, _ALONE_LATIN, _joined),
    Stage("spread", _DIGIT_APART, _ALONE_DIGITS, _joined),
    Stage("spread", _SHORT, _SHORT, lambda match: "".join(part for part in match.groups() if part)),
    Stage("digits", _HAN_DIGIT, _NUMBER, _said),
)
