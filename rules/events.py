"""What can happen in a group: a closed union, so that every consumer can be complete.

Every event has a unique ``id`` (the inbox collapses repeats by it), the ``group`` and ``at``, the moment it happened
(aware, UTC). ``rules.events.encode`` and ``decode`` turn events to JSON and back without loss.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rules.values import Group, Member, Message

AGAIN = "#again"
"""What follows an event's id where it is looked at once more."""


class MessagePosted(Struct, frozen=True, omit_defaults=True, tag="message", tag_field="type"):
    """Somebody posted a message.

    ``again`` are the rules that awaited an opinion and now look at it once more: the others have, and it has counted.
    """

    kind: ClassVar[str] = "message"
    id: str
    group: Group
    at: datetime
    message: Message
    again: tuple[str, ...] = ()


class MessageEdited(Struct, frozen=True, omit_defaults=True, tag="edit", tag_field="type"):
    """Somebody changed a message; ``message`` is how it reads now, ``again`` as with ``MessagePosted``."""

    kind: ClassVar[str] = "edit"
    id: str
    group: Group
    at: datetime
    message: Message
    again: tuple[str, ...] = ()


class MemberJoined(Struct, frozen=True, tag="join", tag_field="type"):
    """A member came in; ``inviter`` brought them, ``source`` names the invitation link where the platform tells."""

    kind: ClassVar[str] = "join"
    id: str
    group: Group
    at: datetime
    member: Member
    inviter: Member | None = None
    source: str | None = None


class MemberLeft(Struct, frozen=True, tag="leave", tag_field="type"):
    """A member went; ``remover`` is who removed them, where somebody did."""

    kind: ClassVar[str] = "leave"
    id: str
    group: Group
    at: datetime
    member: Member
    remover: Member | None = None


class JoinRequested(Struct, frozen=True, tag="join_request", tag_field="type"):
    """Somebody asks to be let in; ``source`` names the invitation link where the platform tells.

    In a talk with one person alone (``group.kind``) they ask something of the bot itself: ``source`` is ``friendship``
    (``note`` is what they say with it) or ``invitation`` (to a group that is called ``note``). ``request`` is the
    handle by which it is answered, where the platform has one.
    """

    kind: ClassVar[str] = "join_request"
    id: str
    group: Group
    at: datetime
    member: Member
    note: str = ""
    source: str | None = None
    request: str | None = None


class ReactionAdded(Struct, frozen=True, tag="reaction", tag_field="type"):
    """A member reacted to a message with ``reactions`` (emoji, or names of the platform's own)."""

    kind: ClassVar[str] = "reaction"
    id: str
    group: Group
    at: datetime
    member: Member
    message: str
    reactions: tuple[str, ...] = ()


class ButtonPressed(Struct, frozen=True, tag="button", tag_field="type"):
    """A member pressed a button of ours; ``data`` is what the button carries.

    ``press`` is the platform's handle by which the press can be answered (``AnswerButton``), where it wants that.
    """

    kind: ClassVar[str] = "button"
    id: str
    group: Group
    at: datetime
    member: Member
    data: str
    message: str | None = None
    press: str | None = None


class Origin(Struct, frozen=True, omit_defaults=True):
    """Where a command was given that is carried out in another group: answers go there.

    ``can`` is what its issuer may do there, which holds in the other group too.
    """

    group: Group
    can: tuple[str, ...] = ()


class CommandIssued(Struct, frozen=True, tag="command", tag_field="type"):
    """A member typed a slash command. ``name`` is canonical (English, no slash), ``typed`` what stood in the message.

    ``args`` is the rest of the line as written. ``message`` is the command's own message; its ``reply_to`` and
    ``reply_to_author`` name the target of commands that are given as a reply.
    ``origin`` is set where the command was given elsewhere (``rules.changes.Relay``), never by an adapter.
    ``press`` is that of the button behind which the command stood (``ButtonPressed.press``).
    """

    kind: ClassVar[str] = "command"
    id: str
    group: Group
    at: datetime
    name: str
    typed: str
    args: str
    actor: Member
    message: Message
    origin: Origin | None = None
    press: str | None = None


