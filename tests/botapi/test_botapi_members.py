"""Muting, banning, promoting, asking: states, their ends, and refusals."""

from typing import Any

import pytest

from adapters.botapi import NotAllowed

NO_RIGHTS = "Bad Request: not enough rights to restrict/unrestrict chat member"
MUTE = {"permissions": {"can_send_messages": False}}


def _in(scene: Any, seconds: float) -> int:
    return int(scene.world.now().timestamp() + seconds)


async def test_a_mute_ends_with_the_clock(scene: Any) -> None:
    await scene.do(
        "restrictChatMember", chat_id=scene.group.id, user_id=scene.bo.id, until_date=_in(scene, 600), **MUTE
    )
    told = await scene.do("getChatMember", chat_id=scene.group.id, user_id=scene.bo.id)
    assert (told["status"], told["can_send_messages"], told["until_date"]) == ("restricted", False, _in(scene, 600))
    assert scene.server.transcript.muted(scene.group) == [scene.bo]
    with pytest.raises(NotAllowed):
        scene.people.say(scene.bo, scene.group, "mmpf")
    scene.world.clock.advance(600)
    scene.people.say(scene.bo, scene.group, "free")
    assert (await scene.do("getChatMember", chat_id=scene.group.id, user_id=scene.bo.id))["status"] == "member"


@pytest.mark.parametrize("seconds", [29, 367 * 86_400])
async def test_too_short_and_too_long_are_for_ever(scene: Any, seconds: int) -> None:
    await scene.do(
        "restrictChatMember", chat_id=scene.group.id, user_id=scene.bo.id, until_date=_in(scene, seconds), **MUTE
    )
    told = await scene.do("getChatMember", chat_id=scene.group.id, user_id=scene.bo.id)
    assert told["until_date"] == 0
    scene.world.clock.advance(400 * 86_400)
    assert scene.server.transcript.muted(scene.group) == [scene.bo]


async def test_media_may_be_forbidden_by_itself(scene: Any) -> None:
    given = {"can_send_messages": True, "can_send_photos": False, "can_add_web_page_previews": False}
    await scene.do(
        "restrictChatMember",
        chat_id=scene.group.id,
        user_id=scene.bo.id,
        permissions=given,
        use_independent_chat_permissions=True,
    )
    scene.people.say(scene.bo, scene.group, "text")
    with pytest.raises(NotAllowed):
        scene.people.photo(scene.bo, scene.group)


async def test_all_permissions_make_a_member_again(scene: Any) -> None:
    await scene.do("restrictChatMember", chat_id=scene.group.id, user_id=scene.bo.id, **MUTE)
    everything = (await scene.do("getChat", chat_id=scene.group.id))["permissions"]
    assert everything["can_pin_messages"] is False
    await scene.do(
        "restrictChatMember", chat_id=scene.group.id, user_id=scene.bo.id, permissions=dict.fromkeys(everything, True)
    )
    assert scene.server.transcript.status(scene.group, scene.bo) == "member"


async def test_who_leaves_while_muted_comes_back_muted(scene: Any) -> None:
    await scene.do("restrictChatMember", chat_id=scene.group.id, user_id=scene.bo.id, **MUTE)
    scene.people.leave(scene.bo, scene.group)
    told = await scene.do("getChatMember", chat_id=scene.group.id, user_id=scene.bo.id)
    assert (told["status"], told["is_member"]) == ("restricted", False)
    scene.people.join(scene.bo, scene.group)
    with pytest.raises(NotAllowed):
        scene.people.say(scene.bo, scene.group, "mmpf")


