"""An advertisement in pieces: none of them has what it has, joined they have all of it, and idle talk has no more."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.detectors.extract import clues_in
from rules.detectors.folding import view_of
from rules.detectors.recently import Recently, Together

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def kinds(text: str) -> set[str]:
    return {str(clue.kind) for clue in clues_in(view_of(text))}


def said(*messages: str) -> Together | None:
    recently = Recently()
    together = None
    for number, text in enumerate(messages):
        together = recently.joined("g", "a", NOON + timedelta(seconds=number), text, f"m{number}")
    return together


@pytest.mark.parametrize(
    "pieces",
    [
        ("想赚钱的加薇", "信 ball8", "866"),
        ("earn $5", "00 per d", "ay, just d", "m me now"),
        ("доход от 1", "00$ в де", "нь, пиши", "те в лс"),
        ("加", "微", "信abc", "12345"),
    ],
)
def test_what_was_cut_is_found_in_the_whole_and_all_pieces_are_told(pieces: tuple[str, ...]) -> None:
    together = said(*pieces)
    assert together is not None
    text, others, rest = together
    assert rest == "".join(pieces[:-1])
    assert kinds(text) == kinds("".join(pieces))
    assert kinds(text) > set().union(*map(kinds, pieces))
    assert others == tuple(f"m{number}" for number in range(len(pieces) - 1))


@pytest.mark.parametrize(
    "messages",
    [
        ("晚上吃什么", "火锅吧", "我订位子", "七点见"),
        ("are you home", "just got off the train", "ok", "bring the book please"),
        ("привет", "ты дома?", "зайду через час", "хорошо"),
        ("群里有人会画画吗", "我有个朋友想学", "周末都行"),
    ],
)
def test_idle_talk_says_no_more_together(messages: tuple[str, ...]) -> None:
    together = said(*messages)
    assert together is not None
    assert kinds(together[0]) == set()
