"""How a text sounds: Chinese syllables, written as characters or in letters, each as one character of its class."""

import re
from functools import cache, lru_cache

from rules.detectors import tables

_HAN = "㐀-鿿"
_HAS_HAN = re.compile(f"[{_HAN}]")
_LETTERS = re.compile("[a-z]+")
_LONGEST_TOKEN = 24
_LONGEST_SYLLABLE = 6
# What separates nothing: marks and blanks beside a Chinese character.
_GAP = re.compile(rf"(?<=[{_HAN}])[^\w\n]++|(?<![^\w\n])[^\w\n]++(?=[{_HAN}])")
# Short names of the two messengers, as they are said.
_CONTACTS = {"vx": "微信", "wx": "微信", "vxin": "微信", "wxin": "微信", "wechat": "微信", "weixin": "微信"}
_CONTACTS |= {"v": "微", "qq": "扣扣", "q": "扣", "kk": "扣扣"}
_CONTACT = re.compile(
    f"(?<![a-z0-9])(?:(?:vx|wx|vxin|wxin|wechat|qq|kk)(?![a-z])|v(?=[信芯心欣新薪xin:{_HAN}])|q(?=[{_HAN}:]))|(?<=[加十])[vq](?![a-z])"
)
# Three words of letters that all spell syllables are Chinese; fewer may be English.
_SPELT = re.compile("(?<![a-z])[a-z]++(?:[ '-][a-z]++){2,60}")
# Words of English that also spell syllables and are met among Chinese.
_ALSO_ENGLISH = (
    "a e o me he she we can man men fan women pin pan ban bin ping pen ten long song hang gang dan den "
    "chat code come data due fun gun ha hi die lie tie nine pie sang shang tang wan wen yes you run ran "
    "sun sue sure tan wo ma da la"
)
_ENGLISH = frozenset(_ALSO_ENGLISH.split())


@cache
def _sounds() -> dict[int, str]:
    """The character of its class for every character."""
    sounds: dict[int, str] = {}
    for group in tables.HOMOPHONES.split(" "):
        for sign in group:
            sounds[ord(sign)] = group[0]
    sounds[ord("徽")] = sounds[ord("微")]  # written for it because of its looks
    return sounds


@cache
def _written() -> dict[str, str]:
    classes = [group[0] for group in tables.HOMOPHONES.split(" ")]
    return {
        name: classes[int(place)] for name, _, place in (pair.partition(":") for pair in tables.SYLLABLES.split(" "))
    }


def by_sound(text: str) -> str:
    """A folded text with what sounds alike written alike, and in Chinese nothing between the syllables."""
    if _HAS_HAN.search(text) is None:
        return text if _SPELT.search(text) is None else _SPELT.sub(_if_all_spell, text)
    if _LETTERS.search(text) is not None:
        text = _CONTACT.sub(_contact, text)
        text = _LETTERS.sub(_spelt, text)
    text = text.translate(_sounds())
    return _GAP.sub("", text)


def _contact(match: "re.Match[str]") -> str:
    return _CONTACTS[match.group()]


def _spelt(match: "re.Match[str]") -> str:
    return _read(match.group()) or match.group()


def _if_all_spell(match: "re.Match[str]") -> str:
    words = re.split("[ '-]", match.group())
    read = [_read(word) for word in words]
    return "".join(read) if all(read) and not _ENGLISH.issuperset(words) else match.group()


@lru_cache(maxsize=4096)
def _read(word: str) -> str:
    """The syllables that a word of letters spells, or ""."""
    if len(word) > _LONGEST_TOKEN:
        return ""
    written = _written()
    ways: list[str | None] = [""] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before, sound = ways[start], written.get(word[start:end])
            if before is not None and sound is not None:
                way = ways[end]
                if way is None or len(before) + 1 < len(way):
                    ways[end] = before + sound
    return ways[-1] or ""
