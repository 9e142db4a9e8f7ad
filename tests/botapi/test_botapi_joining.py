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
