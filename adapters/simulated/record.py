"""What happened on a simulated platform, one entry an act, in order: what a transcript is made from."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Act(StrEnum):
    """What somebody (a person, or the bot) did."""

    POST = "post"
    EDIT = "edit"
    PRESS = "press"
    JOIN = "join"
    LEAVE = "leave"
    ASK_IN = "ask_in"
    LET_IN = "let_in"
    TURN_DOWN = "turn_down"
    KEPT_OUT = "kept_out"  # a person tried something the platform does not allow them
    WHISPER = "whisper"  # to one person alone
    FILE = "file"
    ANSWER = "answer"  # to who pressed a button, seen by them alone
    DELETE = "delete"
    PIN = "pin"
    ANNOUNCE = "announce"  # the notice at the top of the group
    RENAME = "rename"
    INVITE = "invite"  # into this group
    MUTE = "mute"
    UNMUTE = "unmute"
    KICK = "kick"
    BAN = "ban"
    UNBAN = "unban"
    ROLE = "role"
    MIGRATE = "migrate"  # the group goes on under another id


class Migration(Struct, frozen=True):
    """The update by which a platform tells that a group has another id."""

    old: str
    new: str


class Entry(Struct, frozen=True, omit_defaults=True):
    """One act. ``who`` (a member id, or the bot's own) did it, to ``whom`` or to ``message``."""

    at: datetime
    act: Act
    group: str
    who: str
    text: str = ""
    message: str | None = None
    whom: str | None = None
    until: datetime | None = None
    reply_to: str | None = None
    why: str = ""
