"""Forwarding and copying."""

from adapters.botapi.call import Call
from adapters.botapi.errors import bad_request
from adapters.botapi.methods.sending import caption, markup, place, post
from adapters.botapi.state import Chat, Json, Message
from adapters.botapi.world import World

_NOT_CONTENT = frozenset(
    {
        "message_id",
        "from",
        "sender_chat",
        "chat",
        "date",
        "message_thread_id",
        "is_topic_message",
        "reply_to_message",
        "edit_date",
        "forward_origin",
        "author_signature",
        "is_automatic_forward",
        "external_reply",
        "quote",
        "via_bot",
        "reply_markup",
        "media_group_id",
        "has_protected_content",
        "sender_tag",
    }
)


def content_of(message: Message) -> Json:
    """What a message says, without where and by whom."""
    return {name: value for name, value in message.body.items() if name not in _NOT_CONTENT}


def origin_of(world: World, message: Message) -> Json:
    """MessageOrigin of a message: of a user, of somebody who hides, of a chat, or of a channel."""
    body = message.body
    if origin := body.get("forward_origin"):
        return dict(origin)
    chat = body.get("sender_chat")
    if chat is None:
        user = world.users.get(message.author)
        if user is not None and user.id in world.hidden_forwards:
            name = " ".join(filter(None, (user.first_name, user.last_name)))
            return {"type": "hidden_user", "date": body["date"], "sender_user_name": name}
        return {"type": "user", "date": body["date"], "sender_user": body["from"]}
    if chat["type"] == "channel" and message.chat.kind == "channel":
        origin = {"type": "channel", "date": body["date"], "chat": chat, "message_id": message.id}
    else:
        origin = {"type": "chat", "date": body["date"], "sender_chat": chat}
    if signature := body.get("author_signature"):
        origin["author_signature"] = signature
    return origin


def _source(call: Call, otherwise: str) -> Chat:
    if call.params.get("from_chat_id") in {None, ""}:
        raise bad_request("from_chat_id is empty" if otherwise else "chat_id is empty")
    return call.chat("from_chat_id")


def _check(message: Message, verb: str) -> None:
    if message.service:
        raise bad_request("message can't be forwarded" if verb == "forward" else "message can't be copied")
    if message.chat.protected or message.body.get("has_protected_content"):
        raise bad_request(
            f"message has protected content and can't be {'forwarded' if verb == 'forward' else 'copied'}"
        )


def _forward(call: Call, chat: Chat, message: Message) -> Json:
    _check(message, "forward")
    topic, _, extra = place(call, chat)
    content = {**content_of(message), "forward_origin": origin_of(call.world, message), **extra}
    return post(call, chat, content, topic, None).body


def _copy(call: Call, chat: Chat, message: Message) -> int:
    _check(message, "copy")
    topic, target, extra = place(call, chat)
    content = content_of(message)
    if "caption" in call.params and "text" not in content:
        for name in ("caption", "caption_entities"):
            content.pop(name, None)
        content.update(caption(call))
    if "reply_markup" not in extra and (keyboard := markup(call)):
        extra["reply_markup"] = keyboard
    return post(call, chat, {**content, **extra}, topic, target).id


def forward_message(call: Call) -> Json:
    """forwardMessage."""
    chat = call.chat()
    return _forward(call, chat, call.message(_source(call, "forward"), "message to forward not found"))


def copy_message(call: Call) -> Json:
    """copyMessage."""
    chat = call.chat()
    return {"message_id": _copy(call, chat, call.message(_source(call, "copy"), "message to copy not found"))}


def _several(call: Call, otherwise: str) -> list[Message]:
    source = _source(call, otherwise)
    numbers = call.identifiers("message_ids")
    if len(numbers) > 100:
        raise bad_request("message identifiers are not specified")
    found = [source.messages[number] for number in numbers if number in source.messages]
    kept = [message for message in found if not message.service and not source.protected]
    if not kept:
        raise bad_request(f"there are no messages to {otherwise}")
    return kept


def forward_messages(call: Call) -> list[Json]:
    """forwardMessages: what is gone is passed over."""
    chat = call.chat()
    return [{"message_id": _forward(call, chat, one)["message_id"]} for one in _several(call, "forward")]


def copy_messages(call: Call) -> list[Json]:
    """copyMessages: what is gone is passed over."""
    chat = call.chat()
    return [{"message_id": _copy(call, chat, one)} for one in _several(call, "copy")]
