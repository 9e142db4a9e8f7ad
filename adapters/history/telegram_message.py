"""One message of Telegram Desktop's export as a message of ours: text, addresses, media, buttons, forwards.

The fields are those that Telegram Desktop has written over the years; what is not named here is passed over unread.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET, Struct

from rules.values import Button, Forward, Link, Media, MediaKind, Mention

_KINDS = {
    "sticker": MediaKind.STICKER,
    "video_message": MediaKind.VIDEO,
    "voice_message": MediaKind.VOICE,
    "animation": MediaKind.ANIMATION,
    "video_file": MediaKind.VIDEO,
    "audio_file": MediaKind.AUDIO,
}
_OPENS = {"url", "auth", "web_view", "simple_web_view"}
_FORWARD_KINDS = {"user": "user", "chat": "chat", "channel": "channel"}


class Exported(Struct, rename={"from_": "from"}):
    """A message as it stands in ``result.json``. What is left out differs from what is null."""

    id: Any = None
    type: Any = None
    date: Any = None
    date_unixtime: Any = None
    edited: Any = None
    edited_unixtime: Any = None
    action: Any = None
    actor: Any = None
    actor_id: Any = None
    members: Any = None
    inviter: Any = None
    title: Any = None
    from_id: Any = None
    from_: Any = None
    text: Any = ""
    rich_message: Any = None
    reply_to_message_id: Any = None
    reply_to_peer_id: Any = None
    topic_id: Any = None
    forwarded_from: Any = UNSET
    forwarded_from_id: Any = None
    saved_from: Any = None
    via_bot: Any = None
    media_type: Any = None
    photo: Any = None
    file: Any = None
    file_name: Any = None
    performer: Any = None
    sticker_emoji: Any = None
    contact_information: Any = None
    location_information: Any = UNSET
    live_location_period_seconds: Any = None
    place_name: Any = None
    address: Any = None
    poll: Any = None
    todo_list: Any = None
    game_title: Any = None
    game_description: Any = None
    game_link: Any = None
    invoice_information: Any = None
    giveaway_information: Any = None
    giveaway_results: Any = None
    paid_stars_amount: Any = None
    inline_bot_buttons: Any = None


def simple(value: object) -> int | str | None:
    """A number or a word as it is; anything else is as good as nothing."""
    return value if isinstance(value, (int, str)) else None


def peer(id_: object) -> str | None:
    """The id that the platform's bots know a person or chat by: ``user5`` is ``telegram:5``.

    ``channel5`` (a channel, or a supergroup that speaks as itself) is ``telegram:-1005``, ``chat5`` is ``telegram:-5``.
    Exports before 2021 have bare numbers for people.
    """
    if isinstance(id_, int) and not isinstance(id_, bool):
        return f"telegram:{id_}"
    if not isinstance(id_, str):
        return None
    for prefix, sign in (("user", ""), ("channel", "-100"), ("chat", "-"), ("", "")):
        number = id_.removeprefix(prefix)
        if id_.startswith(prefix) and number.isdecimal():
            return f"telegram:{sign}{number}"
    return None


def plain_text(text: object) -> str:
    """The words of a text, which is a string or a list of strings and marked-up parts."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(plain_text(part) for part in text)
    if isinstance(text, dict):
        return plain_text(text.get("text", ""))
    return ""


def entities(text: object) -> tuple[tuple[Link, ...], tuple[Mention, ...]]:
    """The addresses and the people that a text's marked-up parts name."""
    if not isinstance(text, list):
        return (), ()
    links: list[Link] = []
    mentions: list[Mention] = []
    for part in text:
        if not isinstance(part, dict):
            continue
        kind, words = part.get("type"), plain_text(part.get("text", ""))
        if kind == "link":
            links.append(Link(words))
        elif kind == "text_link":
            links.append(Link(str(part.get("href") or words), words))
        elif kind == "mention":
            mentions.append(Mention(words))
        elif kind == "mention_name":
            mentions.append(Mention(words, peer(part.get("user_id"))))
    return tuple(links), tuple(mentions)


def rich_parts(rich: object) -> list[object]:
    """The parts of a rich message (headings, lists, tables, ...) as one text list, line by line."""
    parts: list[object] = []
    for block in _rich(rich):
        parts += [*block, "\n"]
    return parts[:-1]


def media_of(x: Exported) -> tuple[Media, ...]:
    """What is attached. A message with neither words nor anything that we know has something newer attached."""
    found = _media(x)
    if found is not None:
        return (found,)
    return () if x.text or x.rich_message else (Media(MediaKind.UNKNOWN),)


