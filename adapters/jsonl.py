"""Events as lines of JSON, as a person or a script would write them: one event a line.

    {"group": "reading", "from": {"id": "ann", "name": "Ann"}, "text": "Good morning!"}
    {"at": "2026-10-09T20:30:00+08:00", "group": "reading", "type": "join", "from": {"id": "bo"}}

=============  ==========================================================================================
``group``      the group's id on its platform, or ``{"id", "name", "kind"}``; ``kind`` is group or private
``from``       ``{"id", "name", "username", "role", "bot", "bio"}``; ``role`` is member, admin or owner
``type``       message (default), edit, join, leave, join_request, button
``at``         ISO 8601 with offset, or seconds since 1970; left out: now
``id``         unique; an event that is told again under its id is the same event; left out: one is made up
``text``       the words; of a join_request the note, of a button its data
``message``    the message's id within its group; left out: the event's id
``reply_to``   the id of the message that is answered; ``reply_to_author`` is who wrote it, as in ``from``;
               ``reply_to_text`` is what it says
``links``      addresses, or ``{"url", "text"}``; left out: those that stand in the text
``media``      kinds such as photo, or ``{"kind", "file_name", "text", "codes", "hash"}``
``mentions``   names, or ``{"text", "member"}``; left out: those with @ in the text
``forward``    ``{"kind", "name", "id"}``; kind is user, hidden_user, chat or channel
``by``         who invited the joiner, or removed the leaver, as in ``from``
``source``     the invitation link that a joiner used
=============  ==========================================================================================

Also ``quote``, ``buttons``, ``via_bot``, ``topic`` and ``language``, as in ``rules.values.Message``.
"""

from datetime import UTC, datetime
from typing import Literal

import msgspec
from msgspec import Struct

from adapters.entities import links_in, mentions_in
from rules import events as ev
from rules.values import Button, Forward, Group, Link, Media, MediaKind, Member, Mention, Message, PlatformRole

_Id = str | int


class _Who(Struct, forbid_unknown_fields=True):
    id: _Id
    name: str = ""
    username: str | None = None
    role: PlatformRole = PlatformRole.MEMBER
    bot: bool = False
    bio: str | None = None


class _Where(Struct, forbid_unknown_fields=True):
    id: _Id
    name: str = ""
    kind: Literal["group", "private"] = "group"


class _Line(Struct, forbid_unknown_fields=True, rename={"author": "from"}):
    group: _Id | _Where
    author: _Who
    type: Literal["message", "edit", "join", "leave", "join_request", "button"] = "message"
    at: str | float | None = None
    id: _Id | None = None
    text: str = ""
    message: _Id | None = None
    reply_to: _Id | None = None
    reply_to_author: _Who | None = None
    reply_to_text: str | None = None
    links: list[str | Link] | None = None
    media: list[str | Media] = []
    mentions: list[str | Mention] | None = None
    forward: Forward | None = None
    quote: str | None = None
    buttons: list[Button] = []
    via_bot: str | None = None
    topic: str | None = None
    language: str | None = None
    by: _Who | None = None
    source: str | None = None


_decoder = msgspec.json.Decoder(_Line)


def parse_line(line: str | bytes, platform: str, now: datetime, made_up_id: str) -> ev.Event:
    """The event that a line tells of. ``platform`` begins every id; ``now`` and ``made_up_id`` stand in where the line
    gives neither time nor id. Raises ``ValueError`` that says what is wrong with the line."""
    try:
        told = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    event_id = _qualified(told.id if told.id is not None else made_up_id, platform)
    group = told.group if isinstance(told.group, _Where) else _Where(told.group)
    where = Group(_qualified(group.id, platform), group.name, group.kind)
    at = _moment(told.at, now)
    who = _member(told.author, platform)
    by = _member(told.by, platform) if told.by is not None else None
    match told.type:
        case "join":
            return ev.MemberJoined(event_id, where, at, who, by, told.source)
        case "leave":
            return ev.MemberLeft(event_id, where, at, who, by)
        case "join_request":
            return ev.JoinRequested(event_id, where, at, who, told.text)
        case "button":
            return ev.ButtonPressed(event_id, where, at, who, told.text, _message_id(told.message, where, platform))
    message = _message(told, event_id, where, who, at, platform)
    posted = ev.MessageEdited if told.type == "edit" else ev.MessagePosted
    return posted(event_id, where, at, message)


def _message(told: _Line, event_id: str, group: Group, author: Member, at: datetime, platform: str) -> Message:
    own = told.message if told.message is not None else event_id.removeprefix(f"{platform}:")
    links = links_in(told.text) if told.links is None else tuple(_link(link) for link in told.links)
    mentions = mentions_in(told.text, lambda name: None) if told.mentions is None else told.mentions
    return Message(
        id=_message_id(own, group, platform) or "",
        author=author,
        text=told.text,
        at=at,
        reply_to=_message_id(told.reply_to, group, platform),
        reply_to_author=_member(told.reply_to_author, platform) if told.reply_to_author is not None else None,
        links=links,
        mentions=tuple(Mention(m) if isinstance(m, str) else m for m in mentions),
        media=tuple(_media(media) for media in told.media),
        forward=told.forward,
        quote=told.quote,
        buttons=tuple(told.buttons),
        via_bot=told.via_bot,
        topic=told.topic,
        language=told.language,
        reply_to_text=told.reply_to_text,
    )


def _qualified(bare: _Id, platform: str) -> str:
    text = str(bare)
    if not text:
        raise ValueError("an id is empty")
    return text if text.startswith(f"{platform}:") else f"{platform}:{text}"


def _message_id(bare: _Id | None, group: Group, platform: str) -> str | None:
    if bare is None:
        return None
    text = str(bare)
    return text if text.startswith(f"{platform}:") else f"{group.id}/{text}"


def _member(who: _Who, platform: str) -> Member:
    bare = str(who.id).removeprefix(f"{platform}:")
    return Member(_qualified(who.id, platform), who.name or bare, who.username, who.bot, who.role, who.bio)


def _link(link: str | Link) -> Link:
    return Link(link) if isinstance(link, str) else link


def _media(media: str | Media) -> Media:
    if isinstance(media, Media):
        return media
    try:
        return Media(MediaKind(media))
    except ValueError:
        return Media(MediaKind.UNKNOWN, text=media)


def _moment(told: str | float | None, now: datetime) -> datetime:
    if told is None:
        return now
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else datetime.fromtimestamp(told, UTC)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"at: `{told}` is no moment; write one such as 2026-10-09T20:30:00+08:00") from None
    raise ValueError(f"at: `{told}` has no offset; write one such as {told}+08:00")
