"""Patterns are RE2's; what they cannot do is said, and what they need is found in one pass."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.folding import fold
from rules.patterns import compile_pattern, needed_phrases

PATTERNS = (
    *(r"\bvx\s*\d{5,}", "(?i)VX|微信", "(?:加|添加)微信", r"\.com\b", "(foo|bar)?baz", "日结.*[0-9]+元", "(abc)+d?"),
    *(
        "x*yz",
        "a|bc",
        "[[:alpha:]]bcd",
        r"\pN+abc",
        "(?i)[vV]x9",
        "ab{0,5}cd",
        "^start",
        "end$",
        r"\x41b",
        "(?i)straße",
    ),
    *("ab{,5}cd", r"\Qa.b\E", "é1", "ｖx", "(?s).vx.", "K9", "\u200bvx"),
)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("a(?=b)", "look-ahead"),
        ("a(?!b)", "look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "look-behind"),
        (r"(a)\1", "back-references"),
        ("(?P<x>a)(?P=x)", "back-references"),
        ("a++", "possessive"),
        ("(?>a)", "possessive"),
        ("(", "missing )"),
        ("a{2000}", "repetition"),
    ],
)
def test_a_pattern_that_cannot_be_used_says_why(pattern: str, said: str) -> None:
    with pytest.raises(ValueError, match="cannot be used") as caught:
        compile_pattern(pattern)
    assert said in str(caught.value)
    assert pattern in str(caught.value)


def test_a_pattern_that_backtracks_elsewhere_takes_no_time_here() -> None:
    assert compile_pattern("(a+)+$").search(b"a" * 50_000 + b"b") is None


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bvx\s*\d{5,}", {"vx"}),
        ("(?i)VX|微信", {"vx", "微信"}),
        ("(?:加|添加)微信", {"微信"}),
        ("(foo|bar)?baz", {"baz"}),
        ("(abc)+d?", {"abc"}),
        ("a|bc", set()),
        ("x*y*", set()),
        (r"\pN+abc", set()),
        ("[[:alpha:]]bcd", set()),
        ("ab{0,5}cd", {"cd"}),
    ],
)
def test_the_phrases_a_pattern_needs_are_told(pattern: str, needed: set[str]) -> None:
    assert needed_phrases(pattern) == needed


@given(
    st.sampled_from(PATTERNS),
    st.text(st.sampled_from("vxVXabcdz019微信加添日结元. \n\u200b\u0301éｖＸKſaſ①A") | st.characters(), max_size=30),
    st.sampled_from(["", "vx12345", "加微信", "bazcd", "日结300元", "straße", "AB", "abcd", "K9", "a.b"]),
)
@example("K9", "\u212a", "9")
@example(r"\.com\b", "a", ".com\u0301")
def test_no_text_matches_without_a_needed_phrase(pattern: str, around: str, core: str) -> None:
    needed = needed_phrases(pattern)
    compiled = compile_pattern(pattern)
    for text in (around + core, core + around):
        folded = fold(text)
        if not needed or any(phrase in folded for phrase in needed):
            continue
        assert compiled.search(folded.encode(errors="replace")) is None
        if unicodedata.is_normalized("NFC", text):
            assert compiled.search(text.encode(errors="replace")) is None
