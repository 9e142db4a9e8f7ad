"""What is done on WeChat to members, to rooms, and to those who ask something of the account."""

import pytest

from adapters.errors import OutcomeUnknown, Rejected
from rules import effects as fx
from rules.events import JoinRequested, MessagePosted
from tests.wechaty.mock_wechat import ROOM, Gateway
from tests.wechaty.speaker import Speaker, words, wx


def kicked(who: str) -> fx.KickMember:
    return fx.KickMember(wx(ROOM), wx(who))


def invited(who: str) -> fx.InviteMember:
    return fx.InviteMember(wx(ROOM), wx(who))


async def asked(bot: Speaker) -> JoinRequested:
    await bot.until(lambda: any(isinstance(event, JoinRequested) for event in bot.intake.events))
    (request,) = [event for event in bot.intake.events if isinstance(event, JoinRequested)]
    return request


def answer(request: JoinRequested, *, approve: bool = True) -> fx.AnswerJoinRequest:
    return fx.AnswerJoinRequest(request.group.id, request.member.id, approve, request=request.request)


async def test_who_is_not_in_the_room_any_more_counts_as_removed(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await bot.perform(kicked("bo"))
        await bot.perform(kicked("bo"))
        assert len(await bot.calls("roomDel")) == 1
    assert gateway.members() == ["bot", "ann"]


async def test_a_removal_whose_answer_was_lost_is_not_done_twice(gateway: Gateway) -> None:
    async with Speaker(gateway, patience=1.0) as bot:
        await gateway.hang("roomDel", delivered=True)
        with pytest.raises(OutcomeUnknown):
            await bot.perform(kicked("bo"))
        await bot.perform(kicked("bo"))
        assert len(await bot.calls("roomDel")) == 1


async def test_an_account_that_may_not_remove_says_what_to_do(gateway: Gateway) -> None:
    await gateway.owner("ann")
    async with Speaker(gateway) as bot:
        with pytest.raises(Rejected, match="Group Admins"):
            await bot.perform(kicked("bo"))
        with pytest.raises(Rejected, match="Group Admins"):
            await bot.perform(fx.SetAnnouncement(wx(ROOM), words("Read on")))
    assert "bo" in gateway.members()


async def test_what_else_a_puppet_refuses_is_told_in_its_own_words(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await gateway.fail("roomDel", "rate limited")
        with pytest.raises(Rejected, match="rate limited"):
            await bot.perform(kicked("bo"))


async def test_a_friend_is_brought_into_the_room_once(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await bot.perform(invited("sam"))
        await bot.perform(invited("sam"))
        assert len(await bot.calls("roomAdd")) == 1
    assert "sam" in gateway.members()


async def test_who_is_no_friend_is_not_brought_in(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        with pytest.raises(Rejected, match="cannot bring them into a group"):
            await bot.perform(invited("cy"))
        assert await bot.calls("roomAdd") == []


async def test_a_request_for_friendship_is_accepted_once(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        request = await gateway.friend_request("cy", "it is Cy")
        event = await asked(bot)
        assert event.request == f"friendship/{request}"
        await bot.perform(answer(event, approve=False))
        assert await bot.calls("friendshipAccept") == []
        await bot.perform(answer(event))
        (call,) = await bot.calls("friendshipAccept")
        assert call.args["friendship"] == request
        await gateway.fail("friendshipAccept", "accepted already")
        await bot.perform(answer(event))
        await bot.perform(fx.SendPrivate(wx(ROOM), wx("cy"), words("hello")))
        await gateway.settled()
    assert gateway.private_texts("cy") == ["hello"]


async def test_having_become_friends_is_no_request_to_become_friends(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await gateway.friend_request("cy", "let me in")
        await bot.perform(answer(await asked(bot)))
        await gateway.say("ann", "the last thing that is heard")
        await bot.until(lambda: any(isinstance(event, MessagePosted) for event in bot.intake.events))
        await asked(bot)  # there is one request still


async def test_an_invitation_into_a_room_is_accepted_by_another_process_too(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        invitation = await gateway.room_invitation("ann")
        event = await asked(bot)
    async with Speaker(gateway) as bot:
        await bot.perform(answer(event))
        (call,) = await bot.calls("roomInvitationAccept")
    assert call.args["invitation"] == invitation


async def test_a_request_that_nobody_made_is_refused(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        with pytest.raises(Rejected, match="nobody asked"):
            await bot.perform(fx.AnswerJoinRequest(wx("cy"), wx("cy"), approve=True))


async def test_letting_somebody_into_a_room_brings_them_in(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await bot.perform(fx.AnswerJoinRequest(wx(ROOM), wx("sam"), approve=True))
        await gateway.settled()
    assert "sam" in gateway.members()


async def test_an_announcement_and_a_name_are_set(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await bot.perform(fx.SetAnnouncement(wx(ROOM), words("Be kind.\nRead on.")))
        await bot.perform(fx.RenameGroup(wx(ROOM), words("Reading\nin 2027 ")))
        await gateway.settled()
    assert gateway.announcement() == "Be kind.\nRead on."
    assert gateway.topic() == "Reading in 2027"


async def test_an_announcement_and_a_name_are_set_by_a_gateway_of_2021(old_gateway: Gateway) -> None:
    async with Speaker(old_gateway, login=False) as bot:
        await bot.perform(fx.SetAnnouncement(wx(ROOM), words("Be kind.")))
        await bot.perform(fx.RenameGroup(wx(ROOM), words("Reading in 2027")))
        await old_gateway.settled()
    assert old_gateway.announcement() == "Be kind."
    assert old_gateway.topic() == "Reading in 2027"


@pytest.mark.parametrize("text", ["", "\n"])
async def test_nothing_is_never_announced_nor_made_a_name(gateway: Gateway, text: str) -> None:
    async with Speaker(gateway) as bot:
        for effect in (fx.SetAnnouncement(wx(ROOM), words(text)), fx.RenameGroup(wx(ROOM), words(text))):
            with pytest.raises(Rejected, match="the text is empty"):
                await bot.perform(effect)
        await gateway.settled()
    assert gateway.calls() == []


async def test_what_is_too_long_for_its_place_is_refused_with_the_figure(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        with pytest.raises(Rejected, match="33 characters, and WeChat takes 32"):
            await bot.perform(fx.RenameGroup(wx(ROOM), words("读" * 33)))
        with pytest.raises(Rejected, match="WeChat takes 2000"):
            await bot.perform(fx.SetAnnouncement(wx(ROOM), words("读" * 2001)))
