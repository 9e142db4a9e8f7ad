"""What goes into spreadsheets is text there, whatever it begins with."""

import pytest

from storage.export import guarded


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM"])
def test_no_text_becomes_a_formula(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "安 1+1=2", "telegram:-100"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