async def test_a_ban_keeps_out_until_it_is_lifted(scene: Any) -> None:
    await scene.do("getUpdates", allowed_updates=["chat_member", "message"])
    await scene.do("banChatMember", chat_id=scene.group.id, user_id=scene.bo.id)
    first, second = await scene.updates()
    assert first["chat_member"]["new_chat_member"]["status"] == "kicked"
    assert first["chat_member"]["from"]["id"] == scene.bot.id
    assert second["message"]["left_chat_member"]["id"] == scene.bo.id
    with pytest.raises(NotAllowed):
        scene.people.join(scene.bo, scene.group)
    await scene.do("unbanChatMember", chat_id=scene.group.id, user_id=scene.bo.id, only_if_banned=True)
    scene.people.join(scene.bo, scene.group)
    assert scene.bo in scene.server.transcript.present(scene.group)


async def test_a_ban_for_a_while_ends_by_itself(scene: Any) -> None:
    await scene.do("banChatMember", chat_id=scene.group.id, user_id=scene.bo.id, until_date=_in(scene, 60))
    scene.world.clock.advance(60)
    scene.people.join(scene.bo, scene.group)
    assert scene.server.transcript.status(scene.group, scene.bo) == "member"


async def test_unbanning_somebody_present_removes_them_unless_told_otherwise(scene: Any) -> None:
    await scene.do("unbanChatMember", chat_id=scene.group.id, user_id=scene.bo.id, only_if_banned=True)
    assert scene.server.transcript.status(scene.group, scene.bo) == "member"
    await scene.do("unbanChatMember", chat_id=scene.group.id, user_id=scene.bo.id)
    assert scene.server.transcript.status(scene.group, scene.bo) == "left"


async def test_whom_a_bot_cannot_restrict(scene: Any) -> None:
    group = scene.group.id
    assert await scene.refused("restrictChatMember", chat_id=group, user_id=scene.olga.id, **MUTE) == (
        "Bad Request: can't remove chat owner"
    )
    scene.people.promote(scene.olga, scene.bo, scene.group)
    assert await scene.refused("restrictChatMember", chat_id=group, user_id=scene.bo.id, **MUTE) == (
        "Bad Request: user is an administrator of the chat"
    )
    assert await scene.refused("restrictChatMember", chat_id=group, user_id=scene.bot.id, **MUTE) == (
        "Bad Request: can't restrict self"
    )
    assert await scene.refused("restrictChatMember", chat_id=group, user_id=99, **MUTE) == (
        "Bad Request: PARTICIPANT_ID_INVALID"
    )
    scene.people.demote(scene.olga, scene.bo, scene.group)
    scene.people.promote(scene.olga, scene.bot, scene.group, {"can_manage_chat", "can_delete_messages"})
    assert await scene.refused("restrictChatMember", chat_id=group, user_id=scene.bo.id, **MUTE) == NO_RIGHTS
    assert await scene.refused("banChatMember", chat_id=group, user_id=scene.bo.id) == NO_RIGHTS


async def test_restricting_needs_a_supergroup(scene: Any) -> None:
    small = scene.people.group("Small", scene.olga, kind="group", members=[scene.bo])
    scene.people.add_bot_to(small, scene.bot)
    assert await scene.refused("restrictChatMember", chat_id=small.id, user_id=scene.bo.id, **MUTE) == (
        "Bad Request: method is available only for supergroups"
    )


async def test_a_bot_promotes_only_with_rights_that_it_has(scene: Any) -> None:
    group = scene.group.id
    wish = {"chat_id": group, "user_id": scene.bo.id, "can_delete_messages": True}
    assert await scene.refused("promoteChatMember", **wish) == "Bad Request: not enough rights"
    scene.people.promote(scene.olga, scene.bot, scene.group, {"can_manage_chat", "can_promote_members"})
    assert await scene.refused("promoteChatMember", **wish) == "Bad Request: RIGHT_FORBIDDEN"
    scene.people.promote(
        scene.olga, scene.bot, scene.group, {"can_manage_chat", "can_promote_members", "can_delete_messages"}
    )
    await scene.do("promoteChatMember", **wish)
    told = await scene.do("getChatMember", chat_id=group, user_id=scene.bo.id)
    assert (told["status"], told["can_delete_messages"], told["can_be_edited"]) == ("administrator", True, True)
    await scene.do("promoteChatMember", chat_id=group, user_id=scene.bo.id)
    assert scene.server.transcript.status(scene.group, scene.bo) == "member"


