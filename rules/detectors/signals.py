"""What is read of a text before any verdict, and the few numbers that hashed weights make of it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from rules.detectors.addresses import without_addresses
from rules.detectors.clues import Clue
from rules.detectors.features import (
    LONGEST,
    SOUNDS_FROM,
    Buckets,
    Features,
    Floats,
    Grams,
    both_views,
    clue_buckets,
    features_of,
    grams_of,
    without_numbers,
)
from rules.detectors.homophones import by_sound
from rules.detectors.kinds import ClueKind

WINDOW: Final = 40  # characters: an advertisement is seldom shorter than this and longer than two of them
RARITY: Final = 64  # parts of one, in which rarity is kept
_SOFT: Final = 200.0 * RARITY**2  # added to the squared length of a text's features: short texts speak softly
SILENT: Final = frozenset({ClueKind.LINK_KNOWN})  # clues that are shown, and say nothing
SIGNALS: Final = (
    *("text", "sound", "clues", "total", "window", "above", "contrast", "long"),
    *("length", "han", "cyrillic", "latin", "digits", "signs", "kinds", "hidden", "repeats"),
)


class Folded(Protocol):
    """What is read of the folding view of a text."""

    @property
    def text(self) -> str: ...
    @property
    def pinyin(self) -> str: ...
    @property
    def reversed(self) -> str: ...


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is read of a text before any weight is known."""

    size: int
    grams: Grams
    words: Features
    """Of the text itself, and from ``sounds_from`` on of what it sounds like."""
    sounds_from: int
    clues: Buckets
    shape: tuple[float, ...]

    @property
    def indices(self) -> Buckets:
        """All buckets, rising: the kinds of features have ranges of their own."""
        return np.concatenate((self.words.indices, self.clues)) if len(self.clues) else self.words.indices


def sight_of(view: Folded, clues: Iterable[Clue] = ()) -> Sight:
    """What there is to read in a text and its clues. A text written backwards is read the right way round."""
    backwards = view.reversed
    whole = (backwards or view.text)[:LONGEST]
    spoken, _ = without_addresses(whole)
    text = without_numbers(spoken)
    kinds = {clue.kind for clue in clues if clue.kind not in SILENT}
    sounds = ""
    if not backwards:
        sounds = view.pinyin[:LONGEST] if spoken is whole else by_sound(spoken)
    if sounds and sounds != spoken:
        grams, buckets = both_views(text, without_numbers(sounds))
        words = features_of(buckets)
        sounds_from = int(words.indices.searchsorted(_SOUNDS_FROM))
    else:
        grams = grams_of(text)
        words = features_of(grams.buckets)
        sounds_from = len(words.indices)
    shape = _shape(text, kinds, sounds_from / len(grams.buckets))
    return Sight(len(text), grams, words, sounds_from, clue_buckets(kinds), shape)


_SOUNDS_FROM: Final = np.uint32(SOUNDS_FROM)


def _shape(text: str, kinds: set[str], new: float) -> tuple[float, ...]:
    """How long the text is, which scripts it is in, how many clues there are, and how much it repeats itself.

    ``new`` is the share of its n-grams that it does not say again.
    """
    size = len(text)
    if not size:
        return _NO_SHAPE
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.intp)
    counts = np.bincount(_SCRIPT.take(codes, mode="clip"), minlength=5).tolist()
    hidden = sum(kind.startswith("hidden") for kind in kinds) if kinds else 0
    return (math.log1p(size) / 4, *(count / size for count in counts), len(kinds) / 4, hidden / 2, 1 - new)


_NO_SHAPE: Final = (0.0,) * 9


def _scripts() -> NDArray[np.uint8]:
    """Which script a character is of: Chinese, Cyrillic, Latin, a digit, or none of these."""
    scripts = np.full(0x10000, 4, np.uint8)
    for script, (first, last) in enumerate(((0x3400, 0x9FFF), (0x400, 0x52F), (0x61, 0x7A), (0x30, 0x39))):
        scripts[first : last + 1] = script
    return scripts


_SCRIPT: Final = _scripts()


class Linear:
    """A weight for every bucket, and how rare each is: the first stage of the model."""

    def __init__(self, weights: NDArray[np.int8] | Floats, rarity: NDArray[np.uint8], step: float, bias: float) -> None:
        if weights.dtype == np.int8:
            # Side by side: what is looked up is far apart, and mostly the memory is what takes the time.
            table = np.stack((weights.view(np.uint8), rarity), axis=1)
            weights, rarity = table[:, 0].view(np.int8), table[:, 1]
        self.weights = weights
        self.rarity = rarity
        self.step = step
        self.bias = bias

    def scaled(self, sight: Sight) -> Features:
        """The features of a text as the weights know them: the rare ones louder, each view of one length."""
        words, first = sight.words, sight.sounds_from
        places = words.indices.astype(np.intp)  # what numpy looks up soonest
        values = np.empty(len(places) + len(sight.clues), np.float32)
        np.multiply(words.values, self.rarity[places], out=values[: len(places)])
        _shorten(values[:first])
        _shorten(values[first : len(places)])
        values[len(places) :] = max(1, len(sight.clues)) ** -0.5
        return Features(sight.indices, values)

    def signals(self, sight: Sight, features: Features) -> Floats:
        """The numbers that the second stage judges by, in the order of ``SIGNALS``."""
        parts = features.values * self.weights[features.indices.astype(np.intp)]
        parts *= np.float32(self.step)
        first, second = sight.sounds_from, len(sight.words.indices)
        text, sound, clues = _sum(parts[:first]), _sum(parts[first:second]), _sum(parts[second:])
        total = text + sound + self.bias  # clues weigh alone: beside words, which are the group's own, they would drown
        best, rest = self._windows(sight, text)
        long = max(0.0, sight.size / WINDOW - 1) ** 0.5
        return np.array((text, sound, clues, total, best, best - text, best - rest, long, *sight.shape), np.float32)

    def _windows(self, sight: Sight, whole: float) -> tuple[float, float]:
        """The score of the stretch of the text that looks most like an advertisement, and the mean of all stretches."""
        if sight.size <= WINDOW:
            return whole, whole
        places = sight.grams.buckets.astype(np.intp)
        both = np.empty((2, len(places)), np.float32)
        rarity = self.rarity[places]
        np.multiply(self.weights[places], rarity, out=both[0], dtype=np.float32)
        np.multiply(rarity, rarity, out=both[1], dtype=np.float32)
        sums = np.zeros((2, sight.size + 2))
        sight.grams.at_characters(both).cumsum(1, dtype=np.float64, out=sums[:, 1:])
        scores, squares = sums[:, WINDOW:] - sums[:, :-WINDOW]
        inside = scores / np.sqrt(squares + _SOFT)
        return float(inside.max()) * self.step, float(inside.mean()) * self.step


def _shorten(values: Floats) -> None:
    """Bring what a view says to one length, nearly: in place."""
    values *= np.float32((float(values.dot(values)) + _SOFT) ** -0.5)


def _sum(values: Floats) -> float:
    return float(np.add.reduce(values)) if len(values) else 0.0
