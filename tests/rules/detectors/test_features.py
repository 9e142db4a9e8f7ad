"""Hashed features: what falls together, what does not, and what can be read back (nothing)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.features import (
    BUCKETS,
    CLUES_FROM,
    LONGEST,
    SOUNDS_FROM,
    Features,
    both_views,
    clue_buckets,
    features_of,
    grams_of,
    squeezed,
)


def sound_buckets(sounds: str) -> list[int]:
    grams, buckets = both_views("", sounds)
    return [int(bucket) for bucket in buckets[len(grams.buckets) :]]


def buckets(text: str) -> set[int]:
    return set(grams_of(squeezed(text)).buckets.tolist())


def test_every_number_of_one_length_is_the_same() -> None:
    assert buckets("加我 18612345678") == buckets("加我 13987654321")
    assert buckets("加我 18612345678") != buckets("加我 186123")


def test_a_digit_repeated_is_no_number() -> None:
    assert buckets("6666666") != buckets("6831425")


def test_a_shared_word_is_shared_features() -> None:
    one, other, third = buckets("join the channel"), buckets("see the channel"), buckets("吃饭了吗")
    assert len(one & other) > 10
    assert one & third <= buckets("")  # the edges alone


def test_a_word_is_a_feature_wherever_it_stands() -> None:
    alone, among = grams_of("subscribe"), grams_of("please subscribe now")
    assert alone.buckets[alone.rows[-1]] in among.buckets[among.rows[-1] :]


def test_the_views_have_buckets_of_their_own() -> None:
    text = grams_of("微信 wechat 12").buckets
    sound = sound_buckets("微信 wechat 12")
    clues = clue_buckets(["contact.wechat", "price.amount"])
    assert text.max() < SOUNDS_FROM <= min(sound)
    assert max(sound) < CLUES_FROM <= clues.min()
    assert clues.max() < BUCKETS


def test_clues_count_alone_and_by_twos_in_any_order() -> None:
    one = clue_buckets(["link.other", "price.amount", "price.amount"])
    assert len(one) == 3
    assert one.tolist() == clue_buckets(["price.amount", "link.other"]).tolist()
    assert not len(clue_buckets([]))


def test_a_repetition_counts_little_more() -> None:
    once, often = features_of(grams_of("哈").buckets), features_of(grams_of("哈" * 50).buckets)
    assert once.values.max() < 2
    assert 3 < often.values.max() < 6
    assert (np.diff(often.indices.astype(np.int64)) > 0).all()


@given(st.text(max_size=300))
def test_any_text_has_features_that_survive_packing(text: str) -> None:
    features = features_of(grams_of(squeezed(text)).buckets)
    again = Features.unpacked(features.packed())
    assert again.indices.tolist() == features.indices.tolist()
    assert np.allclose(again.values, features.values, rtol=0.01)
    assert np.isfinite(again.values).all()


@pytest.mark.parametrize("text", ["", "😀😀", "\ud800", "\0", "x" * 20_000, "加微信" * 9_000, "9" * 9_000])
def test_odd_texts_have_features_too(text: str) -> None:
    grams = grams_of(squeezed(text))
    assert len(grams.buckets) <= 7 * (LONGEST + 2)
    weights = np.ones(len(grams.buckets), np.float32)
    size = min(len(squeezed(text)), LONGEST)
    assert grams.at_characters(weights[None]).sum() == pytest.approx(len(weights), rel=0.05, abs=7)
    assert len(grams.over_characters(weights)) == size


@pytest.mark.parametrize(
    "data", [b"12345", b"\xff" * 6, np.array([3], "<u4").tobytes() + np.array([np.nan], "<f2").tobytes()]
)
def test_what_was_not_packed_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not packed features"):
        Features.unpacked(data)


@given(st.text(max_size=60), st.text(max_size=60))
def test_two_views_in_one_pass_are_what_each_is_alone(text: str, sounds: str) -> None:
    grams, buckets = both_views(text, sounds)
    first = grams.buckets.tolist()
    assert first == grams_of(text).buckets.tolist()
    assert buckets.tolist() == first + sound_buckets(sounds)


def test_words_of_any_script_with_spaces_are_found_again_at_any_length() -> None:
    for word in ("вакансия", "수익", "ábc1", "w" * 23, "w" * 24, "w" * 25, "w" * 900):
        alone, among = grams_of(word), grams_of(f"- {word} -")
        assert len(alone.buckets) == alone.rows[-1] + 1
        assert alone.buckets[-1] == among.buckets[among.rows[-1]]
    assert len(grams_of("微信かな").buckets) == grams_of("微信かな").rows[-1]
