"""A second opinion as evidence: bounded, so that it can tip the scales and never decides alone.

It is somebody else's word on what the detector is unsure of. It may excuse a message, and confirm what is likely
already; what is only suspected it does not make certain, and staff's own word it does not touch.
"""

from collections.abc import Iterable
from typing import NamedTuple

from rules.detectors.judging import log_odds, probability, weightiest
from rules.verdict import Reason, Verdict

AWAITED = "opinion.awaited"
"""The kind of reason by which a detector says that somebody else is being asked."""
AD, HAM = "opinion.ad", "opinion.ham"
STEERS = "opinion.steers"
"""The kind of reason by which it says that a message tries to tell a model what to answer."""
MOST_FOR = 3.0
MOST_AGAINST = 4.0
STEERED = 0.5
"""Log-odds that trying to steer the answer adds."""
LIKELY, JUST_UNDER = log_odds(0.90), log_odds(0.985)
_SAID = ("taught", "campaign.known", "repeat.ham", "repeat.staff")


class Opinion(NamedTuple):
    """Whether it is an advertisement, and how ``sure`` who was asked is of that, from 0 (a guess) to 1."""

    ad: bool
    sure: float


def is_settled(reasons: Iterable[Reason]) -> bool:
    """Whether staff have said what there is to say, so that nobody need be asked."""
    return any(reason.kind == said or reason.kind.startswith(said + ".") for reason in reasons for said in _SAID)


def most_for(logit: float) -> float:
    """How much an opinion can add: what the detector itself does not find likely does not become certain."""
    return MOST_FOR if logit >= LIKELY else max(0.0, min(MOST_FOR, JUST_UNDER - logit))


def opinion_reason(opinion: Opinion, logit: float, *, excuses: bool = True) -> Reason:
    """The opinion as evidence beside a detector's log-odds; ``excuses`` is whether it may speak for the message."""
    if opinion.ad:
        return Reason(AD, round(most_for(logit) * opinion.sure, 3))
    return Reason(HAM, round(-MOST_AGAINST * opinion.sure, 3) if excuses else 0.0)


def awaits(verdict: Verdict) -> bool:
    """Whether an opinion on it is on its way."""
    return any(reason.kind == AWAITED for reason in verdict.reasons)


def with_opinion(verdict: Verdict, opinion: Reason | None) -> Verdict:
    """The verdict with the opinion that was awaited, or (None) as the detector's own."""
    reasons = tuple(reason for reason in verdict.reasons if reason.kind != AWAITED)
    if opinion is None:
        return Verdict(verdict.detector, verdict.version, verdict.score, reasons, verdict.also)
    score = probability(log_odds(verdict.score) + opinion.weight)
    return Verdict(verdict.detector, verdict.version, score, weightiest((*reasons, opinion)), verdict.also)


def reach(verdict: Verdict) -> tuple[float, float]:
    """By how much the opinion that is awaited may change the log-odds, downwards and upwards."""
    if not awaits(verdict):
        return 0.0, 0.0
    steers = any(reason.kind == STEERS for reason in verdict.reasons)
    return (0.0 if steers else -MOST_AGAINST), most_for(log_odds(verdict.score))
