"""The figures that a detector is judged by."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
ACTING = 0.99
"""The probability from which rules act by themselves (`ad: certain`)."""


class Figures(Struct, frozen=True):
    """How well advertisements were told apart; None where there were none of a kind to tell.

    ``strict`` and ``loose`` are the recall at 0.1% and 0.5% of ordinary messages flagged; ``flagged`` are ordinary
    messages in the acting band.
    """

    ads: int
    ordinary: int
    precision: float | None
    recall: float | None
    f1: float | None
    strict: float | None
    loose: float | None
    flagged: int


def figures(scores: Scores, ads: Flags, acting: float = ACTING) -> Figures:
    """The figures of scores, with the labels beside them."""
    hit = scores >= acting
    found, flagged, count = int((hit & ads).sum()), int((hit & ~ads).sum()), int(ads.sum())
    ordinary = len(ads) - count
    precision = found / (found + flagged) if count and found + flagged else None
    recall = found / count if count else None
    f1 = 2 * precision * recall / (precision + recall) if precision and recall else None
    both = bool(count and ordinary)
    strict, loose = (recall_at(scores, ads, rate) if both else None for rate in (0.001, 0.005))
    return Figures(count, ordinary, precision, recall, f1, strict, loose, flagged)


def threshold_at(scores: Scores, ads: Flags, rate: float) -> float:
    """The score that at most this share of the ordinary messages lies above."""
    ordinary = np.sort(scores[~ads])[::-1]
    return float(ordinary[min(int(len(ordinary) * rate), len(ordinary) - 1)]) if len(ordinary) else float("inf")


def recall_at(scores: Scores, ads: Flags, rate: float) -> float:
    """The share of the advertisements found where at most ``rate`` of the ordinary messages are flagged."""
    return recall_above(scores, ads, threshold_at(scores, ads, rate))


def recall_above(scores: Scores, ads: Flags, threshold: float) -> float:
    """The share of the advertisements above a score; 0 where there are none."""
    return float((scores[ads] > threshold).mean()) if ads.any() else 0.0


def reliability(scores: Scores, ads: Flags, edges: Sequence[float]) -> list[tuple[float, float, int]]:
    """For each bin of probabilities: the mean that was said, the share that were ads, and how many there were."""
    places = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, len(edges) - 2)
    inside = ((place, places == place) for place in range(len(edges) - 1))
    return [(float(scores[of].mean()), float(ads[of].mean()), int(of.sum())) for _, of in inside if of.any()]


def calibration_error(scores: Scores, ads: Flags, bins: int = 10) -> float:
    """The mean distance between what was said and what was, each bin by its size."""
    parts = reliability(scores, ads, np.linspace(0, 1, bins + 1).tolist())
    return sum(abs(said - was) * count for said, was, count in parts) / len(ads) if len(ads) else 0.0
