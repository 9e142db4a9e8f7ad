"""What a decision asks to be recorded: a closed union. ``rules.apply`` carries each out on the states.

``member`` is always a platform-qualified member id; the group is the decision's own.
"""

from datetime import datetime

import msgspec
from msgspec import Struct

from rules.values import PlatformRole


class AddPoints(Struct, frozen=True, omit_defaults=True, tag="add_points", tag_field="type"):
    """A member climbs a ladder; the points fade at ``expires`` (None: never)."""

    member: str
    ladder: str
    points: int = 1
    expires: datetime | None = None
    rule: str = ""


class AddWarning(Struct, frozen=True, omit_defaults=True, tag="add_warning", tag_field="type"):
    """A member is warned, by a member id or ``rule:<id>``."""

    member: str
    by: str
    reason: str = ""


class Forgive(Struct, frozen=True, omit_defaults=True, tag="forgive", tag_field="type"):
    """A member's warnings and ladder points are taken back."""

    member: str
    by: str


class AddScore(Struct, frozen=True, omit_defaults=True, tag="add_score", tag_field="type"):
    """A member earns (or loses) points for taking part."""

    member: str
    points: int
    reason: str = ""


class AddTag(Struct, frozen=True, omit_defaults=True, tag="add_tag", tag_field="type"):
    """A member is tagged."""

    member: str
    tag: str


class RemoveTag(Struct, frozen=True, omit_defaults=True, tag="remove_tag", tag_field="type"):
    """A member loses a tag."""

    member: str
    tag: str


class MarkIntroduced(Struct, frozen=True, omit_defaults=True, tag="mark_introduced", tag_field="type"):
    """A member introduced themselves; ``fields`` is what the template recognised. Their timers are cancelled."""

    member: str
    text: str
    fields: dict[str, str] = {}
    message: str | None = None


class AskedIntroduction(Struct, frozen=True, omit_defaults=True, tag="asked_introduction", tag_field="type"):
    """A member was asked, or reminded, to introduce themselves."""

    member: str
    reminder: bool = False


class SetProfile(Struct, frozen=True, omit_defaults=True, tag="set_profile", tag_field="type"):
    """One field of a member's profile is set."""

    member: str
    field: str
    value: str


class AskQuestion(Struct, frozen=True, omit_defaults=True, tag="ask_question", tag_field="type"):
    """A member was asked something; their next message until then answers it into the profile field ``save``."""

    member: str
    save: str
    until: datetime
    rule: str = ""


class AnswerQuestion(Struct, frozen=True, omit_defaults=True, tag="answer_question", tag_field="type"):
    """A member answered the question they were asked."""

    member: str
    save: str
    value: str


class SetMuted(Struct, frozen=True, omit_defaults=True, tag="set_muted", tag_field="type"):
    """A member was muted until a moment, or (None with ``muted=False``) given their voice back."""

    member: str
    until: datetime | None = None
    muted: bool = True


class SetBanned(Struct, frozen=True, omit_defaults=True, tag="set_banned", tag_field="type"):
    """A member was banned or unbanned."""

    member: str
    banned: bool = True


class QueueWelcome(Struct, frozen=True, omit_defaults=True, tag="queue_welcome", tag_field="type"):
    """A joiner waits for the batch that is due at ``due``."""

    member: str
    name: str
    due: datetime


class Welcomed(Struct, frozen=True, omit_defaults=True, tag="welcomed", tag_field="type"):
    """The waiting batch was welcomed (or, in a raid, silently let in)."""

    members: tuple[str, ...]


class PauseWelcome(Struct, frozen=True, omit_defaults=True, tag="pause_welcome", tag_field="type"):
    """Welcomes are silent until a moment."""

    until: datetime


class CheckIn(Struct, frozen=True, omit_defaults=True, tag="check_in", tag_field="type"):
    """A member checked in on a local day; ``streak`` is the length it makes."""

    member: str
    day: str
    streak: int
    points: int = 0


class CountUse(Struct, frozen=True, omit_defaults=True, tag="count_use", tag_field="type"):
    """Something limited by ``at_most`` was used; per member where ``member`` is given; kept for ``keep`` seconds."""

    use: str
    keep: int
    member: str | None = None


