"""What the bot does to members, channels, messages and presses, over real HTTP to the simulated Bot API."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.botapi.state import Member
from adapters.errors import OutcomeUnknown, Rejected, RetryLater, Unsupported
from rules import effects as fx
from rules.text import Text
from tests.adapters.telegram.stage import Stage, stage


@pytest.fixture
async def on() -> AsyncIterator[Stage]:
    async with stage() as it:
        yield it


def standing(on: Stage) -> Member:
    return on.world.member(on.group, on.bo)


async def perform(on: Stage, effect: fx.Effect) -> None:
    """As dispatch does it, which tells the time by asking first."""
    on.sender.admit(str(effect), effect, on.world.now())
    await on.sender.perform(effect)


def mute(on: Stage, seconds: float | None = None) -> fx.MuteMember:
    until = None if seconds is None else on.world.now() + timedelta(seconds=seconds)
    return fx.MuteMember(on.here, on.of(on.bo), until)


async def test_a_mute_takes_every_voice_and_ends(on: Stage) -> None:
    await perform(on, mute(on, 3600))
    assert standing(on).status == "restricted"
    assert standing(on).allowed == frozenset()
    on.world.clock.advance(3599)
    assert standing(on).status == "restricted"
    on.world.clock.advance(2)
    assert standing(on).status == "member"


@pytest.mark.parametrize("seconds", [1, 10, 29, 31])
async def test_a_short_mute_does_not_become_one_for_ever(on: Stage, seconds: float) -> None:
    await perform(on, mute(on, seconds))
    until = standing(on).until
    assert until is not None
    assert until - on.world.now() <= timedelta(seconds=35)
    on.world.clock.advance(36)
    assert standing(on).status == "member"


async def test_a_mute_without_end_or_of_years_stays(on: Stage) -> None:
    await perform(on, mute(on))
    assert (standing(on).status, standing(on).until) == ("restricted", None)
    await perform(on, mute(on, 400 * 86_400))
    assert (standing(on).status, standing(on).until) == ("restricted", None)


async def test_a_voice_given_back_is_that_of_everybody_and_no_more(on: Stage) -> None:
    on.group.permissions = frozenset({"can_send_messages"})
    await perform(on, mute(on))
    await perform(on, fx.UnmuteMember(on.here, on.of(on.bo)))
    assert standing(on).status == "member"
    assert on.group.permissions == frozenset({"can_send_messages"})


async def test_a_kicked_member_may_come_back(on: Stage) -> None:
    await perform(on, fx.KickMember(on.here, on.of(on.bo)))
    assert standing(on).status == "left"
    on.people.join(on.bo, on.group)


async def test_a_kick_that_ended_halfway_is_finished_when_it_is_repeated(on: Stage) -> None:
    on.server.faults.add("error", method="unbanChatMember", code=502)
    kick = fx.KickMember(on.here, on.of(on.bo))
    with pytest.raises(OutcomeUnknown):
        await perform(on, kick)
    assert standing(on).status == "kicked"
    await perform(on, kick)
    assert standing(on).status == "left"


async def test_a_kick_that_nobody_finishes_heals_itself(on: Stage) -> None:
    on.server.faults.add("error", method="unbanChatMember", code=502)
    with pytest.raises(OutcomeUnknown):
        await perform(on, fx.KickMember(on.here, on.of(on.bo)))
    on.world.clock.advance(91)
    assert standing(on).status == "left"


@pytest.mark.parametrize("hours", [None, 5])
async def test_a_kick_lifts_no_ban(on: Stage, hours: int | None) -> None:
    until = None if hours is None else on.world.now() + timedelta(hours=hours)
    await perform(on, fx.BanMember(on.here, on.of(on.bo), until))
    await perform(on, fx.KickMember(on.here, on.of(on.bo)))
    assert standing(on).status == "kicked"


async def test_who_left_needs_no_kick(on: Stage) -> None:
    on.people.leave(on.bo, on.group)
    await perform(on, fx.KickMember(on.here, on.of(on.bo)))
    assert on.calls("banChatMember") == []


async def test_a_basic_group_can_be_kicked_from(on: Stage) -> None:
    small = on.people.group("Small", on.ann, kind="group", members=[on.bo])
    on.people.add_bot_to(small, on.bot)
    await perform(on, fx.KickMember(on.of(small), on.of(on.bo)))
    assert not on.world.member(small, on.bo).present


async def test_a_mute_in_a_basic_group_is_told_with_what_to_tap(on: Stage) -> None:
    small = on.people.group("Small", on.ann, kind="group", members=[on.bo])
    on.people.add_bot_to(small, on.bot)
    with pytest.raises(Rejected, match=r"supergroup only.*Chat history"):
        await perform(on, fx.MuteMember(on.of(small), on.of(on.bo)))


async def test_a_ban_holds_and_is_lifted(on: Stage) -> None:
    await perform(on, fx.BanMember(on.here, on.of(on.bo)))
    assert (standing(on).status, standing(on).until) == ("kicked", None)
    await perform(on, fx.UnbanMember(on.here, on.of(on.bo)))
    assert standing(on).status == "left"


async def test_a_short_ban_does_not_become_one_for_ever(on: Stage) -> None:
    await perform(on, fx.BanMember(on.here, on.of(on.bo), on.world.now() + timedelta(seconds=5)))
    on.world.clock.advance(36)
    assert standing(on).status == "left"


async def test_lifting_a_ban_throws_nobody_out(on: Stage) -> None:
    await perform(on, fx.UnbanMember(on.here, on.of(on.bo)))
    assert standing(on).status == "member"


async def test_a_channel_is_banned_as_a_channel(on: Stage) -> None:
    channel = on.people.channel("Ads", on.bo)
    await perform(on, fx.BanMember(on.here, on.of(channel)))
    assert on.group.banned_channels == {channel.id}
    await perform(on, fx.UnbanMember(on.here, on.of(channel)))
    assert on.group.banned_channels == set()
    await perform(on, fx.MuteMember(on.here, on.of(channel)))
    assert on.group.banned_channels == {channel.id}
    await perform(on, fx.UnmuteMember(on.here, on.of(channel)))
    assert on.group.banned_channels == set()


async def test_what_cannot_be_done_to_a_channel_is_told(on: Stage) -> None:
    channel = on.people.channel("Ads", on.bo)
    until = on.world.now() + timedelta(hours=1)
    for effect in (
        fx.MuteMember(on.here, on.of(channel), until),
        fx.BanMember(on.here, on.of(channel), until),
        fx.KickMember(on.here, on.of(channel)),
    ):
        with pytest.raises(Unsupported, match="channel"):
            await perform(on, effect)
    assert on.group.banned_channels == set()


@pytest.mark.parametrize("act", [fx.MuteMember, fx.KickMember, fx.BanMember, fx.UnbanMember, fx.UnmuteMember])
async def test_the_group_itself_and_stand_ins_are_never_acted_on(on: Stage, act: type) -> None:
    for member in (on.here, "telegram:1087968824", "telegram:777000", "telegram:136817688"):
        with pytest.raises(Rejected, match="never acted on"):
            await perform(on, act(on.here, member))
    assert on.calls() == []


async def test_the_channel_that_the_group_belongs_to_is_never_banned(on: Stage) -> None:
    channel = on.people.channel("Ours", on.ann)
    on.people.link_channel(channel, on.group)
    with pytest.raises(Rejected, match="the group belongs to"):
        await perform(on, fx.BanMember(on.here, on.of(channel)))
    assert on.calls("banChatSenderChat") == []


@pytest.mark.parametrize("approve", [True, False])
async def test_a_request_to_join_is_answered_once(on: Stage, approve: bool) -> None:
    cy = on.world.add_user("Cy")
    on.people.request_to_join(cy, on.group)
    answer = fx.AnswerJoinRequest(on.here, on.of(cy), approve=approve)
    await perform(on, answer)
    assert on.world.member(on.group, cy).present == approve
    await perform(on, answer)


async def test_a_message_is_deleted_and_one_that_is_gone_counts_as_deleted(on: Stage) -> None:
    ad = on.people.say(on.bo, on.group, "buy")
    await perform(on, fx.DeleteMessage(on.here, on.of(ad)))
    assert ad.id not in on.group.messages
    await perform(on, fx.DeleteMessage(on.here, on.of(ad)))


async def test_many_messages_go_in_calls_of_a_hundred(on: Stage) -> None:
    ads = [on.people.say(on.bo, on.group, f"buy {number}") for number in range(130)]
    good = on.people.say(on.ann, on.group, "good book")
    await perform(on, fx.DeleteMessages(on.here, (*map(on.of, ads), f"{on.here}/99999")))
    assert [len(call.args["message_ids"]) for call in on.calls("deleteMessages")] == [100, 31]
    assert not {ad.id for ad in ads} & set(on.group.messages)
    assert good.id in on.group.messages


async def test_a_message_too_old_to_delete_is_told_so(on: Stage) -> None:
    ad = on.people.say(on.bo, on.group, "buy")
    on.world.clock.advance(48 * 3600)
    with pytest.raises(Rejected, match="older than 48 hours"):
        await perform(on, fx.DeleteMessage(on.here, on.of(ad)))


async def test_a_press_is_answered_and_one_too_old_counts_as_answered(on: Stage) -> None:
    on.people.start(on.bo, on.bot)
    press = fx.AnswerButton(on.here, "no-such-press", Text(literal="yes"))
    await perform(on, press)
    await on.sender.perform(on.text("press", buttons=(fx.Button("ok", data="ok"),)))
    query = on.people.press(on.bo, on.said()[0], "ok")
    await perform(on, fx.AnswerButton(on.here, query.id, Text(literal="é" * 300), alert=True))
    assert query.answer is not None
    assert query.answer["text"] == "é" * 199 + "…"
    assert query.answer["show_alert"] is True


async def test_a_press_is_answered_without_words(on: Stage) -> None:
    await on.sender.perform(on.text("press", buttons=(fx.Button("ok", data="ok"),)))
    query = on.people.press(on.bo, on.said()[0], "ok")
    await perform(on, fx.AnswerButton(on.here, query.id))
    assert query.answer == {"text": "", "show_alert": False, "url": ""}


async def test_a_message_is_pinned(on: Stage) -> None:
    message = on.people.say(on.bo, on.group, "meeting")
    await perform(on, fx.PinMessage(on.here, on.of(message)))
    assert on.group.pinned == [message.id]
    with pytest.raises(Rejected, match="is gone"):
        await perform(on, fx.PinMessage(on.here, f"{on.here}/999"))


@pytest.mark.parametrize(
    ("right", "make"),
    [
        ("Delete messages", lambda on, ad: fx.DeleteMessage(on.here, on.of(ad))),
        ("Delete messages", lambda on, ad: fx.DeleteMessages(on.here, (on.of(ad),))),
        ("Ban users", lambda on, ad: fx.MuteMember(on.here, on.of(on.bo))),
        ("Ban users", lambda on, ad: fx.UnmuteMember(on.here, on.of(on.bo))),
        ("Ban users", lambda on, ad: fx.KickMember(on.here, on.of(on.bo))),
        ("Ban users", lambda on, ad: fx.BanMember(on.here, on.of(on.bo))),
        ("Pin messages", lambda on, ad: fx.PinMessage(on.here, on.of(ad))),
        ("Invite users via link", lambda on, ad: fx.AnswerJoinRequest(on.here, on.of(on.bo), approve=True)),
    ],
)
async def test_a_missing_right_is_named_with_what_to_tap(on: Stage, right: str, make: object) -> None:
    ad = on.people.say(on.bo, on.group, "buy")
    on.people.add_bot_to(on.group, on.bot, rights=())
    on.group.permissions = on.group.permissions - {"can_pin_messages"}
    assert callable(make)
    with pytest.raises(Rejected, match=f"lacks the right “{right}”.*switch “{right}” on"):
        await perform(on, make(on, ad))


@pytest.mark.parametrize("act", [fx.MuteMember, fx.KickMember, fx.BanMember])
async def test_owners_admins_and_the_bot_itself_cannot_be_acted_on(on: Stage, act: type) -> None:
    on.people.promote(on.ann, on.bo, on.group)
    for member, why in ((on.ann, "owns the group"), (on.bo, "is an admin"), (on.bot.user, "the bot itself")):
        with pytest.raises(Rejected, match=why):
            await perform(on, act(on.here, on.of(member)))


async def test_who_is_unknown_to_telegram_is_gone_for_all_but_a_ban(on: Stage) -> None:
    ghost = "telegram:404404"
    for effect in (
        fx.MuteMember(on.here, ghost),
        fx.UnmuteMember(on.here, ghost),
        fx.KickMember(on.here, ghost),
        fx.UnbanMember(on.here, ghost),
    ):
        await perform(on, effect)
    with pytest.raises(Rejected):
        await perform(on, fx.BanMember(on.here, ghost))


async def test_a_flood_in_one_group_quietens_that_group_alone(on: Stage) -> None:
    other = on.people.group("Other", on.ann)
    on.people.add_bot_to(other, on.bot)
    on.server.faults.add("error", method="sendMessage", chat=on.group.id, retry_after=30)
    now = on.world.now()
    first = on.text("hello")
    assert on.sender.admit("first", first, now) == now
    with pytest.raises(RetryLater) as caught:
        await on.sender.perform(first)
    assert caught.value.after == timedelta(seconds=30)
    assert not caught.value.whole_platform
    assert on.sender.admit("first", first, now) == now + timedelta(seconds=30)
    elsewhere = fx.SendText(on.of(other), Text(literal="hello"))
    assert on.sender.admit("second", elsewhere, now) == now
    await on.sender.perform(elsewhere)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "error", "code": 500}, OutcomeUnknown),
        ({"kind": "error", "code": 502}, OutcomeUnknown),
        ({"kind": "drop_before"}, OutcomeUnknown),
        ({"kind": "drop_after"}, OutcomeUnknown),
        ({"kind": "malformed"}, OutcomeUnknown),
        ({"kind": "error", "code": 401, "description": "Unauthorized"}, RetryLater),
        ({"kind": "error", "code": 409, "description": "Conflict: terminated by other getUpdates request"}, RetryLater),
        ({"kind": "error", "code": 403, "description": "Forbidden: user is deactivated"}, Rejected),
        ({"kind": "error", "code": 404, "description": "Not Found: method not found"}, Unsupported),
        ({"kind": "error", "code": 400, "description": "Bad Request: SOMETHING_NEW"}, Rejected),
    ],
    ids=["500", "502", "dropped before", "dropped after", "no JSON", "401", "409", "403", "404", "unknown"],
)
async def test_every_trouble_says_what_to_do_next(on: Stage, fault: dict[str, object], expected: type) -> None:
    on.server.faults.add(**fault)  # type: ignore[arg-type]
    with pytest.raises(expected) as caught:
        await on.sender.perform(on.text("hello"))
    if fault.get("code") == 401:
        assert caught.value.whole_platform
        assert caught.value.after >= timedelta(minutes=1)
    assert on.bot.token not in str(caught.value)


async def test_what_never_left_is_tried_again(on: Stage) -> None:
    await on.server.stop()
    with pytest.raises(RetryLater) as caught:
        await on.sender.perform(on.text("hello"))
    assert not caught.value.whole_platform
    assert on.bot.token not in str(caught.value)
