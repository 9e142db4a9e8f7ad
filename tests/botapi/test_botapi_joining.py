"""Joining, invite links, requests to join."""

from typing import Any

import pytest

from adapters.botapi import NotAllowed

ALL_KINDS = ["message", "chat_member", "chat_join_request", "my_chat_member"]


async def test_a_join_is_told_twice_where_both_are_asked_for(scene: Any) -> None:
    await scene.do("getUpdates", allowed_updates=ALL_KINDS)
    cy = scene.people.person("Cy")
    scene.people.join(cy, scene.group, added_by=scene.bo)
    first, second = await scene.updates()
    assert first["chat_member"]["old_chat_member"]["status"] == "left"
    assert first["chat_member"]["from"]["id"] == scene.bo.id
    assert second["message"]["new_chat_members"][0]["id"] == cy.id
    assert second["message"]["from"]["id"] == scene.bo.id


async def test_a_large_group_does_not_announce_joins(scene: Any) -> None:
    await scene.do("getUpdates", allowed_updates=ALL_KINDS)
    scene.people.announce_joins(scene.group, tells=False)
    scene.people.join(scene.people.person("Cy"), scene.group)
    assert await scene.kinds() == ["chat_member"]


async def test_a_plain_member_bot_hears_only_the_service_message(scene: Any) -> None:
    await scene.do("getUpdates", allowed_updates=ALL_KINDS)
    scene.people.demote(scene.olga, scene.bot, scene.group)
    await scene.updates()
    scene.people.join(scene.people.person("Cy"), scene.group)
    assert await scene.kinds() == ["message"]


async def test_a_link_is_told_with_who_came_by_it_and_is_used_up(scene: Any) -> None:
    await scene.do("getUpdates", allowed_updates=ALL_KINDS)
    made = await scene.do("createChatInviteLink", chat_id=scene.group.id, name="poster", member_limit=1)
    link = scene.group.links[made["invite_link"]]
    scene.people.join(scene.people.person("Cy"), scene.group, link=link)
    first, _ = await scene.updates()
    assert first["chat_member"]["invite_link"]["name"] == "poster"
    with pytest.raises(NotAllowed):
        scene.people.join(scene.people.person("Di"), scene.group, link=link)
    assert (await scene.do("revokeChatInviteLink", chat_id=scene.group.id, invite_link=link.url))["is_revoked"]


async def test_the_primary_link_is_replaced(scene: Any) -> None:
    first = await scene.do("exportChatInviteLink", chat_id=scene.group.id)
    second = await scene.do("exportChatInviteLink", chat_id=scene.group.id)
    assert scene.group.links[first].revoked
    assert (await scene.do("getChat", chat_id=scene.group.id))["invite_link"] == second


async def test_links_need_the_right(scene: Any) -> None:
    scene.people.promote(scene.olga, scene.bot, scene.group, {"can_manage_chat"})
    assert await scene.refused("createChatInviteLink", chat_id=scene.group.id) == (
        "Bad Request: not enough rights to manage chat invite link"
    )


async def test_a_request_to_join_is_told_and_can_be_approved_once(scene: Any) -> None:
    await scene.do("getUpdates", allowed_updates=ALL_KINDS)
    cy = scene.people.person("Cy", bio="loves roses")
    link = scene.people.invite_link(scene.group, name="door", by_request=True)
    with pytest.raises(NotAllowed):
        scene.people.join(cy, scene.group, link=link)
    scene.people.request_to_join(cy, scene.group, link=link)
    (update,) = await scene.updates()
    told = update["chat_join_request"]
    assert (told["from"]["id"], told["bio"], told["invite_link"]["name"]) == (cy.id, "loves roses", "door")
    await scene.do("approveChatJoinRequest", chat_id=scene.group.id, user_id=cy.id)
    first, _ = await scene.updates()
    assert first["chat_member"]["via_join_request"] is True
    both = {"chat_id": scene.group.id, "user_id": cy.id}
    assert await scene.refused("approveChatJoinRequest", **both) == "Bad Request: USER_ALREADY_PARTICIPANT"
    scene.people.leave(cy, scene.group)
    assert await scene.refused("declineChatJoinRequest", **both) == "Bad Request: HIDE_REQUESTER_MISSING"


