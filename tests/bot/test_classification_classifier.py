"""A classifier scores texts as a group of the running bot would, and better by what it is taught."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classification.classifier import Classifier
from bot.classification.rows import Row
from bot.detection.campaigns import Campaigns
from bot.detection.shipped import shipped_model
from rules.detectors.judging import band, probability, total

ADVERT = "加薇信 abc12345 领取免费资料，兼职日结500元"
ORDINARY = "see you at the library on friday"
STRANGE = "our violin club has two free chairs, ask Mira about her lessons at the mill"


@pytest.fixture
def classifier() -> Classifier:
    return Classifier(shipped_model())


def ads_of(*texts: str, by: str = "") -> list[Row]:
    return [Row(text, number, True, by) for number, text in enumerate(texts, 1)]


def hams_of(*texts: str, by: str = "") -> list[Row]:
    return [Row(text, number, False, by) for number, text in enumerate(texts, 1)]


def test_advertisements_are_told_from_talk_with_reasons_that_add_up(classifier: Classifier) -> None:
    advert, talk = classifier.classify(ADVERT), classifier.classify(ORDINARY)
    assert advert.score > 0.9
    assert talk.score < 0.1
    assert (advert.band, talk.band) == (band(advert.score), "ordinary")
    assert "微信" in advert.folded or "薇信" in advert.folded
    for told in (advert, talk):
        assert probability(total(told.reasons)) == pytest.approx(told.score)
        weights = [abs(reason.weight) for reason in told.reasons]
        assert weights == sorted(weights, reverse=True)
    assert "contact.wechat" in {reason.kind for reason in advert.reasons}


def test_the_score_alone_is_that_of_the_whole_account(classifier: Classifier) -> None:
    classifier.learn([*ads_of(STRANGE), *hams_of(ORDINARY)])
    for text in (ADVERT, ORDINARY, STRANGE, "", "🔥" * 40):
        assert classifier.score(text, Campaigns(), "one") == pytest.approx(classifier.classify(text).score, abs=1e-3)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u2060", "\n\n"])
def test_who_says_nothing_advertises_nothing(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).band == "ordinary"


def test_what_staff_called_an_advertisement_is_one_from_then_on(classifier: Classifier) -> None:
    before = classifier.classify(STRANGE).score
    assert classifier.learn(ads_of(STRANGE)) == 1
    told = classifier.classify(STRANGE)
    assert before < 0.9 <= told.score
    (taught,) = (reason for reason in told.reasons if reason.kind == "taught.ad")
    assert taught.detail == "100% ≈ line 1"
    assert classifier.classify(ORDINARY).score < 0.1


def test_what_staff_called_ordinary_is_so_from_then_on(classifier: Classifier) -> None:
    classifier.learn(hams_of(ADVERT))
    told = classifier.classify(ADVERT)
    assert told.band == "ordinary"
    assert "taught.ham" in {reason.kind for reason in told.reasons}


def test_many_corrections_of_both_kinds_hold_for_all_of_them(classifier: Classifier) -> None:
    things = ("violin", "cello", "flute", "harp", "oboe", "horn", "lute", "drum", "viola", "tuba")
    sold = [f"{thing} lessons by Mira at the mill, {10 + number} a week" for number, thing in enumerate(things * 2)]
    talk = [f"I left my {thing} at stop {number}, who was there?" for number, thing in enumerate(things * 6)]
    classifier.learn([*ads_of(*sold), *hams_of(*talk)])
    assert min(classifier.classify(text).score for text in sold) > 0.5
    assert max(classifier.classify(text).score for text in talk) < 0.5
    assert classifier.classify("bassoon lessons by Mira at the mill, 31 a week").score > 0.5
    assert classifier.classify("I left my bassoon at stop 31, who was there?").score < 0.5


def test_from_contradictions_nothing_is_learned(classifier: Classifier) -> None:
    before = classifier.classify(STRANGE).score
    assert classifier.learn([*ads_of(STRANGE), *hams_of(STRANGE)]) == 2
    assert len(classifier.conflicts) == 1
    assert classifier.classify(STRANGE).score == pytest.approx(before)


def test_who_is_outvoted_by_two_others_is_not_followed(classifier: Classifier) -> None:
    said = [*ads_of(STRANGE, by="eve"), *hams_of(STRANGE, by="ann"), *hams_of(STRANGE, by="bob")]
    classifier.learn(said)
    assert classifier.conflicts == ()
    assert classifier.classify(STRANGE).band == "ordinary"


def test_learning_anew_forgets_what_was_taught_before(classifier: Classifier) -> None:
    before = classifier.classify(STRANGE)
    classifier.learn(ads_of(STRANGE))
    assert classifier.learn([]) == 0
    assert classifier.classify(STRANGE) == before


def test_rows_without_a_label_or_a_word_teach_nothing(classifier: Classifier) -> None:
    before = classifier.classify(STRANGE)
    assert classifier.learn([Row("whatever", 1), *ads_of("", "   ", "\u200b")]) == 0
    assert classifier.classify(STRANGE) == before


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_any_text_has_a_probability(text: str) -> None:
    told = Classifier(shipped_model()).classify(text)
    assert 0.0 < told.score < 1.0
    assert told.band == band(told.score)
