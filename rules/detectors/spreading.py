"""Words that were taken apart, by marks between their letters or into the parts of a character: put together again."""

import re
from functools import cache

from rules.detectors import tables
from rules.detectors.ahead import Ahead
from rules.detectors.stages import Stage, Undo, always

_HAN = "㐀-鿿"
_MARK = "._*•·~|/^+=,'`_-"
_SPREAD = r"\s*._·•~|/^=\-+&#,'`、。,"
_SAID = "零〇一二三四五六七八九幺"
_BETWEEN = f"(?<=[{_HAN}])(?<![{_SAID}])(?:[*·•|/_^&#`-]{{1,3}}|\\.)(?=[{_HAN}])"
_ALONE = f"(?<![{_HAN}a-z0-9])[{_HAN}](?:[{_SPREAD}]{{1,2}}[{_HAN}]){{2,200}}(?![{_HAN}])"
_LETTERS = (
    f"(?<![a-z0-9])[a-z](?:([{_MARK}])[a-z0-9])(?:\\1[a-z0-9]){{1,60}}(?![a-z])"
    f"|(?<![а-я0-9])[а-я](?:([{_MARK}])[а-я])(?:\\2[а-я]){{1,60}}(?![а-я])"
    "|(?<![a-z0-9@])[a-z](?: [a-z]){3,60}(?![a-z0-9])|(?<![а-я0-9@])[а-я](?: [а-я]){3,60}(?![а-я0-9])"
)
_DIGITS = f"(?<![0-9a-z.{_SAID}])[0-9{_SAID}](?:[ ._*~|/-]{{1,2}}[0-9{_SAID}]){{4,40}}(?![0-9a-z{_SAID}])"
_SHORT = (
    r"(?<![a-z0-9])[vwqt][ ._*~|/+-]{1,2}[xqg](?![a-z0-9])|(?<![a-z0-9])[vw][ ._*~|/-]{1,2}(?=[信芯心])|\\/(?=[\s信x:])"
)
_MARKS = re.compile(f"[{_SPREAD}{_MARK}]+")
_NEAR = 60
_LETTER = r"[^\W\d_]"
_THROUGH = 7  # signs: four letters and the marks between them
_WITHIN = re.compile(f"(?<={_LETTER})[{_MARK}](?={_LETTER})")
_THROUGHOUT = {
    mark: re.compile(f"{_LETTER}{re.escape(mark)}{_LETTER}{re.escape(mark)}{_LETTER}{re.escape(mark)}{_LETTER}")
    for mark in _MARK
}
# What each pattern cannot do without; ordinary texts rarely have it.
_LETTER_APART = re.compile(f"[{_MARK}]\\w[{_MARK}]")
_HAN_APART = re.compile(f"[{_SPREAD}][{_HAN}][{_SPREAD}]")
_WORD_APART = re.compile(f"[{_MARK}][a-z0-9а-я][{_MARK}]| [a-zа-я] [a-zа-я] ")
_BETWEEN_NEEDED = re.compile(f"[*·•|/_^&#`.-](?=[{_HAN}])")
_SHORT_NEEDED = re.compile(r"[ ._*~|/+-][xqg信芯心]|\\/")
_ANY_DIGIT = f"[0-9{_SAID}]"
_THREE_DIGITS = re.compile(f"{_ANY_DIGIT}[ ._*~|/-]{{1,2}}{_ANY_DIGIT}[ ._*~|/-]{{1,2}}{_ANY_DIGIT}")
# Pairs of whole characters that are hardly ever neighbours in a sentence.
_UNLIKELY = (
    "弓虽强 口乞吃 禾火秋 禾呈程 禾责积 禾兑税 禾多移 禾口和 白勺的 矢口知 歹匕死 止匕此 "
    "矢豆短 米青精 米唐糖 目艮眼 足艮跟 革更硬 酉己配 贝曾赠 贝攵败 贝戋贱 贝反贩 贝占贴 "
    "片卑牌 亲斤新 石皮破 日寸时 又寸对 又戈戏 又鸟鸡 文寸对 弓长张 火尧烧 古攵故 身尚躺 "
    "走召超 走取趣 耳又取"
)


def _joined(match: "re.Match[str]") -> str:
    return _MARKS.sub("", match.group())


def _nothing(match: "re.Match[str]") -> str:
    return ""


def _nothing_if_throughout(text: str) -> Undo:
    """Nothing, for a mark that stands between single letters near by: then it spreads words of two letters too."""
    ahead = {mark: Ahead(pattern, text, _THROUGH) for mark, pattern in _THROUGHOUT.items()}

    def undo(match: "re.Match[str]") -> str:
        mark, at = match.group(), match.start()
        return "" if ahead[mark].is_within(max(0, at - _NEAR), at + _NEAR) else mark

    return undo


def _short(match: "re.Match[str]") -> str:
    return "v" if match.group() == "\\/" else _MARKS.sub("", match.group())


@cache
def _together() -> dict[str, str]:
    pairs = {pair[:2]: pair[2] for pair in _UNLIKELY.split(" ")}
    return pairs | {tables.APART[2 * at : 2 * at + 2]: whole for at, whole in enumerate(tables.TOGETHER)}


def _whole(match: "re.Match[str]") -> str:
    return _together().get(match.group(), match.group())


_PAIR = re.compile(f"[氵亻扌讠钅纟忄艹饣犭礻衤彳][{_HAN}]|" + "|".join(pair[:2] for pair in _UNLIKELY.split(" ")))
_FIRST_OF_PAIR = re.compile("[" + "".join({pair[0] for pair in _UNLIKELY.split(" ")}) + "氵亻扌讠钅纟忄艹饣犭礻衤彳]")

STAGES = (
    Stage("spread", _LETTER_APART.search, _WITHIN, _nothing_if_throughout),
    Stage("spread", _BETWEEN_NEEDED.search, re.compile(_BETWEEN), always(_nothing)),
    Stage("spread", _HAN_APART.search, re.compile(_ALONE), always(_joined)),
    Stage("spread", _WORD_APART.search, re.compile(_LETTERS), always(_joined)),
    Stage("spread", _THREE_DIGITS.search, re.compile(_DIGITS), always(_joined)),
    Stage("spread", _SHORT_NEEDED.search, re.compile(_SHORT), always(_short)),
    Stage("split_glyph", _FIRST_OF_PAIR.search, _PAIR, always(_whole)),
)
