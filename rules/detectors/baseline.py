"""What is ordinary in a group: how many messages of it were seen, and what the model says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

WARM: Final = 200
"""So many ordinary messages are seen before a group is judged in earnest, unless its settings say otherwise."""

_USUAL: Final = 0.0  # the log-odds that hardly an ordinary message reaches where the model is at home
_TAIL: Final = 2.5  # how much farther from the median these are than the upper quarter
_MOST: Final = 6.0
_TRUSTED_AT: Final = 50.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """How a group's ordinary messages look to the model: how many were seen, and how far off it is here."""

    seen: int = 0
    shift: float = 0.0
    """To be added to log-odds: below 0 where the group's ordinary messages look like advertisements to the model."""

    def warm(self, after: int = WARM) -> bool:
        """Whether enough ordinary messages were seen."""
        return self.seen >= after

    @classmethod
    def of(cls, logits: Iterable[float], seen: int | None = None) -> "Baseline":
        """The baseline of ordinary messages, a sample of the ``seen``.

        By median and upper quarter, which a few advertisements among them hardly move.
        """
        values = np.array([logit for logit in logits if np.isfinite(logit)], float)
        if not len(values):
            return cls(seen or 0)
        middle, upper = (float(value) for value in np.quantile(values, (0.5, 0.75)))
        excess = middle + _TAIL * (upper - middle) - _USUAL
        trust = len(values) / (len(values) + _TRUSTED_AT)
        return cls(seen if seen is not None else len(values), -min(_MOST, max(0.0, excess)) * trust)
