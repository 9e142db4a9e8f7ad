"""Clues from the ways of hiding that the folding undid."""

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick_rs

from rules.detectors.clue_phrases import phrase_clues
from rules.detectors.clues import Clue
from rules.detectors.folding import View
from rules.detectors.homophones import by_sound
from rules.detectors.kinds import ClueKind
from rules.detectors.phrases import phrase_book

# Each way by its name in ``View.tricks``: what it is called as a clue, and how often it must be met. What a keyboard
# writes by itself (full-width commas, a joined emoji) is met now and then in ordinary talk.
_TRICKS = {
    "invisible": (ClueKind.HIDDEN_INVISIBLE, 2),
    "marks": (ClueKind.HIDDEN_MARKS, 3),
    "confusable": (ClueKind.HIDDEN_CONFUSABLE, 1),
    "circled": (ClueKind.HIDDEN_LETTERS, 1),
    "digits": (ClueKind.HIDDEN_DIGITS, 1),
    "spread": (ClueKind.HIDDEN_SPREAD, 1),
    "split_glyph": (ClueKind.HIDDEN_SPLIT, 1),
    "leet": (ClueKind.HIDDEN_LEET, 1),
}
_HAN = re.compile("[㐀-鿿]{4,}")
_GAP = re.compile(r"[^\w]+")
_SHORT_BUT_SURE = ("加微信", "微信号", "加扣扣")
_MOST = 20  # sounds that are looked at


def hidden_clues(view: View) -> Iterator[Clue]:
    """The ways of hiding that a text was written in."""
    for trick, count in view.tricks.items():
        known = _TRICKS.get(trick)
        if known is not None and count >= known[1]:
            yield Clue(known[0], str(count))
    if (said_alike := _homophone(view)) is not None:
        yield Clue(ClueKind.HIDDEN_HOMOPHONE, said_alike)
    if view.reversed and (said := phrase_clues(view.reversed, [])):
        yield Clue(ClueKind.HIDDEN_REVERSED, said[0].detail)


class Sounds:
    """The Chinese phrases by their sound, so that other characters of the same sound are found to stand for them."""

    def __init__(self, words: list[str]) -> None:
        alike: dict[str, list[str]] = {}
        for word in words:
            alike.setdefault(by_sound(word), []).append(word)
        self._alike = list(alike.values())
        self._index = ahocorasick_rs.AhoCorasick(list(alike), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def meant_in(self, view: View) -> str | None:
        """The first phrase that a text says in other characters only."""
        found = self._index.find_matches_as_indexes(view.pinyin)
        if not found:
            return None
        written = _GAP.sub("", view.text)
        for number, _, _ in found[:_MOST]:
            if not any(word in written for word in self._alike[number]):
                return self._alike[number][0]
        return None


@cache
def phrase_sounds() -> Sounds:
    """The strong phrases of four characters and more: shorter ones sound like much else."""
    words = [phrase.words for phrase in phrase_book().phrases if phrase.strong and phrase.kind is not None]
    return Sounds([*filter(_HAN.fullmatch, words), *_SHORT_BUT_SURE])


def _homophone(view: View) -> str | None:
    if view.text.isascii():
        return None
    return phrase_sounds().meant_in(view)
