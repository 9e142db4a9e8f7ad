"""The nouns of a group: who, where and what was posted, as frozen values with platform-qualified ids."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from rules.text import Text


class PlatformRole(StrEnum):
    """What the platform itself says a member may do."""

    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"
    GROUP = "group"  # speaks as the group itself (an anonymous admin), or as the channel that it belongs to


class MediaKind(StrEnum):
    """What kind of thing is attached to a message."""

    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"
    POLL = "poll"
    CARD = "card"  # a link card
    MINI_PROGRAM = "mini_program"
    HISTORY = "history"  # a forwarded piece of another talk
    NOTE = "note"  # a note of the group's, to which several can write
    MONEY = "money"  # a red envelope or a transfer
    RECALL = "recall"  # somebody took a message back; ``text`` is what it said, where that was seen
    NUDGE = "nudge"  # somebody poked somebody (拍一拍)
    SYSTEM = "system"  # a line of the platform's own
    UNKNOWN = "unknown"  # newer than the adapter: never treated as empty


NOT_TALK = frozenset({MediaKind.RECALL, MediaKind.NUDGE, MediaKind.SYSTEM})
"""What stands in a group without anybody having said it."""


class Group(Struct, frozen=True):
    """A place where people talk.

    ``id`` is platform-qualified (``telegram:-1001234567890``). ``kind`` is ``group`` or, for a talk with one person
    alone, ``private``.
    """

    id: str
    name: str = ""
    kind: str = "group"


class Member(Struct, frozen=True, omit_defaults=True):
    """A person (or bot) as the platform names them at the moment of an event.

    ``id`` is platform-qualified (``telegram:258319``); ``username`` has no ``@``.
    """

    id: str
    name: str = ""
    username: str | None = None
    is_bot: bool = False
    role: PlatformRole = PlatformRole.MEMBER
    bio: str | None = None
    is_chat: bool = False  # a channel or group that speaks: it can be banned, but not muted


class Link(Struct, frozen=True, omit_defaults=True):
    """An address in a message; ``text`` is what the reader sees where that differs from the address."""

    url: str
    text: str | None = None


class Mention(Struct, frozen=True, omit_defaults=True):
    """A person named in a message: by id where the platform tells it, else by username or name."""

    text: str
    member: str | None = None


class File(Struct, frozen=True, omit_defaults=True):
    """A file of the platform's: ``id`` is the handle by which it gives it out, ``size`` how many bytes it says it has.

    ``unique`` names the content: it is the same whoever posts it, and wherever.
    """

    id: str
    unique: str
    size: int | None = None


class Media(Struct, frozen=True, omit_defaults=True):
    """Something attached to a message; ``text`` is every word it carries (title, caption, contact, poll options).

    ``hash`` tells its content from others, where the platform does. ``view`` is a picture of it, where there is one.
    What was read in that are ``codes`` (what QR codes in it say), words, which are at the end of ``text``, and how it
    ``looks``: a perceptual hash, 16 hexadecimal digits.
    """

    kind: MediaKind
    file_name: str | None = None
    text: str | None = None
    codes: tuple[str, ...] = ()
    hash: str | None = None
    looks: str | None = None
    view: File | None = None


class Forward(Struct, frozen=True, omit_defaults=True):
    """Where a forwarded message came from. ``kind`` is ``user``, ``hidden_user``, ``chat`` or ``channel``."""

    kind: str
    name: str = ""
    id: str | None = None


class Elsewhere(Struct, frozen=True, omit_defaults=True):
    """A message of another chat to which a message answers: where it stands, and what of it is shown along."""

    origin: Forward
    media: tuple[Media, ...] = ()


class Button(Struct, frozen=True, omit_defaults=True):
    """A button below a message: it opens ``url`` or sends ``data`` back.

    ``label`` is what a button of the bot's own says; where it is given, ``text`` is made of it when it is queued.
    """

    text: str = ""
    url: str | None = None
    data: str | None = None
    label: Text | None = None


class Message(Struct, frozen=True, omit_defaults=True):
    """One message, with everything in it where a person can hide an advertisement.

    ``id`` is platform-qualified and unique within its platform (``telegram:-1001234567890/55``); ``at`` is aware, UTC.
    """

    id: str
    author: Member
    text: str = ""
    at: datetime | None = None
    reply_to: str | None = None
    reply_to_author: Member | None = None
    links: tuple[Link, ...] = ()
    mentions: tuple[Mention, ...] = ()
    media: tuple[Media, ...] = ()
    forward: Forward | None = None
    quote: str | None = None
    buttons: tuple[Button, ...] = ()
    via_bot: str | None = None
    topic: str | None = None
    language: str | None = None
    elsewhere: Elsewhere | None = None
    marks: tuple[str, ...] = ()  # how words are dressed up: spoiler, custom_emoji, code, blockquote, ...
    album: str | None = None  # several messages that are shown as one carry the same name
    parts: tuple[str, ...] = ()  # ids of the album's other messages: what is done to one is done to all
    command: str | None = None  # our command that the text asks for: such a message does not count as talk
    reply_to_text: str | None = None  # the words of the message answered, where the platform is sure of them

    @property
    def is_talk(self) -> bool:
        """Whether somebody said something by it: no command, and no line about what happened."""
        return self.command is None and not self.is_line

    @property
    def is_line(self) -> bool:
        """Whether it is a line about what happened (somebody took a message back, poked somebody), said by nobody."""
        return bool(self.media) and any(part.kind in NOT_TALK for part in self.media)

    @property
    def own_quote(self) -> str | None:
        """What it quotes, unless that is what somebody else said here: their words were judged when they said them."""
        quote, by = self.quote, self.reply_to_author
        if quote and by is not None and by.id != self.author.id and quote in (self.reply_to_text or ""):
            return None
        return quote
