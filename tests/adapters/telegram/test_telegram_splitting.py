"""Texts that are too long for one message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.splitting import parts, shortened, units

FAMILY = "👩‍👩‍👧‍👦"


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(st.text(alphabet=st.sampled_from("ab \n中🏳👩\u200d\u0301🇩🇪👍🏽"), max_size=300), st.integers(12, 60))
def test_every_part_fits_and_nothing_but_white_space_is_missing(text: str, longest: int) -> None:
    found = parts(text, longest)
    assert all(0 < len(part.encode("utf-16-le")) // 2 <= longest for part in found)
    assert squeezed("".join(found)) == squeezed(text)


@given(st.text(max_size=200))
def test_units_are_what_utf_16_has(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_a_short_text_stays_in_one_part() -> None:
    assert parts("hello\n\nall") == ["hello\n\nall"]
    assert parts("a" * 4096) == ["a" * 4096]


def test_emoji_count_twice() -> None:
    assert [units(part) for part in parts("😀" * 3000)] == [4096, 1904]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a b\n\nc d\ne f gggg", "a b\n\nc d"),
        ("a b c d\ne f\ngggg h", "a b c d\ne f"),
        ("a b c d e gggggggg", "a b c d e"),
    ],
)
def test_it_is_cut_at_lines_before_words(text: str, first: str) -> None:
    assert parts(text, 14)[0] == first


def test_it_is_cut_at_a_paragraph_before_a_later_line() -> None:
    assert parts("aaaa bbbb\n\ncc\ndd ee", 15)[0] == "aaaa bbbb"


def test_paragraphs_are_kept_whole_where_they_can_be() -> None:
    paragraphs = [letter * 40 for letter in "abc"]
    assert parts("\n\n".join(paragraphs), 100) == ["\n\n".join(paragraphs[:2]), paragraphs[2]]


@pytest.mark.parametrize("sign", [FAMILY, "🇩🇪", "👍🏽", "e\u0301"], ids=["family", "flag", "skin", "accent"])
@pytest.mark.parametrize("before", range(11))
def test_what_a_reader_sees_as_one_sign_is_not_cut(sign: str, before: int) -> None:
    text = "x" * (30 + before) + sign * 3 + "y" * 40
    found = parts(text, 50)
    assert "".join(found) == text
    assert sum(part.count(sign) for part in found) == 3


def test_a_cut_text_says_so() -> None:
    assert shortened("one two three", 100) == "one two three"
    assert shortened("one two three", 10) == "one two…"
