"""getUpdates: confirming, waiting, conflicts, what is asked for."""

import asyncio
from typing import Any

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def test_an_offset_confirms_what_is_before_it(scene: Any) -> None:
    for text in "abc":
        scene.people.say(scene.bo, scene.group, text)
    first = await scene.do("getUpdates", limit=1)
    assert [one["message"]["text"] for one in first] == ["a"]
    again = await scene.do("getUpdates")
    assert [one["message"]["text"] for one in again] == ["a", "b", "c"]
    rest = await scene.do("getUpdates", offset=again[1]["update_id"])
    assert [one["message"]["text"] for one in rest] == ["b", "c"]
    assert [one["message"]["text"] for one in await scene.do("getUpdates")] == ["b", "c"]


async def test_a_negative_offset_keeps_the_tail(scene: Any) -> None:
    for text in "abcd":
        scene.people.say(scene.bo, scene.group, text)
    assert [one["message"]["text"] for one in await scene.do("getUpdates", offset=-2)] == ["c", "d"]
    assert len(await scene.do("getUpdates")) == 2


async def test_update_ids_go_up_by_one(scene: Any) -> None:
    for number in range(150):
        scene.people.say(scene.bo, scene.group, str(number))
    found = await scene.do("getUpdates")
    assert len(found) == 100
    ids = [one["update_id"] for one in found]
    assert ids == list(range(ids[0], ids[0] + 100))


async def test_a_long_poll_wakes_at_news(scene: Any) -> None:
    poll = asyncio.create_task(scene.do("getUpdates", timeout=50))
    await scene.server.polling.opened(scene.bot)
    scene.people.say(scene.bo, scene.group, "hello")
    assert [one["message"]["text"] for one in await poll] == ["hello"]


async def test_a_long_poll_can_be_woken_without_news(scene: Any) -> None:
    poll = asyncio.create_task(scene.do("getUpdates", timeout=50))
    await scene.server.polling.opened(scene.bot)
    scene.server.wake()
    assert await poll == []


async def test_a_second_poller_ends_the_first(scene: Any) -> None:
    first = asyncio.create_task(scene.call("getUpdates", timeout=50))
    await scene.server.polling.opened(scene.bot)
    second = asyncio.create_task(scene.call("getUpdates", timeout=50))
    refused = await first
    assert (refused["error_code"], refused["description"]) == (409, OTHER)
    scene.people.say(scene.bo, scene.group, "hello")
    assert len((await second)["result"]) == 1


async def test_a_webhook_excludes_polling(scene: Any) -> None:
    await scene.do("setWebhook", url="https://example.org/hook")
    assert await scene.refused("getUpdates") == WEBHOOK
    await scene.do("deleteWebhook")
    assert await scene.do("getUpdates") == []


async def test_members_are_told_of_only_when_asked_for(scene: Any) -> None:
    cy = scene.people.person("Cy")
    scene.people.join(cy, scene.group)
    assert await scene.kinds() == ["message"]
    await scene.do("getUpdates", allowed_updates=["chat_member", "message"])
    scene.people.leave(cy, scene.group)
    assert await scene.kinds() == ["chat_member", "message"]
    await scene.do("getUpdates", allowed_updates=[])
    scene.people.join(cy, scene.group)
    assert await scene.kinds() == ["message"]


async def test_what_is_asked_for_counts_when_the_update_arises(scene: Any) -> None:
    scene.people.say(scene.bo, scene.group, "before")
    await scene.do("getUpdates", allowed_updates=["chat_member"])
    scene.people.say(scene.bo, scene.group, "after")
    assert [one["message"]["text"] for one in await scene.updates()] == ["before"]


async def test_a_wrong_token_is_unauthorized(scene: Any) -> None:
    async with scene.session.get(f"{scene.server.url}/bot1:wrong/getMe") as answer:
        assert answer.status == 401
        assert await answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(scene: Any) -> None:
    answer = await scene.call("makeCoffee")
    assert (answer["error_code"], answer["description"]) == (404, "Not Found: method not found")


async def test_the_case_of_a_method_does_not_matter(scene: Any) -> None:
    assert (await scene.do("GETME"))["username"] == "keeper_bot"


async def test_parameters_may_come_in_the_address_or_as_a_form(scene: Any) -> None:
    base = f"{scene.server.url}/bot{scene.bot.token}/sendMessage"
    async with scene.session.get(base, params={"chat_id": str(scene.group.id), "text": "by address"}) as answer:
        assert (await answer.json())["result"]["text"] == "by address"
    async with scene.session.post(base, data={"chat_id": str(scene.group.id), "text": "by form"}) as answer:
        assert (await answer.json())["result"]["text"] == "by form"


async def test_two_bots_have_queues_of_their_own(scene: Any) -> None:
    other = scene.world.add_bot("Other", username="other_bot", reads_all=True)
    scene.people.add_bot_to(scene.group, other, rights=None)
    scene.bot.queue.clear()
    other.queue.clear()
    scene.people.say(scene.bo, scene.group, "hello")
    assert len(await scene.updates()) == 1
    assert len(await scene.updates(other)) == 1
    await scene.do("sendMessage", chat_id=scene.group.id, text="a bot speaks")
    assert await scene.updates(other) == []


async def test_a_bot_that_logged_out_is_refused(scene: Any) -> None:
    await scene.do("logOut")
    assert await scene.refused("getMe") == "Logged out"


async def test_what_nobody_fetched_for_a_day_is_gone(scene: Any) -> None:
    scene.people.say(scene.bo, scene.group, "yesterday")
    scene.world.clock.advance(3600)
    scene.people.say(scene.bo, scene.group, "later")
    scene.world.clock.advance(23 * 3600)
    assert [one["message"]["text"] for one in await scene.updates()] == ["later"]


async def test_a_message_may_come_before_the_join_of_who_wrote_it(scene: Any) -> None:
    cy = scene.people.person("Cy")
    scene.people.hold_updates(scene.bot)
    scene.people.join(cy, scene.group)
    scene.people.say(cy, scene.group, "hello")
    assert await scene.updates() == []
    scene.people.release_updates(scene.bot, reverse=True)
    first, second = await scene.updates()
    assert first["message"]["text"] == "hello"
    assert "new_chat_members" in second["message"]
    assert first["update_id"] < second["update_id"]


async def test_news_are_asked_for_in_any_case_of_letters(scene: Any) -> None:
    scene.people.say(scene.bo, scene.group, "hello")
    assert [one["message"]["text"] for one in await scene.do("getupdates")] == ["hello"]
    (request,) = scene.server.log
    assert (request.method, request.ok, request.result) == ("getUpdates", True, None)
    assert scene.server.log.calls() == []
