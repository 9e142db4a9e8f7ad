"""A group's head: what staff said changes what the model says, and taking it back changes it back."""

import random

import pytest

from rules.detectors.examples import Example
from rules.detectors.features import features_of, grams_of
from rules.detectors.head import NOTHING, Head
from rules.detectors.model import Look

CHAT = (
    "anyone up for the climb on sunday, weather looks fine",
    "I left my jacket at the club, blue one with a hood",
    "the bus was late again so I missed the first half",
    "thanks for the photos, the third one is lovely",
    "who has the key for the shed this week",
    "明天的活动改到下午三点，大家别迟到",
    "谁有上次讲座的笔记，借我看一下",
    "食堂今天的面不错，推荐",
    "does the printer on the second floor work again",
    "we need two more people for the relay team",
)
ADS = (
    "earn 300 a day from home, message me for the plan",
    "cheap followers and likes, ask me for the price list",
    "日赚三百，在家就能做，加我微信了解",
    "专业代写论文，价格优惠，私聊我",
    "my signals channel doubled my savings, join now",
)


_WHAT = ("followers", "likes", "views", "accounts", "coupons", "gift cards", "vouchers")
_HOW = ("ask me for the price list", "message me today", "cheapest here", "discount for the first ten", "pay later")
SALES = tuple(f"{what} for sale, {how}" for what in _WHAT for how in _HOW)

_WHO = ("the choir", "our team", "my sister", "the teacher", "anyone", "the neighbour", "that driver", "the band")
_DID = ("came late", "was here", "found the keys", "lost a shoe", "liked the soup", "left early", "rang twice", "sang")
_WHEN = ("yesterday", "on monday", "after lunch", "before the rain", "at the station", "last night")
_TALK = tuple(f"{who} {did} {when}" for who in _WHO for did in _DID for when in _WHEN)


def look(text: str, logit: float = -2.0) -> Look:
    return Look(logit, features_of(grams_of(text).buckets))


def said(text: str, ad: bool, by: str = "ann", logit: float = -2.0) -> Example:
    return Example(look(text, logit), ad, by, text)


PLENTY = tuple(look(text, -4.0) for text in _TALK[::3])
PLENTY_MORE = tuple(look(text, -4.0) for text in _TALK[1::3])
ORDINARY = tuple(look(text, -4.0) for text in CHAT)


def test_an_empty_head_changes_nothing() -> None:
    for head in (NOTHING, Head.of(()), Head.of((), ORDINARY)):
        assert head.adjust(look(ADS[0], 1.25)).logit == 1.25
        assert head.adjust(look("", -0.5)).logit == -0.5


def test_one_advertisement_makes_it_and_its_like_known() -> None:
    head = Head.of([said(ADS[0], True)], ORDINARY)
    adjusted = head.adjust(look(ADS[0]))
    assert adjusted.logit > 4.6
    assert adjusted.nearest is not None
    assert adjusted.nearest.key == ADS[0]
    assert adjusted.likeness == pytest.approx(1.0)
    assert head.adjust(look("earn 900 a day from home, message me for the plan!!")).logit > 4.6
    assert head.adjust(look(CHAT[0])).logit < -1.0


def test_one_ordinary_message_ends_the_false_alarm_on_it_and_its_like() -> None:
    text = "selling my old bike, 120, ask me for pictures"
    head = Head.of([said(text, False, logit=7.0)], ORDINARY)
    assert head.adjust(look(text, 7.0)).logit < 0.0
    assert head.adjust(look("selling my old bike, 110, ask me for pictures", 7.0)).logit < 0.0
    assert head.adjust(look(ADS[0], 7.0)).logit > 3.0


def test_an_advertisement_behind_an_ordinary_message_is_not_covered_by_it() -> None:
    text = " ".join(CHAT[:5])
    head = Head.of([said(text, False, logit=-3.0)], ORDINARY)
    adjusted = head.adjust(look(text + " join now", 6.0))
    assert adjusted.likeness > 0.92
    assert adjusted.logit > 3.0
    assert head.adjust(look(text, -3.0)).logit < -3.0


def test_any_order_gives_the_same_head() -> None:
    examples = [said(text, True) for text in ADS] + [said(text, False) for text in CHAT[:4]]
    other, usual = list(examples), list(ORDINARY)
    random.Random(1).shuffle(other)
    random.Random(2).shuffle(usual)
    one, another = Head.of(examples, ORDINARY), Head.of(other, usual)
    for text in (*ADS, *CHAT, "join my channel for a price list"):
        assert one.adjust(look(text)).logit == another.adjust(look(text)).logit


def test_a_message_called_both_teaches_nothing_and_is_reported() -> None:
    head = Head.of([said(ADS[0], True, "ann"), said(ADS[0], False, "bob")], ORDINARY)
    assert head.examples == ()
    assert [(set(conflict.ads), set(conflict.hams)) for conflict in head.conflicts] == [({"ann"}, {"bob"})]
    assert head.adjust(look(ADS[0])).logit == -2.0


def test_two_overrule_one() -> None:
    head = Head.of([said(ADS[0], False, "ann"), said(ADS[0], True, "bob"), said(ADS[0], True, "cem")], ORDINARY)
    assert head.adjust(look(ADS[0])).logit > 4.6
    assert head.conflicts == ()


def test_a_near_copy_counts_once() -> None:
    once = Head.of([said(ADS[0], True)], ORDINARY)
    twice = Head.of([said(ADS[0], True), said(ADS[0] + "!", True), said(ADS[0] + "!!", True)], ORDINARY)
    assert len(twice.examples) == 1
    assert twice.adjust(look(CHAT[1])).logit == pytest.approx(once.adjust(look(CHAT[1])).logit, abs=0.05)


def test_messages_without_text_teach_nothing() -> None:
    nothing = Look(3.0, features_of(grams_of("").buckets[:0]))
    head = Head.of([Example(nothing, True, "ann")], [nothing])
    assert head.examples == ()
    assert head.adjust(nothing).logit == 3.0


def test_a_stored_logit_that_is_no_number_spoils_nothing() -> None:
    odd = [Example(look(ADS[0], float(value)), True, "ann") for value in ("nan", "inf", "-inf")]
    adjusted = Head.of([*odd, said(CHAT[0], False)], [*ORDINARY, look("see you", float("nan"))]).adjust(look(ADS[0]))
    assert adjusted.logit > 4.6


def test_what_is_learned_goes_beyond_near_copies() -> None:
    head = Head.of([said(text, True) for text in SALES[:20]], PLENTY)
    before = sorted(PLENTY_MORE, key=lambda usual: -head.adjust(usual).logit)
    highest = head.adjust(before[0]).logit
    found = [text for text in SALES[20:] if head.adjust(look(text, -3.0)).logit > highest]
    assert len(found) > len(SALES[20:]) / 2


def test_taking_labels_back_is_a_head_without_them() -> None:
    examples = [said(text, True) for text in SALES[:6]]
    taught, undone = Head.of([*examples, said(CHAT[0], True)], PLENTY), Head.of(examples, PLENTY)
    assert taught.adjust(look(CHAT[0])).logit > 4.6
    assert undone.adjust(look(CHAT[0])).logit < 2.0


def test_a_head_that_knows_both_kinds_is_calibrated_without_the_baseline() -> None:
    high = [Look(one.logit + 6.0, one.features) for one in PLENTY]
    assert Head.of((), high).baseline.shift < 0.0
    assert Head.of([said(text, True) for text in SALES[:6]], high).baseline.shift == 0.0
    assert Head.of([said(text, True) for text in SALES[:6]], high, seen=1234).baseline.seen == 1234
