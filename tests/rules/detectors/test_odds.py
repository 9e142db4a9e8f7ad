"""Scores become log-odds that hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.odds import Odds

CLEAR = (6.0, -6.0)
_CHANCE = np.random.default_rng(3)
USUAL = _CHANCE.normal(-6.0, 1.0, 600)
ADS = _CHANCE.normal(0.0, 3.0, 100)


def odds(usual: np.ndarray, ads: np.ndarray) -> Odds:
    scores = np.concatenate((ads, usual))
    return Odds.fitted(scores, np.arange(len(scores)) < len(ads), np.ones(len(scores)), CLEAR)


def test_where_half_are_advertisements_the_odds_are_even() -> None:
    even = odds(_CHANCE.normal(-2.0, 1.0, 2000), _CHANCE.normal(2.0, 1.0, 2000))
    assert even.of(0.0) == pytest.approx(0.0, abs=0.3)
    assert even.of(2.0) > 2.0


def test_far_above_all_ordinary_messages_it_is_sure() -> None:
    found = odds(USUAL, ADS)
    assert found.of(float(USUAL.max())) < 4.6
    assert found.of(2.0) > 4.6


def test_the_fewer_were_seen_the_less_sure() -> None:
    assert odds(USUAL[:20], ADS[:5]).of(1.0) < odds(USUAL, ADS).of(1.0) - 1.0


def test_one_unlabelled_advertisement_among_many_is_a_stray() -> None:
    usual = np.concatenate((USUAL, [5.0]))
    assert odds(usual, ADS).of(2.0) > 4.0


@given(
    st.lists(st.floats(-30, 30), min_size=1, max_size=30),
    st.lists(st.floats(-30, 30), min_size=1, max_size=30),
)
def test_a_higher_score_never_means_less(usual: list[float], ads: list[float]) -> None:
    found = odds(np.array(usual), np.array(ads))
    values = [found.of(score) for score in (-30.0, -5.0, 0.0, 5.0, 30.0)]
    assert all(np.isfinite(values))
    assert values == sorted(values)
