"""The figures that a detector is judged by, on scores whose figures are plain to see."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classification.measures import (
    Figures,
    calibration_error,
    figures,
    recall_above,
    recall_at,
    reliability,
    threshold_at,
)
from bot.classification.plots import plot

SCORES = np.array([0.999, 0.995, 0.6, 0.2, 0.992, 0.5, 0.1, 0.1])
ADS = np.array([True, True, True, True, False, False, False, False])


def test_precision_and_recall_are_those_of_the_band_that_acts() -> None:
    found = figures(SCORES, ADS)
    assert (found.ads, found.ordinary, found.flagged) == (4, 4, 1)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(0.5)
    assert found.f1 == pytest.approx(4 / 7)
    assert found.strict == found.loose == 0.5  # no ordinary message may be flagged of so few


def test_a_rate_of_false_positives_is_never_exceeded() -> None:
    scores = np.concatenate((np.arange(1000) / 1000, [0.998, 0.9945, 0.5]))
    ads = np.arange(1003) >= 1000
    assert threshold_at(scores, ads, 0.005) == 0.994
    assert (scores[~ads] > 0.994).mean() == 0.005
    assert recall_at(scores, ads, 0.005) == pytest.approx(2 / 3)
    assert recall_at(scores, ads, 0.001) == 0.0
    assert recall_at(scores, ads, 1.0) == 1.0


def test_scores_that_are_all_alike_find_nothing() -> None:
    assert recall_at(np.full(8, 0.7), ADS, 0.005) == 0.0


@pytest.mark.parametrize("ads", [np.ones(3, bool), np.zeros(3, bool), np.ones(0, bool)])
def test_what_cannot_be_told_is_left_open(ads: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> None:
    scores = np.full(len(ads), 0.995)
    found = figures(scores, ads)
    assert found.strict is found.loose is None
    assert (found.precision is None, found.recall is None) == (not ads.any(), not ads.any())
    assert calibration_error(scores, ads) == pytest.approx(abs(0.995 - ads.mean()) if len(ads) else 0.0)
    assert recall_above(scores, ads, 0.5) == float(ads.any())


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_no_figure_is_ever_nan(rows: list[tuple[float, bool]]) -> None:
    scores = np.array([score for score, _ in rows], float)
    ads = np.array([ad for _, ad in rows], bool)
    found = figures(scores, ads)
    for value in (found.precision, found.recall, found.f1, found.strict, found.loose, calibration_error(scores, ads)):
        assert value is None or 0.0 <= value <= 1.0
    assert sum(count for _, _, count in reliability(scores, ads, (0.0, 0.5, 0.9, 1.0))) == len(rows)


def test_what_was_said_stands_beside_what_was() -> None:
    parts = reliability(np.array([0.1, 0.3, 0.95, 1.0]), np.array([False, True, True, True]), (0.0, 0.5, 1.0))
    assert parts == [(pytest.approx(0.2), 0.5, 2), (pytest.approx(0.975), 1.0, 2)]
    assert calibration_error(np.array([0.25, 0.25]), np.array([False, False])) == pytest.approx(0.25)


def test_a_drawing_has_a_bar_for_each_that_has_a_figure() -> None:
    whole = Figures(2, 2, 1.0, 1.0, 1.0, 0.5, 0.75, 0)
    open_ = Figures(2, 0, 1.0, 1.0, 1.0, None, None, 0)
    drawn = plot([("<all>", whole), ("only ads", open_)], [(0.2, 0.5, 2)])
    assert "&lt;all&gt;" in drawn
    assert ">0.75<" in drawn
    assert "only ads" not in drawn
    assert "nan" not in plot([], []).lower()
    assert math.isfinite(whole.loose or 0)
