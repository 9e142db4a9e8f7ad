"""Conditions on what leads out of the group."""

from typing import Any

import pytest
from pydantic import ValidationError

from rules.conditions.contact import Contact, InviteLinks, Links, QrCode
from rules.values import Button, Link, Media, MediaKind, Member

OUR = {"not_from": ["ourblog.example", "t.me/ourgroup"]}


@pytest.mark.parametrize(
    ("settings", "text", "held"),
    [
        ({"from": "any"}, "看 https://a.example", True),
        ({"from": "any"}, "看 readme.md", False),
        (OUR, "文章: https://ourblog.example/1", False),
        (OUR, "https://www.ourblog.example https://t.me/ourgroup/5", False),
        (OUR, "https://ourblog.example/1 https://spam.example", True),
        (OUR, "https://t.me/other", True),
        ({"from": ["bit.ly", "spam.example"]}, "https://a.spam.example/x", True),
        ({"from": ["bit.ly"]}, "https://a.example", False),
        ({"at_least": 3}, "a.com b.com a.com", False),
        ({"at_least": 3}, "a.com b.com c.com", True),
        ({"at_least": 2, **OUR}, "a.com https://ourblog.example", False),
    ],
)
def test_links_are_counted_by_where_they_lead(room: Any, settings: Any, text: str, held: bool) -> None:
    assert room.holds(Links.model_validate(settings), text) is held


def test_the_trace_names_the_links_that_counted(room: Any) -> None:
    condition = Links.model_validate(OUR)
    assert room.seen(condition, "https://ourblog.example/1 https://spam.example/x") == ["spam.example/x"]


def test_a_link_behind_words_or_a_button_counts(room: Any) -> None:
    condition = Links.model_validate({"from": "spam.example"})
    assert room.holds(condition, room.message("这里", links=(Link(url="https://spam.example", text="这里"),)))
    assert room.holds(condition, room.message("这里", buttons=(Button(text="领", url="https://spam.example"),)))
    assert room.holds(
        condition, room.message("", media=(Media(kind=MediaKind.PHOTO, codes=("https://spam.example",)),))
    )


def test_a_link_in_the_bio_of_somebody_who_joins_counts(room: Any) -> None:
    joined = room.join(member=Member(id="telegram:8", name="Bo", bio="赚钱 spam.example/x https://spam.example"))
    assert room.holds(Links.model_validate({"from": "any"}), joined)


@pytest.mark.parametrize(
    "settings", [{"from": ["a.com"], "not_from": ["b.com"]}, {"from": ["not a domain"]}, {"at_least": 0}]
)
def test_settings_that_make_no_sense_are_refused(settings: Any) -> None:
    with pytest.raises(ValidationError):
        Links.model_validate(settings)


def test_an_invitation_into_another_group_is_told(room: Any) -> None:
    assert room.holds(InviteLinks(), "来 t.me/+AbCdEfGh")
    assert not room.holds(InviteLinks(), "https://t.me/durov")
    assert room.holds(InviteLinks(present=False), "早上好")
    assert room.seen(InviteLinks(), "来 t.me/+AbCdEfGh") == ["t.me/+abcdefgh"]


def test_contacts_are_asked_for_by_kind(room: Any) -> None:
    assert room.holds(Contact(), "加微信")
    assert room.holds(Contact(of=["wechat", "qq"]), "QQ 12345678")
    assert not room.holds(Contact(of=["wechat", "qq"]), "mail me: a@b.com")
    assert room.seen(Contact(of=["qq"]), "加微信 QQ 12345678") == ["qq: qq 12345678"]
    assert Contact.model_validate({"of": "any"}) == Contact()


def test_a_qr_code_is_one_that_was_read(room: Any) -> None:
    picture = Media(kind=MediaKind.PHOTO)
    code = Media(kind=MediaKind.PHOTO, codes=("https://u.wechat.com/abc",))
    assert room.holds(QrCode(), room.message("", media=(picture, code)))
    assert not room.holds(QrCode(), room.message("", media=(picture,)))
    assert room.seen(QrCode(), room.message("", media=(code,))) == ["https://u.wechat.com/abc"]
