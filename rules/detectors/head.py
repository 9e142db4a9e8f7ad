"""A group's head: what its staff said of messages, and what is ordinary in it, as a correction of the model."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from rules.detectors.baseline import Baseline
from rules.detectors.correction import NONE, Correction, fitted, leaning
from rules.detectors.examples import Agreed, Conflict, Example, Likenesses, settled
from rules.detectors.judging import LIMIT
from rules.detectors.model import Look

__all__ = ["NOTHING", "Adjusted", "Example", "Head"]

_ORDINARY: Final = 1.0  # what an ordinary message weighs in the correction, beside one label
_LEAST_ORDINARY: Final = 20  # messages; with fewer the two kinds cannot be set against each other
_LIKE_AD: Final = (0.55, 0.85)  # from no likeness that counts to the message itself
_LIKE_HAM: Final = (0.70, 0.92)
_SAID_AD, _SAID_HAM = 6.0, -4.0  # log-odds of what staff said an advertisement or none


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """The log-odds of a message in a group, how far they are from the model's own, and the example it is most like."""

    logit: float
    delta: float
    nearest: Example | None = None
    likeness: float = 0.0


class Head:
    """What a group taught: it adjusts what the model says. Without examples it changes nothing."""

    def __init__(
        self,
        correction: Correction,
        known: tuple[Agreed, ...],
        conflicts: tuple[Conflict, ...] = (),
        baseline: Baseline = Baseline(),  # noqa: B008 - frozen
    ) -> None:
        self.conflicts = conflicts
        self.baseline = baseline
        self.examples = known
        self._correction = correction
        self._likenesses = Likenesses([one.example.look.features.indices for one in known])
        self._ads = np.array([one.ad for one in known], np.bool_)

    @classmethod
    def of(cls, examples: Iterable[Example], ordinary: Iterable[Look] = (), seen: int | None = None) -> "Head":
        """The head of a group: from what its staff said, and a sample of the ordinary messages ``seen``.

        The same examples in any order give the same head, so taking one back is making the head without it.
        """
        known, conflicts = settled(examples)
        usual = sorted(ordinary, key=lambda look: (look.features.indices.tobytes(), look.logit))
        baseline = Baseline.of((look.logit for look in usual), seen)
        if not known:
            return cls(NONE, (), conflicts, baseline)
        looks = [one.example.look for one in known] + usual
        ads = np.array([one.ad for one in known] + [False] * len(usual))
        weights = np.array([_weight(one) for one in known] + [_ORDINARY] * len(usual))
        logits = np.array([look.logit for look in looks])
        texts = [look.features.indices for look in looks]
        if ads.any() and float(weights[~ads].sum()) >= _LEAST_ORDINARY:
            correction = fitted(texts, logits, ads, weights)
        else:
            wanted = np.where(ads, np.maximum(logits, _SAID_AD), np.minimum(logits, _SAID_HAM))
            wanted[len(known) :] = logits[len(known) :]  # ordinary messages hold the correction back where they are
            correction = leaning(texts, logits, wanted, weights)
        return cls(correction, known, conflicts, baseline)

    def adjust(self, look: Look) -> Adjusted:
        """What a message's log-odds are in this group."""
        if not self.examples:
            return Adjusted(look.logit, 0.0)
        buckets = look.features.indices
        logit = self._correction.of(look.logit, buckets)
        nearest, likeness = None, 0.0
        if self._likenesses.at_most(buckets) >= _LIKE_AD[0]:
            likenesses = self._likenesses.to(buckets)
            place = int(likenesses.argmax())
            nearest, likeness = self.examples[place].example, float(likenesses[place])
            as_ad = _between(float(likenesses[self._ads].max(initial=0.0)), *_LIKE_AD)
            as_ham = _between(float(likenesses[~self._ads].max(initial=0.0)), *_LIKE_HAM)
            if nearest.ad:
                logit += (as_ad - as_ham) * max(0.0, _SAID_AD - logit) if as_ad > as_ham else 0.0
            else:
                logit += as_ham * min(0.0, _SAID_HAM - logit)
        logit = max(-LIMIT, min(LIMIT, logit))
        return Adjusted(logit, logit - look.logit, nearest, likeness)


NOTHING: Final = Head(NONE, ())
"""The head of a group that taught nothing."""


def _weight(one: Agreed) -> float:
    return one.share * min(2, one.voices)


def _between(value: float, nothing: float, whole: float) -> float:
    return min(1.0, max(0.0, (value - nothing) / (whole - nothing)))
