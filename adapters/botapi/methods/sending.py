"""Sending texts, and what all sending has in common: formatting, replies, keyboards, topics."""

from typing import Any

from adapters.botapi.call import Call, whole_number
from adapters.botapi.entities import detect, parse_html, trimmed, units
from adapters.botapi.errors import bad_request
from adapters.botapi.state import Chat, Json, Message

MAX_TEXT, MAX_CAPTION = 4096, 1024


def formatted(
    call: Call, field: str = "text", source: Json | None = None, mode: str = "parse_mode"
) -> tuple[str, list[Json]]:
    """A text parameter with its entities: parsed as the mode says, or as given, and detected."""
    params: Json = call.params if source is None else source
    raw = params.get(field)
    text = "" if raw is None else str(raw)
    how = str(params.get(mode) or "").lower()
    entities: list[Json] = []
    if how == "html":
        text, entities = parse_html(text)
        for entity in entities:
            if entity["type"] == "text_mention":
                known = call.world.users.get(whole_number(entity.pop("user_id")) or 0)
                entity.update({"user": known.json} if known else {"type": "bold"})
    elif how:
        raise bad_request("unsupported parse_mode" if "markdown" not in how else "the simulator parses HTML only")
    else:
        name = "entities" if field == "text" else f"{field}_entities"
        given = params.get(name) if source is not None else call.structure(name)
        entities = call.objects(given or [], "MessageEntity")
        if any(entity["offset"] + entity["length"] > units(text) for entity in entities):
            entities = [e for e in entities if e["offset"] + e["length"] <= units(text)]
    text, entities = trimmed(text, entities)
    return text, detect(text, entities)


def caption(call: Call, source: Json | None = None) -> Json:
    """``caption`` with its entities; nothing where it is absent."""
    text, entities = formatted(call, "caption", source)
    if units(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    told: Json = {}
    if text:
        told["caption"] = text
        if entities:
            told["caption_entities"] = entities
        if call.flag("show_caption_above_media"):
            told["show_caption_above_media"] = True
    return told


def text_content(call: Call) -> Json:
    """``text`` with its entities; the errors 400 for one that is empty or too long."""
    text, entities = formatted(call)
    if not text:
        raise bad_request("message text is empty")
    if units(text) > MAX_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    if preview := call.mapping("link_preview_options"):
        content["link_preview_options"] = preview
    return content


def _reply(call: Call, chat: Chat, content: Json) -> Message | None:
    """The message to reply to, with its quote; 400 where it is gone and the request does not allow to send without."""
    reply = call.mapping("reply_parameters")
    if reply is None:
        number = call.integer("reply_to_message_id")
        if number is None:
            return None
        reply = {"message_id": number, "allow_sending_without_reply": call.flag("allow_sending_without_reply")}
    found = chat.messages.get(call.identifier(reply.get("message_id") or 0))
    if found is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    if found is not None and (quote := reply.get("quote")):
        at = found.text.find(quote)
        if at < 0:
            raise bad_request("QUOTE_TEXT_INVALID")
        content["quote"] = {"text": quote, "position": units(found.text[:at]), "is_manual": True}
    return found


def markup(call: Call) -> Json | None:
    """``reply_markup`` as it will show in the message: only inline keyboards do."""
    given: Any = call.mapping("reply_markup")
    if not given or "inline_keyboard" not in given:
        return None
    rows = []
    for row in given["inline_keyboard"]:
        for button in row:
            _check_button(button)
        if row:
            rows.append(row)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Json) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"]:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(button) < 2:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://", "t.me/")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL specified")


def topic_of(call: Call, chat: Chat) -> int | None:
    """``message_thread_id``; 400 where there is no such topic or it is closed. General (1) cannot be named."""
    topic = call.integer("message_thread_id")
    if not topic:
        return None
    if chat.is_forum:
        found = chat.topics.get(topic)
        if found is None or topic == 1:
            raise bad_request("message thread not found")
        member = call.own(chat)
        if found.closed and "can_manage_topics" not in member.rights:
            raise bad_request("TOPIC_CLOSED")
        return topic
    if topic not in chat.messages:
        raise bad_request("message thread not found")
    return topic


def place(
    call: Call, chat: Chat, what: str = "can_send_messages", named: str = "text messages"
) -> tuple[int | None, Message | None, Json]:
    """Where a new message goes: topic, message replied to, and what every message may have besides."""
    call.may_write_to(chat, what, named)
    extra: Json = {}
    if keyboard := markup(call):
        extra["reply_markup"] = keyboard
    if call.flag("protect_content"):
        extra["has_protected_content"] = True
    target = _reply(call, chat, extra)
    topic = topic_of(call, chat)
    if topic is None and target is not None and target.topic is not None:
        topic = target.topic
    return topic, target, extra


def post(call: Call, chat: Chat, content: Json, topic: int | None, target: Message | None) -> Message:
    """Put a message of the bot into a chat."""
    as_channel = chat.kind == "channel"
    return call.world.post(
        chat,
        content,
        sender=None if as_channel else call.bot.user,
        sender_chat=chat if as_channel else None,
        outgoing_of=call.bot,
        topic=topic,
        reply_to=target,
        author=call.bot.id,
    )


def deliver(
    call: Call, chat: Chat, content: Json, what: str = "can_send_messages", named: str = "text messages"
) -> Message:
    """Send what was made, to the right topic, as a reply if asked."""
    topic, target, extra = place(call, chat, what, named)
    return post(call, chat, {**content, **extra}, topic, target)


def send_message(call: Call) -> Json:
    """sendMessage."""
    chat = call.chat()
    return deliver(call, chat, text_content(call)).body
