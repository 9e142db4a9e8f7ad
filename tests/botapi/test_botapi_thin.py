"""The simulator over real HTTP: a person says something, the bot hears of it, and deletes it."""

import aiohttp

from adapters.botapi import BotApiServer, People, World


async def _call(session: aiohttp.ClientSession, url: str, method: str, **params: object) -> dict:
    async with session.post(f"{url}/{method}", json=params) as answer:
        return await answer.json()


async def test_what_a_person_says_reaches_the_bot_which_can_delete_it() -> None:
    world = World()
    people = People(world)
    bot = world.add_bot()
    ann = world.add_user("Ann")
    chat = world.add_chat("Garden")
    async with BotApiServer(world) as server, aiohttp.ClientSession() as session:
        from adapters.botapi.state import Member

        chat.members[ann.id] = Member(ann, "creator")
        people.add_bot_to(chat, bot)
        base = f"{server.url}/bot{bot.token}"
        message = people.say(ann, chat, "hello")
        got = await _call(session, base, "getUpdates")
        assert [next(iter(set(u) - {"update_id"})) for u in got["result"]] == ["my_chat_member", "message", "message"]
        assert (await _call(session, base, "deleteMessage", chat_id=chat.id, message_id=message.id))["ok"]
        again = await _call(session, base, "deleteMessage", chat_id=chat.id, message_id=message.id)
        assert again == {"ok": False, "error_code": 400, "description": "Bad Request: message to delete not found"}
        assert (await _call(session, base, "sendMessage", chat_id=chat.id, text="<b>hi</b>", parse_mode="HTML"))["ok"]
