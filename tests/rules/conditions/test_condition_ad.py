"""What a group's settings and a member's record make of the detector's opinion."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rules.conditions.verdicts import Ad
from rules.detectors.settings import AdSettings, Trust
from rules.events import MessageEdited
from rules.folding import fold
from rules.links import parse_address
from rules.state import Points
from rules.values import Forward, Media, MediaKind, Message
from rules.verdict import Reason, Verdict

LIKELY = Ad(at_least="likely")
FRIDAY_EVENING = datetime(2026, 10, 9, 12, 30, tzinfo=UTC)  # 20:30 in Shanghai


def says(score: float, *reasons: Reason) -> dict[str, Verdict]:
    return {"ad": Verdict("ad", "1", score, reasons)}


@pytest.fixture
def suspect(room: Any) -> Any:
    """A group in which the detector thinks that everything is likely an advertisement."""
    room.verdicts = says(0.95, Reason("words", 6.0, "加我"))
    return room


def earn(room: Any, **record: Any) -> None:
    room.ann_state.first_seen = room.at - timedelta(days=30)
    room.ann_state.substantive, room.ann_state.active_days = 9, 6
    for name, value in record.items():
        setattr(room.ann_state, name, value)


def test_the_detector_s_probability_is_what_counts_where_nothing_else_is_said(suspect: Any) -> None:
    assert suspect.holds(LIKELY, "加我领取")
    assert not suspect.holds(Ad(at_least="certain"), "加我领取")
    assert suspect.seen(LIKELY, "加我领取") == ["95.0%"]


def test_no_opinion_is_no_guilt(room: Any) -> None:
    assert not room.holds(LIKELY, "加我领取")
    assert room.seen(LIKELY, "加我领取") == ["no_opinion"]


def test_advertisements_are_welcome_in_their_window_by_the_time_of_the_message(suspect: Any) -> None:
    suspect.ads = AdSettings(windows=("ad-time",))
    assert suspect.holds(LIKELY, "加我领取")
    suspect.at = FRIDAY_EVENING
    assert not suspect.holds(LIKELY, "加我领取")
    assert suspect.seen(LIKELY, "加我领取") == ["0.0%", "window"]


def test_a_member_on_the_list_may_advertise(suspect: Any) -> None:
    suspect.ads = AdSettings(allowed_members=frozenset({"telegram:7"}))
    assert not suspect.holds(LIKELY, "加我领取")
    suspect.ads = AdSettings(allowed_members=frozenset({"telegram:8"}))
    assert suspect.holds(LIKELY, "加我领取")


def test_links_of_one_s_own_are_fine_but_excuse_no_contact_beside_them(suspect: Any) -> None:
    suspect.ads = AdSettings(allowed_links=(parse_address("ourblog.example.com"),))
    assert not suspect.holds(LIKELY, "看这里 https://ourblog.example.com/1")
    assert suspect.holds(LIKELY, "看这里 https://ourblog.example.com/1 加微信 abc12345")
    assert suspect.holds(LIKELY, "看这里 https://ourblog.example.com/1 https://other.example.net/2")


def test_a_phrase_on_the_list_excuses_words_and_nothing_else(suspect: Any) -> None:
    suspect.ads = AdSettings(allowed_phrases=(fold("周五集市"),))
    assert not suspect.holds(LIKELY, "周五集市开始报名啦")
    assert suspect.holds(LIKELY, "周五集市开始报名啦 加微信 abc12345")
    assert suspect.holds(LIKELY, "周五开始报名啦")
    poster = suspect.message("周五集市", media=(Media(MediaKind.PHOTO, codes=("https://win.example.com",)),))
    assert suspect.holds(LIKELY, poster)


@pytest.mark.parametrize(
    "found",
    [
        Reason("contact.wechat", 0.0, "加微信 abc12345"),
        Reason("contact.telegram", 0.0, "dm @lilith"),
        Reason("contact.card", 3.0, "Lilith"),
        Reason("call.profile", 0.0, "看我简介"),
        Reason("link.disguised", 0.0, "win.example.net/1"),
        Reason("taught.ad", 4.0, "90% like a/1"),
    ],
    ids=lambda reason: reason.kind,
)
def test_the_lists_excuse_nothing_that_the_detector_alone_sees_to_be_foreign(suspect: Any, found: Reason) -> None:
    suspect.ads = AdSettings(allowed_links=(parse_address("ourblog.example.com"),), allowed_phrases=(fold("周五集市"),))
    suspect.verdicts = says(0.95, found)
    assert suspect.holds(LIKELY, "周五集市 https://ourblog.example.com/1")
    assert suspect.holds(LIKELY, "周五集市开始报名啦")


@pytest.mark.parametrize(
    "found",
    [
        Reason("contact.handle", 0.0, "@bob"),
        Reason("contact.telegram", 0.0, "t.me/ourgroup"),
        Reason("link.disguised", 0.0, "ourblog.example.com/1"),
        Reason("learned", 0.04),
    ],
    ids=lambda reason: reason.kind,
)
def test_mentions_and_links_of_one_s_own_spoil_no_excuse(suspect: Any, found: Reason) -> None:
    suspect.ads = AdSettings(allowed_links=(parse_address("ourblog.example.com"), parse_address("t.me/ourgroup")))
    suspect.verdicts = says(0.95, found)
    assert not suspect.holds(LIKELY, "看这里 https://ourblog.example.com/1")


def test_earned_trust_covers_words(suspect: Any) -> None:
    earn(suspect)
    assert not suspect.holds(LIKELY, "有人要一起团购吗")
    assert suspect.seen(LIKELY, "有人要一起团购吗")[1] == "trusted"


@pytest.mark.parametrize(
    "record",
    [{"substantive": 2}, {"active_days": 1}, {"points": [Points("ads", 1, datetime(2026, 10, 1, tzinfo=UTC))]}],
)
def test_trust_takes_substance_days_and_a_clean_record(suspect: Any, record: dict[str, Any]) -> None:
    earn(suspect, **record)
    assert suspect.holds(LIKELY, "有人要一起团购吗")


def test_a_newcomer_has_no_trust_whatever_they_wrote(suspect: Any) -> None:
    earn(suspect, first_seen=suspect.at - timedelta(days=1))
    assert suspect.holds(LIKELY, "有人要一起团购吗")


def test_trust_can_be_switched_off(suspect: Any) -> None:
    earn(suspect)
    suspect.ads = AdSettings(trust=None)
    assert suspect.holds(LIKELY, "有人要一起团购吗")
    suspect.ads = AdSettings(trust=Trust(messages=50))
    assert suspect.holds(LIKELY, "有人要一起团购吗")


def test_trust_never_covers_links_contacts_forwards_codes_and_edits(suspect: Any) -> None:
    earn(suspect)
    assert suspect.holds(LIKELY, "看 https://win.example.com/1")
    assert suspect.holds(LIKELY, "加微信 abc12345")
    assert suspect.holds(LIKELY, suspect.message("好消息", forward=Forward("channel", "Win")))
    edited = MessageEdited(
        id="e", group=suspect.group, at=suspect.at, message=Message("telegram:-1/1", suspect.ann, "有人团购吗")
    )
    assert suspect.holds(LIKELY, edited)
    suspect.verdicts = says(0.95, Reason("qr.link", 3.5))
    assert suspect.holds(LIKELY, "扫码")
    suspect.verdicts = says(0.95, Reason("link.disguised", 0.0, "win.example.com"))
    assert suspect.holds(LIKELY, "看 win点com")
    suspect.verdicts = says(0.95, Reason("campaign.known", 7.0))
    assert suspect.holds(LIKELY, "有人团购吗")


def test_sensitivity_shifts_what_is_asked_for(suspect: Any) -> None:
    suspect.ads = AdSettings(shift=-1.5)
    assert not suspect.holds(LIKELY, "加我领取")
    suspect.verdicts = says(0.85)
    suspect.ads = AdSettings(shift=1.0)
    assert suspect.holds(LIKELY, "加我领取")


def test_prices_are_ordinary_in_a_marketplace_and_scams_are_not(suspect: Any) -> None:
    suspect.ads = AdSettings(marketplace=True)
    suspect.verdicts = says(0.97, Reason("price.amount", 0.0, "50元"), Reason("words", 4.0))
    assert not suspect.holds(LIKELY, "出一台旧显示器 50元")
    suspect.verdicts = says(0.97, Reason("words", 4.0), Reason("trade.job", 0.0, "刷单"))
    assert suspect.holds(LIKELY, "刷单日结 500元")


def test_staff_s_word_for_a_message_does_not_make_it_a_scam_in_a_marketplace(suspect: Any) -> None:
    suspect.ads = AdSettings(marketplace=True)
    suspect.verdicts = says(0.97, Reason("words", 4.0), Reason("taught.ham", -0.5, "80% like a/1"))
    assert not suspect.holds(LIKELY, "出一台旧显示器 50元")
    suspect.verdicts = says(0.97, Reason("words", 4.0), Reason("taught.ad", 0.5, "80% like a/1"))
    assert suspect.holds(LIKELY, "出一台旧显示器 50元")


def test_a_group_that_is_not_known_yet_is_only_watched_but_for_what_staff_said_themselves(suspect: Any) -> None:
    suspect.verdicts = says(0.999, Reason("words", 9.0), Reason("cold", 0.0, "57/200"))
    assert not suspect.holds(LIKELY, "加我领取")
    assert suspect.seen(LIKELY, "加我领取") == ["0.0%", "cold"]
    suspect.verdicts = says(0.999, Reason("campaign.known", 7.0), Reason("cold", 0.0, "57/200"))
    assert suspect.holds(LIKELY, "加我领取")
