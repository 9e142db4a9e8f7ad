"""What is ordinary in a group."""

import pytest

from rules.detectors.baseline import WARM, Baseline


def test_a_group_is_warm_after_enough_messages() -> None:
    assert not Baseline.of([-5.0] * 50, seen=WARM - 1).warm()
    assert Baseline.of([-5.0] * 50, seen=WARM).warm()
    assert Baseline.of([-5.0] * 50).warm(after=50)


def test_where_the_model_is_at_home_nothing_is_shifted() -> None:
    assert Baseline.of([-6.0 + number % 5 / 2 for number in range(300)]).shift == 0.0


def test_where_ordinary_messages_look_like_advertisements_less_is_made_of_it() -> None:
    off = [-1.0 + number % 9 / 2 for number in range(300)]
    assert Baseline.of(off).shift < -1.0
    assert -0.5 < Baseline.of(off[:5]).shift <= 0.0


def test_a_few_advertisements_among_them_change_little() -> None:
    usual = [-3.0 + number % 9 / 4 for number in range(270)]
    assert Baseline.of(usual + [9.0] * 30).shift == pytest.approx(Baseline.of(usual).shift, abs=0.5)


def test_nothing_seen_is_nothing_shifted() -> None:
    assert Baseline.of(()) == Baseline(0, 0.0)
    assert Baseline.of([float("nan"), float("inf")]).shift == 0.0