async def test_a_bot_may_write_to_who_asks_until_it_is_settled(scene: Any) -> None:
    cy, di = scene.people.person("Cy"), scene.people.person("Di")
    forbidden = "Forbidden: bot can't initiate conversation with a user"
    assert await scene.refused("sendMessage", chat_id=cy.id, text="Why?") == forbidden
    for person in (cy, di):
        scene.people.request_to_join(person, scene.group)
        await scene.do("sendMessage", chat_id=person.id, text="Why?")
    await scene.do("declineChatJoinRequest", chat_id=scene.group.id, user_id=cy.id)
    assert await scene.refused("sendMessage", chat_id=cy.id, text="Sorry") == forbidden
    scene.world.clock.advance(301)
    assert await scene.refused("sendMessage", chat_id=di.id, text="Well?") == forbidden


async def test_an_answer_to_the_question_opens_the_private_chat(scene: Any) -> None:
    cy = scene.people.person("Cy")
    scene.people.request_to_join(cy, scene.group)
    await scene.do("sendMessage", chat_id=cy.id, text="Why?")
    scene.people.say(cy, scene.bot, "Roses")
    scene.world.clock.advance(3600)
    await scene.do("sendMessage", chat_id=cy.id, text="Welcome")
    assert scene.server.transcript.private(scene.bot, cy) == ["Why?", "Roses", "Welcome"]


def _asked(scene: Any) -> tuple[Any, Any]:
    """Cy has asked to join by a link that leads to a request."""
    cy = scene.people.person("Cy")
    link = scene.people.invite_link(scene.group, by_request=True)
    scene.people.request_to_join(cy, scene.group, link=link)
    return cy, link


async def _is_settled(scene: Any, cy: Any, link: Any) -> None:
    assert (cy.id in scene.group.requests, link.pending) == (False, 0)
    assert await scene.refused("sendMessage", chat_id=cy.id, text="Why?") == (
        "Forbidden: bot can't initiate conversation with a user"
    )


async def test_who_is_banned_by_a_person_has_asked_in_vain(scene: Any) -> None:
    cy, link = _asked(scene)
    scene.people.ban(scene.olga, cy, scene.group)
    await _is_settled(scene, cy, link)
    both = {"chat_id": scene.group.id, "user_id": cy.id}
    assert await scene.refused("approveChatJoinRequest", **both) == "Bad Request: HIDE_REQUESTER_MISSING"
    assert scene.server.transcript.status(scene.group, cy) == "kicked"


async def test_who_is_banned_by_the_bot_has_asked_in_vain(scene: Any) -> None:
    cy, link = _asked(scene)
    await scene.do("banChatMember", chat_id=scene.group.id, user_id=cy.id)
    await _is_settled(scene, cy, link)


@pytest.mark.parametrize("by_the_bot", [True, False])
async def test_who_is_removed_from_a_basic_group_has_asked_in_vain(scene: Any, by_the_bot: bool) -> None:
    scene.group = scene.people.group("Small", scene.olga, kind="group")
    scene.people.add_bot_to(scene.group, scene.bot)
    cy, link = _asked(scene)
    if by_the_bot:
        await scene.do("banChatMember", chat_id=scene.group.id, user_id=cy.id)
    else:
        scene.people.ban(scene.olga, cy, scene.group)
    await _is_settled(scene, cy, link)


async def test_who_is_added_waits_no_more(scene: Any) -> None:
    cy, link = _asked(scene)
    scene.people.join(cy, scene.group, added_by=scene.olga)
    await _is_settled(scene, cy, link)
    assert link.used == 0


async def test_who_joins_one_group_waits_for_the_other_still(scene: Any) -> None:
    cy, link = _asked(scene)
    elsewhere = scene.people.group("Elsewhere", scene.olga)
    scene.people.add_bot_to(elsewhere, scene.bot)
    scene.people.join(cy, elsewhere)
    assert link.pending == 1
    await scene.do("sendMessage", chat_id=cy.id, text="Why?")


async def test_a_link_that_ends_beyond_all_time_never_ends(scene: Any) -> None:
    made = await scene.do("createChatInviteLink", chat_id=scene.group.id, expire_date=10**15)
    assert "expire_date" not in made
