"""Sending, editing, deleting, pinning, buttons: what happens, and what is refused in which words."""

from typing import Any

import pytest

from adapters.botapi import NotAllowed


async def test_html_becomes_entities_in_utf_16_units(scene: Any) -> None:
    sent = await scene.do(
        "sendMessage", chat_id=scene.group.id, text="😀 <b>hi</b> <a href='https://x.example'>x</a>", parse_mode="HTML"
    )
    assert sent["text"] == "😀 hi x"
    assert sent["entities"] == [
        {"offset": 3, "length": 2, "type": "bold"},
        {"offset": 6, "length": 1, "type": "text_link", "url": "https://x.example"},
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("é<b><i>a</b></i>", 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
    ],
)
async def test_bad_html_is_refused(scene: Any, text: str, why: str) -> None:
    said = await scene.refused("sendMessage", chat_id=scene.group.id, text=text, parse_mode="HTML")
    assert said == f"Bad Request: can't parse entities: {why}"


async def test_4096_units_fit_and_one_more_does_not(scene: Any) -> None:
    assert await scene.do("sendMessage", chat_id=scene.group.id, text="😀" * 2048)
    assert await scene.refused("sendMessage", chat_id=scene.group.id, text="😀" * 2048 + "a") == (
        "Bad Request: message is too long"
    )
    assert await scene.refused("sendMessage", chat_id=scene.group.id, text="  ") == "Bad Request: message text is empty"


async def test_a_reply_needs_its_message_unless_it_says_otherwise(scene: Any) -> None:
    said = scene.people.say(scene.bo, scene.group, "question")
    sent = await scene.do(
        "sendMessage", chat_id=scene.group.id, text="answer", reply_parameters={"message_id": said.id}
    )
    assert sent["reply_to_message"]["text"] == "question"
    scene.people.delete(scene.bo, said)
    gone = {"message_id": said.id}
    assert await scene.refused("sendMessage", chat_id=scene.group.id, text="a", reply_parameters=gone) == (
        "Bad Request: message to be replied not found"
    )
    gone["allow_sending_without_reply"] = True
    assert "reply_to_message" not in await scene.do(
        "sendMessage", chat_id=scene.group.id, text="a", reply_parameters=gone
    )


async def test_a_message_is_deleted_once(scene: Any) -> None:
    said = scene.people.say(scene.bo, scene.group, "ad")
    assert await scene.do("deleteMessage", chat_id=scene.group.id, message_id=said.id) is True
    assert scene.server.transcript.texts(scene.group) == []
    assert await scene.refused("deleteMessage", chat_id=scene.group.id, message_id=said.id) == (
        "Bad Request: message to delete not found"
    )


async def test_after_48_hours_a_message_stays(scene: Any) -> None:
    said = scene.people.say(scene.bo, scene.group, "old")
    scene.world.clock.advance(48 * 3600 - 1)
    young = scene.people.say(scene.bo, scene.group, "young")
    scene.world.clock.advance(1)
    assert await scene.refused("deleteMessage", chat_id=scene.group.id, message_id=said.id) == (
        "Bad Request: message can't be deleted for everyone"
    )
    assert await scene.do("deleteMessages", chat_id=scene.group.id, message_ids=[said.id, young.id, 999]) is True
    assert list(scene.server.transcript.texts(scene.group)) == ["old"]


async def test_deleting_needs_the_right(scene: Any) -> None:
    said = scene.people.say(scene.bo, scene.group, "ad")
    scene.people.promote(scene.olga, scene.bot, scene.group, {"can_manage_chat"})
    assert await scene.refused("deleteMessage", chat_id=scene.group.id, message_id=said.id) == (
        "Bad Request: message can't be deleted"
    )
    own = await scene.do("sendMessage", chat_id=scene.group.id, text="mine")
    assert await scene.do("deleteMessage", chat_id=scene.group.id, message_id=own["message_id"])


async def test_deleting_a_hundred_at_once_is_the_limit(scene: Any) -> None:
    answer = await scene.refused("deleteMessages", chat_id=scene.group.id, message_ids=list(range(1, 102)))
    assert answer == "Bad Request: too many message identifiers specified"


async def test_an_edit_must_change_something(scene: Any) -> None:
    sent = await scene.do("sendMessage", chat_id=scene.group.id, text="one")
    where = {"chat_id": scene.group.id, "message_id": sent["message_id"]}
    changed = await scene.do("editMessageText", **where, text="two")
    assert (changed["text"], changed["edit_date"]) == ("two", changed["date"])
    assert (await scene.refused("editMessageText", **where, text="two")).startswith(
        "Bad Request: message is not modified: specified new message content"
    )
    said = scene.people.say(scene.bo, scene.group, "mine")
    assert await scene.refused("editMessageText", chat_id=scene.group.id, message_id=said.id, text="x") == (
        "Bad Request: message can't be edited"
    )
    assert await scene.refused("editMessageText", chat_id=scene.group.id, message_id=999, text="x") == (
        "Bad Request: message to edit not found"
    )


