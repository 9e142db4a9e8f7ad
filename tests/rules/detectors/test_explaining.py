"""An opinion in plain words: how sure, why, and where in the text, in whichever language it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.configuration import builtin_copy
from rules.copy import CopyBook
from rules.detectors.explaining import MOST, explained, marked
from rules.verdict import Reason, Verdict

COPY = CopyBook(builtin_copy())
RAW = "加 微 信 ａｂｃ❶❷❸❹❺"


def told(language: str, score: float, raw: str | None, *reasons: Reason) -> list[str]:
    lines = explained(Verdict("ad", "1", score, reasons), raw, COPY)
    return [COPY.render(line, language).strip() for line in lines]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "📊 likely an advertisement: 95.0%",
                "+3.1 these words: 微 信",
                "· a WeChat contact",
                "As written: 加 【微 信】 ａｂｃ❶❷❸❹❺",
                "As read: 加微信 abc12345",
            ],
        ),
        (
            "zh-CN",
            [
                "📊 很可能是广告：95.0%",
                "+3.1 这些字词：微 信",
                "· 微信联系方式",
                "原文：加 【微 信】 ａｂｃ❶❷❸❹❺",
                "还原后：加微信 abc12345",
            ],
        ),
    ],
)
def test_it_says_how_sure_why_and_where(language: str, lines: list[str]) -> None:
    reasons = Reason("words", 3.14, "微 信", 2, 5), Reason("contact.wechat"), Reason("base", -1.0)
    said = told(language, 0.95, RAW, *reasons)
    assert said == lines


def test_what_is_ordinary_or_no_longer_kept_is_not_shown() -> None:
    assert told("en", 0.02, RAW) == ["📊 an ordinary message: 2.0%"]
    assert len(told("en", 0.95, None, Reason("words", 3.0, "微 信", 2, 5))) == 2


def test_an_extension_s_own_reason_is_told_by_its_kind_and_no_more_than_so_many_are() -> None:
    reasons = [Reason("omen.crow", 2.0, "caw"), *(Reason("words", 1.0, str(number)) for number in range(20))]
    said = told("en", 0.95, None, *reasons)
    assert said[1] == "+2.0 omen.crow: caw"
    assert len(said) == 1 + MOST


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(-5, 300), st.integers(-5, 300)), max_size=5))
def test_marking_adds_brackets_and_changes_nothing_else(raw: str, places: list[tuple[int, int]]) -> None:
    raw = raw.translate({ord("【"): None, ord("】"): None})
    said = marked(raw, [Reason("words", 1.0, "", *place) for place in places])
    assert said.count("【") == said.count("】")
    assert said.translate({ord("【"): None, ord("】"): None}).removesuffix("…") == raw[:160].removesuffix("…")


def test_halves_of_characters_can_be_said() -> None:
    for line in told("en", 0.95, "\ud800加 微 信\udfff", Reason("words", 2.0, "\ud800微", 1, 5)):
        line.encode()
