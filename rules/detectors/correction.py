"""The correction of a model that fits it to a group: what to add to its log-odds, by what the message is made of.

A ridge regression of what messages were said to be, with the model as it is for its prior mean: on few examples, all of
them short texts, it keeps more of unseen advertisements apart from ordinary messages than a logistic regression, which
cares for the margins of single examples alone; and it is one linear system.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rules.detectors.features import Buckets
from rules.detectors.odds import AS_IT_IS, Odds

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TARGET: Final = 8.0  # the log-odds that an advertisement is drawn to; ordinary messages to the opposite
FIRMNESS: Final = 0.1  # how strongly weights are held at nothing: one over their prior variance
_FIRM_SLOPE: Final = 20.0
_FIRM_SHIFT: Final = 1.0
_CLEAR: Final = 5.0  # log-odds of the model for a message that has nothing in common with any: these hold as well
_ROUNDS: Final = 60
_ENOUGH: Final = 1e-2


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """``slope`` times the model's log-odds, plus ``shift``, plus a weight for each bucket: a score, made log-odds."""

    slope: float
    shift: float
    vocabulary: Buckets
    weights: NDArray[np.float32]
    odds: Odds = AS_IT_IS

    def places(self, buckets: Buckets) -> NDArray[np.intp]:
        """Where the buckets stand in the vocabulary: those that do."""
        places = self.vocabulary.searchsorted(buckets)
        if len(places) and places[-1] == len(self.vocabulary):
            places = places[: int(places.searchsorted(len(self.vocabulary)))]
        known: NDArray[np.intp] = places[self.vocabulary[places] == buckets[: len(places)]]
        return known

    def of(self, logit: float, size: int, places: NDArray[np.intp]) -> float:
        """The corrected log-odds of a message with so many buckets, of which these stand in the vocabulary."""
        weight = float(self.weights[places].sum()) / math.sqrt(size) if size else 0.0
        return self.odds.of(self.slope * logit + self.shift + weight)


NONE: Final = Correction(1.0, 0.0, np.empty(0, np.uint32), np.empty(0, np.float32))


def leaning(texts: Sequence[Buckets], logits: Floats, wanted: Floats, weights: Floats) -> Correction:
    """The correction where one side is hardly known: towards what is ``wanted`` of messages, and of what is like them.

    Slope and shift stay as they are, so that messages that have nothing in common with these keep their log-odds.
    """
    if not len(texts):
        return NONE
    matrix = _Matrix(texts)
    fit = _Fit.of(matrix, logits, wanted, weights, firmness=(np.inf, np.inf))
    return Correction(1.0, 0.0, matrix.vocabulary, matrix.spread(fit.columns).astype(np.float32))