async def test_an_edit_by_a_person_is_told_with_the_new_text(scene: Any) -> None:
    said = scene.people.say(scene.bo, scene.group, "hello")
    scene.people.edit(scene.bo, said, "buy at x.example")
    first, second = await scene.updates()
    assert first["message"]["text"] == "hello"
    assert second["edited_message"]["text"] == "buy at x.example"
    assert second["edited_message"]["entities"][0]["type"] == "url"


async def test_a_button_is_pressed_and_answered_once(scene: Any) -> None:
    keyboard = {"inline_keyboard": [[{"text": "I am no robot", "callback_data": "gate:1"}]]}
    sent = await scene.do("sendMessage", chat_id=scene.group.id, text="Welcome", reply_markup=keyboard)
    query = scene.people.press(scene.bo, scene.group.messages[sent["message_id"]], "I am no robot")
    (update,) = await scene.updates()
    told = update["callback_query"]
    assert (told["data"], told["from"]["id"], told["message"]["message_id"]) == (
        "gate:1",
        scene.bo.id,
        sent["message_id"],
    )
    await scene.do("answerCallbackQuery", callback_query_id=told["id"], text="Thank you")
    assert query.answer is not None
    assert query.answer["text"] == "Thank you"
    stale = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await scene.refused("answerCallbackQuery", callback_query_id=told["id"]) == stale
    assert await scene.refused("answerCallbackQuery", callback_query_id="1") == stale


async def test_a_button_goes_stale(scene: Any) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await scene.do("sendMessage", chat_id=scene.group.id, text="?", reply_markup=keyboard)
    query = scene.people.press(scene.bo, scene.group.messages[sent["message_id"]], "y")
    scene.world.clock.advance(16 * 60)
    assert "query is too old" in await scene.refused("answerCallbackQuery", callback_query_id=query.id)


async def test_a_button_of_a_message_that_is_gone_tells_of_an_inaccessible_one(scene: Any) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await scene.do("sendMessage", chat_id=scene.group.id, text="?", reply_markup=keyboard)
    message = scene.group.messages[sent["message_id"]]
    await scene.do("deleteMessage", chat_id=scene.group.id, message_id=message.id)
    with pytest.raises(NotAllowed):
        scene.people.press(scene.bo, message, "Yes")
    scene.people.press(scene.bo, message, "Yes", stale=True)
    (update,) = await scene.updates()
    assert update["callback_query"]["message"] == {"chat": scene.group.json, "message_id": message.id, "date": 0}


async def test_button_data_has_64_bytes(scene: Any) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "é" * 33}]]}
    assert await scene.refused("sendMessage", chat_id=scene.group.id, text="?", reply_markup=keyboard) == (
        "Bad Request: BUTTON_DATA_INVALID"
    )


async def test_a_pin_is_told_to_the_group(scene: Any) -> None:
    said = scene.people.say(scene.bo, scene.group, "important")
    await scene.do("pinChatMessage", chat_id=scene.group.id, message_id=said.id)
    assert (await scene.do("getChat", chat_id=scene.group.id))["pinned_message"]["text"] == "important"
    assert await scene.kinds() == ["message", "message"]
    await scene.do("unpinChatMessage", chat_id=scene.group.id, message_id=said.id)
    assert "pinned_message" not in await scene.do("getChat", chat_id=scene.group.id)
    assert await scene.refused("unpinChatMessage", chat_id=scene.group.id) == (
        "Bad Request: message to unpin not found"
    )


async def test_a_pin_by_a_person_is_as_one_by_the_bot(scene: Any) -> None:
    question = scene.people.say(scene.bo, scene.group, "question")
    answer = scene.people.say(scene.olga, scene.group, "answer", reply_to=question)
    await scene.updates()
    scene.people.pin(scene.olga, answer)
    scene.people.pin(scene.olga, answer)
    (update,) = await scene.updates()
    assert update["message"]["pinned_message"]["text"] == "answer"
    assert "reply_to_message" not in update["message"]["pinned_message"]
    assert update["message"]["from"]["id"] == scene.olga.id
    scene.people.delete(scene.olga, answer)
    assert scene.group.pinned == []


async def test_a_private_chat_has_to_be_begun_by_the_person(scene: Any) -> None:
    private = {"chat_id": scene.bo.id, "text": "hello"}
    assert await scene.refused("sendMessage", **private) == "Forbidden: bot can't initiate conversation with a user"
    scene.people.start(scene.bo, scene.bot)
    assert (await scene.do("sendMessage", **private))["chat"] == {
        "id": scene.bo.id,
        "type": "private",
        "first_name": "Bo",
        "username": "bo",
    }
    scene.people.block(scene.bo, scene.bot)
    assert await scene.refused("sendMessage", **private) == "Forbidden: bot was blocked by the user"
    with pytest.raises(NotAllowed):
        scene.people.say(scene.bo, scene.bot, "still here")
    assert await scene.kinds() == ["message", "my_chat_member"]
    scene.people.delete_account(scene.bo)
    assert await scene.refused("sendMessage", **private) == "Forbidden: user is deactivated"
    assert await scene.refused("sendMessage", chat_id=12345, text="x") == "Bad Request: chat not found"


