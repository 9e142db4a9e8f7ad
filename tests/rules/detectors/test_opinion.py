"""What a second opinion is worth: bounded, never enough alone, and nothing against staff's own word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.judging import log_odds, probability
from rules.detectors.opinion import (
    AD,
    AWAITED,
    HAM,
    MOST_AGAINST,
    STEERS,
    Opinion,
    awaits,
    is_settled,
    opinion_reason,
    reach,
    with_opinion,
)
from rules.verdict import Reason, Verdict

SHARES = st.floats(0.0, 1.0)


def verdict(score: float, *kinds: str) -> Verdict:
    return Verdict("ad", "1", score, tuple(Reason(kind) for kind in kinds))


@given(SHARES, SHARES)
def test_what_the_detector_does_not_find_likely_is_not_made_certain(score: float, sure: float) -> None:
    logit = log_odds(score)
    after = probability(logit + opinion_reason(Opinion(True, sure), logit).weight)
    assert after >= score - 1e-5  # log-odds end at 12
    assert after < 0.99 or score >= 0.9


def test_what_is_likely_is_made_certain_by_somebody_who_is_sure() -> None:
    assert with_opinion(verdict(0.92, AWAITED), opinion_reason(Opinion(True, 1.0), log_odds(0.92))).score > 0.99


@given(SHARES, SHARES)
def test_an_excuse_is_bounded(score: float, sure: float) -> None:
    logit = log_odds(score)
    assert -MOST_AGAINST <= opinion_reason(Opinion(False, sure), logit).weight <= 0


def test_a_guess_weighs_nothing() -> None:
    assert opinion_reason(Opinion(True, 0.0), 1.0) == Reason(AD, 0.0)
    assert opinion_reason(Opinion(False, 0.0), 1.0).weight == 0


def test_what_may_have_been_talked_into_the_model_excuses_nothing() -> None:
    assert opinion_reason(Opinion(False, 1.0), 2.0, excuses=False) == Reason(HAM, 0.0)
    assert opinion_reason(Opinion(True, 1.0), 2.5, excuses=False).weight == 3.0


@given(SHARES, SHARES, st.booleans(), st.booleans())
def test_the_answer_stays_within_what_was_said_to_be_its_reach(
    score: float, sure: float, ad: bool, steered: bool
) -> None:
    waiting = verdict(score, AWAITED, *([STEERS] if steered else []))
    down, up = reach(waiting)
    weight = opinion_reason(Opinion(ad, sure), log_odds(score), excuses=not steered).weight
    assert down - 0.001 <= weight <= up + 0.001


def test_an_answer_takes_the_place_of_the_waiting() -> None:
    waiting = Verdict("ad", "1", 0.9, (Reason("base", 2.197), Reason(AWAITED)), ("sim:a/1",))
    told = with_opinion(waiting, Reason(HAM, -4.0))
    assert [reason.kind for reason in told.reasons] == [HAM, "base"]
    assert told.score == pytest.approx(probability(log_odds(0.9) - 4.0))
    assert told.also == ("sim:a/1",)
    alone = with_opinion(waiting, None)
    assert (alone.score, awaits(alone), reach(alone)) == (0.9, False, (0.0, 0.0))


@pytest.mark.parametrize(
    ("kind", "settled"),
    [
        ("taught.ad", True),
        ("taught.ham", True),
        ("campaign.known", True),
        ("repeat.ham", True),
        ("campaign.removed", False),
        ("words", False),
    ],
)
def test_where_staff_have_said_it_nobody_is_asked(kind: str, settled: bool) -> None:
    assert is_settled([Reason("base", 1.0), Reason(kind, 1.0)]) is settled
