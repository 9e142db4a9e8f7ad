"""How far staff's labels are relied on: one person's wrong ones, of malice or by mistake, must not spoil a head."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rules.detectors.examples import Agreed

Floats = NDArray[np.float64]

FEW: Final = 5
"""Labels of one person that are never doubted: so few cannot do much harm."""

LEAST_ORDINARY: Final = 20
"""Ordinary messages, below which there is nothing to set advertisements against."""

_SHARPNESS: Final = 5.0  # of right labels among ordinary messages: their rank has the density of x to the power of 4
_WORST: Final = -3.0  # the log-odds that one label can cost its giver
_AGAINST: Final = 0.5  # the log-odds that it costs somebody to call ordinary what looks like an advertisement
_CREDIT: Final = 6.0  # the log-odds that a person is right before anything is known
_HIGH: Final = 0.9  # a message above this share of the ordinary ones looks like an advertisement
_CHANCE: Final = 0.25  # of the messages that somebody calls ordinary, so many may stand that high by chance
_DOUBTFUL: Final = 1.0  # what all of a person's labels weigh that call such messages ordinary


@dataclass(frozen=True, slots=True)
class Reliance:
    """What each label weighs, and the people who are not relied on."""

    weights: Floats
    doubted: frozenset[str]


def reliance(known: Sequence[Agreed], scores: Floats, ordinary: Floats) -> Reliance:
    """By what the labelled messages look like, next to ordinary ones, to a model that did not learn from them.
    Where hardly any ordinary ones were seen, those that staff called ordinary stand for them.

    Who calls advertisements what stands anywhere among the ordinary messages is relied on less and less. Who calls
    ordinary what looks like advertisements is believed as to these very messages; elsewhere all such labels of one
    person weigh no more than one. What two people agree on is never doubted.
    """
    weights = np.array([voiced(one) for one in known])
    if len(ordinary) < LEAST_ORDINARY:
        ordinary = np.concatenate((ordinary, scores[[not one.ad for one in known]]))
    if len(ordinary) < LEAST_ORDINARY:
        return Reliance(weights, frozenset())
    rising = np.sort(ordinary)
    ranks = (rising.searchsorted(scores, "left") + rising.searchsorted(scores, "right") + 1) / (2 * len(rising) + 2)
    alone = [one.voices == 1 for one in known]
    people = sorted({who for one in known for who in one.ads | one.hams})
    doubted = set()
    for who in people:
        ads = np.array([single and one.ad and who in one.ads for single, one in zip(alone, known, strict=True)])
        hams = np.array([single and not one.ad and who in one.hams for single, one in zip(alone, known, strict=True)])
        if int(ads.sum()) >= FEW:
            gains = np.log(_SHARPNESS) + (_SHARPNESS - 1) * np.log(ranks[ads])
            against = _AGAINST * int((hams & (ranks > _HIGH)).sum())
            credit = _CREDIT + float(np.maximum(gains, _WORST).sum()) - against
            weights[ads] *= 1.0 / (1.0 + np.exp(-np.clip(credit, -30.0, 30.0)))
            if credit < 0.0:
                doubted.add(who)
        doubtful = hams & (ranks > _HIGH)
        if int(doubtful.sum()) <= _CHANCE * int(hams.sum()):
            continue
        weights[doubtful] *= min(1.0, _DOUBTFUL / max(1, int(doubtful.sum())))
    return Reliance(weights, frozenset(doubted))


def voiced(one: Agreed) -> float:
    """What a label weighs by itself: the more for a second person who says so, and no more for a third."""
    return one.share * min(2, one.voices)