class ScheduleFired(Struct, frozen=True, tag="schedule", tag_field="type"):
    """A time came: a schedule's, a silence's or a timer's.

    ``schedule`` is the schedule's id or the timer's name. ``due`` is the moment it was for (``at`` is when it woke),
    ``local`` that moment's wall time in the group's zone (``2026-10-25T02:30``). ``subject`` is the member a timer is
    about; timers of one name that are set side by side differ in what follows a ``#``.
    Id: ``schedule:<schedule>:<group>:<local or due>`` so that a restart, a replica and a doubled hour collapse.
    """

    kind: ClassVar[str] = "schedule"
    id: str
    group: Group
    at: datetime
    schedule: str
    due: datetime
    local: str = ""
    subject: str | None = None
    data: str | None = None

    @property
    def name(self) -> str:
        """The schedule or timer that rules name: without what tells timers of one name apart."""
        return self.schedule.partition("#")[0]


Event = (
    MessagePosted
    | MessageEdited
    | MemberJoined
    | MemberLeft
    | JoinRequested
    | ReactionAdded
    | ButtonPressed
    | CommandIssued
    | ScheduleFired
)

KINDS: tuple[str, ...] = (
    "message",
    "edit",
    "join",
    "leave",
    "join_request",
    "reaction",
    "button",
    "command",
    "schedule",
)

_encoder = msgspec.json.Encoder()
_decoder: "msgspec.json.Decoder[Event]" = msgspec.json.Decoder(Event)


def encode(event: Event) -> bytes:
    """An event as JSON."""
    return _encoder.encode(event)


def decode(data: bytes | str) -> Event:
    """The event that ``encode`` wrote. Raises ``msgspec.ValidationError`` on anything else."""
    return _decoder.decode(data)


def member_of(event: Event) -> Member | None:
    """The member an event is about: author, joiner, leaver, presser or issuer. None for a schedule."""
    if isinstance(event, (MessagePosted, MessageEdited)):
        return event.message.author
    if isinstance(event, CommandIssued):
        return event.actor
    if isinstance(event, ScheduleFired):
        return None
    return event.member


def subject_of(event: Event) -> str | None:
    """The id of the member whose state a decision on this event reads and writes; None for a line of the platform's."""
    if isinstance(event, ScheduleFired):
        return event.subject
    member = member_of(event)
    if member is not None and member.is_bot and isinstance(event, MessagePosted) and event.message.is_line:
        return None
    return member.id if member else None


def message_of(event: Event) -> Message | None:
    """The message an event carries, if any."""
    if isinstance(event, (MessagePosted, MessageEdited, CommandIssued)):
        return event.message
    return None


def judged_before(event: Event) -> tuple[str, ...]:
    """The ids of messages by which what somebody wrote may have been judged before: of what was edited, or is looked at
    again, and of the parts of an album that came earlier."""
    match event:
        case MessagePosted(again=()):
            return event.message.parts
        case MessagePosted() | MessageEdited():
            return (event.message.id, *event.message.parts)
    return ()


def again_by(event: Event) -> tuple[str, ...]:
    """The rules that look at an event once more; none where it is looked at for the first time, by all."""
    return event.again if isinstance(event, (MessagePosted, MessageEdited)) else ()


def once_more(event: Event, rules: Iterable[str]) -> "MessagePosted | MessageEdited | None":
    """The event by which these rules look at a message again; None where there is no message."""
    if not isinstance(event, (MessagePosted, MessageEdited)):
        return None
    return replace(event, id=event.id + AGAIN, again=tuple(rules))


def first_id(event: Event) -> str:
    """The id under which an event was looked at for the first time."""
    return event.id.removesuffix(AGAIN) if again_by(event) else event.id
