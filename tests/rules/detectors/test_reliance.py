"""One person's wrong labels do not spoil what others taught."""

import random

from rules.detectors.examples import Example
from rules.detectors.features import features_of, grams_of
from rules.detectors.head import Head
from rules.detectors.model import Look

_WHAT = ("followers", "likes", "views", "accounts", "coupons", "gift cards", "vouchers", "signals")
_HOW = ("ask me for the price list", "message me today", "cheapest here", "discount for the first ten", "pay later")
_WHO = ("the choir", "our team", "my sister", "the teacher", "anyone", "the neighbour", "that driver", "the band")
_DID = ("came late", "was here", "found the keys", "lost a shoe", "liked the soup", "left early", "rang twice", "sang")
_WHEN = ("yesterday", "on monday", "after lunch", "before the rain", "at the station", "last night")


def _looks(texts: list[str], middle: float) -> list[Look]:
    """As a model sees them that is right more often than not."""
    random.Random(7).shuffle(texts)
    chance = random.Random(8)
    return [Look(chance.gauss(middle, 1.5), features_of(grams_of(text).buckets)) for text in texts]


ADS = _looks([f"{what} for sale, {how}" for what in _WHAT for how in _HOW], -1.0)
CHAT = _looks([f"{who} {did} {when}" for who in _WHO for did in _DID for when in _WHEN], -4.0)
HONEST = [Example(look, True, "ann" if number % 2 else "bob") for number, look in enumerate(ADS[:20])]
USUAL, WRONG, LATER = CHAT[:200], CHAT[200:220], CHAT[220:]


def _found(head: Head) -> float:
    """The share of unseen advertisements above every unseen ordinary message."""
    highest = max(head.adjust(look).logit for look in LATER)
    return sum(head.adjust(look).logit > highest for look in ADS[20:]) / len(ADS[20:])


def test_twenty_wrong_advertisements_are_left_out() -> None:
    honest = Head.of(HONEST, USUAL)
    assert _found(honest) > 0.8
    head = Head.of([*HONEST, *(Example(look, True, "eve") for look in WRONG)], USUAL)
    assert head.doubted == {"eve"}
    assert [head.adjust(look).logit for look in LATER] == [honest.adjust(look).logit for look in LATER]


def test_twenty_wrong_ordinary_ones_leave_most_of_it() -> None:
    wrong = [Example(look, False, "eve") for look in ADS[10:30]]
    head = Head.of([*HONEST[:10], *wrong], USUAL)
    found = [look for look in ADS[30:] if head.adjust(look).logit > max(head.adjust(other).logit for other in LATER)]
    assert len(found) > len(ADS[30:]) / 2


def test_who_is_alone_and_wrong_changes_nothing_at_large() -> None:
    head = Head.of([Example(look, True, "eve") for look in WRONG], USUAL)
    assert head.doubted == {"eve"}
    assert all(head.adjust(look).logit == look.logit for look in (*LATER, *ADS))


def test_honest_staff_are_not_doubted() -> None:
    assert Head.of(HONEST, USUAL).doubted == frozenset()
    assert Head.of([Example(one.look, True, "ann") for one in HONEST], USUAL).doubted == frozenset()
    ordinary = [Example(look, False, "bob") for look in USUAL]
    assert Head.of([*HONEST, *ordinary]).doubted == frozenset()


def test_a_few_wrong_labels_of_the_honest_do_not_cost_them_their_say() -> None:
    head = Head.of([*HONEST, *(Example(look, True, "ann") for look in WRONG[:2])], USUAL)
    assert head.doubted == frozenset()
    assert _found(head) > 0.5


def test_two_who_agree_are_believed() -> None:
    both = [Example(look, True, who) for look in WRONG for who in ("eve", "mal")]
    head = Head.of([*HONEST, *both], USUAL)
    assert all(head.adjust(look).logit > 4.6 for look in WRONG)
