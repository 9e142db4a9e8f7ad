"""Where a message comes from that was not written here: forwards, and answers to messages of other chats."""

from typing import Any

from adapters.telegram.reading.media import KEYS, media_in
from adapters.telegram.reading.people import full_name, qualified
from adapters.telegram.reading.texts import Marked
from adapters.telegram.reading.unknown import words_in
from adapters.telegram.reading.values import Json, joined, mapping, words
from rules.values import Elsewhere, Forward, Media, MediaKind

_SHOWN_ALONG = frozenset({"origin", "chat", "message_id", "link_preview_options", "has_media_spoiler"})


def forward_of(x: Json, name: str) -> Forward | None:
    """Where a message was forwarded from, also as servers before 2024 told it."""
    if (told := x.get("forward_origin")) is not None:
        return origin(mapping(told), name)
    if (chat := x.get("forward_from_chat")) is not None:
        return _of_chat(mapping(chat), x.get("forward_signature"), name)
    if (user := x.get("forward_from")) is not None:
        return Forward("user", full_name(mapping(user)), qualified(name, user.get("id")))
    if "forward_sender_name" in x:
        return Forward("hidden_user", words(x["forward_sender_name"]))
    return Forward("hidden_user") if "forward_date" in x else None


def origin(told: Json, name: str) -> Forward:
    """An origin of one of the four kinds; of one that is newer, what it is called."""
    user = told.get("sender_user")
    if type(user) is dict:
        return Forward("user", full_name(user), qualified(name, user.get("id")))
    chat = told.get("chat") or told.get("sender_chat")
    if type(chat) is dict:
        return _of_chat(chat, told.get("author_signature"), name, told.get("type"))
    return Forward("hidden_user", words(told.get("sender_user_name")))


def elsewhere(reply: Json, name: str, marked: Marked) -> Elsewhere:
    """What is shown along of a message of another chat that is answered. It leads there, so it counts as a link."""
    told = origin(mapping(reply["origin"]), name)
    chat = reply.get("chat")
    if type(chat) is dict:
        by = told.name if told.id != qualified(name, chat.get("id")) else None
        told = _of_chat(chat, by, name)
    place = chat if type(chat) is dict else _chat_of(reply["origin"])
    if user_name := words(place.get("username")):
        marked.link(f"https://t.me/{user_name}", told.name or None)
    preview(reply, marked)
    media = media_in(reply, marked)
    for key in sorted(reply.keys() - _SHOWN_ALONG - KEYS):
        if found := words_in(reply[key], marked):
            media.append(Media(MediaKind.UNKNOWN, text=found))
    return Elsewhere(told, tuple(media))


def story(told: Json, name: str) -> Elsewhere:
    """A story that is answered: whose it is. What it shows is out of a bot's reach."""
    return Elsewhere(_of_chat(mapping(told["chat"]), None, name), (Media(MediaKind.UNKNOWN),))


def preview(x: Json, marked: Marked) -> None:
    """The address whose preview is shown need not stand in the text."""
    options = x.get("link_preview_options")
    if type(options) is dict:
        marked.link(options.get("url"))


def _chat_of(told: Json) -> Json:
    chat = told.get("chat") or told.get("sender_chat")
    return chat if type(chat) is dict else {}


def _of_chat(chat: Json, signature: Any, name: str, kind: Any = None) -> Forward:
    kinds = (kind, chat.get("type"))
    kind = "channel" if "channel" in kinds else "user" if "private" in kinds else "chat"
    shown = joined(words(chat.get("title")) or full_name(chat), signature)
    return Forward(kind, shown or "", qualified(name, chat.get("id")))
