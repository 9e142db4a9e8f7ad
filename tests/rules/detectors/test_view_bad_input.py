"""The folding view of what nobody writes in good faith: it ends, and folding it again changes nothing."""

import pytest

from rules.detectors.folding import LONGEST, view_of

NASTY = {
    "ten million letters": "a" * 10_000_000,
    "ten million characters": "加" * 10_000_000,
    "a tower of marks": ("v" + "\u0301" * 200) * 60,
    "halves of pairs": "\ud800" * 9000,
    "nothing but pictures": "😀🔥👍💚" * 3000,
    "pictures that are words": "💚💰" * 5000,
    "letters and dots": "a." * 6000,
    "two alphabets": "aа " * 4000,
    "flags": "🇻🇽🇨" * 3000,
    "digits of two kinds": "一2" * 5000,
    "syllables without end": "我" + "xian" * 2500,
    "rare signs": "".join(chr(0x10000 + at * 7) for at in range(9000)),
    "a sentence in one sign": "\ufdfa" * 9000,
    "parts of characters": "氵亻" * 4500,
    "marks between letters": "a-b-c d-e " * 1000,
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_a_nasty_text_is_folded_and_stays_so(text: str) -> None:
    view = view_of(text)

    assert len(view.text) <= 6 * LONGEST
    assert view.span(0, len(view.text))[1] <= len(view.raw)
    view.pinyin.encode()
    view.reversed.encode()
    assert sum(view.tricks.values()) >= 0
    if len(view.text) <= LONGEST:
        assert view_of(view.text).text == view.text


def test_a_text_of_invisible_signs_says_nothing() -> None:
    view = view_of("\u200b\u2060\ufeff\u0301\ufe0f")

    assert view.text == ""
    assert view.span(0, 0) == (5, 5)
