"""What is remembered of a group and its members between events.

These are the values that facts are made of and that changes alter (``rules.apply``). Storage keeps them; replay and
``tests:`` keep them in memory (``rules.memory``). They are mutable, but only ``rules.apply`` and
``rules.observe`` write to them; conditions and actions read.
"""

from datetime import datetime

from msgspec import Struct, field

from rules.values import PlatformRole


class Points(Struct, omit_defaults=True):
    """Points on a ladder, with when they were given, when they fade (None: never), for which rule, by whom."""

    ladder: str
    points: int
    at: datetime
    expires: datetime | None = None
    rule: str = ""


class WarningGiven(Struct, omit_defaults=True):
    """A warning: when, by whom (a member id, or ``rule:<id>``) and why."""

    at: datetime
    by: str
    reason: str = ""


class Question(Struct, omit_defaults=True):
    """A question that the bot asked a member: the answer is stored in the profile field ``save``."""

    save: str
    until: datetime
    rule: str = ""
    message: str | None = None


class MemberState(Struct, omit_defaults=True):
    """What is remembered of one member of one group. Times are aware, UTC; days are local dates as ``YYYY-MM-DD``."""

    id: str
    name: str = ""
    username: str | None = None
    role: PlatformRole = PlatformRole.MEMBER
    first_seen: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    last_seen: datetime | None = None
    messages: int = 0
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


class Welcome(Struct, omit_defaults=True):
    """A joiner who waits for the next batched welcome."""

    member: str
    name: str
    at: datetime


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
    confirmations: list[Confirmation] = field(default_factory=list)
    announced_day: str = ""
    announced: int = 0
    challenge: str = ""
    challenge_day: str = ""