def forward_of(x: Exported) -> Forward | None:
    """Where it was forwarded from; the name is null where that account is gone."""
    if x.forwarded_from is UNSET and x.forwarded_from_id is None:
        return None
    name = x.forwarded_from if isinstance(x.forwarded_from, str) else ""
    id_ = x.forwarded_from_id
    if isinstance(id_, str):
        kind = _FORWARD_KINDS.get(id_.rstrip("0123456789"), "hidden_user")
    else:  # exports before 2024 give the name alone; a post of a channel is mostly also saved from there
        kind = "channel" if name and name == x.saved_from else "hidden_user"
    return Forward(kind, name, peer(id_))


def buttons_of(x: Exported) -> tuple[Button, ...]:
    """The buttons below it, row after row."""
    rows = x.inline_bot_buttons
    if not isinstance(rows, list):
        return ()
    found = []
    for button in (button for row in rows if isinstance(row, list) for button in row if isinstance(button, dict)):
        words, data = str(button.get("text", "")), button.get("data") or button.get("dataBase64") or None
        data = None if data is None else str(data)
        if button.get("type") in _OPENS:
            found.append(Button(words, url=data))
        else:
            found.append(Button(words, data=data))
    return tuple(found)


def _media(x: Exported) -> Media | None:
    if x.photo is not None:
        return Media(MediaKind.PHOTO)
    if x.file is not None or x.media_type is not None:
        return _file(x)
    if isinstance(x.contact_information, dict):
        told = x.contact_information
        return Media(MediaKind.CONTACT, text=_words(told.get(k) for k in ("first_name", "last_name", "phone_number")))
    if x.location_information is not UNSET or x.place_name is not None or x.live_location_period_seconds is not None:
        return Media(MediaKind.LOCATION, text=_words((x.place_name, x.address)))
    if isinstance(x.poll, dict):
        return Media(MediaKind.POLL, text=_listed(x.poll, "question"))
    if isinstance(x.todo_list, dict):
        return Media(MediaKind.CARD, text=_listed(x.todo_list, "title"))
    if x.game_title is not None:
        return Media(MediaKind.CARD, text=_words((x.game_title, x.game_description, x.game_link)))
    if isinstance(x.invoice_information, dict):
        told = x.invoice_information
        return Media(MediaKind.CARD, text=_words((told.get("title"), told.get("description"))))
    if x.giveaway_information is not None or x.giveaway_results is not None:
        return Media(MediaKind.CARD)
    return Media(MediaKind.UNKNOWN) if x.paid_stars_amount is not None else None


def _file(x: Exported) -> Media:
    kind = MediaKind.DOCUMENT if x.media_type is None else _KINDS.get(str(x.media_type), MediaKind.UNKNOWN)
    if kind is MediaKind.STICKER:
        return Media(kind, text=_words((x.sticker_emoji,)))
    name = x.file_name if isinstance(x.file_name, str) else None
    if name is None and isinstance(x.file, str) and not x.file.startswith("("):  # "(File not included. ...)"
        name = x.file.rpartition("/")[2]
    return Media(kind, file_name=name or None, text=_words((x.performer, x.title)))


def _listed(told: dict[str, Any], head: str) -> str | None:
    answers = told.get("answers")
    items = [answer.get("text") for answer in answers if isinstance(answer, dict)] if isinstance(answers, list) else []
    return _words((told.get(head), *items), "\n")


def _words(parts: Any, joint: str = " ") -> str | None:
    return joint.join(words for part in parts if (words := plain_text(part))) or None


def _rich(node: object) -> Iterator[list[object]]:
    """The marked-up texts in a rich message's blocks, in order. A text is an object with a ``type`` and a ``text``."""
    if isinstance(node, list):
        for child in node:
            yield from _rich(child)
    elif isinstance(node, dict):
        for key, child in node.items():
            if key in ("text", "caption", "title", "author", "credit", "formula") and not _holds_texts(child):
                yield list(_flat(child))
            elif isinstance(child, (list, dict)):
                yield from _rich(child)


def _holds_texts(node: object) -> bool:
    return isinstance(node, dict) and "type" not in node


def _flat(node: object) -> Iterator[object]:
    """A rich text as parts of a plain one: nested marks fall away, addresses stay."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for child in node:
            yield from _flat(child)
    elif isinstance(node, dict):
        if node.get("type") in ("link", "text_link", "mention", "mention_name"):
            yield {**node, "text": plain_text(node.get("text", ""))}
        else:
            yield from _flat(node.get("text", ""))