class Fitting:
    """Messages made ready to fit corrections to: what the model said of them, and what they are."""

    def __init__(self, texts: Sequence[Buckets], logits: Floats, ads: Flags) -> None:
        self._matrix = _Matrix(texts)
        self._logits = logits
        self._ads = ads
        self._wanted = np.where(ads, TARGET, -TARGET)
        self._even = np.arange(len(texts)) % 2 == 0

    def crossed(self, weights: Floats) -> Floats:
        """The score of each message in a correction that was fitted to the other half."""
        halves = [
            _Fit.of(self._matrix, self._logits, self._wanted, weights * half).scores(self._matrix, self._logits)
            for half in (~self._even, self._even)
        ]
        return np.where(self._even, *halves)

    def correction(self, weights: Floats, crossed: Floats) -> Correction:
        """The most probable correction, calibrated with the scores of messages left out."""
        fit = _Fit.of(self._matrix, self._logits, self._wanted, weights)
        clear = fit.slope * _CLEAR + fit.shift, fit.shift - fit.slope * _CLEAR
        odds = Odds.fitted(crossed, self._ads, weights, clear)
        weighty = self._matrix.spread(fit.columns).astype(np.float32)
        return Correction(fit.slope, fit.shift, self._matrix.vocabulary, weighty, odds)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    slope: float
    shift: float
    columns: Floats

    @classmethod
    def of(
        cls,
        matrix: "_Matrix",
        logits: Floats,
        wanted: Floats,
        weights: Floats,
        firmness: tuple[float, float] = (_FIRM_SLOPE, _FIRM_SHIFT),
    ) -> "_Fit":
        """By conjugate gradients, in as many unknowns as there are messages."""
        roots = np.sqrt(weights)  # messages without weight drop out

        def system(unknown: Floats) -> Floats:
            pulls = roots * unknown
            shared = matrix.times(matrix.turned_times(pulls)) / FIRMNESS
            shared += logits * (float(logits @ pulls) / firmness[0]) + float(pulls.sum()) / firmness[1]
            answer: Floats = roots * shared + unknown
            return answer

        unknown = np.zeros(len(roots))
        rest = roots * (wanted - logits)
        direction = rest.copy()
        size = float(rest @ rest)
        enough = size * _ENOUGH**2
        for _ in range(_ROUNDS):
            if size <= enough:
                break
            image = system(direction)
            stride = size / float(direction @ image)
            unknown += stride * direction
            rest -= stride * image
            before, size = size, float(rest @ rest)
            direction = rest + (size / before) * direction
        pulls = roots * unknown
        columns = matrix.turned_times(pulls) / FIRMNESS
        return cls(1.0 + float(logits @ pulls) / firmness[0], float(pulls.sum()) / firmness[1], columns)

    def scores(self, matrix: "_Matrix", logits: Floats) -> Floats:
        """Of the messages it was fitted with, and of those it was not: what one message alone has is not in these."""
        answer: Floats = matrix.times(self.columns) + self.slope * logits + self.shift
        return answer


class _Matrix:
    """Messages by buckets, each row of length 1.

    Buckets that one message alone has all get weights in proportion, so they are one column of that message: half the
    numbers, the same answer.
    """

    def __init__(self, texts: Sequence[Buckets]) -> None:
        lengths = np.array([len(text) for text in texts], np.int64)
        joined = np.concatenate(texts)
        rows = np.repeat(np.arange(len(texts)), lengths)
        self.vocabulary, places, counts = np.unique(joined, return_inverse=True, return_counts=True)
        shared = counts > 1
        columns = np.cumsum(shared) - 1
        self._shared = int(shared.sum())
        self.columns = self._shared + len(texts)
        lone = ~shared[places]
        lonely = np.bincount(rows[lone], minlength=len(texts))
        scale = 1.0 / np.sqrt(np.maximum(lengths, 1))
        self._scale = scale
        self._own = np.sqrt(lonely) * scale
        self._rows = rows[~lone]
        self._columns = columns[places[~lone]]
        self._starts = np.concatenate(([0], np.cumsum(lengths - lonely)[:-1]))
        self._empty = lengths == lonely
        self._owner = np.where(shared, -1, 0)
        self._owner[places[lone]] = rows[lone]
        self._column = columns
        self._lonely = lonely

    def times(self, weights: Floats) -> Floats:
        shared = np.add.reduceat(np.append(weights[self._columns], 0.0), self._starts)
        shared[self._empty] = 0.0
        answer: Floats = shared * self._scale + self._own * weights[self._shared :]
        return answer

    def turned_times(self, pulls: Floats) -> Floats:
        scaled = pulls * self._scale
        shared = np.bincount(self._columns, scaled[self._rows], self._shared)
        return np.concatenate((shared, self._own * pulls))

    def spread(self, point: Floats) -> Floats:
        """The weight of each bucket of the vocabulary."""
        lone = self._owner >= 0
        weights = np.zeros(len(self.vocabulary))
        weights[~lone] = point[self._column[~lone]]
        owners = self._owner[lone]
        weights[lone] = point[self._shared + owners] / np.sqrt(np.maximum(self._lonely[owners], 1))
        return weights
