"""From scores to log-odds: what a score means, by the scores of messages that are known for what they are."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_STEEP: Final = 0.6  # before anything is known, and how firmly so
_FIRM_STEEP: Final = 20.0
_FIRM_LEVEL: Final = 0.5
_LEAST_STEEP: Final = 0.1
_CLEAR_WEIGHT: Final = 4.0
_ROUNDS: Final = 20
_STRAY: Final = 0.002  # of the ordinary messages may be advertisements that nobody labelled
_MOST_BEND: Final = 2.0
_LEAST_RISE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Odds:
    """Log-odds, with as many advertisements as ordinary messages: straight in the score, but steeper above the knee."""

    steep: float = 1.0
    level: float = 0.0
    knee: float = 0.0
    bend: float = 0.0
    rise: float = 0.0
    """How far above the knee it is steeper."""

    def of(self, score: float) -> float:
        """The log-odds at a score."""
        return self.steep * score + self.level + self.bend * min(self.rise, max(0.0, score - self.knee))

    @classmethod
    def fitted(cls, scores: Floats, ads: Flags, weights: Floats, clear: tuple[float, float]) -> "Odds":
        """Odds by scores of either kind, and by the scores of what is ``clear`` already: of either kind one.

        The line is a logistic regression. Above all ordinary messages it is too flat, because advertisements are far
        more various than they: there the odds are those of being there at all, which grow with how many were seen.
        """
        line = _line(
            np.concatenate((scores, clear)),
            np.concatenate((ads, (True, False))),
            np.concatenate((_balanced(ads, weights), (_CLEAR_WEIGHT, _CLEAR_WEIGHT))),
        )
        usual, theirs = scores[~ads], scores[ads & (weights > 0.0)]
        strays = int(_STRAY * len(usual))
        knee = float(np.sort(usual)[-1 - strays])
        above = theirs[theirs > knee]
        if not len(above):
            return cls(*line)
        likely = math.log((len(above) + 0.5) / (len(theirs) + 1.0)) - math.log((strays + 1.0) / (len(usual) + 2.0))
        middle = float(np.median(above))
        lacking = likely - (line[0] * middle + line[1])
        rise = max(middle - knee, _LEAST_RISE)
        return cls(*line, knee, min(_MOST_BEND * line[0], max(0.0, lacking / rise)), rise)


AS_IT_IS: Final = Odds()


def _balanced(ads: Flags, weights: Floats) -> Floats:
    """Weights with as much for advertisements as for ordinary messages, and no more of either than there is."""
    shares = np.where(ads, weights, 0.0), np.where(ads, 0.0, weights)
    sums = float(shares[0].sum()), float(shares[1].sum())
    least = min(sums)
    return sum(
        (share * (least / total) for share, total in zip(shares, sums, strict=True) if total > 0.0), 0.0 * weights
    )


def _line(scores: Floats, ads: Flags, weights: Floats) -> tuple[float, float]:
    """How steep and how high log-odds are at a score: a logistic regression on it alone, by Newton's method."""
    steep, level = _STEEP, 0.0
    signs = np.where(ads, 1.0, -1.0)

    def cost(steep: float, level: float) -> float:
        held = _FIRM_STEEP * (steep - _STEEP) ** 2 + _FIRM_LEVEL * level**2
        return float(weights @ np.logaddexp(0.0, -signs * (steep * scores + level))) + held / 2

    for _ in range(_ROUNDS):
        wrong = signs / (1.0 + np.exp(np.clip(signs * (steep * scores + level), -30.0, 30.0)))
        bent = weights * np.abs(wrong) * (1.0 - np.abs(wrong))
        mixed = float(bent @ scores)
        curve = np.array([[float(bent @ scores**2) + _FIRM_STEEP, mixed], [mixed, float(bent.sum()) + _FIRM_LEVEL]])
        pulls = weights * wrong
        gradient = np.array([pulls @ scores - _FIRM_STEEP * (steep - _STEEP), pulls.sum() - _FIRM_LEVEL * level])
        step = np.linalg.solve(curve, gradient)
        now = cost(steep, level)
        while cost(steep + float(step[0]), level + float(step[1])) > now and float(np.abs(step).max()) > 1e-6:
            step = step / 2
        steep, level = steep + float(step[0]), level + float(step[1])
        if float(np.abs(step).max()) < 1e-6:
            break
    return max(_LEAST_STEEP, steep), level
