"""What an adapter can be asked to perform: a closed set, so that adapters stay finite.

``group`` is always the platform-qualified id of the group in which it happens. ``Lane`` is the class of priority in
which dispatch sends it: order is kept before talk, talk before announcements.
"""

from datetime import datetime
from enum import IntEnum
from typing import ClassVar

import msgspec
from msgspec import Struct

from rules.capability import Capability
from rules.text import Text
from rules.values import Button


class Lane(IntEnum):
    """Priority of an effect in dispatch; lower goes first."""

    MODERATION = 0
    REPLY = 1
    ANNOUNCEMENT = 2


class Notice(Struct, frozen=True, omit_defaults=True):
    """What a word to a member tells them of, by the step that says it, and its gist where it stands below another.

    It is a mark for the making of a decision, in which one member is told once, and for the quiet hours, in which such
    a word is said; none is left on what is performed.
    """

    of: str
    member: str
    gist: Text | None = None


class Picture(Struct, frozen=True, omit_defaults=True):
    """An image to be sent above a text: its bytes (PNG or JPEG), or a code of letters to be drawn as a captcha."""

    content: bytes = b""
    captcha: str = ""


class Report(Struct, frozen=True, omit_defaults=True):
    """Whom the engine wants told what became of a delivery: a ``ScheduleFired`` of this name and subject comes.

    Its ``data`` is a ``rules.outcome.Outcome`` as JSON.
    """

    name: str
    subject: str | None = None


class SendText(Struct, frozen=True, omit_defaults=True, tag="send_text", tag_field="type"):
    """Say something in a group, as a reply where ``reply_to`` is given.

    ``mentions`` are member ids to be pinged, ``mention_names`` how the text calls them, in the same order.
    ``delete_after`` (seconds) makes it a notice that cleans itself up.
    ``running`` names a message that is kept up to date: while the one sent under that name in this group still stands
    and is younger than ``runs_for`` seconds, it is edited instead of another being sent.
    """

    capability: ClassVar[Capability] = Capability.SEND
    lane: ClassVar[Lane] = Lane.REPLY
    repeatable: ClassVar[bool] = False
    group: str
    text: Text
    reply_to: str | None = None
    mentions: tuple[str, ...] = ()
    mention_names: tuple[str, ...] = ()
    topic: str | None = None
    silent: bool = False
    pin: bool = False
    delete_after: int | None = None
    buttons: tuple[Button, ...] = ()
    announcement: bool = False
    picture: Picture | None = None
    running: str = ""
    runs_for: int = 0
    report: Report | None = None
    notice: Notice | None = None


class SendPrivate(Struct, frozen=True, omit_defaults=True, tag="send_private", tag_field="type"):
    """Say something to one member alone; ``otherwise`` is said in the group where that fails (blocked, never met)."""

    capability: ClassVar[Capability] = Capability.SEND_PRIVATE
    lane: ClassVar[Lane] = Lane.REPLY
    repeatable: ClassVar[bool] = False
    group: str
    member: str
    text: Text
    otherwise: SendText | None = None
    buttons: tuple[Button, ...] = ()
    picture: Picture | None = None
    report: Report | None = None
    notice: Notice | None = None


class SendDocument(Struct, frozen=True, omit_defaults=True, tag="send_document", tag_field="type"):
    """Send a text file; to ``member`` alone where given."""

    capability: ClassVar[Capability] = Capability.SEND_DOCUMENT
    lane: ClassVar[Lane] = Lane.REPLY
    repeatable: ClassVar[bool] = False
    group: str
    name: str
    content: str
    member: str | None = None


class DeleteMessage(Struct, frozen=True, omit_defaults=True, tag="delete_message", tag_field="type"):
    """Remove a message. One that is already gone counts as done."""

    capability: ClassVar[Capability] = Capability.DELETE
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    message: str


class DeleteMessages(Struct, frozen=True, omit_defaults=True, tag="delete_messages", tag_field="type"):
    """Remove several messages at once; dispatch makes it of single ones. Those already gone count as done."""

    capability: ClassVar[Capability] = Capability.DELETE_MANY
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    messages: tuple[str, ...]


class EditText(Struct, frozen=True, omit_defaults=True, tag="edit_text", tag_field="type"):
    """Change what an own message says; dispatch makes it of a running message. ``pictured``: it is below a picture."""

    capability: ClassVar[Capability] = Capability.EDIT_OWN
    lane: ClassVar[Lane] = Lane.REPLY
    repeatable: ClassVar[bool] = True
    group: str
    message: str
    text: Text
    buttons: tuple[Button, ...] = ()
    pictured: bool = False
    mentions: tuple[str, ...] = ()
    mention_names: tuple[str, ...] = ()


