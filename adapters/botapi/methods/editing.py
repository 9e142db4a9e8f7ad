"""Editing the bot's own messages, pinning, answering buttons."""

from typing import Any

from adapters.botapi.call import Call
from adapters.botapi.content import photo
from adapters.botapi.errors import bad_request
from adapters.botapi.methods.media import input_file
from adapters.botapi.methods.sending import caption, markup, text_content
from adapters.botapi.state import Chat, Json, Message, User
from adapters.botapi.world import World

_QUERY_LIVES = 15 * 60  # seconds within which a button can be answered
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_MEDIA = ("photo", "video", "document", "animation", "audio", "voice")


def _own(call: Call) -> tuple[Chat, Message]:
    chat = call.chat()
    message = call.message(chat, "message to edit not found")
    if message.outgoing_of != call.bot.id or message.service or "forward_origin" in message.body:
        raise bad_request("message can't be edited")
    return chat, message


def _replace(call: Call, message: Message, new: Json, drop: tuple[str, ...] = ()) -> Json:
    body: Json = {k: v for k, v in message.body.items() if k not in drop and k not in {"reply_markup", "edit_date"}}
    body.update(new)
    if keyboard := markup(call):
        body["reply_markup"] = keyboard
    if body == {k: v for k, v in message.body.items() if k != "edit_date"}:
        raise bad_request(_SAME)
    if any(new.values()) or "edit_date" in message.body:
        body["edit_date"] = int(call.world.now().timestamp())
    call.world.replace(message, body)
    return body


def edit_message_text(call: Call) -> Json:
    """editMessageText."""
    _, message = _own(call)
    content = text_content(call)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _replace(call, message, content, ("text", "entities", "link_preview_options"))


def edit_message_caption(call: Call) -> Json:
    """editMessageCaption."""
    _, message = _own(call)
    if not any(kind in message.body for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _replace(call, message, caption(call), ("caption", "caption_entities"))


def edit_message_reply_markup(call: Call) -> Json:
    """editMessageReplyMarkup; without a keyboard the present one goes."""
    _, message = _own(call)
    return _replace(call, message, {})


def edit_message_media(call: Call) -> Json:
    """editMessageMedia, to a photo."""
    _, message = _own(call)
    media: Any = call.mapping("media")
    if not media or media.get("type") != "photo":
        raise bad_request("can't parse InputMedia: the simulator changes media to photos only")
    new = {**photo(call.world, input_file(call, media.get("media"), "photo").data), **caption(call, media)}
    return _replace(call, message, new, (*_MEDIA, "caption", "caption_entities", "text", "entities"))


def pin_chat_message(call: Call) -> bool:
    """pinChatMessage."""
    chat = call.chat()
    message = call.message(chat, "message to pin not found")
    _may_pin(call, chat)
    if message.service:
        raise bad_request("message can't be pinned")
    pin(call.world, message, call.bot.user)
    return True


def pin(world: World, message: Message, by: User) -> None:
    """Pin a message and say so, unless it is pinned already."""
    chat = message.chat
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        world.serve(chat, {"pinned_message": message.nested()}, by, topic=message.topic)


def _may_pin(call: Call, chat: Chat) -> None:
    if chat.kind == "private":
        return
    right = "can_edit_messages" if chat.kind == "channel" else "can_pin_messages"
    member = call.own(chat)
    if right in member.rights or (member.status == "member" and right in chat.permissions):
        return
    raise bad_request("not enough rights to manage pinned messages in the chat")


def unpin_chat_message(call: Call) -> bool:
    """unpinChatMessage: the one named, or the one pinned last."""
    chat = call.chat()
    _may_pin(call, chat)
    number = call.integer("message_id")
    if number is None:
        if not chat.pinned:
            raise bad_request("message to unpin not found")
        chat.pinned.pop()
    elif number in chat.pinned:
        chat.pinned.remove(number)
    else:
        raise bad_request("message to unpin not found")
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    """unpinAllChatMessages."""
    chat = call.chat()
    _may_pin(call, chat)
    chat.pinned.clear()
    return True


def answer_callback_query(call: Call) -> bool:
    """answerCallbackQuery: once, and within a quarter of an hour."""
    query = call.bot.queries.get(call.text("callback_query_id"))
    now = call.world.now()
    if query is None or query.answer is not None or (now - query.pressed).total_seconds() > _QUERY_LIVES:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "show_alert": call.flag("show_alert"), "url": call.text("url")}
    return True
