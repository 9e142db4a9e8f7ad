"""The learned model as it is shipped: what it says, what it never says, and what it can be asked."""

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.detectors.clues import Clue
from rules.detectors.extract import clues_in
from rules.detectors.features import BUCKETS, FEATURES_VERSION
from rules.detectors.folding import view_of
from rules.detectors.model import Look, Model, ModelError
from rules.detectors.weights import packed, unpacked

SHIPPED = Path(__file__).parents[3] / "rules" / "detectors" / "model.bin"
ACTS = math.log(0.99 / 0.01)


@cache
def shipped() -> Model:
    return Model.loads(SHIPPED.read_bytes())


def look(text: str) -> Look:
    view = view_of(text)
    return shipped().look(view, clues_in(view))


ADS = (
    "日结兼职，一天五百，加我微信 abc12345 了解",
    "棋牌娱乐首充送彩金，注册网址 www.example-game.com",
    "Check out my channel and subscribe, free giveaway http://example.com/win",
    "Заработок от 500 долларов в день, удаленно, пишите в личные сообщения",
)
ORDINARY = (
    "吃饭了吗",
    "明天下午三点开会别忘了",
    "see you at lunch tomorrow then",
    "да, я тоже так думаю",
    "哈哈哈哈哈",
    "厉害了 6666666",
)


@pytest.mark.parametrize("text", ADS)
def test_advertisements_are_told(text: str) -> None:
    assert look(text).logit > 2


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_messages_are_left_alone(text: str) -> None:
    assert look(text).logit < 0


def test_an_advertisement_among_ordinary_words_is_still_told() -> None:
    around = "今天天气真不错，我们中午去食堂吃饭吧，下午还有两节课要上，晚上一起打球怎么样"
    assert look(f"{around} {ADS[0]} {around}").logit > look(f"{around} {around}").logit + 2


@pytest.mark.parametrize(
    "text", ["", " ", "😀" * 300, "\ud800", "9" * 9_000, "加微信" * 5_000, "a\u0301" * 4_000, "\0"]
)
def test_any_text_gets_an_answer(text: str) -> None:
    assert -12 <= look(text).logit <= 12


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_no_answer_is_not_a_number(text: str) -> None:
    seen = look(text)
    assert math.isfinite(seen.logit)
    assert np.isfinite(seen.features.values).all()
    assert (np.diff(seen.features.indices.astype(np.int64)) > 0).all()


def test_the_telling_words_stand_in_the_text() -> None:
    view = view_of("大家好，加我微信 abc12345 领红包，今天天气不错")
    seen = shipped().look(view, clues_in(view))
    told = shipped().telling(view, seen)
    assert told
    assert [one.weight for one in told] == sorted((one.weight for one in told), reverse=True)
    assert all(0 <= one.start < one.end <= len(view.text) for one in told)
    assert any("微信" in view.text[one.start : one.end] for one in told)


def test_the_words_told_stand_right_behind_a_long_number() -> None:
    view = view_of("13800138000 加我微信")
    spans = [view.text[one.start : one.end] for one in shipped().telling(view, shipped().look(view))]
    assert any("微" in span for span in spans)


@pytest.mark.parametrize("text", ["", "https://github.com/python/cpython", "b23.tv/abc123 https://youtu.be/abc"])
def test_where_nothing_is_said_but_a_known_site_named_nothing_speaks(text: str) -> None:
    assert look(text).logit == -4


def test_what_stands_beside_an_empty_text_is_no_advertisement_by_itself() -> None:
    beside = [Clue("media.alone", "", -1, -1), Clue("link.invite", "", -1, -1)]
    assert -4 < shipped().look(view_of(""), beside).logit < 0


def test_nothing_tells_in_an_empty_text() -> None:
    view = view_of("")
    assert shipped().telling(view, shipped().look(view)) == ()


def test_a_model_comes_back_as_it_was_written() -> None:
    again = Model.loads(shipped().dumps())
    assert again.version == shipped().version
    assert again.look(view_of(ADS[0])).logit == shipped().look(view_of(ADS[0])).logit


def test_the_shipped_weights_are_small() -> None:
    assert SHIPPED.stat().st_size <= 10_000_000


def test_weights_for_other_features_are_refused() -> None:
    held = unpacked(SHIPPED.read_bytes())
    with pytest.raises(ModelError, match="for features 0"):
        Model.loads(packed("x", "0", held.arrays))


def test_weights_without_a_part_are_refused() -> None:
    with pytest.raises(ModelError, match="hold no 'rarity'"):
        Model.loads(
            packed("x", FEATURES_VERSION, {"numbers": np.zeros(3, np.float32), "weights": np.zeros(BUCKETS, np.int8)})
        )
