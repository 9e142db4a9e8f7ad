"""Words written in letters of two scripts, or with digits for letters: in the one script that they are in."""

import re
from functools import cache

from rules.detectors import tables
from rules.detectors.ahead import Ahead
from rules.detectors.stages import Stage, always

_NEAR = 120
_WORD = re.compile("(?<![0-9@])[a-zͰ-ԯ@0]{2,64}(?![0-9])")
_TWO_SCRIPTS = re.compile("[a-z@0][Ͱ-ԯ]|[Ͱ-ԯ][a-z@0]|[Ͱ-Ͽ][Ѐ-ԯ]|[Ѐ-ԯ][Ͱ-Ͽ]")
_NOT_CYRILLIC = re.compile("[a-z@0Ͱ-Ͽ]")
_FOREIGN = re.compile("[Ͱ-ԯ]")
_FOREIGN_WORD = re.compile("[Ͱ-ԯ]{1,64}")
_LATIN_OR_HAN = re.compile("[a-z㐀-鿿]")
# Letters that look like none of Latin: Russian, Ukrainian, Greek.
_ITS_OWN = re.compile("[бджилфцчщъыэюяєїαβγδζηθλμξπσφψω]")
_RUSSIAN = re.compile("[бджилфцчщъыэюя]")
_DIGIT_WITHIN = re.compile("[0346$][а-я]")
_LONE_LETTERS = frozenset("аісѕαοι")
# Letters that no reader can tell from Latin ones.
_IDENTICAL = frozenset("асеорхуѕіјһԁԛԝҽαονικρτυχϲ")
_LATIN_WORD = re.compile("[a-z]{3}")
_LONE_NEEDED = re.compile(" [aocy] ")
_LONE = re.compile("(?<=[а-я] )[aocy](?= [а-я])")
_CYRILLIC_DIGIT = re.compile("(?<=[а-я][а-я])[0346$](?=[а-я])|(?<=[^а-яa-z0-9][а-я])[0346$](?=[а-я][а-я])")
_AS_CYRILLIC = {"0": "о", "3": "з", "4": "ч", "6": "б", "$": "с"}
_LEET = re.compile("(?<![a-z0-9@$!/._-])[a-z0-9@$!]{3,14}(?![a-z0-9@$/_-])")
_LEET_SIGN = re.compile("[013457@$!8]")
_LEET_NEEDED = re.compile("[a-z][013457@$!8]|[013457@$!8][a-z]")
_LEET_WAYS = tuple(str.maketrans("01345@$!78", f"o{one}easas{one}tb") for one in "il")
_LURES = (
    "viagra cialis free crypto casino bitcoin invest investment investor money cash profit profits earn "
    "earning earnings porn porno sex sexy girl girls nude nudes telegram whatsapp wechat click bonus win "
    "winner winners prize loan loans credit cheap deal deals offer offers sale video videos hot adult dating "
    "forex trading trade trader signal signals airdrop wallet gift gifts card cards escort escorts drugs weed "
    "pills replica hack hacker hacking account accounts service services job jobs work home online income "
    "daily weekly guaranteed bet bets betting poker slots slot pharmacy discount promo subscribe follow "
    "followers contact message join channel group instagram facebook paypal password verify reward rewards "
    "claim limited urgent leads passive million dollars weight loss ebony cocaine meth pussy fuck"
)
_LURED = frozenset(_LURES.split())
# Kana that stand for the Chinese character they look like, where no other kana is by.
_KANA = re.compile("(?<=[㐀-鿿])[エロカニタト](?![ぁ-ヿ])|(?<![ぁ-ヿ])[エロカニタト](?=[㐀-鿿])")
_KANA_SIGN = re.compile("[エロカニタト]")
_KANA_FOR = dict(zip("エロカニタト", "工口力二夕卜", strict=True))


@cache
def _as_latin() -> dict[str, str]:
    return dict(zip(tables.LOOKALIKES, tables.LOOKED_FOR, strict=True))


@cache
def _as_cyrillic() -> dict[str, str]:
    return dict(zip(tables.LATIN, tables.AS_CYRILLIC, strict=True))


