"""The figures that a detector is judged by."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]


def threshold_at(scores: Scores, ads: Flags, rate: float) -> float:
    """The score that at most that share of the ordinary messages lies above."""
    ordinary = np.sort(scores[~ads])[::-1]
    return float(ordinary[int(len(ordinary) * rate)]) if len(ordinary) else float("inf")


def recall_at(scores: Scores, ads: Flags, rate: float) -> float:
    """The share of the advertisements found where at most ``rate`` of the ordinary messages are flagged."""
    return recall_above(scores, ads, threshold_at(scores, ads, rate))


def recall_above(scores: Scores, ads: Flags, threshold: float) -> float:
    return float((scores[ads] > threshold).mean()) if ads.any() else float("nan")


def flagged(scores: Scores, ads: Flags, threshold: float) -> tuple[int, int]:
    """How many ordinary messages reach the threshold, and of how many."""
    ordinary = scores[~ads]
    return int((ordinary >= threshold).sum()), len(ordinary)


def reliability(probabilities: Scores, ads: Flags, bins: Sequence[float]) -> list[tuple[float, float, int]]:
    """For each bin of probabilities: the mean said, the share that were advertisements, and how many there were."""
    found = []
    for low, high in pairwise(bins):
        inside = (probabilities >= low) & (probabilities < high)
        if inside.any():
            found.append((float(probabilities[inside].mean()), float(ads[inside].mean()), int(inside.sum())))
    return found


def calibration_error(probabilities: Scores, ads: Flags, bins: int = 10) -> float:
    """The mean distance between what was said and what was, each bin by its size."""
    edges = [*np.linspace(0, 1, bins + 1)[:-1], 1.0000001]
    return sum(abs(said - was) * count for said, was, count in reliability(probabilities, ads, edges)) / len(ads)
