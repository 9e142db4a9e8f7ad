"""What a text says once the ways of writing it differently are taken away."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.folding import closed_up, fingerprint, fold

# Letters that compose with marks, marks, invisible signs, full width, circled, key caps, emoji, Hangul jamo.
TRICKY = st.text(
    st.sampled_from("aéÅſßİıK\u0301\u0345\u3099カｶﾞ가ᄀ\u1161\u11a8\u200b\u2060\ufe0f\u20e3，Ｖ①❶🆅𝐕微信 1")
    | st.characters()
)


@given(st.text() | TRICKY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text() | TRICKY)
def test_a_folded_text_is_in_one_form_and_has_no_capitals(text: str) -> None:
    folded = fold(text)
    assert unicodedata.is_normalized("NFKC", folded)
    assert folded == unicodedata.normalize("NFKC", folded.casefold())


def test_every_character_folds_as_unicode_says_or_to_a_letter_or_digit() -> None:
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        folded = fold(sign)
        expected = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sign).casefold())
        assert folded in (expected, "") or (folded.isascii() and folded.isalnum()), hex(code)
        assert fold(folded) == folded, hex(code)


@pytest.mark.parametrize(
    "written",
    ["ＶＸ１２３", "vx\u200b123", "V\u2060X①②③", "🆅🆇123", "𝐕𝐗❶❷❸", "ⓥⓧ123", "vx\ufe0f123", "v\u00adx123"],
)
def test_disguises_of_one_text_fold_to_it(written: str) -> None:
    assert fold(written) == "vx123"


def test_chinese_punctuation_is_unified_and_characters_are_kept() -> None:
    assert fold("你好，世界！（三体）") == "你好,世界!(三体)"


def test_a_fingerprint_does_not_see_spaces_punctuation_and_case() -> None:
    assert fingerprint(fold("Buy NOW!!!")) == fingerprint(fold("b u y, now"))
    assert fingerprint(fold("加微信，领资料")) == fingerprint(fold("加微信 领资料 🎁"))
    assert fingerprint(fold("加微信")) != fingerprint(fold("加微博"))


@given(st.text())
def test_a_fingerprint_fits_into_64_bits_and_is_0_without_letters(text: str) -> None:
    mark = fingerprint(fold(text))
    assert -(2**63) <= mark < 2**63
    assert (mark == 0) is (not any(sign.isalnum() for sign in fold(text)))


@pytest.mark.parametrize(
    ("written", "closed"),
    [
        ("加 微 信", "加微信"),
        ("快加 微 信吧", "快加微信吧"),
        ("微*信", "微信"),
        ("加.微.信 领*资*料", "加微信领资料"),
        ("加 微信群", "加 微信群"),
        ("今天 很好 大家", "今天 很好 大家"),
        ("你好,世界", "你好,世界"),
        ("a b c", "a b c"),
    ],
)
def test_chinese_words_that_were_spread_are_put_together_and_others_left(written: str, closed: str) -> None:
    assert closed_up(written) == closed


@given(st.text())
def test_a_folded_text_can_always_be_written_as_utf_8(text: str) -> None:
    fold(text + "\ud800").encode()
