"""The learned model: how much a text looks like an advertisement, and which of its characters say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from rules.detectors.clues import Clue
from rules.detectors.features import BITS, FEATURES_VERSION, LONGEST, Features, features_of, grams_of
from rules.detectors.weights import ModelError, unpacked

__all__ = ["Look", "Model", "ModelError", "Telling"]

MOST: Final = 12.0  # no text is so clear that its odds are beyond e to this


class Folded(Protocol):
    """What the model reads of a view of a text."""

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the model makes of one text: calibrated log-odds at a neutral prior, and what it saw."""

    logit: float
    features: Features


@dataclass(frozen=True, slots=True)
class Telling:
    """Characters of the folded text that speak for an advertisement (or against, below 0), and how much."""

    start: int
    end: int
    weight: float


class Model:
    """Learned weights, ready to look at texts."""

    def __init__(
        self, version: str, weights: NDArray[np.int8], rarity: NDArray[np.uint8], numbers: NDArray[np.float32]
    ) -> None:
        self.version = version
        self._weights = weights
        self._rarity = rarity
        self._step, self._bias, self._slope, self._shift = (float(number) for number in numbers)

    @classmethod
    def loads(cls, data: bytes) -> "Model":
        """The model in a file of weights; ``ModelError`` where it cannot be used."""
        weights = unpacked(data)
        if weights.features != FEATURES_VERSION:
            raise ModelError(
                f"the weights are for features {weights.features}, and this version makes {FEATURES_VERSION}"
            )
        return cls(
            weights.version,
            weights.array("weights", np.int8, 1 << BITS),
            weights.array("rarity", np.uint8, 1 << BITS),
            weights.array("numbers", np.float32, 4),
        )

    def look(self, view: Folded, clues: Sequence[Clue] = ()) -> Look:
        """What the model makes of a text."""
        features = features_of(grams_of(view.text).buckets)
        values = features.values * self._rarity[features.indices]
        values /= max(float(np.sqrt(values.dot(values))), 1.0)
        scaled = Features(features.indices, values)
        score = float(values.dot(self._weights[features.indices].astype(np.float32))) * self._step + self._bias
        return Look(min(MOST, max(-MOST, score * self._slope + self._shift)), scaled)

    def telling(self, view: Folded, look: Look, most: int = 5) -> tuple[Telling, ...]:
        """The stretches of the folded text that weigh most, the heaviest first."""
        text = view.text[:LONGEST]
        if not text:
            return ()
        grams = grams_of(text)
        weights = self._weights[grams.buckets].astype(np.float32) * self._rarity[grams.buckets]
        by_character = grams.over_characters(weights, len(text))
        total = float(np.abs(by_character).sum()) or 1.0
        found = [
            Telling(start, end, float(by_character[start:end].sum()) / total)
            for start, end in _stretches(by_character > max(0.0, float(by_character.mean())))
        ]
        found.sort(key=lambda telling: (-telling.weight, telling.start))
        return tuple(found[:most])


def _stretches(marked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    padded = np.zeros(len(marked) + 2, np.bool_)
    padded[1:-1] = marked
    edges = (padded[1:] != padded[:-1]).nonzero()[0]
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
