"""What is remembered of a group and its members between events.

These are the values that facts are made of and that changes alter (``rules.apply``). Storage keeps them; replay and
``tests:`` keep them in memory (``rules.memory``). They are mutable, but only ``rules.apply`` and
``rules.observe`` write to them; conditions and actions read.
"""

from datetime import datetime

from msgspec import Struct, field

from rules.values import PlatformRole


class Points(Struct, omit_defaults=True):
    """Points on a ladder, with when they were given, when they fade (None: never), for which rule and message."""

    ladder: str
    points: int
    at: datetime
    expires: datetime | None = None
    rule: str = ""
    message: str = ""


class WarningGiven(Struct, omit_defaults=True):
    """A warning: when, by whom (a member id, or ``rule:<id>``), why and for which message."""

    at: datetime
    by: str
    reason: str = ""
    message: str = ""


class Question(Struct, omit_defaults=True):
    """A question that the bot asked a member: the answer is stored in the profile field ``save``."""

    save: str
    until: datetime
    rule: str = ""
    message: str | None = None


class AtGate(Struct, omit_defaults=True):
    """How a member stands with the entry gate of an onboarding, since ``at`` and for the reason ``why``.

    ``stands``: ``asked`` (in the challenge of this id), ``held`` (until staff decide), ``restricted`` (staff are not
    asked), ``passed``, ``removed`` or ``gone``. ``muted``: their voice was taken here and not given back. ``request``:
    they are not in the group yet, but ask to be let in.
    """

    onboarding: str
    stands: str
    at: datetime
    why: str = ""
    challenge: str = ""
    muted: bool = False
    request: bool = False

    @property
    def is_open(self) -> bool:
        """Whether they are before the gate still."""
        return self.stands in ("asked", "held", "restricted")


class MemberState(Struct, omit_defaults=True):
    """What is remembered of one member of one group. Times are aware, UTC; days are local dates as ``YYYY-MM-DD``."""

    id: str
    name: str = ""
    username: str | None = None
    role: PlatformRole = PlatformRole.MEMBER
    first_seen: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    removed_at: datetime | None = None  # by somebody, or by a rule; not by the gate, where one may try again
    last_seen: datetime | None = None
    messages: int = 0
    substantive: int = 0  # messages that said something, and were not taken away
    active_days: int = 0
    last_active_day: str = ""
    tags: list[str] = field(default_factory=list)
    introduced_at: datetime | None = None
    introduction: str = ""
    introduction_message: str | None = None
    profile: dict[str, str] = field(default_factory=dict)
    asked_introduction_at: datetime | None = None
    introduction_reminders: int = 0
    points: list[Points] = field(default_factory=list)
    warnings: list[WarningGiven] = field(default_factory=list)
    score: int = 0
    checkin_day: str = ""
    streak: int = 0
    checkins: int = 0
    muted_until: datetime | None = None
    banned: bool = False
    question: Question | None = None
    uses: dict[str, list[datetime]] = field(default_factory=dict)
    source: str | None = None
    welcomed: bool = False
    read_rules_at: datetime | None = None
    gate: AtGate | None = None

    @property
    def is_in(self) -> bool:
        """Whether they are in the group, as far as is known."""
        return self.left_at is None and (self.joined_at is not None or self.first_seen is not None)


class Waiting(Struct, omit_defaults=True):
    """Somebody who is asked at the gate.

    ``shown`` is the revision of the challenge's text that first concerned them (0: none does yet), ``until`` when their
    time is over: None until it is known that the challenge was delivered.
    """

    member: str
    name: str
    since: datetime
    shown: int = 0
    until: datetime | None = None
    wrong: int = 0

    def is_concerned(self, revision: int) -> bool:
        """Whether the delivery of this revision of the text is the first that reached them."""
        return self.until is None and 0 < self.shown <= revision


class Challenge(Struct, omit_defaults=True):
    """A message in which newcomers are asked at the gate: in the group, shared by several, or to one person alone.

    ``revision`` counts its texts, ``messages`` are the ids under which it stands, ``count`` is how many it ever asked.
    ``show_due`` is when it will be brought up to date, where that is to come.
    """

    id: str
    onboarding: str
    at: datetime
    waiting: list[Waiting] = field(default_factory=list)
    count: int = 0
    revision: int = 1
    messages: list[str] = field(default_factory=list)
    show_due: datetime | None = None
    private: bool = False


class GateNote(Struct, omit_defaults=True, frozen=True):
    """What staff are to know of somebody at the gate: how they stand now, and why."""

    member: str
    name: str
    stands: str
    why: str


class Stranger(Struct, omit_defaults=True, frozen=True):
    """Somebody who asked something of the bot's account (``asks``: friendship, invitation), with these words."""

    member: str
    name: str
    asks: str
    note: str = ""


class Welcome(Struct, omit_defaults=True):
    """A joiner who waits for the next batched welcome."""

    member: str
    name: str
    at: datetime


class Greeting(Struct, omit_defaults=True):
    """The welcome that stands: since when, how many it greets, and those of them who came last, in order."""

    at: datetime
    count: int = 0
    names: list[str] = field(default_factory=list)


class Override(Struct, omit_defaults=True):
    """A rule's mode as an admin or a rule set it, over what the file says, until a moment or for good."""

    mode: str
    until: datetime | None = None
    by: str = ""


class Review(Struct, omit_defaults=True):
    """A message held for review, as staff see it."""

    number: int
    rule: str
    member: str
    name: str
    text: str
    at: datetime
    message: str


class Confirmation(Struct, omit_defaults=True):
    """A mass action that waits for its issuer's /confirm."""

    code: str
    actor: str
    command: str
    args: str
    until: datetime


class Album(Struct, omit_defaults=True):
    """Messages that are shown as one: their ids, and whether they were taken away."""

    id: str
    parts: list[str] = field(default_factory=list)
    removed: bool = False


class GroupState(Struct, omit_defaults=True):
    """What is remembered of one group."""

    id: str
    name: str = ""
    first_seen: datetime | None = None
    last_message_at: datetime | None = None
    messages: int = 0
    welcomes: list[Welcome] = field(default_factory=list)
    welcome_due: datetime | None = None
    welcome_paused_until: datetime | None = None
    rule_modes: dict[str, Override] = field(default_factory=dict)
    uses: dict[str, list[datetime]] = field(default_factory=dict)
    copy_turns: dict[str, int] = field(default_factory=dict)
    topics_used: dict[str, datetime] = field(default_factory=dict)
    quiet_fires: dict[str, int] = field(default_factory=dict)  # per rule, since the last human message
    posted: dict[str, datetime] = field(default_factory=dict)  # per schedule: when it last posted
    messages_at_post: dict[str, int] = field(default_factory=dict)  # per schedule: the group's count then
    reviews: list[Review] = field(default_factory=list)
    next_review: int = 1
    next_case: int = 1
    next_label: int = 1
    greeting: Greeting | None = None
    running: dict[str, datetime] = field(default_factory=dict)  # posts that are kept up to date: since when they stand
    confirmations: list[Confirmation] = field(default_factory=list)
    albums: list[Album] = field(default_factory=list)  # the latest, for the parts that come late
    announced_day: str = ""
    announced: int = 0
    challenge: str = ""
    challenge_day: str = ""
    challenges: list[Challenge] = field(default_factory=list)  # of the entry gate
    held: list[str] = field(default_factory=list)  # who waits before the gate for staff to decide
    gate_notes: list[GateNote] = field(default_factory=list)  # that staff are yet to be told
    gate_required_until: datetime | None = None
    strangers: list[Stranger] = field(default_factory=list)  # in the staff room: of whom it is yet to be told
