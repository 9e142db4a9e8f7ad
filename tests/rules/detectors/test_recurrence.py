"""What a repetition is worth: of what is known much, of what a group says to itself nothing."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.campaigns import CampaignMemory
from rules.detectors.folding import view_of
from rules.detectors.keys import KINDS
from rules.detectors.recurrence import CONTACT, HAM, KNOWN, OWN, REMOVED, SPREADING, STAFF, Recurrence, recurrence
from rules.detectors.sketch import Sketch, sketch_of
from rules.values import Media, MediaKind, Member, Message

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AD = "周末兼职招人啦,每天只要两小时,在家就能做,工资当天结清,想来的联系微信 nova5521"
REWORDED = "长期收二手相机镜头,价格好商量,喜欢摄影的朋友来聊, vx: nova5521"
LYRICS = "当我还是一个懵懂的女孩,遇到爱不懂爱从过去到现在"
A, B, C = "t:-1", "t:-2", "t:-3"
SURE = 4.6  # log-odds of 99%


def sketch(text: str) -> Sketch:
    return sketch_of(view_of(text))


class World:
    """A memory, a clock that is moved by hand, and what comes of a message."""

    def __init__(self) -> None:
        self.memory = CampaignMemory(100)
        self.now = NOON
        self.events = 0

    def post(self, text: str, group: str = A, member: str = "t:1", **more: bool) -> Recurrence | None:
        self.events += 1
        self.now += timedelta(minutes=1)
        event, words = f"e{self.events}", sketch(text)
        found = recurrence(self.memory.match(words), self.now, group, member, event)
        self.memory.see(words, group, member, self.now, event, message=f"{group}/{self.events}", **more)
        return found

    def say(self, text: str, ad: bool | None, by: str = "t:9", group: str = A, *, bot: bool = False) -> None:
        self.memory.label(sketch(text), ad, by, group, self.now, bot=bot)


def kind(found: Recurrence | None) -> str | None:
    return None if found is None else found.kind


def weight(found: Recurrence | None) -> float:
    return 0.0 if found is None else found.weight


def test_a_repeat_of_what_staff_called_an_ad_is_all_but_certain_and_names_it() -> None:
    world = World()
    world.post(AD)
    world.say(AD, True)
    found = world.post("急!急!" + AD.replace("工资", "工 资"), member="t:2")
    assert found is not None
    assert found.kind == KNOWN
    assert found.weight > SURE
    assert found.message == f"{A}/1"
    assert f"≈ {A}/1, 2026-03-01 12:01, 1× 👤1 👥1, 🏷 2026-03-01" in found.detail


def test_the_same_contact_in_other_words_is_strong_but_less() -> None:
    world = World()
    world.post(AD)
    world.say(AD, True)
    same, other = world.post(AD, member="t:2"), world.post(REWORDED, member="t:3")
    assert kind(other) == KNOWN
    assert SURE < weight(other) < weight(same)
    assert other is not None
    assert f"☎ = {A}/1, " in other.detail


@pytest.mark.parametrize("where", ["nova-club.com/x", "@nova_helper"])
def test_an_address_in_other_words_is_a_hint_and_no_proof(where: str) -> None:
    world = World()
    world.say(f"快来领红包,人人都有份,手慢就没有了 {where}", True)
    hint, again = (
        world.post(f"昨天我在 {where} 那里问了半天"),
        world.post(f"快来领红包,人人都有份,手慢就没有了 {where}"),
    )
    assert kind(hint) == CONTACT
    assert 0 < weight(hint) < weight(again)
    assert kind(again) == KNOWN


def test_what_a_rule_removed_weighs_less_than_what_a_person_says() -> None:
    world = World()
    world.say(AD, True, "rule:ads", bot=True)
    by_rule = world.post(AD)
    assert kind(by_rule) == REMOVED
    assert 0 < weight(by_rule) < SURE
    world.say(AD, True, "rule:links", bot=True)
    assert weight(world.post(AD, member="t:3")) == weight(by_rule)
    world.say(AD, False, "t:9")
    assert kind(world.post(AD, member="t:2")) == HAM


def test_another_groups_word_counts_half_and_two_groups_make_it_known() -> None:
    world = World()
    world.say(AD, True, group=B)
    once = world.post(AD)
    assert kind(once) == REMOVED
    assert 0 < weight(once) < SURE
    world.say(AD, True, by="t:8", group=C)
    assert kind(world.post(AD, member="t:2")) == KNOWN
    assert weight(world.post(AD, member="t:3")) > SURE


def test_staff_who_disagree_say_nothing() -> None:
    world = World()
    world.say(AD, True, "t:8")
    world.say(AD, False, "t:9")
    assert world.post(AD) is None


def test_one_wrong_label_of_many_is_outvoted() -> None:
    world = World()
    for i in range(3):
        world.say(LYRICS, False, f"t:{i}")
    world.say(LYRICS, True, "t:9")
    assert kind(world.post(LYRICS)) == HAM


def test_what_staff_called_ordinary_speaks_against_an_ad_unless_a_number_was_added() -> None:
    world = World()
    world.say(LYRICS, False)
    assert weight(world.post(LYRICS)) < -4
    assert world.post(LYRICS + " 加微信 nova5521", member="t:2") is None


@pytest.mark.parametrize(
    "text", [LYRICS, "接龙:1.张三 2.李四 3.王五,周六爬山的请往下写", "早上好", "+1", "哈哈哈哈哈哈哈哈哈哈"]
)
def test_what_a_group_says_to_itself_is_ordinary(text: str) -> None:
    world = World()
    assert [world.post(text, member=f"t:{i}") for i in range(12)] == [None] * 12


def test_a_copy_of_what_staff_posted_is_ordinary() -> None:
    world = World()
    notice = "群公告:本周六晚八点有分享会,报名加微信 nova5521,欢迎大家来听"
    world.post(notice, staff=True)
    for group, member in ((A, "t:2"), (B, "t:3"), (C, "t:4")):
        found = world.post(notice, group, member)
        assert kind(found) == STAFF
        assert weight(found) < 0


def test_several_members_in_several_groups_at_once_are_a_campaign() -> None:
    world = World()
    weights = [weight(world.post(AD, (A, B, C)[i % 3], f"t:{i}", newcomer=True)) for i in range(6)]
    assert weights[0] == 0
    assert weights == sorted(weights)
    assert 2 <= weights[-1] < SURE
    assert kind(world.post(AD, B, "t:99")) == SPREADING


def test_a_song_that_several_groups_sing_is_not_much_of_one() -> None:
    world = World()
    found = [world.post(LYRICS, (A, B, C)[i % 3], f"t:{i}") for i in range(6)]
    assert all(weight(one) < 1.3 for one in found)


def test_what_came_over_days_is_no_campaign() -> None:
    world = World()
    found = []
    for i in range(6):
        found.append(world.post(AD, (A, B, C)[i % 3], f"t:{i}"))
        world.now += timedelta(days=1)
    assert all(one is None for one in found)


def test_ones_own_words_again_say_little() -> None:
    world = World()
    assert world.post(LYRICS) is None
    assert world.post(LYRICS) is None
    third = world.post(LYRICS)
    assert kind(third) == OWN
    assert 0 < weight(third) < 0.5
    assert 0 < weight(world.post(LYRICS, B)) < 1


def test_an_event_that_is_looked_at_again_is_no_copy_of_itself() -> None:
    world = World()
    for _ in range(3):
        match = world.memory.match(sketch(AD))
        assert recurrence(match, world.now, A, "t:1", "same") is None
        world.memory.see(sketch(AD), A, "t:1", world.now, "same")


def test_a_short_text_that_staff_called_an_ad_is_not_certain() -> None:
    world = World()
    world.say("看简介", True)
    assert 0 < weight(world.post("看简介")) < 2


def test_a_picture_that_staff_called_an_ad_is_known_again_below_other_words() -> None:
    world = World()
    media = (Media(MediaKind.PHOTO, looks="f0e1d2c3b4a59687"),)
    shown = sketch_of(view_of(""), Message(id="t:-1/9", author=Member(id="t:1"), media=media))
    world.memory.label(shown, True, "t:9", A, NOON)
    below = Message(id="t:-1/10", author=Member(id="t:2"), text="大家好,看看这个", media=media)
    found = recurrence(world.memory.match(sketch_of(view_of(below.text), below)), NOON, A, "t:2")
    assert kind(found) == KNOWN
    assert weight(found) > SURE


POSTS = st.tuples(st.sampled_from((AD, REWORDED, LYRICS, "早上好")), st.sampled_from((A, B, C)), st.integers(0, 4))
SAID = st.tuples(
    st.sampled_from((AD, LYRICS)), st.sampled_from((True, False, None)), st.sampled_from((A, B)), st.booleans()
)


@given(st.lists(POSTS, max_size=12), st.lists(SAID, max_size=4))
def test_evidence_is_finite_and_bounded_whatever_happened(
    posts: list[tuple[str, str, int]], said: list[tuple[str, bool | None, str, bool]]
) -> None:
    world = World()
    for i, (text, ad, group, bot) in enumerate(said):
        world.say(text, ad, f"t:{90 + i}", group, bot=bot)
    for text, group, member in posts:
        found = world.post(text, group, f"t:{member}")
        if found is not None:
            assert math.isfinite(found.weight)
            assert -6.0 <= found.weight <= 8.1
            assert found.detail


def test_every_kind_of_key_has_a_worth() -> None:
    from rules.detectors.recurrence import _KEY_WORTH

    assert set(_KEY_WORTH) == {*KINDS, "picture", "passage"}
