"""Conditions on what a text says and how it looks."""

from typing import Any

import pytest
from pydantic import ValidationError

from rules.conditions.shape import (
    CapsShare,
    EmojiShare,
    IsQuestion,
    LinesOver,
    LongerThan,
    ScriptShare,
    ShorterThan,
)
from rules.conditions.text import TextHasAll, TextHasAny, TextHasWord, TextIs, TextMatches
from rules.values import Button, Link, Media, MediaKind


@pytest.mark.parametrize(
    "text",
    [
        "加微信 领资料",
        "请加 微 信",
        "加微*信",
        "ＬＩＭＩＴＥＤ  offer".replace("  ", " "),
        "加\u200b微信",
        "a limited offer!",
    ],
)
def test_a_phrase_is_found_however_it_is_written(room: Any, text: str) -> None:
    assert room.holds(TextHasAny(of=["加微信", "Limited Offer"]), text)


def test_a_phrase_is_found_wherever_a_message_can_hide_it(room: Any) -> None:
    condition = TextHasAny(of=["领资料"])
    assert not room.holds(condition, "看图")
    for parts in (
        {"quote": "领资料"},
        {"media": (Media(kind=MediaKind.PHOTO, text="领资料"),)},
        {"media": (Media(kind=MediaKind.DOCUMENT, file_name="领资料.pdf"),)},
        {"media": (Media(kind=MediaKind.PHOTO, codes=("领资料",)),)},
        {"links": (Link(url="https://a.example", text="领资料"),)},
        {"buttons": (Button(text="领资料"),)},
    ):
        assert room.holds(condition, room.message("看图", **parts)), parts


def test_the_trace_names_the_phrases_as_the_operator_wrote_them(room: Any) -> None:
    condition = TextHasAny(of=["加微信", "VX", "限时"])
    assert room.seen(condition, "vx 加微信") == ["加微信", "VX"]
    assert room.seen(condition, "早上好") is None


def test_all_phrases_are_asked_for(room: Any) -> None:
    condition = TextHasAll(of=["兼职", "日结"])
    assert room.holds(condition, "日结的兼职")
    assert not room.holds(condition, "兼职")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("you WIN!", True),
        ("a window", False),
        ("win", True),
        ("加vx吧", True),
        ("vxx", False),
        ("win_dow", False),
        ("winwin win", True),
    ],
)
def test_a_word_is_found_whole_and_between_chinese_characters(room: Any, text: str, held: bool) -> None:
    assert room.holds(TextHasWord(of=["win", "vx"]), text) is held


@pytest.mark.parametrize(
    ("text", "held"), [("打卡", True), (" 打卡\n", True), ("Check In", True), ("打卡了", False), ("", False)]
)
def test_a_text_is_one_of_these_as_a_whole(room: Any, text: str, held: bool) -> None:
    assert room.holds(TextIs(of=["打卡", " check in"]), text) is held


@pytest.mark.parametrize(
    ("pattern", "text", "held"),
    [
        (r"vx\s*\d{5,}", "VX 123456", True),
        (r"vx\s*\d{5,}", "ＶＸ①②③④⑤", True),
        (r"[A-Z]{5,}", "HELLO there", True),
        (r"[A-Z]{5,}", "hello there", False),
        ("限时！", "限时！", True),  # as written, though folding makes it a plain `!`
        ("é!$", "Cafe\u0301!", True),
        ("cafe", "Cafe\u0301 cafe", True),
        ("spam", "spam\u0301", True),  # as written, though folding joins the last two signs
        (r"^\d+$", "12\n", False),
        ("微.信", "微x信", True),
        (r"\d{3}", "", False),
    ],
)
def test_a_pattern_is_matched_on_the_text_as_written_and_folded(room: Any, pattern: str, text: str, held: bool) -> None:
    assert room.holds(TextMatches(of=[pattern]), text) is held


def test_one_of_several_patterns_is_enough_and_the_trace_quotes_the_match(room: Any) -> None:
    condition = TextMatches(of=["日结.{0,9}元", "(?i)vx"])
    assert room.holds(condition, "兼职，日结300元")
    assert room.seen(condition, "兼职，日结300元") == "日结300元"
    assert room.seen(condition, "早上好") is None


