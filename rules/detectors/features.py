"""Hashed features: the n-grams of a text as buckets and values, with no vocabulary that could be read back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from rules.detectors.addresses import without_addresses

FEATURES_VERSION: Final = "4"
BITS: Final = 21  # of the bucket of an n-gram: 2,097,152 of them
SOUND_BITS: Final = 20
CLUE_BITS: Final = 14
SOUNDS_FROM: Final = 1 << BITS
CLUES_FROM: Final = SOUNDS_FROM + (1 << SOUND_BITS)
BUCKETS: Final = CLUES_FROM + (1 << CLUE_BITS)
LONGEST_GRAM: Final = 5
LONGEST_SOUND: Final = 4
MOST_KINDS: Final = 24  # of clues: their pairs grow with the square

Codes = NDArray[np.uint64]
Buckets = NDArray[np.uint32]
Floats = NDArray[np.float32]

_BASE: Final = 0x9E3779B97F4A7C15
# Arrays, not numbers: numpy looks for a number's type each time, which takes longer than all else on a short text.
_SPREAD: Final = np.array(0xD6E8FEB86659FD93, np.uint64)
_HALF: Final = np.array(32, np.uint64)
_SHIFT: Final = np.array(64 - BITS, np.uint64)
_SOUND_SHIFT: Final = np.array(BITS - SOUND_BITS, np.uint64)
_SOUND_FIRST: Final = np.array(SOUNDS_FROM, np.uint64)
LONGEST: Final = 8_192  # characters that are looked at
_EDGE: Final = "\x02"  # stands before the first and after the last character
_BEYOND: Final = "\0" * (LONGEST_GRAM - 1)  # so that an n-gram begins at every character
_RUN: Final = re.compile("[0-9]+")
_RUN_SIGNS: Final = "0112233444456"  # by how many digits: one sign for 1 and 2, one for 3 and 4, 5 and 6, 7 to 10, 11
_SAME_DIGIT: Final = "9"
_WORD, _PAIR, _SOUND = (np.array(n, np.uint64) for n in (0xA3F1C2D4E5B60791, 0x7C15F39CC0605CED, 0x94D049BB133111EB))
_LARGEST: Final = (1 << 64) - 1
_KEPT: Final = 24  # letters of a word whose hash is kept: most words are said again
# For each n, what the characters of an n-gram are multiplied by.
_POWERS: Final = np.array(
    [
        [pow(_BASE, gram - place, 1 << 64) if place <= gram else 0 for place in range(LONGEST_GRAM)]
        for gram in range(LONGEST_GRAM)
    ],
    np.uint64,
)
_KINDS: Final = np.array(
    [[0], *([gram * 0xBF58476D1CE4E5B9 % 2**64] for gram in range(2, LONGEST_GRAM + 1))], np.uint64
)


def _word_pattern() -> "re.Pattern[str]":
    """Words that are written with spaces between: of letters and digits, but not of Chinese and Japanese letters."""
    letters = "".join(chr(code) for code in (*range(0x30), *range(0x3A, 0x3000)) if chr(code).isalpha())
    return re.compile(f"[0-9{letters}\uac00-\ud7a3]+")


_WORDS: Final = _word_pattern()
_DAMPED: Final = np.concatenate([[0.0], 1 + np.log(np.arange(1, 64))]).astype(np.float32)  # counts, sublinear


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The buckets that a text falls into, rising, and how much of it stands in each (before any scaling)."""

    indices: Buckets
    values: Floats

    def packed(self) -> bytes:
        """As bytes: for storage."""
        return self.indices.astype("<u4").tobytes() + self.values.astype("<f2").tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> "Features":
        """What ``packed`` made; ``ValueError`` for anything else."""
        if len(data) % 6:
            raise ValueError("not packed features: their length is no multiple of six bytes")
        size = len(data) // 6
        indices = np.frombuffer(data, "<u4", size).astype(np.uint32)
        values = np.frombuffer(data, "<f2", size, size * 4).astype(np.float32)
        if size and (int(indices.max()) >= BUCKETS or not np.isfinite(values).all()):
            raise ValueError("not packed features: a bucket or a value is out of range")
        return cls(indices, values)


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """The buckets of a text's n-grams as they stand: first those of one character, then of two, and so on, then words.

    The n-grams of each length are one fewer than those before, each begins one character later; last come pairs of
    words.
    """

    text: str
    buckets: Buckets

    @property
    def rows(self) -> tuple[int, ...]:
        """Where the n-grams of each length begin, and where the words do."""
        size = len(self.text) + 2  # with the edges
        return tuple(accumulate((max(0, size - gram) for gram in range(LONGEST_GRAM)), initial=0))

    def at_characters(self, weights: Floats) -> Floats:
        """Rows of weights of ``buckets``, each added up by the character that the n-gram or word begins with."""
        rows = self.rows
        sums = np.zeros((len(weights), len(self.text) + 2), np.float32)
        for begin, end in pairwise(rows):
            sums[:, : end - begin] += weights[:, begin:end]
        starts = np.array([match.start() + 1 for match in _WORDS.finditer(self.text)], np.intp)
        words = len(starts)
        if words:
            for row, whole in zip(sums, weights, strict=True):  # one row after the other is quicker than both at once
                row[starts] += whole[rows[-1] : rows[-1] + words]
                row[starts[:-1]] += whole[rows[-1] + words :]
        return sums[:, :-1]

    def over_characters(self, weights: Floats) -> Floats:
        """The weights of ``buckets`` shared out among all characters that the n-gram or word covers."""
        rows, size = self.rows, len(self.text)
        steps = np.zeros(size + 3, np.float32)
        for gram, (begin, end) in enumerate(pairwise(rows), 1):
            share = weights[begin:end] / gram
            steps[: end - begin] += share
            steps[gram : gram + end - begin] -= share
        edges = [edge + 1 for match in _WORDS.finditer(self.text) for edge in match.span()]
        starts, ends = np.array(edges[::2], np.intp), np.array(edges[1::2], np.intp)
        words = len(starts)
        if words:
            share = weights[rows[-1] : rows[-1] + words] / (ends - starts)
            steps[starts] += share
            steps[ends] -= share
        return steps.cumsum(dtype=np.float32)[1 : size + 1]


