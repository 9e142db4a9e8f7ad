"""What others are shown of a message: its words, and nothing that leads to a person."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.masking import LONGEST, shown
from rules.events import MessagePosted
from rules.values import Forward, Group, Member, Mention, Message

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)


def posted(text: str, **more: Any) -> MessagePosted:
    message = Message("sim:a/1", Member("sim:ann", "Ann"), text, NOW, **more)
    return MessagePosted("sim:1", Group("sim:a"), NOW, message)


def words(text: str, **more: Any) -> str:
    return shown(text, posted(text, **more))[0]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Call 138 0013 8000 now", "call <number> now"),
        ("加微信 abc12345 领取", "加微信 <id> 领取"),
        ("WeChat: birdseller", "wechat: <id>"),
        ("微信号：niaowu_shop 在线", "微信号:<id> 在线"),
        ("138-0013-8000", "<number>"),
        ("write to @bird_seller", "write to <handle>"),
        ("bird.seller+x@mail.example.com please", "<mail> please"),
        ("https://shop.example.com/birds?id=7#top", "<link shop.example.com>"),
        ("t.me/birdhouses", "<link t.me>"),
        ("three for 500 or 20 each", "three for 500 or 20 each"),
        ("微信：１３８００１３８０００", "微信:<number>"),
        ("1\u200b3\u200b800\u200b138000", "<number>"),
    ],
)
def test_what_leads_to_a_person_is_told_by_its_kind(written: str, told: str) -> None:
    assert words(written) == told


def test_people_are_not_named_and_channels_are() -> None:
    assert words("hello Bo Berg, birds?", mentions=(Mention("Bo Berg", "sim:bo"),)) == "hello <name>, birds?"
    assert words("Cy Cole\nbirds", forward=Forward("user", "Cy Cole")) == "<name>\nbirds"
    assert words("Bird News\nbirds", forward=Forward("channel", "Bird News")) == "bird news\nbirds"


def test_an_advertisement_cannot_be_left_out_by_mentioning_it() -> None:
    text = "buy birdhouses in every colour from our agent today"
    assert words(text, mentions=(Mention(text),)) == text
    many = tuple(Mention(part) for part in text.split())
    assert words(text, mentions=many).count("<name>") <= 3


def test_of_a_long_text_its_ends_are_shown_and_it_is_said() -> None:
    text = "begin " + "and so on " * 1_000 + "end"
    told, whole = shown(text, posted(text))
    assert told.startswith("begin")
    assert told.endswith("end")
    assert (len(told), whole) == (LONGEST, False)
    assert shown("short", posted("short")) == ("short", True)


def test_what_vanishes_in_folding_is_not_taken_for_all() -> None:
    text = "birds" + "\u200b" * 20_000 + "more" + "\u200b" * 20_000
    assert not shown(text, posted(text))[1]


@given(st.text(max_size=500))
def test_any_text_can_be_sent(text: str) -> None:
    told, _ = shown(text, posted(text))
    told.encode()
    assert len(told) <= LONGEST
