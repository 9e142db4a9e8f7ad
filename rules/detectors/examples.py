"""What a group's staff said of messages: near copies counted once, contradictions set against one another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rules.detectors.features import Buckets
from rules.detectors.model import Look

SAME: Final = 0.9
"""Messages whose n-grams overlap this much (their cosine) are one message said twice."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One message that somebody said to be an advertisement or an ordinary message."""

    look: Look
    ad: bool
    by: str
    key: str = ""
    """Names the message for those who explain a verdict: nothing is learned from it."""
    share: float = 1.0
    """How much of an example it is: below 1 where it comes from other groups."""


@dataclass(frozen=True, slots=True, eq=False)
class Agreed:
    """One message with all that was said of it and its near copies: the example it is told by, and who said what."""

    example: Example
    ads: frozenset[str]
    hams: frozenset[str]
    share: float

    @property
    def ad(self) -> bool:
        return len(self.ads) > len(self.hams)

    @property
    def voices(self) -> int:
        """By how many people one side outdoes the other."""
        return abs(len(self.ads) - len(self.hams))


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """A message that was called an advertisement as often as an ordinary one: nothing is learned from it."""

    example: Example
    ads: frozenset[str]
    hams: frozenset[str]


def settled(examples: Iterable[Example]) -> tuple[tuple[Agreed, ...], tuple[Conflict, ...]]:
    """Examples with near copies put together and contradictions taken out, in an order of their own.

    The same examples in another order give the same answer. Who called near copies both has said nothing of them.
    """
    ordered = sorted((example for example in examples if len(example.look.features.indices)), key=_order)
    agreed: list[Agreed] = []
    conflicts: list[Conflict] = []
    for copies in _copies(ordered):
        ads = {example.by for example in copies if example.ad}
        hams = {example.by for example in copies if not example.ad}
        both = ads & hams
        first = copies[0]
        if len(ads) == len(hams):
            conflicts.append(Conflict(first, frozenset(ads), frozenset(hams)))
            continue
        ads, hams = ads - both, hams - both
        told = next(example for example in copies if example.ad == (len(ads) > len(hams)))
        share = max(example.share for example in copies if example.ad == told.ad)
        agreed.append(Agreed(told, frozenset(ads), frozenset(hams), share))
    return tuple(agreed), tuple(conflicts)


def agreed(
    examples_by_group: Mapping[str, Iterable[Example]], at_least: int = 2, share: float = 0.3
) -> tuple[Example, ...]:
    """What at least so many of an operator's groups said alike of near copies: weaker examples for all of them.

    Within a group contradictions are taken out first, so that one group speaks with one voice.
    """
    voices = [
        Example(one.example.look, one.ad, group, one.example.key)
        for group, examples in sorted(examples_by_group.items())
        for one in settled(examples)[0]
    ]
    found = []
    for copies in _copies(sorted(voices, key=_order)):
        groups = {example.by for example in copies}
        if len(groups) >= at_least and len({example.ad for example in copies}) == 1:
            first = copies[0]
            found.append(Example(first.look, first.ad, "groups", first.key, share))
    return tuple(found)


def likeness(one: Buckets, other: Buckets) -> float:
    """How much two messages' n-grams overlap: 1 for the same text, 0 for nothing in common."""
    if not len(one) or not len(other):
        return 0.0
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return float(shared / np.sqrt(float(len(one)) * len(other)))


def _order(example: Example) -> tuple[bytes, bool, str, str]:
    return example.look.features.indices.tobytes(), example.ad, example.by, example.key


def _copies(ordered: Sequence[Example]) -> list[list[Example]]:
    """Examples by what they are near copies of: each goes to the first one that it is near to."""
    texts = [example.look.features.indices for example in ordered]
    homes: list[int] = []
    groups: dict[int, list[Example]] = {}
    firsts: dict[int, list[int]] = {}
    for place, (text, marks) in enumerate(zip(texts, _marks(texts), strict=True)):
        likely = sorted({homes[other] for mark in marks for other in firsts.get(mark, ())})
        home = next((other for other in likely if likeness(texts[other], text) >= SAME), place)
        homes.append(home)
        if home == place:
            for mark in marks:
                firsts.setdefault(mark, []).append(place)
        groups.setdefault(home, []).append(ordered[place])
    return list(groups.values())


def _marks(texts: Sequence[Buckets]) -> list[list[int]]:
    """A few numbers for each text, of which near copies share one as good as always: the least of so many hashes."""
    if not texts:
        return []
    joined = np.concatenate(texts)
    starts = np.cumsum([0, *(len(text) for text in texts[:-1])])
    least = [np.minimum.reduceat(joined * factor + np.uint32(number), starts) for number, factor in enumerate(_FACTORS)]
    spread = [(marks.astype(np.int64) << 3) | number for number, marks in enumerate(least)]
    answer: list[list[int]] = np.stack(spread, axis=1).tolist()
    return answer


_FACTORS: Final = tuple(np.uint32(factor) for factor in (
    0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5, 0xB55A4F09,
))  # fmt: skip


class Likenesses:
    """How much a message overlaps with each of many: an inverted index over their buckets."""

    def __init__(self, texts: Sequence[Buckets]) -> None:
        lengths = np.array([len(text) for text in texts], np.int64)
        joined = np.concatenate(texts) if texts else np.empty(0, np.uint32)
        order = np.argsort(joined, kind="stable")
        rising = joined[order]
        self._owners = np.repeat(np.arange(len(texts)), lengths)[order]
        firsts = np.flatnonzero(np.concatenate(([True], rising[1:] != rising[:-1]))) if len(rising) else order
        self._vocabulary = rising[firsts]
        self._starts = np.append(firsts, len(rising))
        self._roots = np.sqrt(np.maximum(lengths, 1))
        self._size = len(texts)

    def at_most(self, buckets: Buckets) -> float:
        """No message is more like it than this: found sooner than ``to``."""
        if not len(buckets) or not self._size:
            return 0.0
        return float(np.sqrt(self._known(buckets)[1].mean()))

    def to(self, buckets: Buckets) -> Floats:
        """The cosine with each."""
        if not len(buckets) or not self._size:
            return np.zeros(self._size)
        places, known = self._known(buckets)
        places = places[known]
        starts = self._starts[places]
        lengths = self._starts[places + 1] - starts
        ends = np.cumsum(lengths)
        if not len(ends):
            return np.zeros(self._size)
        every = np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)
        shared = np.bincount(self._owners[every], minlength=self._size)
        cosines: Floats = shared / (self._roots * np.sqrt(len(buckets)))
        return cosines

    def _known(self, buckets: Buckets) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        places = np.minimum(np.searchsorted(self._vocabulary, buckets), len(self._vocabulary) - 1)
        return places, self._vocabulary[places] == buckets