async def test_a_forward_tells_where_it_comes_from(scene: Any) -> None:
    said = scene.people.say(scene.bo, scene.group, "wise words")
    other = scene.people.group("Elsewhere", scene.olga)
    scene.people.add_bot_to(other, scene.bot)
    sent = await scene.do("forwardMessage", chat_id=other.id, from_chat_id=scene.group.id, message_id=said.id)
    assert (sent["text"], sent["forward_origin"]["sender_user"]["id"]) == ("wise words", scene.bo.id)
    copied = await scene.do("copyMessage", chat_id=other.id, from_chat_id=scene.group.id, message_id=said.id)
    assert "forward_origin" not in other.messages[copied["message_id"]].body
    missing = {"chat_id": other.id, "from_chat_id": scene.group.id, "message_id": 999}
    assert await scene.refused("forwardMessage", **missing) == "Bad Request: message to forward not found"
    assert await scene.refused("copyMessage", **missing) == "Bad Request: message to copy not found"


async def test_commands_are_kept_by_scope_and_language(scene: Any) -> None:
    command = {"command": "warn", "description": "Warn somebody"}
    scope = {"type": "chat_administrators", "chat_id": scene.group.id}
    await scene.do("setMyCommands", commands=[command], scope=scope, language_code="zh")
    assert await scene.do("getMyCommands", scope=scope, language_code="zh") == [command]
    assert await scene.do("getMyCommands") == []
    await scene.do("deleteMyCommands", scope=scope, language_code="zh")
    assert await scene.do("getMyCommands", scope=scope, language_code="zh") == []


async def test_reactions_are_told_to_administrators_only(scene: Any) -> None:
    await scene.do("getUpdates", allowed_updates=["message_reaction"])
    said = scene.people.say(scene.olga, scene.group, "news")
    scene.people.react(scene.bo, said, "👍")
    scene.people.react(scene.bo, said)
    first, second = await scene.updates()
    assert first["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert second["message_reaction"]["new_reaction"] == []
    scene.people.demote(scene.olga, scene.bot, scene.group)
    scene.people.react(scene.bo, said, "🔥")
    assert await scene.updates() == []


async def test_a_reaction_can_be_taken_away(scene: Any) -> None:
    said = scene.people.say(scene.olga, scene.group, "news")
    scene.people.react(scene.bo, said, "👍")
    await scene.do("deleteMessageReaction", chat_id=scene.group.id, message_id=said.id, user_id=scene.bo.id)
    assert said.reactions == {}
    scene.people.react(scene.bo, said, "👍")
    await scene.do("deleteAllMessageReactions", chat_id=scene.group.id, user_id=scene.bo.id)
    assert said.reactions == {}


NO_IDENTIFIER = "Bad Request: can't parse message identifier as Number"


@pytest.mark.parametrize(
    ("method", "params", "said"),
    [
        ("deleteMessages", {"message_ids": ["x"]}, NO_IDENTIFIER),
        ("deleteMessages", {"message_ids": [None]}, NO_IDENTIFIER),
        ("forwardMessages", {"message_ids": ["x"]}, NO_IDENTIFIER),
        ("copyMessages", {"message_ids": [{}]}, NO_IDENTIFIER),
        ("sendMessage", {"text": "a", "reply_parameters": {"message_id": "x"}}, NO_IDENTIFIER),
        ("setMyCommands", {"commands": ["a"]}, "Bad Request: can't parse BotCommand: expected an Object"),
        ("sendMessage", {"text": "a", "entities": ["a"]}, "Bad Request: can't parse MessageEntity: expected an Object"),
        (
            "sendPoll",
            {"question": "?", "options": ["a", "b"], "correct_option_ids": ["x"]},
            "Bad Request: wrong poll correct option identifier specified",
        ),
    ],
)
async def test_what_is_no_number_or_object_in_a_list_is_refused(
    scene: Any, method: str, params: dict[str, Any], said: str
) -> None:
    where = {"chat_id": scene.group.id, "from_chat_id": scene.group.id}
    assert await scene.refused(method, **where, **params) == said
    assert [(one.ok, one.code) for one in scene.server.log.calls()] == [(False, 400)]


async def test_a_mention_of_no_number_is_bold(scene: Any) -> None:
    sent = await scene.do(
        "sendMessage", chat_id=scene.group.id, text='<a href="tg://user?id=x">who</a>', parse_mode="HTML"
    )
    assert sent["entities"] == [{"offset": 0, "length": 3, "type": "bold"}]
