"""The learned model: how much a text looks like an advertisement, and which of its characters say so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rules.detectors.clues import Clue
from rules.detectors.combining import SCRIPTS, Combiner
from rules.detectors.features import BUCKETS, FEATURES_VERSION, Features, grams_of, squeezed, unsqueezed
from rules.detectors.signals import SIGNALS, SILENT, Folded, Linear, sight_of
from rules.detectors.weights import ModelError, Weights, packed, unpacked

__all__ = ["Look", "Model", "ModelError", "Telling"]


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

    def __init__(self, version: str, linear: Linear, combiner: Combiner) -> None:
        self.version = version
        self._linear = linear
        self._combiner = combiner

    @classmethod
    def loads(cls, data: bytes) -> "Model":
        """The model in a file of weights; ``ModelError`` where it cannot be used."""
        held = unpacked(data)
        if held.features != FEATURES_VERSION:
            raise ModelError(f"the weights are for features {held.features}, and this version makes {FEATURES_VERSION}")
        return cls(held.version, _linear(held), _combiner(held))

    def dumps(self) -> bytes:
        """The model as a file of weights."""
        linear, combiner = self._linear, self._combiner
        numbers = np.array([linear.step, linear.bias, combiner.outer_bias], "<f4")
        arrays = {
            "weights": linear.weights,
            "rarity": linear.rarity,
            "numbers": numbers,
            **{name: getattr(combiner, name).astype("<f4") for name in _COMBINER},
        }
        return packed(self.version, FEATURES_VERSION, arrays)

    def look(self, view: Folded, clues: Iterable[Clue] = ()) -> Look:
        """What the model makes of a text."""
        clues = tuple(clues)
        sight = sight_of(view, clues)
        features = self._linear.scaled(sight)
        signals = self._linear.signals(sight, features)
        if sight.size:
            return Look(self._combiner.logit(signals), features)
        beside = any(not clue.kind.startswith("hidden") and clue.kind not in SILENT for clue in clues)
        return Look(_BESIDE + float(signals[_CLUES]) if beside else _SILENT, features)

    def telling(self, view: Folded, look: Look, most: int = 5) -> tuple[Telling, ...]:
        """The stretches of the folded text that weigh most, the heaviest first."""
        text = squeezed(view.text)
        if not text:
            return ()
        grams = grams_of(text)
        weights = self._linear.weights[grams.buckets].astype(np.float32) * self._linear.rarity[grams.buckets]
        by_character = grams.over_characters(weights)
        total = float(np.abs(by_character).sum()) or 1.0
        found = [
            (float(by_character[start:end].sum()) / total, start, end)
            for start, end in _stretches(by_character > max(0.0, float(by_character.mean())))
        ]
        found.sort(key=lambda one: (-one[0], one[1]))
        places = unsqueezed(view.text)
        return tuple(Telling(places[start], places[end], weight) for weight, start, end in found[:most])


def _stretches(marked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    padded = np.zeros(len(marked) + 2, np.bool_)
    padded[1:-1] = marked
    edges = (padded[1:] != padded[:-1]).nonzero()[0]
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


_SILENT: Final = -4.0  # nothing is said, or only a known site named: the few such messages in the corpora prove nothing
_BESIDE: Final = -1.3  # nothing is said, and something stands beside it
_CLUES: Final = SIGNALS.index("clues")
_COMBINER: Final = ("means", "scales", "inner", "inner_bias", "outer", "slopes", "shifts")


def _linear(held: Weights) -> Linear:
    step, bias, _ = (float(number) for number in held.array("numbers", np.float32, 3))
    weights, rarity = held.array("weights", np.int8, BUCKETS), held.array("rarity", np.uint8, BUCKETS)
    return Linear(weights, rarity, step, bias)


def _combiner(held: Weights) -> Combiner:
    size, scripts = len(SIGNALS), len(SCRIPTS)
    outer = held.array("outer", np.float32, -1)
    hidden = len(outer)
    return Combiner(
        held.array("means", np.float32, size),
        held.array("scales", np.float32, size),
        held.array("inner", np.float32, size, hidden),
        held.array("inner_bias", np.float32, hidden),
        outer,
        float(held.array("numbers", np.float32, 3)[2]),
        held.array("slopes", np.float32, scripts),
        held.array("shifts", np.float32, scripts),
    )
