"""Evidence put together: log-odds add up to one probability, and every part of it is a reason that can be told."""

import math
from collections.abc import Iterable

from rules.verdict import Reason

BANDS = (("certain", 0.99), ("likely", 0.90), ("unsure", 0.50), ("ordinary", 0.0))
"""What probabilities are called, from which one on."""
LIMIT = 12.0
"""Log-odds beyond this say no more: a probability is never 0 nor 1."""


def probability(logit: float) -> float:
    """The probability of log-odds; never NaN."""
    if math.isnan(logit):
        return 0.0
    return 1.0 / (1.0 + math.exp(-max(-LIMIT, min(LIMIT, logit))))


def log_odds(share: float) -> float:
    """The log-odds of a probability, within ``LIMIT``; of NaN, which nobody is sure of, the least."""
    if math.isnan(share):
        return -LIMIT
    if not 0.0 < share < 1.0:
        return math.copysign(LIMIT, share - 0.5)
    return max(-LIMIT, min(LIMIT, math.log(share / (1.0 - share))))


def band(score: float) -> str:
    """What a probability is called: certain, likely, unsure or ordinary."""
    return next(name for name, least in BANDS if score >= least)


def total(reasons: Iterable[Reason]) -> float:
    """The log-odds that reasons come to together."""
    return sum(reason.weight for reason in reasons)


def weightiest(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons in order of their weight, whichever way they point."""
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.weight)))