def test_a_pattern_that_re2_does_not_know_is_refused_with_the_reason() -> None:
    with pytest.raises(ValidationError, match="look-ahead"):
        TextMatches(of=["a(?=b)"])


@pytest.mark.parametrize("phrases", [[], [""], ["\u200b"], [" "]])
def test_a_phrase_with_nothing_to_see_is_refused(phrases: list[str]) -> None:
    with pytest.raises(ValidationError):
        TextHasAny(of=phrases)


def test_length_is_that_of_the_text_alone(room: Any) -> None:
    assert room.holds(LongerThan(characters=3), "四个字了")
    assert not room.holds(LongerThan(characters=4), "四个字了")
    assert room.holds(ShorterThan(characters=5), room.message("四个字了", quote="很长很长的引用"))
    assert not room.holds(ShorterThan(characters=4), "四个字了")
    assert room.holds(ShorterThan(characters=1), "")
    assert room.seen(LongerThan(characters=3), "abc") == 3


def test_lines_are_counted(room: Any) -> None:
    assert room.holds(LinesOver(lines=2), "a\nb\nc")
    assert not room.holds(LinesOver(lines=3), "a\nb\nc")
    assert room.seen(LinesOver(lines=3), "") == 0


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("🎁🎁🎁 free", "3 emoji, 43%"),
        ("👨‍👩‍👧‍👦👍🏽🇨🇳1️⃣", "4 emoji, 100%"),
        ("好的👌", "1 emoji, 33%"),
        ("hello", "0 emoji, 0%"),
        ("❤️❤️ ☀️", "3 emoji, 100%"),
    ],
)
def test_emoji_are_counted_as_people_see_them(room: Any, text: str, seen: str) -> None:
    assert room.seen(EmojiShare(at_least=0.5), text) == seen


def test_emoji_need_both_their_share_and_their_number(room: Any) -> None:
    condition = EmojiShare.model_validate({"at_least": "40%", "count": 3})
    assert room.holds(condition, "🎁🎁🎁 free")
    assert not room.holds(condition, "👍")
    assert not room.holds(condition, "🎁🎁🎁 free books for all")


def test_shouting_is_told_from_a_short_word(room: Any) -> None:
    condition = CapsShare.model_validate({"at_least": "70%"})
    assert room.holds(condition, "BUY THIS NOW!!! hey")
    assert not room.holds(condition, "OK LOL")
    assert not room.holds(condition, "buy this now today please")
    assert not room.holds(condition, "今天大家读了什么书今天大家读了什么书")


@pytest.mark.parametrize(
    ("settings", "text", "held"),
    [
        ({"of": "cyrillic"}, "Привет всем", True),
        ({"of": "cyrillic"}, "Hello Привет, everybody here", False),
        ({"of": ["arabic", "hebrew"], "at_least": "30%"}, "مرحبا hello", True),
        ({"not_in": ["han", "latin"], "at_least": "30%"}, "你好 hello мир и труд", True),
        ({"not_in": ["han", "latin"], "at_least": "30%"}, "你好 hello", False),
        ({"of": "han"}, "你好", False),  # too short to judge
        ({"of": "han"}, "你好朋友们 ok", True),
        ({"of": "latin"}, "12345 !!!", False),
    ],
)
def test_a_script_is_told_by_its_share_of_the_letters(room: Any, settings: Any, text: str, held: bool) -> None:
    assert room.holds(ScriptShare.model_validate(settings), text) is held


@pytest.mark.parametrize(
    "settings", [{}, {"of": ["han"], "not_in": ["latin"]}, {"of": ["klingon"]}, {"of": "han", "at_least": "120%"}]
)
def test_a_script_has_to_be_named_once_and_exist(settings: Any) -> None:
    with pytest.raises(ValidationError):
        ScriptShare.model_validate(settings)


def test_a_question_is_asked_or_not(room: Any) -> None:
    assert room.holds(IsQuestion(), "怎么报名")
    assert not room.holds(IsQuestion(), "我报名了")
    assert room.holds(IsQuestion(asks=False), "我报名了")
    assert not room.holds(IsQuestion(), room.message("好的", quote="怎么报名？"))