class AnswerButton(Struct, frozen=True, omit_defaults=True, tag="answer_button", tag_field="type"):
    """Tell who pressed a button what came of it, seen by them alone; without ``text`` it only stops waiting.

    ``press`` is that of the ``ButtonPressed``. One that is too old to be answered counts as done. ``alert``: to be
    read and closed, rather than passing by.
    """

    capability: ClassVar[Capability] = Capability.ANSWER_BUTTONS
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    press: str
    text: Text | None = None
    alert: bool = False


class PinMessage(Struct, frozen=True, omit_defaults=True, tag="pin_message", tag_field="type"):
    """Pin a message to the top of its group."""

    capability: ClassVar[Capability] = Capability.PIN
    lane: ClassVar[Lane] = Lane.REPLY
    repeatable: ClassVar[bool] = True
    group: str
    message: str


class MuteMember(Struct, frozen=True, omit_defaults=True, tag="mute_member", tag_field="type"):
    """Take a member's voice until ``until`` (None: until somebody gives it back)."""

    capability: ClassVar[Capability] = Capability.MUTE
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    member: str
    until: datetime | None = None


class UnmuteMember(Struct, frozen=True, omit_defaults=True, tag="unmute_member", tag_field="type"):
    """Give a member their voice back."""

    capability: ClassVar[Capability] = Capability.MUTE
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    member: str


class KickMember(Struct, frozen=True, omit_defaults=True, tag="kick_member", tag_field="type"):
    """Remove a member, who may come back. Never a ban."""

    capability: ClassVar[Capability] = Capability.KICK
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    member: str


class BanMember(Struct, frozen=True, omit_defaults=True, tag="ban_member", tag_field="type"):
    """Remove a member and keep them out until ``until`` (None: until unbanned)."""

    capability: ClassVar[Capability] = Capability.BAN
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    member: str
    until: datetime | None = None


class UnbanMember(Struct, frozen=True, omit_defaults=True, tag="unban_member", tag_field="type"):
    """Let a banned member come back."""

    capability: ClassVar[Capability] = Capability.BAN
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    member: str


class AnswerJoinRequest(Struct, frozen=True, omit_defaults=True, tag="answer_join_request", tag_field="type"):
    """Let a person in, or turn them down; ``request`` is that of the ``JoinRequested``.

    In a talk with one person alone it answers what they ask of the bot itself: to be its friend, to come to a group.
    Who came by a door's word has asked the platform for nothing: they are let in by an invitation, and turning them
    down is nothing that it has to do.
    """

    capability: ClassVar[Capability] = Capability.JOIN_REQUESTS
    lane: ClassVar[Lane] = Lane.MODERATION
    repeatable: ClassVar[bool] = True
    group: str
    member: str
    approve: bool
    request: str | None = None
    report: Report | None = None


class SetAnnouncement(Struct, frozen=True, omit_defaults=True, tag="set_announcement", tag_field="type"):
    """Put a text into the notice that stands at the top of a group, in the place of the one before."""

    capability: ClassVar[Capability] = Capability.ANNOUNCE
    lane: ClassVar[Lane] = Lane.ANNOUNCEMENT
    repeatable: ClassVar[bool] = False
    group: str
    text: Text


class RenameGroup(Struct, frozen=True, omit_defaults=True, tag="rename_group", tag_field="type"):
    """Give a group another name."""

    capability: ClassVar[Capability] = Capability.RENAME
    lane: ClassVar[Lane] = Lane.REPLY
    repeatable: ClassVar[bool] = True
    group: str
    name: Text


class InviteMember(Struct, frozen=True, omit_defaults=True, tag="invite_member", tag_field="type"):
    """Bring somebody into a group, or send them its invitation. Who is in it already counts as done."""

    capability: ClassVar[Capability] = Capability.INVITE
    lane: ClassVar[Lane] = Lane.REPLY
    repeatable: ClassVar[bool] = False
    group: str
    member: str


Effect = (
    SendText
    | SendPrivate
    | SendDocument
    | DeleteMessage
    | DeleteMessages
    | EditText
    | AnswerButton
    | PinMessage
    | MuteMember
    | UnmuteMember
    | KickMember
    | BanMember
    | UnbanMember
    | AnswerJoinRequest
    | SetAnnouncement
    | RenameGroup
    | InviteMember
)

_encoder = msgspec.json.Encoder()
_decoder: "msgspec.json.Decoder[Effect]" = msgspec.json.Decoder(Effect)


def encode(effect: Effect) -> bytes:
    """An effect as JSON."""
    return _encoder.encode(effect)


def decode(data: bytes | str) -> Effect:
    """The effect that ``encode`` wrote."""
    return _decoder.decode(data)


def lane_of(effect: Effect) -> Lane:
    """The lane in which dispatch sends this effect."""
    if isinstance(effect, SendText) and effect.announcement:
        return Lane.ANNOUNCEMENT
    return effect.lane


def kind_of(effect: Effect) -> str:
    """The effect's name on the wire and in traces, such as ``delete_message``."""
    return str(type(effect).__struct_config__.tag)
