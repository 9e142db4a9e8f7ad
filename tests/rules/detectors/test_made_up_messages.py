"""The shipped model on made-up messages of daily life and on made-up advertisements, none of them learned from."""

from functools import cache
from pathlib import Path

import pytest

from rules.detectors.extract import clues_in
from rules.detectors.folding import view_of
from rules.detectors.judging import probability
from rules.detectors.model import Model

SHIPPED = Path(__file__).parents[3] / "rules" / "detectors" / "model.bin"
LANGUAGES = ("zh", "en", "ru")


@cache
def shipped() -> Model:
    return Model.loads(SHIPPED.read_bytes())


@cache
def judged(name: str) -> dict[str, float]:
    lines = (Path(__file__).parent / "made_up" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    views = {line: view_of(line) for line in lines}
    return {line: probability(shipped().look(view, clues_in(view)).logit) for line, view in views.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_of_daily_life_is_certainly_an_advertisement(language: str) -> None:
    answers = judged(f"everyday.{language}")
    assert len(answers) >= 150
    assert [line for line, answer in answers.items() if answer >= 0.99] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_hardly_any_message_of_daily_life_is_likely_one(language: str) -> None:
    answers = judged(f"everyday.{language}")
    assert len([line for line, answer in answers.items() if answer >= 0.9]) <= 0.02 * len(answers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_obvious_advertisements_are_likely_ones(language: str) -> None:
    answers = judged(f"adverts.{language}")
    assert len(answers) >= 60
    assert len([line for line, answer in answers.items() if answer >= 0.9]) >= 0.8 * len(answers)
