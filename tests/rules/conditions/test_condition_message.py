"""Conditions on what a message is made of."""

from typing import Any

import pytest
from pydantic import ValidationError

from rules.conditions.contact import QrCode
from rules.conditions.message import (
    Forwarded,
    HasButtons,
    HasMedia,
    HasQuote,
    InTopic,
    Mentions,
    RepliesElsewhere,
    ReplyTo,
    Styled,
    ViaBot,
)
from rules.conditions.text import TextHasAny
from rules.values import Button, Elsewhere, Forward, Media, MediaKind, Member, Mention, PlatformRole


def test_media_are_told_by_kind(room: Any) -> None:
    photo = room.message("", media=(Media(kind=MediaKind.PHOTO),))
    assert room.holds(HasMedia(), photo)
    assert room.holds(HasMedia(of=["video", "photo"]), photo)
    assert not room.holds(HasMedia(of=["video"]), photo)
    assert not room.holds(HasMedia(), "no picture")
    assert room.seen(HasMedia(), photo) == ["photo"]
    with pytest.raises(ValidationError, match="under none:"):
        HasMedia.model_validate({"of": "false"})
    with pytest.raises(ValidationError):
        HasMedia(of=["foto"])


def test_a_forward_is_told_by_where_it_came_from(room: Any) -> None:
    forwarded = room.message("hi", forward=Forward(kind="channel", name="Deals"))
    assert room.holds(Forwarded.model_validate({"of": True}), forwarded)
    assert room.holds(Forwarded(of=["channel"]), forwarded)
    assert not room.holds(Forwarded(of=["user"]), forwarded)
    assert not room.holds(Forwarded(), "hi")
    assert room.seen(Forwarded(), forwarded) == "channel Deals"


@pytest.mark.parametrize(
    ("author", "kind"),
    [
        (Member(id="telegram:7"), "self"),
        (Member(id="telegram:8"), "member"),
        (Member(id="telegram:8", is_bot=True), "bot"),
        (Member(id="telegram:8", role=PlatformRole.OWNER), "admin"),
    ],
)
def test_an_answer_is_told_by_whom_it_answers(room: Any, author: Member, kind: str) -> None:
    event = room.message("yes", reply_to="telegram:-1/3", reply_to_author=author)
    assert room.holds(ReplyTo(), event)
    for whom in ("self", "member", "bot", "admin"):
        assert room.holds(ReplyTo(whom=[whom]), event) is (whom == kind)
    assert not room.holds(ReplyTo(), "yes")


def test_an_answer_to_an_unknown_author_answers_only_anybody(room: Any) -> None:
    event = room.message("yes", reply_to="telegram:-1/3")
    assert room.holds(ReplyTo(), event)
    assert not room.holds(ReplyTo(whom=["member"]), event)


@pytest.mark.parametrize(
    ("condition", "parts"),
    [
        (ViaBot, {"via_bot": "gifbot"}),
        (HasButtons, {"buttons": (Button(text="领取"),)}),
        (HasQuote, {"quote": "words"}),
    ],
)
def test_a_part_is_there_or_not(room: Any, condition: Any, parts: Any) -> None:
    assert room.holds(condition(), room.message("hi", **parts))
    assert not room.holds(condition(), "hi")
    assert room.holds(condition(present=False), "hi")
    assert not room.holds(condition(present=False), room.message("hi", **parts))


def test_people_mentioned_are_counted_once_each(room: Any) -> None:
    marked = tuple(Mention(text=f"@m{n}", member=f"telegram:{n}") for n in (1, 2, 2))
    assert room.seen(Mentions(at_least=2), room.message("@m1 @m2 @m2", mentions=marked)) == 2
    assert room.holds(Mentions(at_least=3), "@ann @bob @小波 hi")
    assert not room.holds(Mentions(at_least=1), "mail a@b.com")
    assert room.holds(Mentions(under=1), "hi")


def test_a_topic_is_told_by_its_id(room: Any) -> None:
    assert room.holds(InTopic(of=["42"]), room.message("hi", topic="42"))
    assert not room.holds(InTopic(of=["42"]), "hi")


def test_an_answer_to_another_chat_is_told_by_where_that_stands_and_what_is_shown_of_it_counts(room: Any) -> None:
    shown = Media(kind=MediaKind.PHOTO, text="加微信", codes=("https://deals.example",))
    event = room.message("look", elsewhere=Elsewhere(Forward(kind="channel", name="Casino deals"), (shown,)))
    assert room.holds(RepliesElsewhere(), event)
    assert room.holds(RepliesElsewhere(of=["channel"]), event)
    assert not room.holds(RepliesElsewhere(of=["user", "chat"]), event)
    assert not room.holds(RepliesElsewhere(), "look")
    assert room.seen(RepliesElsewhere(), event) == "channel Casino deals"
    assert room.seen(RepliesElsewhere(), "look") is None
    assert room.holds(HasMedia(of=["photo"]), event)
    assert room.holds(QrCode(), event)
    assert room.holds(TextHasAny(of=["加微信"]), event)
    assert room.holds(TextHasAny(of=["casino"]), event)


def test_the_name_above_a_forward_is_among_the_words(room: Any) -> None:
    event = room.message("hi", forward=Forward(kind="channel", name="兼职日结"))
    assert room.holds(TextHasAny(of=["兼职"]), event)


def test_words_in_special_dress_are_told_by_how(room: Any) -> None:
    event = room.message("hi", marks=("bold", "spoiler"))
    assert room.holds(Styled(), event)
    assert room.holds(Styled(of=["spoiler", "custom_emoji"]), event)
    assert not room.holds(Styled(of=["custom_emoji"]), event)
    assert not room.holds(Styled(), "hi")
    assert room.seen(Styled(), event) == ["bold", "spoiler"]
    assert room.seen(Styled(), "hi") is None
    with pytest.raises(ValidationError):
        Styled(of=["loud"])
