"""Labels put together: near copies once, contradictions apart, several groups' agreement for all."""

import numpy as np
import pytest

from rules.detectors.examples import Example, agreed, settled
from rules.detectors.features import features_of, grams_of
from rules.detectors.model import Look
from rules.detectors.neighbours import Neighbours, likeness


def said(text: str, ad: bool, by: str = "ann") -> Example:
    return Example(Look(0.0, features_of(grams_of(text).buckets)), ad, by, text)


SALE = "followers and likes for sale, ask me for the price list"
NEAR = "followers and likes for sale, ask me for the price list!"
TALK = "the choir meets on monday after lunch in the old hall"


def test_near_copies_are_one_example() -> None:
    known, conflicts = settled([said(SALE, True), said(NEAR, True), said(TALK, False)])
    assert sorted(one.example.key for one in known) in ([SALE, TALK], sorted([NEAR, TALK]))
    assert conflicts == ()


def test_who_said_both_has_said_nothing() -> None:
    known, conflicts = settled([said(SALE, True), said(NEAR, False)])
    assert known == ()
    assert [(set(conflict.ads), set(conflict.hams)) for conflict in conflicts] == [({"ann"}, {"ann"})]
    known, _ = settled([said(SALE, True), said(NEAR, False), said(NEAR, True, "bob")])
    assert [(one.ad, sorted(one.ads), sorted(one.hams)) for one in known] == [(True, ["bob"], [])]


def test_groups_share_what_at_least_two_of_them_said() -> None:
    groups = {"one": [said(SALE, True), said(TALK, False)], "two": [said(NEAR, True, "cem")], "three": []}
    shared = agreed(groups)
    assert [(example.ad, example.share) for example in shared] == [(True, 0.3)]
    assert agreed(groups, at_least=3) == ()


def test_one_group_speaks_with_one_voice_however_many_say_so() -> None:
    assert agreed({"one": [said(SALE, True, who) for who in ("ann", "bob", "cem")]}) == ()


def test_groups_that_differ_share_nothing() -> None:
    assert agreed({"one": [said(SALE, True)], "two": [said(SALE, True)], "three": [said(NEAR, False)]}) == ()


def test_the_nearest_of_many_is_found() -> None:
    texts = [features_of(grams_of(f"message number {'abcdefghij'[n % 10] * 3}{n} of them").buckets) for n in range(200)]
    texts.append(features_of(grams_of(SALE).buckets))
    vocabulary = np.unique(np.concatenate([text.indices for text in texts]))
    neighbours = Neighbours(vocabulary, [text.indices for text in texts], [number == 200 for number in range(201)])
    near = features_of(grams_of(NEAR).buckets).indices
    places = np.array([place for place, bucket in enumerate(vocabulary) if bucket in near])
    (place, like), _ = neighbours.nearest(near, places)
    assert place == 200
    assert like == pytest.approx(likeness(texts[200].indices, near))
    assert like > 0.9