async def test_its_own_promotion_is_told_to_the_bot(scene: Any) -> None:
    scene.people.demote(scene.olga, scene.bot, scene.group)
    (update,) = await scene.updates()
    told = update["my_chat_member"]
    assert (told["old_chat_member"]["status"], told["new_chat_member"]["status"]) == ("administrator", "member")
    assert told["old_chat_member"]["can_delete_messages"] is True


async def test_a_bot_that_was_thrown_out_can_do_nothing_there(scene: Any) -> None:
    scene.people.remove_bot(scene.group, scene.bot)
    kicked = "Forbidden: bot was kicked from the supergroup chat"
    assert await scene.refused("sendMessage", chat_id=scene.group.id, text="hello?") == kicked
    assert await scene.refused("getChatMember", chat_id=scene.group.id, user_id=scene.bo.id) == kicked
    assert await scene.kinds() == ["my_chat_member", "message"]
    scene.people.say(scene.bo, scene.group, "it is gone")
    assert await scene.updates() == []


async def test_a_bot_that_is_gone_is_not_told_to_leave_again(scene: Any) -> None:
    scene.people.remove_bot(scene.group, scene.bot, banned=False)
    scene.people.remove_bot(scene.group, scene.bot)
    assert await scene.kinds() == ["my_chat_member", "message", "my_chat_member"]


async def test_a_bot_that_left_is_no_member(scene: Any) -> None:
    await scene.do("leaveChat", chat_id=scene.group.id)
    assert await scene.refused("sendMessage", chat_id=scene.group.id, text="hello?") == (
        "Forbidden: bot is not a member of the supergroup chat"
    )


async def test_administrators_and_counts_can_be_asked(scene: Any) -> None:
    scene.people.promote(scene.olga, scene.bo, scene.group, title="Gardener")
    found = await scene.do("getChatAdministrators", chat_id=scene.group.id)
    assert [one["user"]["first_name"] for one in found] == ["Olga", "Bo", "Keeper"]
    assert found[1]["custom_title"] == "Gardener"
    assert await scene.do("getChatMemberCount", chat_id=scene.group.id) == 3


async def test_a_chat_can_be_closed_for_the_night(scene: Any) -> None:
    await scene.do("setChatPermissions", chat_id=scene.group.id, permissions={"can_send_messages": False})
    with pytest.raises(NotAllowed):
        scene.people.say(scene.bo, scene.group, "at night")
    scene.people.say(scene.olga, scene.group, "staff may")


async def test_a_channel_that_speaks_can_be_banned(scene: Any) -> None:
    shop = scene.people.channel("Shop")
    scene.people.say_as_channel(shop, scene.group, "buy")
    await scene.do("banChatSenderChat", chat_id=scene.group.id, sender_chat_id=shop.id)
    with pytest.raises(NotAllowed):
        scene.people.say_as_channel(shop, scene.group, "buy more")
    await scene.do("unbanChatSenderChat", chat_id=scene.group.id, sender_chat_id=shop.id)
    scene.people.say_as_channel(shop, scene.group, "buy again")


async def test_the_bio_of_a_person_can_be_read(scene: Any) -> None:
    assert (await scene.do("getChat", chat_id=scene.bo.id))["bio"] == "reads a lot"


async def test_profile_pictures_can_be_read(scene: Any) -> None:
    cy = scene.people.person("Cy", photo=b"\x89PNG\r\n\x1a\nface")
    found = await scene.do("getUserProfilePhotos", user_id=cy.id)
    assert found["total_count"] == 1
    file = await scene.do("getFile", file_id=found["photos"][0][-1]["file_id"])
    async with scene.session.get(f"{scene.server.url}/file/bot{scene.bot.token}/{file['file_path']}") as answer:
        assert await answer.read() == b"\x89PNG\r\n\x1a\nface"
