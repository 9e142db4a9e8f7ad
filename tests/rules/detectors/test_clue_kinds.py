"""The kinds of clues and the lists of phrases: complete, and written as texts fold."""

from pathlib import Path

import pytest
import yaml

from rules.detectors.folding import view_of
from rules.detectors.kinds import ClueKind
from rules.detectors.phrases import LANGUAGES, parsed, phrase_book

ROOT = Path(__file__).parents[3]
LISTS = ROOT / "rules" / "detectors" / "phrase_lists"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_each_kind_is_told_in_words(language: str) -> None:
    texts = yaml.safe_load((ROOT / "bot" / "locales" / f"{language}.yaml").read_text(encoding="utf-8"))
    told = {key.removeprefix("clue.") for key in texts if key.startswith("clue.")}
    assert told == {kind.value for kind in ClueKind}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_written_as_texts_fold(language: str) -> None:
    phrases = list(parsed((LISTS / f"{language}.txt").read_text(encoding="utf-8")))
    assert len(phrases) > 500
    assert [phrase.words for phrase in phrases if view_of(phrase.words).text.strip() != phrase.words.strip()] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("before any section", "line 1: no section begins before it"),
        ("[call.join]\n\nin*side", "line 3: 'in\\*side' is no phrase"),
        ("[call.join]\n*", "line 2: '\\*' is no phrase"),
        ("[call.join]\n{a|b", "line 2: '{a|b' is no phrase"),
        ("[call.nothing]\na", "call.nothing"),
    ],
)
def test_a_list_that_is_none_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint.replace("{", r"\{").replace("|", r"\|")):
        list(parsed(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [("we sell weed here", ["weed"]), ("seaweed soup", []), ("криптовалюта", ["криптовалют"]), ("weed", ["weed"])],
)
def test_a_phrase_begins_and_ends_with_words(text: str, words: list[str]) -> None:
    assert [said.phrase.words for said in phrase_book().said_in(text)] == words