def grams_of(text: str) -> Grams:
    """The n-grams of a squeezed text of up to five characters, its words and its pairs of words."""
    return Grams(text, _mixed(_of_text(text, _hashes(_EDGE + text + _EDGE))).astype(np.uint32))


def both_views(text: str, sounds: str) -> tuple[Grams, Buckets]:
    """The n-grams of a text; and their buckets with those of what it sounds like, which have a range of their own."""
    hashes = _hashes(_EDGE + text + _EDGE + _EDGE + sounds + _EDGE)
    parts = _of_text(text, hashes)
    first = sum(map(len, parts))
    size = len(sounds) + 2
    sounding = hashes[:, len(text) + 2 :] ^ _SOUND
    parts.append(sounding[0, 1 : size - 1])
    parts += [sounding[gram, : max(0, size - gram)] for gram in range(1, LONGEST_SOUND)]
    mixed = _mixed(parts)
    second = mixed[first:]
    second >>= _SOUND_SHIFT
    second += _SOUND_FIRST
    buckets = mixed.astype(np.uint32)
    return Grams(text, buckets[:first]), buckets


def clue_buckets(kinds: Iterable[str]) -> Buckets:
    """The kinds of clues, each alone and each two together."""
    return _clue_buckets(frozenset(kinds))


@lru_cache(maxsize=4096)
def _clue_buckets(kinds: frozenset[str]) -> Buckets:
    names = sorted(kinds)[:MOST_KINDS]
    pairs = [f"{one}+{other}" for at, one in enumerate(names) for other in names[at + 1 :]]
    places = {crc32(name.encode()) >> (32 - CLUE_BITS) for name in (*names, *pairs)}
    return np.array(sorted(places), np.uint32) + np.uint32(CLUES_FROM)


def features_of(buckets: Buckets) -> Features:
    """Each bucket once, with its count damped: the tenth time says little more than the second."""
    if not len(buckets):
        return Features(buckets, np.empty(0, np.float32))
    ordered = buckets.copy()
    ordered.sort()
    new = np.empty(len(ordered) + 1, np.bool_)
    new[0] = new[-1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:-1])
    ends = new.nonzero()[0]
    firsts = ends[:-1]
    return Features(ordered[firsts], _DAMPED.take(ends[1:] - firsts, mode="clip"))


def squeezed(text: str) -> str:
    """The text with every address and every run of digits as one sign: no name and no number can be read back."""
    return without_numbers(without_addresses(text[:LONGEST])[0])


def without_numbers(text: str) -> str:
    """The text with every run of digits as one sign that says how long it is.

    A digit repeated, as in 6666, is a sign of its own: it is a cheer and not a number.
    """
    return _RUN.sub(_sign_of_run, text)


def unsqueezed(text: str) -> list[int]:
    """Where in a text each sign of its squeezed form stands; and its end."""
    shorter, stood = without_addresses(text[:LONGEST])
    places: list[int] = []
    done = 0
    for run in _RUN.finditer(shorter):
        places += [*range(done, run.start()), run.start()]
        done = run.end()
    places += range(done, len(shorter) + 1)
    return [stood[place] for place in places] if stood else places


def _sign_of_run(run: "re.Match[str]") -> str:
    digits = run.group()
    if len(digits) > 2 and digits == digits[0] * len(digits):
        return _SAME_DIGIT
    return _RUN_SIGNS[min(len(digits), len(_RUN_SIGNS) - 1)]


def _hashes(text: str) -> Codes:
    """The hashes of the n-grams that begin at each character, a row for each n; the last ones reach beyond the text."""
    codes = np.frombuffer((text + _BEYOND).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    beginning = np.ndarray((LONGEST_GRAM, len(text)), np.uint64, codes, 0, (codes.itemsize, codes.itemsize))
    hashes: Codes = _POWERS.dot(beginning)
    return hashes


def _of_text(text: str, hashes: Codes) -> list[Codes]:
    size = len(text) + 2
    kinds = hashes[:, :size] + _KINDS
    parts = [kinds[gram, : max(0, size - gram)] for gram in range(LONGEST_GRAM)]
    if words := _WORDS.findall(text):
        codes = np.array([_word_hash(word) for word in words], np.uint64)
        parts += (codes + _WORD, codes[:-1] * _PAIR + codes[1:])
    return parts


def _mixed(parts: Sequence[Codes]) -> Codes:
    """The buckets of hashes, whose upper half is stirred into all bits."""
    hashes: Codes = np.concatenate(parts)
    hashes ^= hashes >> _HALF
    hashes *= _SPREAD
    hashes >>= _SHIFT
    return hashes


def _word_hash(word: str) -> int:
    return _kept_word_hash(word) if len(word) <= _KEPT else _new_word_hash(word)


def _new_word_hash(word: str) -> int:
    found = 0
    for sign in reversed(word):
        found = (found * _BASE + ord(sign)) & _LARGEST
    return found


_kept_word_hash = lru_cache(maxsize=8192)(_new_word_hash)