class SetRuleMode(Struct, frozen=True, omit_defaults=True, tag="set_rule_mode", tag_field="type"):
    """A rule is switched (``enforce``, ``shadow``, ``off``) in this group, or back to the file's mode (``file``)."""

    rule: str
    mode: str
    until: datetime | None = None
    by: str = ""


class SetTimer(Struct, frozen=True, omit_defaults=True, tag="set_timer", tag_field="type"):
    """Wake the group at a moment: a ``ScheduleFired`` of this name, subject and data comes. One per (name, subject).

    Rules know it by its name up to a ``#``: what follows only tells timers of one name apart.
    """

    name: str
    due: datetime
    subject: str | None = None
    data: str | None = None


class CancelTimer(Struct, frozen=True, omit_defaults=True, tag="cancel_timer", tag_field="type"):
    """Forget a timer. Names ending in ``*`` cancel all that start so."""

    name: str
    subject: str | None = None


class Posted(Struct, frozen=True, omit_defaults=True, tag="posted", tag_field="type"):
    """A schedule posted; ``topic`` is the topic it used up, ``challenge`` the day's challenge it announced."""

    schedule: str
    topic: str | None = None
    challenge: str | None = None
    day: str = ""
    quiet: bool = False


class HoldMessage(Struct, frozen=True, omit_defaults=True, tag="hold_message", tag_field="type"):
    """A message was taken out of sight until staff decide."""

    rule: str
    member: str
    name: str
    text: str
    message: str


class CloseReview(Struct, frozen=True, omit_defaults=True, tag="close_review", tag_field="type"):
    """Staff decided on a held message."""

    number: int
    approved: bool
    by: str


class AskConfirmation(Struct, frozen=True, omit_defaults=True, tag="ask_confirmation", tag_field="type"):
    """A mass action waits for its issuer's confirmation."""

    code: str
    actor: str
    command: str
    args: str
    until: datetime


class DropConfirmation(Struct, frozen=True, omit_defaults=True, tag="drop_confirmation", tag_field="type"):
    """A confirmation was used or withdrawn."""

    code: str


class Audit(Struct, frozen=True, omit_defaults=True, tag="audit", tag_field="type"):
    """An admin's act for the log: who did what to whom, and why."""

    actor: str
    act: str
    target: str | None = None
    reason: str = ""


class ForgetMember(Struct, frozen=True, omit_defaults=True, tag="forget_member", tag_field="type"):
    """A member's own data is erased: profile, introduction, texts, points. Bans and the audit log stay."""

    member: str


class RequestReload(Struct, frozen=True, omit_defaults=True, tag="request_reload", tag_field="type"):
    """The configuration is to be read again once this decision is recorded; the answer goes to the group."""

    by: str


class Relay(Struct, frozen=True, omit_defaults=True, tag="relay", tag_field="type"):
    """A command given in the staff room, or to the bot alone, is to be carried out in ``group``: by its inbox.

    ``can`` is what the issuer may do where they gave it, ``role`` the platform's role they have in that group.
    """

    group: str
    command: str
    args: str
    can: tuple[str, ...] = ()
    role: PlatformRole = PlatformRole.MEMBER


Change = (
    AddPoints
    | AddWarning
    | Forgive
    | AddScore
    | AddTag
    | RemoveTag
    | MarkIntroduced
    | AskedIntroduction
    | SetProfile
    | AskQuestion
    | AnswerQuestion
    | SetMuted
    | SetBanned
    | QueueWelcome
    | Welcomed
    | PauseWelcome
    | CheckIn
    | CountUse
    | SetRuleMode
    | SetTimer
    | CancelTimer
    | Posted
    | HoldMessage
    | CloseReview
    | AskConfirmation
    | DropConfirmation
    | Audit
    | ForgetMember
    | RequestReload
    | Relay
)

_encoder = msgspec.json.Encoder()
_decoder: "msgspec.json.Decoder[Change]" = msgspec.json.Decoder(Change)


def encode(change: Change) -> bytes:
    """A change as JSON."""
    return _encoder.encode(change)


def decode(data: bytes | str) -> Change:
    """The change that ``encode`` wrote."""
    return _decoder.decode(data)


def kind_of(change: Change) -> str:
    """The change's name, such as ``add_points``."""
    return str(type(change).__struct_config__.tag)
