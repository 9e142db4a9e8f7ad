"""What a group's staff said of messages: near copies counted once, contradictions set against one another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rules.detectors.features import Buckets
from rules.detectors.model import Look
from rules.detectors.neighbours import likeness

SAME: Final = 0.9
"""Messages whose n-grams overlap this much (their cosine) are one message said twice."""


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


def _order(example: Example) -> tuple[bytes, bool, str, str]:
    return example.look.features.indices.tobytes(), example.ad, example.by, example.key


def _copies(ordered: Sequence[Example]) -> list[list[Example]]:
    """Examples by what they are near copies of: each goes to the first one that it is near to."""
    texts = [example.look.features.indices for example in ordered]
    marks = _marks(texts)
    first_marks = np.empty_like(marks)
    firsts: list[int] = []
    groups: dict[int, list[Example]] = {}
    for place, text in enumerate(texts):
        alike = np.count_nonzero(first_marks[: len(firsts)] == marks[place], axis=1) >= _ALIKE
        likely = (firsts[near] for near in alike.nonzero()[0].tolist())
        home = next((first for first in likely if likeness(texts[first], text) >= SAME), place)
        if home == place:
            first_marks[len(firsts)] = marks[place]
            firsts.append(place)
        groups.setdefault(home, []).append(ordered[place])
    return list(groups.values())


def _marks(texts: Sequence[Buckets]) -> NDArray[np.uint32]:
    """Sixteen numbers for each text, the least of as many hashes: near copies have most of them in common."""
    if not texts:
        return np.empty((0, len(_FACTORS)), np.uint32)
    joined = np.concatenate(texts)
    starts = np.cumsum([0, *(len(text) for text in texts[:-1])])
    return np.stack([np.minimum.reduceat(joined * factor, starts) for factor in _FACTORS], axis=1)


_ALIKE: Final = 8  # marks that near copies share as good as always: 13 of the 16 on average
_FACTORS: Final = tuple(np.uint32((0x9E3779B1 * odd + 0x7F4A7C14) % 2**32 | 1) for odd in range(1, 33, 2))
