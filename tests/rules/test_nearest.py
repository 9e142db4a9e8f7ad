"""The right word that a wrong one was meant to be."""

import pytest

from rules.nearest import nearest_word


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("answer", "answer_any"), ("no-answer", "no_answer"), ("attempt", "attempts"), ("chioces", "choices")],
)
def test_what_a_key_begins_with_is_meant_before_what_it_ends_with(wrong: str, meant: str) -> None:
    assert nearest_word(wrong, ["ask", "no_answer", "answer_any", "attempts", "choices"]) == meant
