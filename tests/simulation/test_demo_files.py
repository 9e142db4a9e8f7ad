"""The demo's files are good examples: the rules pass their own check and tests, and both languages say the same."""

from pathlib import Path

import pytest
import yaml

from bot.configuration import load_setup
from bot.selfcheck import results
from bot.simulation.labels import LANGUAGES, language_of
from bot.simulation.story import Beat, read_story, steps_of

FOLDER = Path(__file__).parents[2] / "bot" / "simulation"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_configuration_is_without_complaint_and_its_tests_pass(language: str) -> None:
    setup = load_setup(FOLDER / f"demo.{language}.yaml", {})
    found = list(results(setup))
    assert setup.warnings == ()
    assert [result.what for result in found if not result.passed] == []
    assert {result.rule for result in found} == {"ads", "spoilers"}


def test_both_languages_have_the_same_labels_with_the_same_placeholders() -> None:
    english, chinese = (
        yaml.safe_load((FOLDER / f"labels.{language}.yaml").read_text(encoding="utf-8")) for language in LANGUAGES
    )
    assert list(english) == list(chinese)
    for key, words in english.items():
        assert placeholders(words) == placeholders(chinese[key]), key


def test_both_stories_have_the_same_beats() -> None:
    english, chinese = (read_story(FOLDER / f"story.{language}.yaml") for language in LANGUAGES)
    assert [shape(step) for step in english.day] == [shape(step) for step in chinese.day]


def test_habits_happen_within_their_hours_and_differ_by_seed() -> None:
    story = read_story(FOLDER / "story.en.yaml")
    chats = story.cast["dev"].chats
    assert chats is not None
    days = []
    for seed in range(5):
        said = [step for step in steps_of(story, seed) if step.beat.says in chats.lines]
        assert len(said) == chats.times
        assert all(chats.between[0] <= step.at.time() <= chats.between[1] for step in said)
        days.append([step.at for step in said])
    assert len({tuple(day) for day in days}) == 5


@pytest.mark.parametrize(("wanted", "language"), [("en", "en"), ("zh", "zh-CN"), ("zh_TW", "zh-CN"), ("EN-gb", "en")])
def test_a_language_is_understood_however_it_is_written(wanted: str, language: str) -> None:
    assert language_of(wanted) == language


def placeholders(words: str) -> set[str]:
    return {part.split("}")[0] for part in words.split("{")[1:]}


def shape(beat: Beat) -> tuple[object, ...]:
    names = ("at", "pictured", "to", "name", "within", "stops", "starts")
    return (*(getattr(beat, name) for name in names), len(beat.joins))