class _Around:
    """What stands near the words of a text, asked of them one after the other."""

    def __init__(self, text: str) -> None:
        self._russian = Ahead(_RUSSIAN, text)
        self._its_own = Ahead(_ITS_OWN, text)
        self._latin_word = Ahead(_LATIN_WORD, text, 3)
        self._latin_or_han = Ahead(_LATIN_OR_HAN, text)

    def in_one_script(self, match: "re.Match[str]") -> str:
        """A word of two scripts in the one that all of it can be in; what can be both is as its neighbours are."""
        word = match.group()
        to_latin, to_cyrillic = _as_latin(), _as_cyrillic()
        latin = any("a" <= sign <= "z" for sign in word)
        foreign = [sign for sign in word if sign > "\u036f"]
        cyrillic = [sign for sign in foreign if sign > "\u03ff"]
        if not foreign or (len(foreign) < 3 and not latin and len(cyrillic) != 1):
            return word
        can_be_latin = latin and all(sign in to_latin for sign in foreign)
        can_be_cyrillic = 3 * len(cyrillic) >= len(word) and all(
            sign > "\u03ff" or sign in to_cyrillic for sign in word
        )
        if can_be_latin and not (can_be_cyrillic and _is_near(self._russian, match)):
            return "".join([to_latin.get(sign, sign) for sign in word])
        if can_be_cyrillic:
            return "".join([to_cyrillic.get(sign, sign) for sign in word])
        return word

    def disguised(self, match: "re.Match[str]") -> str:
        """A word all of whose letters look Latin, where Latin or Chinese is written and nothing of its own script."""
        word, to_latin = match.group(), _as_latin()
        if len(word) == 1 and (word not in _LONE_LETTERS or not _is_near(self._latin_word, match)):
            return word
        if (
            not _IDENTICAL.issuperset(word)
            or (len(word) > 1 and len(set(word)) < 2)
            or _is_near(self._its_own, match)
            or not _is_near(self._latin_or_han, match)
        ):
            return word
        return "".join([to_latin[sign] for sign in word])


def _is_near(ahead: Ahead, match: "re.Match[str]") -> bool:
    return ahead.is_within(max(0, match.start() - _NEAR), match.end() + _NEAR)


def _may_be_disguised(text: str) -> bool:
    return _FOREIGN.search(text) is not None and _LATIN_OR_HAN.search(text) is not None


def _meant(match: "re.Match[str]") -> str:
    """A word of adverts for what leet writes for it; any other name stays as it is."""
    word = match.group()
    if word.isalpha() or word.isdecimal():
        return word
    for way in _LEET_WAYS:
        plain = word.translate(way)
        if plain in _LURED:
            return plain
    return word


def _is_mixed(text: str) -> bool:
    if _FOREIGN.search(text) is None or _NOT_CYRILLIC.search(text) is None:
        return False
    return _TWO_SCRIPTS.search(text) is not None


def _may_have_lone(text: str) -> bool:
    return _FOREIGN.search(text) is not None and _LONE_NEEDED.search(text) is not None


def _has_digit_within(text: str) -> bool:
    return _FOREIGN.search(text) is not None and _DIGIT_WITHIN.search(text) is not None


def _may_be_leet(text: str) -> bool:
    return _LEET_SIGN.search(text) is not None and _LEET_NEEDED.search(text) is not None


STAGES = (
    Stage("confusable", _is_mixed, _WORD, lambda text: _Around(text).in_one_script),
    Stage("confusable", _may_be_disguised, _FOREIGN_WORD, lambda text: _Around(text).disguised),
    Stage("confusable", _may_have_lone, _LONE, always(lambda match: _as_cyrillic()[match.group()])),
    Stage("confusable", _KANA_SIGN.search, _KANA, always(lambda match: _KANA_FOR[match.group()])),
    Stage("leet", _has_digit_within, _CYRILLIC_DIGIT, always(lambda match: _AS_CYRILLIC[match.group()])),
    Stage("leet", _may_be_leet, _LEET, always(_meant)),
)
