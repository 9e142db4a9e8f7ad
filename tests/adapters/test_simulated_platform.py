"""The simulated platform behaves as a platform does: it remembers, refuses and fails."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.driver import MemoryIntake
from adapters.errors import OutcomeUnknown, Rejected, RetryLater
from adapters.simulated import SIMULATED, WECHAT_LIKE, Act, NotAllowed, SimulatedAdapter, SimulatedPlatform
from bot.clock import VirtualClock
from rules import effects as fx
from rules.events import ButtonPressed, JoinRequested, MemberJoined, MemberLeft, MessagePosted
from rules.text import Text
from rules.values import PlatformRole

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOON)


@pytest.fixture
def platform(clock: VirtualClock) -> SimulatedPlatform:
    platform = SimulatedPlatform("sim", clock.now)
    platform.add_group("reading", "Reading")
    platform.add_person("ann", "Ann", groups=["reading"], role=PlatformRole.OWNER)
    platform.add_person("bo", "Bo", groups=["reading"])
    platform.add_person("cy", "Cy")
    return platform


async def test_a_mute_ends_by_itself(platform: SimulatedPlatform, clock: VirtualClock) -> None:
    await SimulatedAdapter(platform).perform(fx.MuteMember("sim:reading", "sim:bo", NOON + timedelta(hours=1)))
    with pytest.raises(NotAllowed):
        platform.post("reading", "bo", "let me")
    clock.move_to(NOON + timedelta(hours=1))
    platform.post("reading", "bo", "at last")
    assert [entry.act for entry in platform.transcript] == [Act.MUTE, Act.KEPT_OUT, Act.POST]


async def test_a_ban_ends_by_itself(platform: SimulatedPlatform, clock: VirtualClock) -> None:
    await SimulatedAdapter(platform).perform(fx.BanMember("sim:reading", "sim:bo", NOON + timedelta(days=1)))
    with pytest.raises(NotAllowed):
        platform.join("reading", "bo")
    clock.move_to(NOON + timedelta(days=1))
    platform.join("reading", "bo")


def test_who_is_not_in_a_group_cannot_write_there(platform: SimulatedPlatform) -> None:
    with pytest.raises(NotAllowed):
        platform.post("reading", "cy", "hello")


async def test_who_asks_to_come_in_is_let_in_once(platform: SimulatedPlatform) -> None:
    adapter, intake = SimulatedAdapter(platform), MemoryIntake()
    platform.ask_to_join("reading", "cy", "I like books")
    approve = fx.AnswerJoinRequest("sim:reading", "sim:cy", approve=True)
    await adapter.perform(approve)
    await adapter.perform(approve)
    await adapter.pump(intake)
    assert [type(event) for event in intake.events] == [JoinRequested, MemberJoined]


async def test_who_is_turned_down_stays_out(platform: SimulatedPlatform) -> None:
    platform.ask_to_join("reading", "cy")
    await SimulatedAdapter(platform).perform(fx.AnswerJoinRequest("sim:reading", "sim:cy", approve=False))
    assert not platform.seat("reading", "cy").present


async def test_a_removal_is_told_with_who_did_it(platform: SimulatedPlatform) -> None:
    adapter, intake = SimulatedAdapter(platform), MemoryIntake()
    await adapter.perform(fx.KickMember("sim:reading", "sim:bo"))
    await adapter.perform(fx.KickMember("sim:reading", "sim:bo"))
    await adapter.pump(intake)
    (left,) = intake.events
    assert isinstance(left, MemberLeft)
    assert left.remover == platform.bot


async def test_a_message_carries_role_links_mentions_and_what_it_answers(platform: SimulatedPlatform) -> None:
    intake = MemoryIntake()
    first = platform.post("reading", "ann", "@Bo, see https://example.com")
    platform.post("reading", "bo", "thanks", reply_to=first)
    platform.press("reading", "bo", first, "ok")
    await SimulatedAdapter(platform).pump(intake)
    one, two, three = intake.events
    assert isinstance(one, MessagePosted)
    assert isinstance(two, MessagePosted)
    assert isinstance(three, ButtonPressed)
    assert one.message.author.role is PlatformRole.OWNER
    assert [link.url for link in one.message.links] == ["https://example.com"]
    assert [mention.member for mention in one.message.mentions] == ["sim:bo"]
    assert two.message.reply_to_author == one.message.author
    assert (three.message, three.data) == (first, "ok")


async def test_a_failure_before_the_effect_leaves_nothing_behind_one_after_it_does(platform: SimulatedPlatform) -> None:
    adapter = SimulatedAdapter(platform)
    say = fx.SendText("sim:reading", Text(literal="hello"))
    platform.fail_next(RetryLater("slow down"))
    with pytest.raises(RetryLater):
        await adapter.perform(say)
    assert platform.room("reading").texts() == []
    platform.fail_next(OutcomeUnknown("no answer"), after_effect=True)
    with pytest.raises(OutcomeUnknown):
        await adapter.perform(say)
    assert platform.room("reading").texts() == ["hello"]


async def test_a_file_goes_to_the_group_or_to_one_alone(platform: SimulatedPlatform) -> None:
    adapter = SimulatedAdapter(platform)
    platform.write_privately("bo", "hi")
    await adapter.perform(fx.SendDocument("sim:reading", "top.csv", "a,b"))
    await adapter.perform(fx.SendDocument("sim:reading", "mine.csv", "c,d", member="sim:bo"))
    assert platform.room("reading").texts() == ["[top.csv]\na,b"]
    assert platform.room("bo").texts() == ["hi", "[mine.csv]\nc,d"]


async def test_one_like_wechat_shows_a_notice_is_renamed_and_lets_people_be_brought_in(clock: VirtualClock) -> None:
    platform = SimulatedPlatform("sim", clock.now, WECHAT_LIKE)
    platform.add_group("reading", "Reading")
    platform.add_group("second", "Second")
    platform.add_person("ann", "Ann", groups=["reading"])
    adapter = SimulatedAdapter(platform)
    for effect in (
        fx.SetAnnouncement("sim:reading", Text(literal="Sunday, 20:00")),
        fx.RenameGroup("sim:reading", Text(literal="Reading · 12")),
        fx.InviteMember("sim:second", "sim:ann"),
    ):
        await adapter.perform(effect)
        await adapter.perform(effect)  # what is so already is not done again
    assert platform.room("reading").notice == "Sunday, 20:00"
    assert platform.room("reading").group.name == "Reading · 12"
    assert [person.id for person in platform.room("second").present()] == ["sim:ann"]
    assert [entry.act for entry in platform.transcript] == [Act.ANNOUNCE, Act.RENAME, Act.INVITE, Act.JOIN]
    assert isinstance(platform.updates(0)[-1][1], MemberJoined)
    with pytest.raises(Rejected, match="nobody"):
        await adapter.perform(fx.InviteMember("sim:second", "sim:stranger"))


def test_one_like_wechat_goes_by_that_name_and_has_the_manners_of_a_person() -> None:
    wechat, other = SIMULATED.manners({"like": "wechat"}), SIMULATED.manners({})
    assert (wechat.title, wechat.human) == ("WeChat", True)
    assert (other.title, other.human) == ("a simulated platform", False)
