"""Lines are broken by cells, between Chinese characters too, and not before punctuation."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from bot.simulation.wrapping import shorten, wrap


def lines(text: str, width: int) -> list[str]:
    return [line.plain for line in wrap(Text(text), width)]


def test_english_is_broken_between_words() -> None:
    assert lines("a long novel and a short walk", 12) == ["a long novel", "and a short", "walk"]


def test_chinese_is_broken_between_any_two_characters_but_not_before_a_full_stop() -> None:
    assert lines("我们一季读一本大书。不赶路", 18) == ["我们一季读一本大", "书。不赶路"]
    assert lines("欢迎（新人）来", 6) == ["欢迎", "（新", "人）来"]


def test_a_bullet_stays_with_its_words() -> None:
    assert lines("• 安然：今晚一起读", 12) == ["• 安然：今晚", "一起读"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert lines("https://example.com/a", 10) == ["https://ex", "ample.com/", "a"]


def test_empty_lines_and_styles_are_kept() -> None:
    text = Text("one\n\ntwo three", style="red")
    text.stylize("bold", 5, 8)
    wrapped = wrap(text, 5)
    assert [line.plain for line in wrapped] == ["one", "", "two", "three"]
    assert [span.style for span in wrapped[2].spans] == ["bold"]


@example(" 。）", 3)
@given(st.text(alphabet="ab 大书。，（）“”•\n👋", max_size=80), st.integers(min_value=2, max_value=30))
def test_no_line_is_too_wide_and_nothing_but_spaces_is_lost(text: str, width: int) -> None:
    wrapped = lines(text, width)
    assert all(cell_len(line) <= width for line in wrapped)
    assert "".join(wrapped).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    ("text", "short"),
    [("brief", "brief"), ("a  b\nc", "a b c"), ("今天天气很好", "今天天…"), ("abcdefghij", "abcdefg…")],
)
def test_a_shortened_text_says_that_something_is_left_out(text: str, short: str) -> None:
    assert shorten(text, 8) == short
