"""The phrases that advertisements are made of, found in a folded text in one pass.

They stand in ``phrase_lists``, a file a language: ``[kind]`` begins the phrases of a kind, and ``[kind weak]`` those
that are a clue only where another of the kind, or a call, a price or an address, stands beside them; ``[none]`` takes
back what the choices of other lines would make a phrase. Everything is written as it folds.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

import ahocorasick_rs

from rules.detectors.kinds import ClueKind

LANGUAGES = ("zh", "en", "ru")
_LETTER = "a-zа-яё0-9_"
_FIRST = re.compile(f"[{_LETTER}]")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяё0123456789_")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_SECTION = re.compile(r"\[([a-z._]+)( weak)?\]")
_MOST = 200  # occurrences that are looked at: more say nothing new


class Phrase(NamedTuple):
    """One phrase: its kind (None: of none), whether it is a clue alone, whether a word begins and ends with it."""

    words: str
    kind: ClueKind | None
    strong: bool
    begins: bool
    ends: bool


class Said(NamedTuple):
    """A phrase that stands in a text, and where."""

    phrase: Phrase
    start: int
    end: int


class PhraseBook:
    """Phrases, and the index over them."""

    def __init__(self, phrases: Mapping[str, Phrase]) -> None:
        self.phrases = tuple(phrases.values())
        self._index = ahocorasick_rs.AhoCorasick(list(phrases), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def said_in(self, folded: str) -> list[Said]:
        """The phrases in a folded text, none overlapping another."""
        found: list[Said] = []
        length = len(folded)
        for number, start, end in self._index.find_matches_as_indexes(folded)[:_MOST]:
            phrase = self.phrases[number]
            if phrase.begins and start and folded[start - 1] in _LETTERS:
                continue
            if phrase.ends and end < length and folded[end] in _LETTERS:
                continue
            if phrase.kind is None:
                continue
            found.append(Said(phrase, start, end))
        return found


@cache
def phrase_book() -> PhraseBook:
    """The phrases of all languages. Made once; it takes some hundredths of a second."""
    phrases: dict[str, Phrase] = {}
    for language in LANGUAGES:
        text = files("rules.detectors").joinpath("phrase_lists", f"{language}.txt").read_text(encoding="utf-8")
        for phrase in parsed(text):
            known = phrases.get(phrase.words)
            if known is None or _weight(phrase) < _weight(known):
                phrases[phrase.words] = phrase
    return PhraseBook(phrases)


def _weight(phrase: Phrase) -> int:
    return 0 if phrase.kind is None else 1 + phrase.strong


def parsed(text: str) -> Iterator[Phrase]:
    """The phrases of a list. Raises ``ValueError`` with the line that is none."""
    kind: ClueKind | None = None
    strong, begun = True, False
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        if (section := _SECTION.fullmatch(line)) is not None:
            begun, strong = True, section[2] is None
            kind = None if section[1] == "none" else ClueKind(section[1])
            continue
        if not begun:
            raise ValueError(f"line {number}: no section begins before it")
        for words in expanded(line):
            stem = words.removesuffix("*")
            if not stem or "*" in stem or "{" in stem or "}" in stem:
                raise ValueError(f"line {number}: {words!r} is no phrase")
            ends = stem == words and _FIRST.match(stem[-1]) is not None
            yield Phrase(stem, kind, strong, _FIRST.match(stem) is not None, ends)


def expanded(line: str) -> Iterator[str]:
    """The phrases that a line with choices stands for."""
    parts = _CHOICE.split(line)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    for chosen in product(*choices):
        yield "".join(chosen)
