"""The labelled message that a message is most like: candidates by rare n-grams, then their true likeness."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rules.detectors.features import Buckets

_OWNERS: Final = 4  # of a bucket, that are kept: the shortest messages, whose buckets are the fewest
_LEAST: Final = 0.1  # the likeness in kept owners alone, below which nothing is looked at more closely

Places = NDArray[np.intp]


class Neighbours:
    """Messages, found by the buckets that they share with another. A few microseconds, however many they are."""

    def __init__(self, vocabulary: Buckets, texts: Sequence[Buckets], ads: Sequence[bool]) -> None:
        """``vocabulary`` rises, and holds every bucket of the texts."""
        self._texts = texts
        lengths = np.array([len(text) for text in texts], np.int64)
        self._roots = np.sqrt(np.append(lengths, 1)).astype(np.float64)
        self._ads = np.append(np.asarray(ads, np.bool_), False)
        self._hams = np.append(~np.asarray(ads, np.bool_), False)
        self._owners = np.full((len(vocabulary) + 1, _OWNERS), len(texts), np.int32)
        taken = np.zeros(len(vocabulary) + 1, np.int64)
        for number in np.argsort(lengths, kind="stable").tolist():
            places = vocabulary.searchsorted(texts[number])
            places = places[taken[places] < _OWNERS]
            self._owners[places, taken[places]] = number
            taken[places] += 1

    def nearest(self, buckets: Buckets, places: Places) -> tuple[tuple[int, float], tuple[int, float]]:
        """The nearest advertisement and the nearest ordinary message, and how like they are: (-1, 0) for none.

        ``places`` are those of the buckets in the vocabulary, as far as they stand in it.
        """
        votes = np.bincount(self._owners[places].ravel(), minlength=len(self._roots)) / self._roots
        least = _LEAST * float(np.sqrt(len(buckets)))
        return self._best(buckets, votes * self._ads, least), self._best(buckets, votes * self._hams, least)

    def _best(self, buckets: Buckets, votes: NDArray[np.float64], least: float) -> tuple[int, float]:
        place = int(votes.argmax())
        if votes[place] <= least:
            return -1, 0.0
        return place, likeness(self._texts[place], buckets)


def likeness(one: Buckets, other: Buckets) -> float:
    """How much two messages' n-grams overlap, as a cosine: 1 for the same text, 0 for nothing in common."""
    if not len(one) or not len(other):
        return 0.0
    both = np.concatenate((one, other))
    both.sort()
    shared = int((both[1:] == both[:-1]).sum())
    return float(shared / np.sqrt(float(len(one)) * len(other)))
