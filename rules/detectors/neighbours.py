"""The labelled message that a message is most like: candidates by rare n-grams, then their true likeness."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rules.detectors.features import Buckets

_OWNERS: Final = 6  # of a bucket, that are kept
_CLAIMS: Final = 16  # buckets that a message is found by: its rarest
_LEAST: Final = 0.35  # of the buckets that a message is found by, below which it is not looked at more closely

Places = NDArray[np.intp]


class Neighbours:
    """Messages, found by the buckets that they share with another. A few microseconds, however many they are."""

    def __init__(self, vocabulary: Buckets, texts: Sequence[Buckets], ads: Sequence[bool]) -> None:
        """``vocabulary`` rises, and holds every bucket of the texts."""
        self._texts = texts
        self._ads = np.append(np.asarray(ads, np.float64), 0.0)
        self._hams = np.append(1.0 - np.asarray(ads, np.float64), 0.0)
        self._owners = np.full((len(vocabulary) + 1, _OWNERS), len(texts), np.int32)
        joined = vocabulary.searchsorted(np.concatenate(texts)) if texts else np.empty(0, np.intp)
        places = np.split(joined, np.cumsum([len(text) for text in texts[:-1]], dtype=np.intp)) if texts else []
        common = np.bincount(joined, minlength=len(vocabulary) + 1)
        taken = np.zeros(len(vocabulary) + 1, np.int64)
        claims = np.ones(len(texts) + 1)
        for number, own in enumerate(places):
            free = own[taken[own] < _OWNERS]
            if len(free) > _CLAIMS:
                free = free[np.argpartition(common[free], _CLAIMS)[:_CLAIMS]]
            self._owners[free, taken[free]] = number
            taken[free] += 1
            claims[number] = max(1, len(free))
        self._claims = claims

    def nearest(self, buckets: Buckets, places: Places) -> tuple[tuple[int, float], tuple[int, float]]:
        """The nearest advertisement and the nearest ordinary message, and how like they are: (-1, 0) for none.

        ``places`` are those of the buckets in the vocabulary, as far as they stand in it.
        """
        found = np.bincount(self._owners[places].ravel(), minlength=len(self._claims)) / self._claims
        return self._best(buckets, found * self._ads), self._best(buckets, found * self._hams)

    def _best(self, buckets: Buckets, found: NDArray[np.float64]) -> tuple[int, float]:
        place = int(found.argmax())
        if found[place] < _LEAST:
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
