"""Whatever a message holds, its clues are few, sound, and stand inside the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.detectors.clues import Clue
from rules.detectors.extract import clues_in, name_clues, read_lists
from rules.detectors.folding import view_of
from rules.detectors.kinds import ClueKind
from rules.values import Link, Media, MediaKind, Member, Message

MOST = 60
KINDS = {kind.value for kind in ClueKind}
NASTY = st.text(
    st.sampled_from("加微信vx领点链接免费¥$€%折元日入0123456789@.:/ \n一二三五赚dmclick пишлс🔥\u200b\u0301①【】+-")
    | st.characters(),
    max_size=120,
)
AWFUL = {
    "digits": "1" * 10_000_000,
    "spaced digits": "1 3 8 " * 2000,
    "links": " ".join(f"a{number}.com/{number}" for number in range(2000)),
    "dots": "a." * 5000,
    "at signs": "@" * 9000,
    "addresses": "a@a." * 2500,
    "emoji": "🔥" * 9000,
    "tower": "a" + "\u0301" * 9000,
    "halves": "\ud800" * 9000,
    "schemes": "http://" * 1200,
    "punycode": "https://xn--" + "a" * 8000 + ".com",
    "broken punycode": "https://xn--\u00e9\u00e9.com https://xn--99999999999.com",
    "accents": "https://" + "é" * 3000 + ".com",
    "phrases": "免费领取加微信" * 1200,
    "wechat": "微" * 9000,
    "rows": "=-" * 4500,
    "brackets": "【a" * 4000,
    "nothing": "\x00" * 9000,
    "numbers with full stops": "1。" * 4500,
    "one thing after the other": "жы" * 70 + "аа3а3а3а3а3а3а3а " + "жы" * 70 + "+エ日+女🐧" * 1500,
}


def sound(clues: tuple[Clue, ...], folded: str) -> bool:
    assert len(clues) <= MOST
    for clue in clues:
        assert clue.kind in KINDS
        assert len(clue.detail) <= 120
        assert clue.start == clue.end == -1 or 0 <= clue.start < clue.end <= len(folded)
    return True


@settings(deadline=None)
@given(NASTY)
def test_any_text_gives_sound_clues(text: str) -> None:
    view = view_of(text)
    assert sound(clues_in(view), view.text)


@settings(deadline=None)
@given(NASTY, NASTY, NASTY)
def test_any_message_gives_sound_clues(text: str, name: str, other: str) -> None:
    message = Message(
        id="1",
        author=Member(id="a", name=name, bio=other),
        text=text,
        links=(Link(url=other, text=name),),
        media=(Media(MediaKind.DOCUMENT, file_name=other, text=name, codes=(other, name)),),
        quote=other,
    )
    view = view_of(text)
    assert sound(clues_in(view, message), view.text)
    assert sound(name_clues(message.author, other), "")


@pytest.mark.parametrize("text", AWFUL.values(), ids=AWFUL)
def test_an_awful_text_gives_sound_clues(text: str) -> None:
    view = view_of(text)
    assert sound(clues_in(view), view.text)


def test_a_message_full_of_links_codes_and_files_is_bounded() -> None:
    message = Message(
        id="1",
        author=Member(id="a", name="x" * 100_000),
        links=tuple(Link(url=f"https://a{number}.com/{number}", text="here") for number in range(5000)),
        media=tuple(Media(MediaKind.PHOTO, codes=("https://b.com/",) * 100) for _ in range(1000)),
    )
    assert sound(clues_in(view_of(""), message), "")


def test_the_lists_can_be_read_beforehand() -> None:
    read_lists()
