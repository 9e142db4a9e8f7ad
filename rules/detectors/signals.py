"""What is read of a text before any verdict, and the few numbers that hashed weights make of it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from rules.detectors.clues import Clue
from rules.detectors.features import (
    Buckets,
    Features,
    Floats,
    Grams,
    clue_buckets,
    features_of,
    grams_of,
    sound_buckets,
    squeezed,
)

WINDOW: Final = 40  # characters: an advertisement is seldom shorter than this and longer than two of them
RARITY: Final = 64  # parts of one, in which rarity is kept
_SOFT: Final = 200.0 * RARITY**2  # added to the squared length of a text's features: short texts speak softly
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
    text: Features
    sound: Features
    clues: Buckets
    shape: Floats

    @property
    def indices(self) -> Buckets:
        """All buckets, rising: the kinds of features have ranges of their own."""
        return np.concatenate((self.text.indices, self.sound.indices, self.clues))


def sight_of(view: Folded, clues: Iterable[Clue] = ()) -> Sight:
    """What there is to read in a text and its clues. A text written backwards is read the right way round."""
    text = squeezed(view.reversed or view.text)
    grams = grams_of(text)
    kinds = {clue.kind for clue in clues}
    sound = _NOTHING
    if not view.reversed and view.pinyin != view.text:
        sound = features_of(sound_buckets(squeezed(view.pinyin)))
    once = features_of(grams.buckets)
    return Sight(len(text), grams, once, sound, clue_buckets(kinds), _shape(text, kinds, once, grams))


_NOTHING: Final = Features(np.empty(0, np.uint32), np.empty(0, np.float32))


def _shape(text: str, kinds: set[str], once: Features, grams: Grams) -> Floats:
    """How long the text is, which scripts it is in, how many clues there are, and how much it repeats itself."""
    size = len(text)
    if not size:
        return np.zeros(9, np.float32)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    shares = np.bincount(_SCRIPT[np.minimum(codes, 0xFFFF)], minlength=5) / size
    hidden = sum(kind.startswith("hidden") for kind in kinds)
    rest = (len(kinds) / 4, hidden / 2, 1 - len(once.indices) / len(grams.buckets))
    return np.array([math.log1p(size) / 4, *shares.tolist(), *rest], np.float32)


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
        self.weights = weights
        self.rarity = rarity
        self.step = step
        self.bias = bias

    def scaled(self, sight: Sight) -> Features:
        """The features of a text as the weights know them: the rare ones louder, each view of one length."""
        clues = np.full(len(sight.clues), max(1, len(sight.clues)) ** -0.5, np.float32)
        return Features(sight.indices, np.concatenate((self._unit(sight.text), self._unit(sight.sound), clues)))

    def signals(self, sight: Sight, features: Features) -> Floats:
        """The numbers that the second stage judges by, in the order of ``SIGNALS``."""
        parts = features.values * self.weights.take(features.indices) * np.float32(self.step)
        first = len(sight.text.indices)
        second = first + len(sight.sound.indices)
        text, sound, clues = float(parts[:first].sum()), float(parts[first:second].sum()), float(parts[second:].sum())
        total = text + sound + self.bias  # clues weigh alone: beside words, which are the group's own, they would drown
        best, rest = self._windows(sight, text)
        out = np.empty(len(SIGNALS), np.float32)
        out[:8] = (text, sound, clues, total, best, best - text, best - rest, max(0.0, sight.size / WINDOW - 1) ** 0.5)
        out[8:] = sight.shape
        return out

    def _unit(self, features: Features) -> Floats:
        values = features.values * self.rarity.take(features.indices)
        return values * np.float32((float(values.dot(values)) + _SOFT) ** -0.5)

    def _windows(self, sight: Sight, whole: float) -> tuple[float, float]:
        """The score of the stretch of the text that looks most like an advertisement, and the mean of all stretches."""
        if sight.size <= WINDOW:
            return whole, whole
        both = np.empty((2, len(sight.grams.buckets)), np.float32)
        rarity = self.rarity.take(sight.grams.buckets)
        np.multiply(self.weights.take(sight.grams.buckets), rarity, out=both[0], dtype=np.float32)
        np.multiply(rarity, rarity, out=both[1], dtype=np.float32)
        sums = np.zeros((2, sight.size + 2))
        sight.grams.at_characters(both, sight.size).cumsum(1, dtype=np.float64, out=sums[:, 1:])
        scores, squares = sums[:, WINDOW:] - sums[:, :-WINDOW]
        inside = scores / np.sqrt(squares + _SOFT)
        return float(inside.max()) * self.step, float(inside.mean()) * self.step
