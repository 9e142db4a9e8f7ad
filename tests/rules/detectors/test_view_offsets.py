"""Where pieces of the folded text stood in the raw one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.detectors.folding import view_of

PIECES = [
    ("你好，加 微 信 abc", "加微信", "加 微 信"),
    ("Ｖ\u200bＸ：12345", "vx", "Ｖ\u200bＸ"),
    ("电话一三八零零一三八，谢谢", "13800138", "一三八零零一三八"),
    ("зapaбoтoк нa дoмy", "дому", "дoмy"),
    ("make m͛o͛n͛e͛y now", "money", "m͛o͛n͛e͛y"),
    ("他弓虽大", "强", "弓虽"),
    ("來➕💚✉吧", "加微信", "➕💚✉"),
    ("f.r.e.e gift", "gift", "gift"),
    ("Hello WORLD", "world", "WORLD"),
]


@pytest.mark.parametrize(("raw", "piece", "stood"), PIECES)
def test_a_piece_of_the_folded_text_is_found_in_the_raw_one(raw: str, piece: str, stood: str) -> None:
    view = view_of(raw)
    at = view.text.index(piece)

    start, end = view.span(at, at + len(piece))

    assert raw[start:end].rstrip("\u035b") == stood.rstrip("\u035b")


SIGNS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("加微信弓虽氵又一三八零vxwoаеоср013 .-_*~\n➕💚💰🇻🇽\ufe0f\u0301\u0306\u200bエ①ⓥ㎏\ud83d"),
    ),
    max_size=50,
)


@given(SIGNS, st.integers(-2, 60), st.integers(-2, 60))
@settings(max_examples=300, deadline=None)
def test_a_span_always_lies_within_the_raw_text(text: str, start: int, end: int) -> None:
    view = view_of(text)

    first, last = view.span(start, end)

    assert 0 <= first <= last <= len(view.raw)


@given(SIGNS)
@settings(max_examples=200, deadline=None)
def test_the_slow_way_reads_the_same_as_the_quick_one(text: str) -> None:
    view = view_of(text)

    assert view._offsets.text == view.text
    whole = view.span(0, len(view.text))
    assert all(
        whole[0] <= view.span(at, at + 1)[0] < view.span(at, at + 1)[1] <= whole[1] for at in range(len(view.text))
    )


def test_a_span_of_a_cut_text_lies_in_what_is_left_of_it() -> None:
    view = view_of("a" * 10_000 + "。加 微 信")
    at = view.text.index("加微信")

    start, end = view.span(at, at + 3)

    assert view.raw[start:end] == "加 微 信"
