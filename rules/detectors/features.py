"""Hashed features: the n-grams of a text as buckets and values, with no vocabulary that could be read back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

FEATURES_VERSION: Final = "3"
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
Positions = NDArray[np.intp]

_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE: Final = pow(_BASE, -1, 1 << 64)
_SPREAD: Final = np.uint64(0xD6E8FEB86659FD93)
_SHIFT: Final = np.uint64(64 - BITS)
LONGEST: Final = 8_192  # characters that are looked at
_EDGE: Final = 2  # stands before the first and after the last character
_RUN: Final = re.compile("[0-9]+")
_RUN_SIGNS: Final = "0112233444456"  # by how many digits: one sign for 1 and 2, one for 3 and 4, 5 and 6, 7 to 10, 11
_SAME_DIGIT: Final = "9"
_WORD, _PAIR, _SOUND = (np.uint64(n) for n in (0xA3F1C2D4E5B60791, 0x7C15F39CC0605CED, 0x94D049BB133111EB))
_BASE_CODE: Final = np.uint64(_BASE)


def _powers(base: int) -> Codes:
    powers = [1]
    while len(powers) < LONGEST + 2:
        powers.append(powers[-1] * base & (1 << 64) - 1)
    return np.array(powers, np.uint64)


_POWERS: Final = _powers(_BASE)
_INVERSES: Final = _powers(_INVERSE)
_KINDS: Final = np.array([gram * 0xBF58476D1CE4E5B9 % 2**64 for gram in range(LONGEST_GRAM + 1)], np.uint64)


def _word_signs() -> NDArray[np.bool_]:
    """Which characters make words that are written with spaces between: letters, but not Chinese and Japanese ones."""
    signs = np.zeros(0x10000, np.bool_)
    for code in (*range(0x30), *range(0x3A, 0x3000)):
        signs[code] = chr(code).isalpha()
    signs[0x30:0x3A] = True
    signs[0xAC00:0xD7A4] = True
    return signs


_WORD_SIGNS: Final = _word_signs()
_LAST_SIGN: Final = np.uint64(0xFFFF)
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

    ``rows[n - 1]`` is where the n-grams of n characters begin; each starts one character later than the one before.
    """

    buckets: Buckets
    rows: tuple[int, ...]
    word_starts: Positions
    word_ends: Positions

    def at_characters(self, weights: Floats, size: int) -> Floats:
        """Rows of weights of ``buckets``, each added up by the character that the n-gram or word begins with."""
        sums = np.zeros((len(weights), size + 2), np.float32)  # with the edges
        for begin, end in pairwise(self.rows):
            sums[:, : end - begin] += weights[:, begin:end]
        words = len(self.word_starts)
        if words:
            for row, whole in zip(sums, weights, strict=True):  # one row after the other is quicker than both at once
                row[self.word_starts] += whole[self.rows[-1] : self.rows[-1] + words]
                row[self.word_starts[:-1]] += whole[self.rows[-1] + words :]
        return sums[:, :-1]

    def over_characters(self, weights: Floats, size: int) -> Floats:
        """The weights of ``buckets`` shared out among all characters that the n-gram or word covers."""
        steps = np.zeros(size + 3, np.float32)
        for gram, (begin, end) in enumerate(pairwise(self.rows), 1):
            share = weights[begin:end] / gram
            steps[: end - begin] += share
            steps[gram : gram + end - begin] -= share
        words = len(self.word_starts)
        if words:
            share = weights[self.rows[-1] : self.rows[-1] + words] / (self.word_ends - self.word_starts)
            steps[self.word_starts] += share
            steps[self.word_ends] -= share
        return steps.cumsum(dtype=np.float32)[1 : size + 1]


def grams_of(text: str) -> Grams:
    """The n-grams of a squeezed text of up to five characters, its words and its pairs of words."""
    codes = _codes(text)
    hashes = codes
    parts = [hashes]
    rows = [0, len(codes)]
    for gram in range(2, min(LONGEST_GRAM, len(codes)) + 1):
        hashes = hashes[:-1] * _BASE_CODE + codes[gram - 1 :]
        parts.append(hashes + _KINDS[gram])
        rows.append(rows[-1] + len(hashes))
    words, starts, ends = _words(codes)
    if len(words):
        parts += (words + _WORD, words[:-1] * _PAIR + words[1:])
    return Grams(_buckets(np.concatenate(parts)), tuple(rows), starts, ends)


def sound_buckets(sounds: str) -> Buckets:
    """The n-grams of the second view, of what the text sounds like, in buckets of their own choice."""
    codes = _codes(sounds)
    hashes = codes
    parts = [codes[1:-1] ^ _SOUND]
    for gram in range(2, min(LONGEST_SOUND, len(codes)) + 1):
        hashes = hashes[:-1] * _BASE_CODE + codes[gram - 1 :]
        parts.append(hashes ^ _SOUND)
    return (_buckets(np.concatenate(parts)) >> np.uint32(BITS - SOUND_BITS)) + np.uint32(SOUNDS_FROM)


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
    ordered = np.sort(buckets)
    new = np.empty(len(ordered) + 1, np.bool_)
    new[0] = new[-1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:-1])
    ends = new.nonzero()[0]
    firsts = ends[:-1]
    return Features(ordered[firsts], _DAMPED[np.minimum(ends[1:] - firsts, len(_DAMPED) - 1)])


def squeezed(text: str) -> str:
    """The text with every run of digits as one sign that says how long it is: no number can be read back.

    A digit repeated, as in 6666, is a sign of its own: it is a cheer and not a number.
    """
    return _RUN.sub(_sign_of_run, text[:LONGEST])


def unsqueezed(text: str) -> list[int]:
    """Where in a text each sign of its squeezed form stands; and its end."""
    text = text[:LONGEST]
    places: list[int] = []
    done = 0
    for run in _RUN.finditer(text):
        places += [*range(done, run.start()), run.start()]
        done = run.end()
    return [*places, *range(done, len(text) + 1)]


def _sign_of_run(run: "re.Match[str]") -> str:
    digits = run.group()
    if len(digits) > 2 and digits == digits[0] * len(digits):
        return _SAME_DIGIT
    return _RUN_SIGNS[min(len(digits), len(_RUN_SIGNS) - 1)]


def _codes(text: str) -> Codes:
    """The characters of a squeezed text as numbers between two edges."""
    codes = np.empty(len(text) + 2, np.uint64)
    codes[0] = codes[-1] = _EDGE
    codes[1:-1] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return codes


def _words(codes: Codes) -> tuple[Codes, Positions, Positions]:
    inside = _WORD_SIGNS[np.minimum(codes, _LAST_SIGN)]
    edges = (inside[1:] != inside[:-1]).nonzero()[0] + 1
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return np.empty(0, np.uint64), starts, ends
    sums = (codes * _POWERS[: len(codes)]).cumsum(dtype=np.uint64)
    return (sums[ends - 1] - sums[starts - 1]) * _INVERSES[starts], starts, ends


def _buckets(hashes: Codes) -> Buckets:
    mixed = hashes ^ (hashes >> np.uint64(32))
    return ((mixed * _SPREAD) >> _SHIFT).astype(np.uint32)
