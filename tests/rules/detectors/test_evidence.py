"""The evidence in a message: it adds up, it stands where it says, and staff's word is told for what it was said of."""

import math
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.detectors.clues import Clue
from rules.detectors.examples import Example
from rules.detectors.head import NOTHING, Head
from rules.detectors.judging import LIMIT, log_odds, probability, total
from rules.detectors.looking import Examined, evidence, examine, text_of
from rules.detectors.model import Model
from rules.detectors.unwritten import AT_MOST, WEIGHTS, unwritten
from rules.events import MessagePosted
from rules.values import Group, Media, MediaKind, Member, Message
from rules.verdict import Reason

SHIPPED = Path(__file__).parents[3] / "rules" / "detectors" / "model.bin"
BIRDHOUSES = "Wholesale birdhouses, ask our agent Lilith on the blue messenger today for samples"
MONITOR = "出一台旧显示器 50元"
TEXTS = (
    "",
    "🙂",
    "Shall we meet at the library today?",
    "二手显示器转让，100元，有要的吗",
    "加 薇 信 a b c 1 2 3 4 5 领取免费资料，兼职刷单日结５００元",
    "ⓥ❶❸❽ ㌖㌖㌖ 🇻🇽 abc12345",
    "سلام 加微信 abc12345 🔥🔥🔥 שלום",
)


@cache
def model() -> Model:
    return Model.loads(SHIPPED.read_bytes())


def example(text: str, *, ad: bool) -> Example:
    return Example(examine(model(), text).look, ad, "mo", "a/1")


def kinds(text: str, head: Head) -> set[str]:
    return {reason.kind for reason in evidence(model(), examine(model(), text), head)}


HEADS = {
    "nothing": lambda: NOTHING,
    "an advertisement": lambda: Head.of([example(BIRDHOUSES, ad=True)]),
    "an ordinary message": lambda: Head.of([example(MONITOR, ad=False)]),
    "a group of odd talk": lambda: Head.of((), [examine(model(), "加微信 abc12345 领取").look] * 60),
}


def adds_up(examined: Examined, head: Head) -> None:
    reasons = evidence(model(), examined, head)
    expected = head.adjust(examined.look).logit + head.baseline.shift + total(unwritten(examined.clues))
    assert total(reasons) == pytest.approx(expected, abs=0.01)
    for reason in reasons:
        assert -1 <= reason.start <= reason.end <= len(examined.view.raw)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("text", TEXTS)
def test_the_weights_of_the_reasons_add_up_and_their_places_are_in_the_text(text: str, head: object) -> None:
    adds_up(examine(model(), text), head())  # type: ignore[operator]


@given(
    st.text(st.sampled_from("加微信abc123 日结500元领取\u0301\u200b❶Ⓥ㌖𝐚🔥🇨🇳\nадс.@/") | st.characters(), max_size=80)
)
@settings(max_examples=60, deadline=None)
def test_they_do_for_any_text(text: str) -> None:
    adds_up(examine(model(), text), NOTHING)


def test_what_stands_beside_the_text_adds_up_too() -> None:
    code = Media(MediaKind.PHOTO, codes=("https://u.wechat.com/abc",))
    card = Media(MediaKind.CONTACT, text="Lilith")
    for media in ((code,), (card,), (code, card)):
        message = Message("a/1", Member("a:1", name="加微信 abc12345"), media=media)
        adds_up(examine(model(), "", message), NOTHING)


@pytest.mark.parametrize("odds", [math.nan, math.inf, -math.inf, 1e308, -1e308])
def test_a_probability_is_never_nan_nor_certain_beyond_doubt(odds: float) -> None:
    assert 0.0 <= probability(odds) < 1.0


@pytest.mark.parametrize(
    ("share", "odds"), [(math.nan, -LIMIT), (0.0, -LIMIT), (-1.0, -LIMIT), (1.0, LIMIT), (0.5, 0.0)]
)
def test_log_odds_are_finite_and_nonsense_is_no_suspicion(share: float, odds: float) -> None:
    assert log_odds(share) == odds


def test_nothing_beside_words_that_say_nothing_makes_a_message_certain() -> None:
    for kind in WEIGHTS:
        assert probability(total(unwritten([Clue(kind)]))) < 0.99


@pytest.mark.parametrize(
    "media",
    [
        Media(MediaKind.PHOTO, codes=("https://survey.example.com/vm/abc",)),
        Media(MediaKind.PHOTO, codes=("https://github.com/example/course",)),
        Media(MediaKind.CONTACT, text="Lilith +1 202 555 0143"),
    ],
    ids=["a survey", "a well-known site", "a contact"],
)
def test_a_code_of_an_ordinary_site_and_a_card_alone_are_not_certain(media: Media) -> None:
    message = Message("a/1", Member("a:1", name="Ann"), media=(media,))
    event = MessagePosted(id="e", group=Group("a"), at=datetime(2026, 3, 1, tzinfo=UTC), message=message)
    assert probability(total(evidence(model(), examine(model(), text_of(event), message)))) < 0.99


def test_what_stands_beside_the_words_weighs_no_more_than_so_much() -> None:
    told = unwritten([Clue(kind) for kind in WEIGHTS] * 2)
    assert total(told) == pytest.approx(AT_MOST)
    assert [reason.kind for reason in told] == list(WEIGHTS)


def test_a_code_weighs_less_where_it_leads_to_an_ordinary_site() -> None:
    invited = unwritten([Clue("qr.link"), Clue("link.invite")])
    ordinary = unwritten([Clue("qr.link"), Clue("link.other")])
    assert total(invited) > 2 * total(ordinary) > 0


def test_staff_s_word_is_told_of_copies_and_of_nothing_else() -> None:
    head = Head.of([example(BIRDHOUSES, ad=True)])
    assert "taught.ad" in kinds(BIRDHOUSES.replace("today", "now"), head)
    for text in ("Shall we meet at the library today?", MONITOR, "🙂"):
        assert kinds(text, head).isdisjoint({"taught.ad", "taught.ham"})
    head = Head.of([example(MONITOR, ad=False)])
    assert "taught.ham" in kinds(MONITOR, head)
    assert kinds("二手显示器转让，100元，有要的吗", head).isdisjoint({"taught.ad", "taught.ham"})


def test_staff_s_word_is_told_even_where_the_model_needs_no_help() -> None:
    text = "加微信 abc12345 领取免费资料，兼职刷单日结500元，名额有限，仅限今天"
    reasons = evidence(model(), examine(model(), text), Head.of([example(text, ad=True)]))
    assert [reason.detail for reason in reasons if reason.kind == "taught.ad"] == ["100% ≈ a/1"]


def test_telling_words_are_told_without_the_punctuation_around_them() -> None:
    text = "批发手工鸟笼，想要样品找代理莉莉丝，蓝色软件上联系她"
    words = [reason for reason in evidence(model(), examine(model(), text)) if reason.kind == "words"]
    assert words
    for reason in words:
        assert reason.detail == text[reason.start : reason.end] == reason.detail.strip("，")


def test_a_reason_that_says_nothing_is_not_told() -> None:
    assert all(reason.detail for reason in evidence(model(), examine(model(), "\x00 \x00")) if reason.kind == "words")
    head = Head.of([example(BIRDHOUSES, ad=True)])
    assert Reason("learned", 0.0) not in evidence(model(), examine(model(), "吃饭了吗"), head)
