"""A group's head: what its staff said of messages, and what is ordinary in it, as a correction of the model."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from rules.detectors.baseline import Baseline
from rules.detectors.correction import NONE, Correction, Fitting, leaning
from rules.detectors.examples import Agreed, Conflict, Example, settled
from rules.detectors.judging import LIMIT
from rules.detectors.model import Look
from rules.detectors.neighbours import Neighbours
from rules.detectors.reliance import LEAST_ORDINARY, reliance, voiced

__all__ = ["NOTHING", "Adjusted", "Example", "Head"]

_LEAST_ADS: Final = 5  # labelled; with fewer the two kinds are not set against each other
_LIKE_AD: Final = (0.55, 0.85)  # from no likeness that counts to the message itself
_LIKE_HAM: Final = (0.70, 0.92)
_SAID_AD, _SAID_HAM = 6.0, -4.0  # log-odds of what staff said an advertisement or none
_COPY: Final = 0.5  # of the pull that the labelled message itself has: it counts as a copy of that


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """The log-odds of a message in a group, how far they are from the model's own, and the example it is most like.

    ``copy`` is whether it is so much like that one that staff's word on that holds for it.
    """

    logit: float
    delta: float
    nearest: Example | None = None
    likeness: float = 0.0
    copy: bool = False


class Head:
    """What a group taught: it adjusts what the model says. Without examples it changes nothing."""

    def __init__(
        self,
        correction: Correction,
        known: tuple[Agreed, ...],
        conflicts: tuple[Conflict, ...] = (),
        baseline: Baseline = Baseline(),  # noqa: B008 - frozen
        doubted: frozenset[str] = frozenset(),
    ) -> None:
        self.doubted = doubted
        self.conflicts = conflicts
        self.baseline = baseline
        self.examples = known
        self._correction = correction
        self._neighbours = Neighbours(
            correction.vocabulary, [one.example.look.features.indices for one in known], [one.ad for one in known]
        )

    @classmethod
    def of(cls, examples: Iterable[Example], ordinary: Iterable[Look] = (), seen: int | None = None) -> "Head":
        """The head of a group: from what its staff said, and a sample of the ordinary messages ``seen``.

        The same examples in any order give the same head, so taking one back is making the head without it.
        """
        said = tuple(examples)
        known, conflicts = settled(said)
        usual = sorted(ordinary, key=lambda look: (look.features.indices.tobytes(), look.logit))
        baseline = Baseline.of((look.logit for look in usual), seen)
        if not known:
            return cls(NONE, (), conflicts, baseline)
        looks = [one.example.look for one in known] + usual
        texts = [look.features.indices for look in looks]
        logits = np.clip(np.nan_to_num([look.logit for look in looks]), -LIMIT, LIMIT)
        ads = np.array([one.ad for one in known] + [False] * len(usual))
        size = len(known)
        if int(ads.sum()) < _LEAST_ADS or int((~ads).sum()) < LEAST_ORDINARY:
            relied = reliance(known, logits[:size], logits[size:])
            wanted = np.where(ads, np.maximum(logits, _SAID_AD), np.minimum(logits, _SAID_HAM))
            wanted[size:] = logits[size:]  # ordinary messages hold the correction back where they are
            correction = leaning(texts, logits, wanted, np.append(relied.weights, np.ones(len(usual))))
            return cls(correction, known, conflicts, baseline)
        fitting = Fitting(texts, logits, ads)
        weights = np.append([voiced(one) for one in known], np.ones(len(usual)))
        crossed = fitting.crossed(weights)
        for _ in range(2):
            relied = reliance(known, crossed[:size], crossed[size:])
            if relied.doubted:
                rest = cls.of((one for one in said if one.by not in relied.doubted), usual, seen)
                return rest.doubting(relied.doubted)
            if np.allclose(relied.weights, weights[:size], atol=0.02):
                break
            weights = np.append(relied.weights, np.ones(len(usual)))
            crossed = fitting.crossed(weights)
        return cls(fitting.correction(weights, crossed), known, conflicts, Baseline(baseline.seen))  # it is calibrated

    def doubting(self, people: frozenset[str]) -> "Head":
        """The same head, that says whose labels were left out of it."""
        return Head(self._correction, self.examples, self.conflicts, self.baseline, self.doubted | people)

    def adjust(self, look: Look) -> Adjusted:
        """What a message's log-odds are in this group."""
        if not self.examples:
            return Adjusted(look.logit, 0.0)
        buckets = look.features.indices
        places = self._correction.places(buckets)
        logit = self._correction.of(look.logit, len(buckets), places)
        (ad, like_ad), (ham, like_ham) = self._neighbours.nearest(buckets, places)
        if like_ad >= like_ham:
            pull = max(0.0, _between(like_ad, *_LIKE_AD) - _between(like_ham, *_LIKE_HAM))
            logit += pull * max(0.0, _SAID_AD - logit)
        else:
            worse = max(0.0, look.logit - self.examples[ham].example.look.logit)  # an advertisement put behind it
            pull = _between(like_ham, *_LIKE_HAM)
            logit += pull * min(0.0, _SAID_HAM + worse - logit)
        logit = max(-LIMIT, min(LIMIT, logit))
        place = ad if like_ad >= like_ham else ham
        nearest = self.examples[place].example if place >= 0 else None
        return Adjusted(logit, logit - look.logit, nearest, max(like_ad, like_ham), pull >= _COPY)


NOTHING: Final = Head(NONE, ())
"""The head of a group that taught nothing."""


def _between(value: float, nothing: float, whole: float) -> float:
    return min(1.0, max(0.0, (value - nothing) / (whole - nothing)))
