"""The control API over real HTTP: everything that people can do, and refusals in words."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from adapters.botapi import BotApiServer
from adapters.botapi.control_client import ControlClient, ControlError
from adapters.botapi.control_http import mount_control
from adapters.botapi.ready import Ready, ready_world

GROUP = "Reading circle"


class Played:
    """A world with the control API, and a client of it."""

    def __init__(self, ready: Ready, server: BotApiServer, control: ControlClient) -> None:
        self.ready = ready
        self.server = server
        self.control = control


@pytest.fixture
async def played() -> AsyncIterator[Played]:
    ready = ready_world()
    server = BotApiServer(ready.world)
    mount_control(server, ready.people)
    async with server, ControlClient(server.url) as control:
        yield Played(ready, server, control)


async def test_what_is_said_can_be_read_edited_and_deleted(played: Played) -> None:
    control = played.control
    said = await control.act("say", user="bo", where=GROUP, text="buy <b>now</b>", html=True)
    assert said["entities"] == [{"offset": 4, "length": 3, "type": "bold"}]
    await control.act("edit", user="bo", message=said, text="never mind")
    assert (await control.messages(GROUP))[-1]["text"] == "never mind"
    await control.act("delete", user="bo", chat=GROUP, message=said["message_id"])
    assert "never mind" not in [one.get("text") for one in await control.messages(GROUP)]


@pytest.mark.parametrize("user", ["bo", "Bo", "@bo", 500000002, "500000002", {"id": 500000002}])
async def test_a_person_is_named_in_many_ways(played: Played, user: Any) -> None:
    said = await played.control.act("say", user=user, where=GROUP, text="hello")
    assert said["from"]["id"] == played.ready.bo.id


@pytest.mark.parametrize("where", [GROUP, "reading CIRCLE", -1002000000001, "-1002000000001", {"id": -1002000000001}])
async def test_a_chat_is_named_in_many_ways(played: Played, where: Any) -> None:
    said = await played.control.act("say", user="bo", where=where, text="hello")
    assert said["chat"]["id"] == played.ready.group.id


async def test_a_bot_is_talked_to_in_private(played: Played) -> None:
    first = await played.control.act("start", user="bo")
    said = await played.control.act("say", user="bo", where="@keeper_bot", text="hello", reply_to=first["message_id"])
    assert said["chat"] == {"id": played.ready.bo.id, "type": "private", "first_name": "Bo", "username": "bo"}
    assert said["reply_to_message"]["text"] == "/start"
    assert [one["text"] for one in await played.control.messages("bo")] == ["/start", "hello"]


async def test_pictures_come_as_base64(played: Played) -> None:
    said = await played.control.act(
        "photo", user="bo", where=GROUP, data=base64.b64encode(b"not quite a picture").decode(), caption="look"
    )
    stored = played.ready.world.files[said["photo"][-1]["file_id"]]
    assert stored.data == b"not quite a picture"


async def test_a_newcomer_is_made_joins_and_is_banned(played: Played) -> None:
    control = played.control
    cai = await control.act("person", first_name="Cai", bio="reads")
    await control.act("join", user=cai, chat=GROUP)
    assert await control.members(GROUP) == {
        "Ann": "creator",
        "Keeper": "administrator",
        "Bo": "member",
        "Cai": "member",
    }
    await control.act("ban", by="ann", who="cai", chat=GROUP)
    assert (await control.members(GROUP))["Cai"] == "kicked"
    with pytest.raises(ControlError, match="Cai is banned") as refused:
        await control.act("join", user="cai", chat=GROUP)
    assert refused.value.status == 409


async def test_reactions_votes_and_buttons(played: Played) -> None:
    control, ready = played.control, played.ready
    said = await control.act("say", user="ann", where=GROUP, text="hello")
    await control.act("react", user="bo", message=said, emoji="👍")
    message = ready.group.messages[said["message_id"]]
    assert message.reactions == {ready.bo.id: [{"type": "emoji", "emoji": "👍"}]}
    await control.act("react", user="bo", message=said, emoji=[])
    assert message.reactions == {}
    asked = await control.act("poll", user="ann", where=GROUP, question="Tea?", options=["yes", "no"])
    await control.act("vote", user="bo", chat=GROUP, poll=asked, options=[1])
    assert (await control.messages(GROUP))[-1]["poll"]["options"][1]["voter_count"] == 1
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await _ask(played, "sendMessage", chat_id=ready.group.id, text="sure?", reply_markup=keyboard)
    pressed = await control.act("press", user="bo", chat=GROUP, message=ready.group.last_id, button="Yes")
    await _ask(played, "answerCallbackQuery", callback_query_id=pressed["id"], text="noted")
    (bot,) = await control.get("bots")
    assert [(one["data"], one["answer"]["text"]) for one in bot["buttons_pressed"]] == [("y", "noted")]


async def _ask(played: Played, method: str, **params: Any) -> Any:
    url = f"{played.server.url}/bot{played.ready.bot.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=params) as answer:
        return await answer.json()


async def test_trouble_is_ordered_and_requests_are_read(played: Played) -> None:
    control, ready = played.control, played.ready
    await control.fault("error", code=429, retry_after=30, method="sendMessage", chat=GROUP)
    refused = await _ask(played, "sendMessage", chat_id=ready.group.id, text="hello")
    assert (refused["error_code"], refused["parameters"]) == (429, {"retry_after": 30})
    assert (await _ask(played, "sendMessage", chat_id=ready.group.id, text="hello"))["ok"]
    told = await control.requests("sendMessage", GROUP)
    assert [(one["ok"], one["code"], one["fault"], one["params"]["text"]) for one in told] == [
        (False, 429, "error", "hello"),
        (True, 200, None, "hello"),
    ]
    await control.post("log", "clear")
    assert await control.requests() == []


async def test_the_clock_is_moved(played: Played) -> None:
    before = played.ready.world.now()
    await played.control.advance(90)
    assert (played.ready.world.now() - before).total_seconds() == 90
    await played.control.post("clock", "set", moment="2026-03-02T18:00:00Z")
    assert await played.control.post("clock", "now") == "2026-03-02T18:00:00+00:00"


async def test_updates_that_wait_are_read_and_made_up(played: Played) -> None:
    await played.control.act("raw", update={"message": "none at all"})
    assert [one["message"] for one in await played.control.get("updates")] == ["none at all"]


async def test_an_unknown_verb_lists_those_that_there_are(played: Played) -> None:
    with pytest.raises(ControlError, match=r"there is no verb 'sing'; there are: .*join.*say") as refused:
        await played.control.act("sing")
    assert refused.value.status == 404
    with pytest.raises(ControlError, match="there is no area 'act_of'; there are: act"):
        await played.control.post("act_of", "say")


async def test_wrong_arguments_are_all_named_at_once(played: Played) -> None:
    with pytest.raises(ControlError) as refused:
        await played.control.act("say", user="zed", html="yes", loud=True, reply_to=7, where=GROUP)
    assert refused.value.status == 400
    assert refused.value.wrong == {
        "user": "there is nobody 'zed'",
        "html": "true or false is expected",
        "loud": "unknown",
        "reply_to": "there is no message 7 in Reading circle",
        "text": "missing",
    }


async def test_two_people_of_one_name_are_told_apart_by_username(played: Played) -> None:
    await played.control.act("person", first_name="Bo", username="other_bo")
    with pytest.raises(ControlError, match="2 people are called 'bo': name one by id or @username"):
        await played.control.act("say", user="bo", where=GROUP, text="hello")
    await played.control.act("say", user="@bo", where=GROUP, text="hello")


async def test_the_transcript_tells_who_did_what(played: Played) -> None:
    control = played.control
    await control.act("person", first_name="Cai")
    await control.act("join", user="cai", chat=GROUP)
    said = await control.act("say", user="cai", where=GROUP, text="hello")
    await control.act("pin", user="ann", chat=GROUP, message=said["message_id"])
    await control.act("remove", by="ann", who="cai", chat=GROUP)
    await control.act("join", user="cai", chat=GROUP, added_by="bo")
    await control.act("leave", user="cai", chat=GROUP)
    assert await control.get(f"chats/{GROUP}/transcript") == [
        "[Ann: added Keeper]",
        "[Cai: joined]",
        "Cai: hello",
        "[Ann: pinned a message]",
        "[Ann: removed Cai]",
        "[Bo: added Cai]",
        "[Cai: left]",
    ]


@pytest.mark.parametrize("verb", ["approve", "decline", "withdraw_request"])
async def test_who_has_not_asked_cannot_be_let_in(played: Played, verb: str) -> None:
    by = {} if verb == "withdraw_request" else {"by": "ann"}
    with pytest.raises(ControlError, match="Bo has not asked to join Reading circle") as refused:
        await played.control.act(verb, user="bo", chat=GROUP, **by)
    assert refused.value.status == 409


async def test_values_that_fit_their_types_and_are_wrong_are_told(played: Played) -> None:
    with pytest.raises(ControlError, match="no such administrator right: can_fly") as refused:
        await played.control.act("promote", by="ann", who="bo", chat=GROUP, rights=["can_fly"])
    assert refused.value.status == 400
    with pytest.raises(ControlError, match="there is no chat 'Nowhere'") as missing:
        await played.control.messages("Nowhere")
    assert missing.value.status == 404


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"'])
async def test_a_body_that_is_no_object_is_refused(played: Played, body: bytes) -> None:
    url = f"{played.server.url}/control/act/say"
    async with aiohttp.ClientSession() as session, session.post(url, data=body) as answer:
        assert answer.status == 400
        assert "JSON" in (await answer.json())["error"]


async def test_every_verb_says_what_it_takes_and_does(played: Played) -> None:
    for area in ("act", "clock", "faults", "log", "world"):
        for usage in await played.control.get(area):
            assert usage["does"].endswith((".", ":", "``),")), usage
    guide = await played.control.get("")
    assert "say(user, where, text, html=false," in " ".join(guide["post"]["act"])


async def test_a_caller_from_elsewhere_is_refused(played: Played) -> None:
    from aiohttp.test_utils import make_mocked_request

    from adapters.botapi.control_http import _is_local

    class Elsewhere:
        def get_extra_info(self, name: str, default: object = None) -> object:
            return ("203.0.113.7", 4711) if name == "peername" else default

    request = make_mocked_request("GET", "/control", transport=Elsewhere())
    assert not _is_local(request)
