"""The second stage of the model: one calibrated log-odds out of a text's signals."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from rules.detectors.features import Floats
from rules.detectors.signals import SIGNALS

MOST: Final = 12.0  # no text is so clear that its odds are beyond e to this
SCRIPTS: Final = ("han", "cyrillic", "other")
_HAN: Final = SIGNALS.index("han")
_CYRILLIC: Final = SIGNALS.index("cyrillic")
_CLUES: Final = SIGNALS.index("clues")
LIFT: Final = 0.5
"""For groups never seen: the network knows its own groups by their words, and thinks too little of clues."""
_FAR: Final = np.array(6, np.float32)  # from its mean, in standard deviations: more says no more
_FEW: Final = 0.1  # of a text in Chinese letters makes it Chinese: names and addresses are Latin anywhere


@dataclass(frozen=True, slots=True, eq=False)
class Combiner:
    """A small network over standardised signals, and for each script the line that makes its answer a log-odds."""

    means: Floats
    scales: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: float
    slopes: Floats
    shifts: Floats

    def logit(self, signals: Floats) -> float:
        """The calibrated log-odds."""
        script = script_of(signals)
        logit = self.raw(signals) * float(self.slopes[script]) + float(self.shifts[script])
        return min(MOST, max(-MOST, logit))

    def raw(self, signals: Floats) -> float:
        """The network's answer before calibration."""
        standard = signals - self.means
        standard *= self.scales
        np.maximum(standard, -_FAR, out=standard)
        np.minimum(standard, _FAR, out=standard)
        hidden = standard.dot(self.inner)
        hidden += self.inner_bias
        np.tanh(hidden, out=hidden)
        return float(hidden.dot(self.outer)) + self.outer_bias + LIFT * float(signals[_CLUES])


def script_of(signals: Floats) -> int:
    """Which of ``SCRIPTS`` a text is taken to be in."""
    if signals[_HAN] >= _FEW:
        return 0
    return 1 if signals[_CYRILLIC] >= _FEW else 2
