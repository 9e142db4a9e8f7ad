"""The tricks that adverts are hidden with: the same seed gives the same text, and each does what its name says."""

from random import Random

import pytest

pytest.importorskip("opencc")
pytest.importorskip("pypinyin")
pytest.importorskip("confusable_homoglyphs")

from rules.detectors.folding import view_of
from tools.detection import tricks

ADVERT = "兼职日结300元，加微信vx12345，电话13800138000，群里有红包，後来 call me free money"


@pytest.mark.parametrize("name", tricks.NAMES)
def test_a_trick_changes_the_text_and_the_same_seed_changes_it_alike(name: str) -> None:
    done = tricks.apply(name, ADVERT, Random(5))

    assert done != ADVERT
    assert done == tricks.apply(name, ADVERT, Random(5))


@pytest.mark.parametrize("name", tricks.NAMES)
def test_a_trick_leaves_an_empty_text_empty(name: str) -> None:
    assert tricks.apply(name, "", Random(1)) == ""


def test_a_split_text_joined_is_the_text() -> None:
    for seed in range(20):
        parts = tricks.split(ADVERT, Random(seed))
        assert len(parts) == 3
        assert "".join(parts) == ADVERT


def test_a_text_too_short_to_split_stays_whole() -> None:
    assert tricks.split("a", Random(1)) == ["a"]
    assert "".join(tricks.split("ab", Random(1))) == "ab"


def test_padding_puts_ordinary_texts_around_the_advert() -> None:
    padded = tricks.pad(ADVERT, ["今天天气真好", "晚上吃什么"], Random(3))

    assert ADVERT in padded
    assert len(padded) >= 2 * len(ADVERT)


def test_a_reversed_text_reads_right_in_the_reversed_view() -> None:
    backwards = tricks.apply("reversed", ADVERT, Random(1))

    assert view_of(backwards).reversed == view_of(ADVERT).text
