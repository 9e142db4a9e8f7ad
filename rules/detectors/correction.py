"""The correction of a model that fits it to a group: a logistic regression whose prior is the model as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rules.detectors.features import Buckets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRMNESS: Final = 0.03  # how strongly weights are held at nothing: one over their prior variance
_FIRM_SLOPE: Final = 20.0
_FIRM_SHIFT: Final = 1.0
_ROUNDS: Final = 40
_MEMORY: Final = 8
_ENOUGH: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """``slope`` times the model's log-odds, plus ``shift``, plus a weight for each of the message's buckets."""

    slope: float
    shift: float
    vocabulary: Buckets
    weights: NDArray[np.float32]

    def of(self, logit: float, buckets: Buckets) -> float:
        """The corrected log-odds."""
        corrected = self.slope * logit + self.shift
        if not len(buckets) or not len(self.vocabulary):
            return corrected
        places = np.minimum(np.searchsorted(self.vocabulary, buckets), len(self.vocabulary) - 1)
        weights = np.where(self.vocabulary[places] == buckets, self.weights[places], 0.0)
        return corrected + float(weights.sum()) / float(np.sqrt(len(buckets)))


NONE: Final = Correction(1.0, 0.0, np.empty(0, np.uint32), np.empty(0, np.float32))


def fitted(
    texts: Sequence[Buckets], logits: Floats, ads: NDArray[np.bool_], weights: Floats, firmness: float = FIRMNESS
) -> Correction:
    """The most probable correction, given messages, what the model said of them, what they are and how sure that is."""
    if not len(texts):
        return NONE
    matrix = _Matrix(texts)
    signs = np.where(ads, 1.0, -1.0)
    columns = matrix.columns

    def cost(point: Floats) -> tuple[float, Floats]:
        slope, shift = point[columns], point[columns + 1]
        margins = signs * (matrix.times(point[:columns]) + slope * logits + shift)
        pulls = -signs * weights / (1.0 + np.exp(np.minimum(margins, 500.0)))
        slopes = np.empty_like(point)
        slopes[:columns] = matrix.turned_times(pulls) + firmness * point[:columns]
        slopes[columns] = pulls @ logits + _FIRM_SLOPE * (slope - 1.0)
        slopes[columns + 1] = pulls.sum() + _FIRM_SHIFT * shift
        value = float(weights @ np.logaddexp(0.0, -margins)) + 0.5 * (
            firmness * float(point[:columns] @ point[:columns])
            + _FIRM_SLOPE * float(slope - 1.0) ** 2
            + _FIRM_SHIFT * float(shift) ** 2
        )
        return value, slopes

    start = np.zeros(columns + 2)
    start[columns] = 1.0
    best = _lowest(cost, start)
    return Correction(
        float(best[columns]), float(best[columns + 1]), matrix.vocabulary, matrix.spread(best).astype(np.float32)
    )


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
        self._columns: Ints = columns[places[~lone]]
        self._starts = np.concatenate(([0], np.cumsum(lengths - lonely)))
        self._owner = np.where(shared, -1, 0)
        self._owner[places[lone]] = rows[lone]
        self._column = columns
        self._lonely = lonely

    def times(self, weights: Floats) -> Floats:
        sums = np.concatenate(([0.0], np.cumsum(weights[self._columns])))
        shared = sums[self._starts[1:]] - sums[self._starts[:-1]]
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


def _lowest(cost: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """Where a smooth convex cost is lowest: L-BFGS, with no chance in it."""
    point = start
    value, slopes = cost(point)
    steps: list[tuple[Floats, Floats, float]] = []
    for _ in range(_ROUNDS):
        if float(np.abs(slopes).max()) < _ENOUGH:
            break
        direction = -_turned(slopes, steps)
        descent = float(direction @ slopes)
        stride = 1.0 if steps else 1.0 / max(1.0, float(np.abs(slopes).sum()))
        for _ in range(20):
            there = point + stride * direction
            new_value, new_slopes = cost(there)
            if new_value <= value + 1e-4 * stride * descent:
                break
            stride *= 0.5
        else:
            break
        moved, turned = there - point, new_slopes - slopes
        curve = float(moved @ turned)
        if curve > 1e-12:
            steps = [*steps[1 - _MEMORY :], (moved, turned, 1.0 / curve)]
        point, value, slopes = there, new_value, new_slopes
    return point


def _turned(slopes: Floats, steps: list[tuple[Floats, Floats, float]]) -> Floats:
    """The slopes times what is known of the inverse curvature."""
    answer = slopes.copy()
    shares = []
    for moved, turned, scale in reversed(steps):
        share = scale * float(moved @ answer)
        answer -= share * turned
        shares.append(share)
    if steps:
        moved, turned, scale = steps[-1]
        answer /= scale * float(turned @ turned)
    for (moved, turned, scale), share in zip(steps, reversed(shares), strict=True):
        answer += (share - scale * float(turned @ answer)) * moved
    return answer
