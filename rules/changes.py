"""What a decision asks to be recorded: a closed union. ``rules.apply`` carries each out on the states.

``member`` is always a platform-qualified member id; the group is the decision's own.
"""

from datetime import datetime

import msgspec
from msgspec import Struct

from rules.state import GateNote, Stranger
from rules.values import PlatformRole


class AddPoints(Struct, frozen=True, omit_defaults=True, tag="add_points", tag_field="type"):
    """A member climbs a ladder, for a ``message`` if it is about one; the points fade at ``expires`` (None: never)."""

    member: str
    ladder: str
    points: int = 1
    expires: datetime | None = None
    rule: str = ""
    message: str = ""


class AddWarning(Struct, frozen=True, omit_defaults=True, tag="add_warning", tag_field="type"):
    """A member is warned, by a member id or ``rule:<id>``, for a ``message`` where it is about one."""

    member: str
    by: str
    reason: str = ""
    message: str = ""


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


class OpenCase(Struct, frozen=True, omit_defaults=True, tag="open_case", tag_field="type"):
    """Something was decided on a member that staff may look at again, under this number.

    ``acts`` is what was done, as effects and changes are called. ``appeal_until`` is how long the member may object,
    ``answer_within`` in how many seconds staff have to answer that.
    """

    number: int
    member: str
    event: str
    rule: str = ""
    message: str | None = None
    acts: tuple[str, ...] = ()
    appeal_until: datetime | None = None
    answer_within: int | None = None


class AppealCase(Struct, frozen=True, omit_defaults=True, tag="appeal_case", tag_field="type"):
    """The member objects to what was decided."""

    number: int


class CloseCase(Struct, frozen=True, omit_defaults=True, tag="close_case", tag_field="type"):
    """Staff decided on a case: ``undone``, ``kept``, ``no_ad``, or the name of the command that settled it."""

    number: int
    outcome: str
    by: str


class TakeBack(Struct, frozen=True, omit_defaults=True, tag="take_back", tag_field="type"):
    """The points and warnings that a member got at a moment are taken back: by an ``event``, for a ``message``.

    Moments alone tell nothing apart where a platform counts whole seconds.
    """

    member: str
    at: datetime
    by: str
    event: str = ""
    message: str = ""


class LabelMessage(Struct, frozen=True, omit_defaults=True, tag="label_message", tag_field="type"):
    """Staff say that a message is an advertisement, or none: what the detection learns from, under this number.

    ``features`` and ``sketch`` are hashes, from which no word can be read back, ``logit`` is what the model said.
    """

    number: int
    ad: bool
    by: str
    source: str
    features_version: str
    features: bytes
    logit: float
    sketch: bytes | None = None
    member: str | None = None
    message: str | None = None


class WithdrawLabel(Struct, frozen=True, omit_defaults=True, tag="withdraw_label", tag_field="type"):
    """What was said of a message is taken back: nothing is learned from it any more."""

    number: int
    by: str


class ReadRules(Struct, frozen=True, omit_defaults=True, tag="read_rules", tag_field="type"):
    """A member said that they have read the group's rules."""

    member: str


class Greeted(Struct, frozen=True, omit_defaults=True, tag="greeted", tag_field="type"):
    """A welcome was posted, or the standing one grew by these names; ``anew`` begins another."""

    names: tuple[str, ...]
    anew: bool = True


class StartRunning(Struct, frozen=True, omit_defaults=True, tag="start_running", tag_field="type"):
    """A message of the bot's own that is kept up to date was posted anew."""

    name: str


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


class AskAtGate(Struct, frozen=True, omit_defaults=True, tag="ask_at_gate", tag_field="type"):
    """A newcomer is asked at the gate, in a challenge that others may share; ``muted``: their voice was taken for it.

    ``since``: from when the question can be delivered, where that is not at once.
    ``shown`` is 1 where the challenge's text concerns them at once, else 0; ``show_due`` is when it will.
    """

    member: str
    name: str
    onboarding: str
    challenge: str
    shown: int = 1
    show_due: datetime | None = None
    muted: bool = False
    private: bool = False
    since: datetime | None = None


class ShowChallenge(Struct, frozen=True, omit_defaults=True, tag="show_challenge", tag_field="type"):
    """A challenge's text was brought up to date: it concerns everybody who waits."""

    challenge: str


class ChallengeStands(Struct, frozen=True, omit_defaults=True, tag="challenge_stands", tag_field="type"):
    """A challenge was delivered as ``message``: whom this revision concerns have time to answer until a moment."""

    challenge: str
    revision: int
    until: datetime
    message: str | None = None


class GrantTime(Struct, frozen=True, omit_defaults=True, tag="grant_time", tag_field="type"):
    """Everybody whose time at a challenge is over has until this moment instead: the bot was away."""

    challenge: str
    until: datetime


class WrongAnswer(Struct, frozen=True, omit_defaults=True, tag="wrong_answer", tag_field="type"):
    """A newcomer's answer at the gate was not right."""

    member: str


class DecideAtGate(Struct, frozen=True, omit_defaults=True, tag="decide_at_gate", tag_field="type"):
    """A member who was before the gate stands otherwise now (``rules.state.AtGate``). They are asked no more.

    ``unmuted``: the voice that was taken at the gate was given back. ``request``: they are not in the group yet.
    """

    member: str
    stands: str
    why: str
    onboarding: str = ""
    unmuted: bool = False
    request: bool = False


class Removed(Struct, frozen=True, omit_defaults=True, tag="removed", tag_field="type"):
    """A member is removed from the group, and may come back: through a door only if staff open it."""

    member: str


class CloseChallenge(Struct, frozen=True, omit_defaults=True, tag="close_challenge", tag_field="type"):
    """A challenge at which nobody waits is over."""

    challenge: str


class RequireGate(Struct, frozen=True, omit_defaults=True, tag="require_gate", tag_field="type"):
    """Gates that ask only when they are told to do so until a moment."""

    until: datetime


class NoteForStaff(Struct, frozen=True, omit_defaults=True, tag="note_for_staff", tag_field="type"):
    """Staff are to be told of this together with other things, soon."""

    notes: tuple[GateNote, ...]


class ToldStaff(Struct, frozen=True, omit_defaults=True, tag="told_staff", tag_field="type"):
    """Staff were told of everything that waited for it."""


class NoteStranger(Struct, frozen=True, omit_defaults=True, tag="note_stranger", tag_field="type"):
    """Staff are to be told of somebody who turned to the bot's account, together with others."""

    stranger: Stranger


class ToldOfStrangers(Struct, frozen=True, omit_defaults=True, tag="told_of_strangers", tag_field="type"):
    """Staff were told of all who turned to the bot's account."""


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
    | OpenCase
    | AppealCase
    | CloseCase
    | TakeBack
    | LabelMessage
    | WithdrawLabel
    | ReadRules
    | Greeted
    | StartRunning
    | AskConfirmation
    | DropConfirmation
    | Audit
    | ForgetMember
    | RequestReload
    | Relay
    | AskAtGate
    | ShowChallenge
    | ChallengeStands
    | GrantTime
    | WrongAnswer
    | DecideAtGate
    | Removed
    | CloseChallenge
    | RequireGate
    | NoteForStaff
    | ToldStaff
    | NoteStranger
    | ToldOfStrangers
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
