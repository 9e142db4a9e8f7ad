"""The campaign memory: what is a copy of what, who is counted, and what gives way when it is full."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.detectors.campaigns import CampaignMemory
from rules.detectors.folding import view_of
from rules.detectors.sightings import MOST_LABELS, MOST_POSTERS
from rules.detectors.sketch import Sketch, sketch_of
from rules.values import Media, MediaKind, Member, Message

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AD = "周末兼职招人啦,每天只要两小时,在家就能做,工资当天结清,想来的联系微信 nova5521"
REWORDED = "长期收二手相机镜头,价格好商量,喜欢摄影的朋友来聊, vx: nova5521"
LYRICS = "当我还是一个懵懂的女孩,遇到爱不懂爱从过去到现在"
A, B, C = "t:-1", "t:-2", "t:-3"


def sketch(text: str) -> Sketch:
    return sketch_of(view_of(text))


def picture(looks: str) -> Sketch:
    media = (Media(MediaKind.PHOTO, looks=looks),)
    return sketch_of(view_of(""), Message(id="t:-1/9", author=Member(id="t:1"), media=media))


class Memory(CampaignMemory):
    """A memory to which events come by themselves, one a second."""

    def __init__(self, most: int = 100) -> None:
        super().__init__(most)
        self.clock = 0

    def post(self, text: str, group: str = A, member: str = "t:1", **more: bool) -> tuple[int, ...]:
        self.clock += 1
        at = NOON + timedelta(seconds=self.clock)
        event = f"e{self.clock}"
        return self.see(sketch(text), group, member, at, event, message=f"{group}/{self.clock}", **more)

    def say(self, text: str, ad: bool | None, by: str = "t:9", group: str = A, **more: bool) -> int | None:
        self.clock += 1
        return self.label(sketch(text), ad, by, group, NOON + timedelta(seconds=self.clock), **more)


def test_copies_are_one_campaign_with_its_first_sight_and_counts() -> None:
    memory = Memory()
    (first,) = memory.post(AD, A, "t:1")
    assert memory.post(AD.replace("5521", "7788"), B, "t:2") == (first,)
    assert memory.post("哈哈 " + AD, A, "t:1") == (first,)
    campaign = memory.get(first)
    assert campaign is not None
    assert campaign.message == f"{A}/1"
    assert (campaign.copies, campaign.first, campaign.last) == (
        3,
        NOON + timedelta(seconds=1),
        NOON + timedelta(seconds=3),
    )
    assert {(poster.group, poster.member, poster.copies) for poster in campaign.posters} == {
        (A, "t:1", 2),
        (B, "t:2", 1),
    }
    match = memory.match(sketch(AD))
    assert match is not None
    assert match.likeness == 1.0
    assert match.campaign == campaign


def test_an_event_is_counted_once() -> None:
    memory = Memory()
    for _ in range(3):
        memory.see(sketch(AD), A, "t:1", NOON, "the same")
    (campaign,) = memory
    assert campaign.copies == 1


def test_other_words_with_the_same_contact_belong_together() -> None:
    memory = Memory()
    (first,) = memory.post(AD)
    own, by_contact = memory.post(REWORDED, member="t:2")
    assert by_contact == first
    match = memory.match(sketch("完全是另外一段话 nova5521 微信:nova5521"))
    assert match is not None
    assert match.likeness == 0.0
    assert match.shared == ("contact",)
    assert match.campaign.id in (first, own)


def test_a_labelled_campaign_is_matched_before_a_likelier_one_that_is_not() -> None:
    memory = Memory()
    memory.say(REWORDED, True)
    memory.post("加我微信 nova5521 聊聊天,认识一下新朋友吧")
    match = memory.match(sketch("加我微信 nova5521 聊聊天,认识一下新朋友吧"))
    assert match is not None
    assert match.campaign.said_ad
    assert match.shared == ("contact",)


def test_a_greeting_is_no_campaign_until_staff_say_so() -> None:
    memory = Memory()
    for member in ("t:1", "t:2", "t:3"):
        assert memory.post("早上好", member=member) == ()
    assert memory.match(sketch("早上好")) is None
    id_ = memory.say("看简介", True)
    match = memory.match(sketch("看 简 介!!"))
    assert match is not None
    assert match.campaign.id == id_
    assert memory.match(sketch("看简历")) is None


def test_a_label_is_replaced_by_the_same_person_and_taken_back() -> None:
    memory = Memory()
    id_ = memory.say(AD, True)
    assert memory.say(AD, False) == id_
    assert id_ is not None
    campaign = memory.get(id_)
    assert campaign is not None
    assert [label.ad for label in campaign.labels] == [False]
    assert campaign.ad_keys == ()
    memory.say(AD, None)
    campaign = memory.get(id_)
    assert campaign is not None
    assert campaign.labels == ()
    assert memory.say("something that nobody ever wrote here", None) is None


def test_a_label_that_says_otherwise_of_a_near_copy_is_about_that_copy_alone() -> None:
    memory = Memory()
    ad = memory.say(AD, True)
    other = AD.replace("工资当天结清", "工资按月结清") + "哦"
    assert memory.match(sketch(other)).campaign.id == ad  # type: ignore[union-attr]
    ham = memory.say(other, False)
    assert ham != ad
    assert memory.match(sketch(other)).campaign.id == ham  # type: ignore[union-attr]
    assert memory.match(sketch(AD)).campaign.id == ad  # type: ignore[union-attr]
    assert memory.say(other, None) == ham


def test_a_contact_that_ordinary_messages_give_ties_nothing_together() -> None:
    memory = Memory()
    memory.say("有问题找班长,微信 nova5521,周三前都可以", False)
    memory.say(AD, True)
    assert memory.match(sketch(REWORDED)) is None
    memory.say("有问题找班长,微信 nova5521,周三前都可以", None)
    assert memory.match(sketch(REWORDED)) is not None


def test_a_handle_that_members_named_for_days_does_not_become_an_ads() -> None:
    memory = Memory()
    for i in range(4):
        memory.post(
            f"第{'一二三四'[i]}次问了 @nova_helper 才知道怎么{'修补拆装'[i]}好这台旧{'车灯钟琴'[i]}", member=f"t:{i}"
        )
        memory.clock += 40_000
    memory.say("快来找 @nova_helper 领红包,人人都有份,手慢就没有了", True)
    match = memory.match(sketch("昨天我问 @nova_helper 借了一本老词典,真好用"))
    assert match is not None
    assert not match.campaign.said_ad
    memory.say("快来找 @lucky_helper 领红包,人人都有份,手慢就没有了", True)
    match = memory.match(sketch("昨天我问 @lucky_helper 借了一本老词典,真好用"))
    assert match is not None
    assert match.campaign.said_ad


def test_an_ad_among_other_words_is_known_again() -> None:
    memory = Memory()
    id_ = memory.say(AD.replace("nova5521", ""), True)
    before = "昨晚的球赛你们看了没有,最后一分钟真是太精彩了,我嗓子都喊哑了。"
    after = "对了,明天谁去图书馆帮我还一下书,顺便占个靠窗的座位,谢谢大家!"
    within = sketch(before + AD.replace("nova5521", "") + after + before[::-1])
    match = memory.match(within)
    assert match is not None
    assert (match.campaign.id, match.likeness, match.shared) == (id_, 0.0, ("passage",))
    assert memory.match(sketch(before + AD[:14] + after)) is None
    memory.say(AD.replace("nova5521", ""), None)
    assert memory.match(sketch(before + AD.replace("nova5521", "") + after + before[::-1])) is None


def test_staff_who_warn_of_a_known_contact_do_not_clear_it() -> None:
    memory = Memory()
    memory.say(AD, True)
    memory.post("大家注意,加微信 nova5521 的是骗子", staff=True)
    match = memory.match(sketch(REWORDED))
    assert match is not None
    assert match.campaign.said_ad


def test_a_picture_is_known_again_and_one_of_another_motif_is_not() -> None:
    memory = Memory()
    id_ = memory.label(picture("f0e1d2c3b4a59687"), True, "t:9", A, NOON)
    match = memory.match(picture("f0e1d2c3b4a59680"))
    assert match is not None
    assert (match.campaign.id, match.shared) == (id_, ("picture",))
    assert memory.match(picture("0e1d2c3b4a59687f")) is None


def test_a_forgotten_member_is_named_no_more_and_the_copies_stay_counted() -> None:
    memory = Memory()
    memory.post(AD, A, "t:1")
    memory.post(AD, B, "t:1")
    memory.post(AD, A, "t:2")
    memory.forget(A, "t:1")
    (campaign,) = memory
    assert {(poster.group, poster.member) for poster in campaign.posters} == {(B, "t:1"), (A, "t:2")}
    assert campaign.copies == 3


def test_a_group_that_moved_is_known_by_its_new_id() -> None:
    memory = Memory()
    memory.post(AD, A, "t:1")
    memory.post(AD, C, "t:1")
    memory.say(AD, True, group=A)
    memory.moved(A, C)
    (campaign,) = memory
    assert campaign.group == C
    assert campaign.message == f"{A}/1"  # the new group has another message of that number
    assert [(poster.group, poster.copies) for poster in campaign.posters] == [(C, 2)]
    assert [label.group for label in campaign.labels] == [C]


def test_when_it_is_full_what_was_said_once_gives_way_first() -> None:
    memory = Memory(8)
    said = memory.say(AD, True)
    (spread,) = memory.post(LYRICS, member="t:1")
    memory.post(LYRICS, member="t:2")
    for i in range(40):
        memory.post("".join(chr(0x4E00 + (i * 391 + j * 173) % 5000) for j in range(12)))
    assert len(memory) == 8
    assert said is not None
    assert memory.get(said) is not None
    assert memory.get(spread) is not None
    assert memory.match(sketch(AD)) is not None


def test_what_is_old_is_let_go() -> None:
    memory = Memory()
    memory.post(AD)
    memory.clock += 100
    memory.post(LYRICS)
    assert memory.drop_before(NOON + timedelta(seconds=50)) == 1
    assert memory.match(sketch(AD)) is None
    assert memory.match(sketch(LYRICS)) is not None


def test_posters_and_labels_are_bounded() -> None:
    memory = Memory()
    for i in range(MOST_POSTERS + 20):
        memory.post(AD, member=f"t:{i}")
    for i in range(MOST_LABELS + 5):
        memory.say(AD, True, by=f"t:{i}")
    (campaign,) = memory
    assert campaign.copies == MOST_POSTERS + 20
    assert len(campaign.posters) == MOST_POSTERS
    assert len(campaign.labels) == MOST_LABELS
    assert campaign.posters[-1].member == f"t:{MOST_POSTERS + 19}"


def test_what_was_loaded_is_not_counted_again() -> None:
    memory, after = Memory(), Memory()
    memory.see(sketch(AD), A, "t:1", NOON, "e1")
    memory.see(sketch(AD), B, "t:2", NOON, "e2")
    after.load(list(memory))
    after.see(sketch(AD), B, "t:2", NOON, "e2")
    assert list(after) == list(memory)


TEXTS = (AD, REWORDED, LYRICS, "早上好", "", "+1", "https://nova-club.com", AD + "!!", "加微信 nova5521")
STEPS = st.one_of(
    st.tuples(st.just("see"), st.sampled_from(TEXTS), st.sampled_from((A, B)), st.integers(0, 5), st.integers(0, 30)),
    st.tuples(st.just("say"), st.sampled_from(TEXTS), st.sampled_from((A, B)), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("forget"), st.just(""), st.sampled_from((A, B)), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("move"), st.just(""), st.just(A), st.just(0), st.just(0)),
    st.tuples(st.just("drop"), st.just(""), st.just(A), st.integers(0, 40), st.just(0)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=40), st.integers(2, 6))
def test_whatever_happens_the_memory_hangs_together(steps: list[tuple[str, str, str, int, int]], most: int) -> None:
    memory = CampaignMemory(most)
    for i, (act, text, group, number, other) in enumerate(steps):
        at = NOON + timedelta(seconds=i)
        match act:
            case "see":
                memory.see(sketch(text), group, f"t:{number}", at, f"e{other}")
            case "say":
                memory.label(sketch(text), (True, False, None)[other], f"t:{number}", group, at)
            case "forget":
                memory.forget(group, f"t:{number}")
            case "move":
                memory.moved(A, B)
            case _:
                memory.drop_before(NOON + timedelta(seconds=number))
        assert len(memory) <= most
        known = list(memory)
        assert len({campaign.id for campaign in known}) == len(known)
        for campaign in known:
            assert memory.get(campaign.id) == campaign
            assert campaign.copies >= sum(poster.copies for poster in campaign.posters)
            assert len({(poster.group, poster.member) for poster in campaign.posters}) == len(campaign.posters)
            assert not campaign.ad_keys or campaign.said_ad
        for words in TEXTS:
            found = memory.match(sketch(words))
            assert found is None or memory.get(found.campaign.id) == found.campaign
    again = CampaignMemory(most)
    again.load(list(memory))
    assert {campaign.id: campaign for campaign in again} == {campaign.id: campaign for campaign in memory}
