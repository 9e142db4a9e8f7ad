"""The operator's file as objects, one model a section. ``rules.language`` makes them of YAML, ``rules.compile`` rules.

Fields that hold steps (``if``, ``then``, ``do``) are given as finished conditions and actions: the loader builds each
step by itself, so that a fault is told at its own line.
"""

from datetime import datetime, time, timedelta
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from rules.durations import Duration
from rules.events import KINDS
from rules.quota import AtMost
from rules.step import Action, Condition
from rules.timing import Days, TimeOfDay, Timing, parse_time

Mode = Literal["enforce", "shadow", "off"]
Can = Literal[
    "everything", "warn", "mute", "delete", "kick", "ban", "review", "post", "schedule", "rules", "stats", "export"
]


class Section(BaseModel):
    """A part of the file. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


@cache
def _zones() -> frozenset[str]:
    # Asking goes through the folders of the time zone database, which takes longer than all the rest of a section.
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"`{name}` is no IANA time zone; write one such as Asia/Shanghai or Europe/Berlin")
    return name


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _day_start(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    at = parse_time(value)
    return timedelta(hours=at.hour, minutes=at.minute)


Zone = Annotated[str, AfterValidator(_zone)]
Strings = Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
DayStart = Annotated[
    timedelta,
    BeforeValidator(_day_start, json_schema_input_type=str),
    PlainSerializer(lambda start: f"{start // timedelta(hours=1):02d}:{start // timedelta(minutes=1) % 60:02d}"),
]


class QuietHoursSpec(Section):
    """When the bot posts nothing but what keeps order."""

    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay
    late_posts: Literal["hold", "drop"] = Field(default="hold", description="Posts due then: after the end, or never.")


class Budget(Section):
    """How much the bot may announce."""

    per_group_per_day: int | None = Field(default=None, ge=0)
    mentions_per_post: int = Field(default=10, ge=0)


class Defaults(Section):
    """What holds for every group and rule that does not say otherwise."""

    timezone: Zone = "UTC"
    language: str = Field(default="en", description="The language of the bot's texts, such as en or zh-CN.")
    mode: Mode = Field(default="enforce", description="shadow = log and explain only.")
    match: Literal["all", "first"] = Field(
        default="all", description="all: every rule that holds acts; first: only the first one does."
    )
    applies_to: Literal["members", "everyone"] = Field(
        default="members", description="members: staff are exempt from rules; everyone: staff are bound too."
    )
    day_starts_at: DayStart = Field(default=timedelta(), description="When a day begins for check-ins and digests.")
    quiet_hours: QuietHoursSpec | None = None
    announce_budget: Budget = Budget()


class Platform(Section):
    """A connection to a platform: its adapter (``type``) and the adapter's own settings."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str


class GroupSpec(Section):
    """One group the bot keeps."""

    platform: str
    chat: str = Field(description="The platform's own id of the group.")
    name: str = ""
    topic: str | None = None
    tags: Strings = ()
    timezone: Zone | None = None
    language: str | None = None
    mode: Mode | None = Field(default=None, description="shadow or off here, whatever the rules say.")
    day_starts_at: DayStart | None = None
    quiet_hours: QuietHoursSpec | None = None
    rules: dict[str, Mode] = Field(default_factory=dict, description="Modes of single rules in this group.")
    copy_: dict[str, Any] = Field(default_factory=dict, alias="copy", description="Texts that differ in this group.")


class Earn(Section):
    """What a member must have done to hold a role. Every line given must be met."""

    days_in_group: "int | Under | None" = None
    messages: "int | Under | None" = None
    active_days: "int | Under | None" = None
    warnings: int | None = Field(default=None, ge=0, description="At most so many warnings.")
    introduced: bool | None = None
    score: "int | Under | None" = None


class Under(Section):
    """Fewer than this."""

    under: int = Field(ge=0)


class RoleSpec(Section):
    """A role: who holds it, and what its holders may do. Whoever may do anything counts as staff."""

    members: Strings = Field(default=(), description="Platform-qualified ids, such as telegram:258319.")
    from_platform_admins: bool = False
    can: tuple[Can, ...] = ()
    earn: Earn | None = None
    tagged: Strings = Field(default=(), description="Members with one of these tags.")


class WindowSpec(Section):
    """A named stretch of the week."""

    days: Days = frozenset(range(7))
    from_: TimeOfDay = Field(default=time(0), alias="from")
    to: TimeOfDay = time(0)


class RungSpec(Section):
    """One step of a ladder."""

    at: int = Field(ge=1, description="From so many points on.")
    do: tuple[InstanceOf[Action], ...]


class LadderSpec(Section):
    """An escalation: each breach gives a point, points fade, the highest step reached is carried out."""

    points_expire_after: Duration | None = None
    steps: tuple[RungSpec, ...] = Field(min_length=1)


class Trigger(Section):
    """What starts a rule: kinds of event, or one command, button, schedule or time."""

    kinds: frozenset[str]
    names: frozenset[str] = frozenset()
    timing: Timing | None = None


def _trigger(value: Any) -> Any:
    if isinstance(value, (Trigger, dict)) and not (isinstance(value, dict) and "kinds" not in value):
        return value
    if isinstance(value, dict):
        for kind in ("command", "button", "schedule"):
            if set(value) == {kind}:
                names = [str(name).removeprefix("/") for name in _listed(value[kind])]
                return Trigger(kinds=frozenset({kind}), names=frozenset(names))
        return Trigger(kinds=frozenset({"schedule"}), timing=Timing.model_validate(value))
    kinds = frozenset(str(item) for item in _listed(value))
    for kind in sorted(kinds - set(KINDS)):
        raise ValueError(f"`{kind}` is nothing that happens; write one of {', '.join(KINDS)}")
    return Trigger(kinds=kinds)


When = Annotated[Trigger, BeforeValidator(_trigger, json_schema_input_type=str | list[str] | dict[str, Any])]


class TestSpec(Section):
    """An example beside a rule: somebody does something, and the rule does what is expected or nothing."""

    __test__ = False

    say: str | None = None
    edit: str | None = None
    join: str | None = None
    press: str | None = None
    by: str = Field(default="member", description="A role's name; member, newcomer, staff.")
    at: str | None = Field(default=None, description="Wall time, YYYY-MM-DD HH:MM, in the first group's zone.")
    times: int = Field(default=1, ge=1, le=1000, description="How often in a row; the last is judged.")
    every: Duration = timedelta(seconds=1)
    media: Strings = ()
    forwarded: bool = False
    mentions: Strings = ()
    group: str | None = None
    expect: Strings = Field(description="nothing, or the actions that are done: delete, remind, mute, ...")


class RuleSpec(Section):
    """One rule: when this happens, if that holds, then do so."""

    id: str = Field(pattern=r"^[\w.-]{1,64}$")
    name: str = ""
    groups: Strings = Field(default=(), description="Group names or tag:NAME; empty means all but the staff room.")
    except_groups: Strings = ()
    when: When
    if_: InstanceOf[Condition] | None = Field(default=None, alias="if")
    then: tuple[InstanceOf[Action], ...]
    mode: Mode | None = None
    applies_to: Literal["members", "everyone"] | None = None
    at_most: AtMost | None = None
    stop: bool = Field(default=False, description="No later rule is looked at once this one has acted.")
    tests: tuple[TestSpec, ...] = ()


class WelcomeSpec(Section):
    """The welcome: newcomers of some minutes are greeted together."""

    batch: Duration = timedelta(minutes=2)
    max_names: int = Field(default=5, ge=0, description="How many are named (and pinged); the rest are counted.")
    copy_: str = Field(default="welcome.first", alias="copy")
    delete_after: Duration | None = None
    pause_at_joins: int = Field(default=30, ge=2, description="A raid: with so many joins in a batch, stay silent.")


class IntroduceSpec(Section):
    """The self-introduction: asked for, recognised, stored, reminded of, and reported when it never comes."""

    copy_: str = Field(default="intro.template", alias="copy")
    thanks: str | None = "intro.thanks"
    remind_after: tuple[Duration, ...] = (timedelta(days=1), timedelta(days=3))
    remind: str = "intro.remind"
    then: Literal["tag_silent", "alert_staff", "nothing"] = "alert_staff"
    fields: dict[str, Strings] = Field(
        default_factory=dict, description="Profile fields with the labels that name them: city: [城市, City]."
    )
    at_least_fields: int = Field(default=2, ge=1)
    within: Duration = timedelta(days=14)
    free_text: bool = Field(default=True, description="Recognise an introduction without the template, too.")


class OnboardingSpec(Section):
    """What happens to somebody who joins."""

    id: str = Field(pattern=r"^[\w.-]{1,64}$")
    groups: Strings = ()
    mode: Mode | None = None
    welcome: WelcomeSpec | None = None
    introduce: IntroduceSpec | None = None


class ScheduleSpec(Section):
    """Something the bot does by the clock, or when it is quiet."""

    id: str = Field(pattern=r"^[\w.-]{1,64}$")
    name: str = ""
    groups: Strings = ()
    except_groups: Strings = ()
    when: InstanceOf[Timing]
    post: str | None = Field(
        default=None, description="calendar.NAME, digest.PERIOD, topics.NAME, rules.short, or a text's name."
    )
    then: tuple[InstanceOf[Action], ...] = ()
    if_: InstanceOf[Condition] | None = Field(default=None, alias="if")
    skip_if: InstanceOf[Condition] | None = None
    only_if: InstanceOf[Condition] | None = None
    at_most: AtMost | None = None
    pin: bool = False
    silent: bool = False
    mode: Mode | None = None

    @model_validator(mode="after")
    def _does_something(self) -> "ScheduleSpec":
        if not self.post and not self.then:
            raise ValueError("say what to do: post: or then:")
        return self


class CheckInSpec(Section):
    """Daily check-ins with points and streaks."""

    command: str = "/checkin"
    keywords: Strings = ("打卡",)
    points: int = 1
    streak_bonus: dict[int, int] = Field(default_factory=dict)


class LeaderboardSpec(Section):
    """Who takes part most."""

    period: Literal["day", "week", "month", "all"] = "week"
    top: int = Field(default=10, ge=1, le=50)


class ActivitiesSpec(Section):
    """What members can take part in."""

    checkin: CheckInSpec | None = None
    leaderboard: LeaderboardSpec = LeaderboardSpec()


class CalendarSpec(Section):
    """What to post on which day: from a CSV file, by date, or a list used in turn."""

    file: str | None = None
    columns: dict[str, str] = Field(default_factory=lambda: {"date": "date", "text": "text"})
    days: dict[str, str] = Field(default_factory=dict)
    list: tuple[str, ...] = ()
    start: str | None = Field(default=None, description="The date on which the list begins, YYYY-MM-DD.")
    if_empty: Literal["alert", "skip"] = "alert"


class TopicsSpec(Section):
    """Topics to be used in turn."""

    file: str | None = None
    list: tuple[str, ...] = ()
    no_repeat: Duration = timedelta(days=60)


class KeepText(Section):
    """How long the words of messages are kept."""

    keep: Duration = timedelta(days=30)


class MemberData(Section):
    """What is kept of those who left."""

    forget_after_leaving: Duration | None = timedelta(days=90)


class StorageSpec(Section):
    """Where everything is remembered, and for how long."""

    # InstanceOf keeps a text that knows which of its parts are secret as it is.
    database: Annotated[InstanceOf[str], WithJsonSchema({"type": "string"})] = "sqlite:///data/groupkeeper.db"
    message_text: KeepText = KeepText()
    member_data: MemberData = MemberData()
    traces: KeepText = KeepText(keep=timedelta(days=14))
    audit_log: KeepText = KeepText(keep=timedelta(days=365))


class DeliverySpec(Section):
    """How what the bot does is delivered."""

    uncertain: Literal["drop", "repeat"] = Field(
        default="drop",
        description="A text of which nobody knows whether it arrived (the process died while it was sent): said again, "
        "perhaps twice, or not. Deletes, mutes and bans are always repeated.",
    )


class StaffSpec(Section):
    """The staff: their room, and what they are told there."""

    room: str | None = Field(default=None, description="The name of the group that is the staff room.")
    report: InstanceOf[Timing] | None = Field(default=None, description="When the daily report is posted there.")
    alerts: tuple[str, ...] = ()


class Config(Section):
    """A whole configuration."""

    version: Literal[1] = 1
    include: Strings = ()
    defaults: Defaults = Defaults()
    platforms: dict[str, Platform] = Field(default_factory=dict)
    groups: dict[str, GroupSpec] = Field(default_factory=dict)
    roles: dict[str, RoleSpec] = Field(default_factory=dict)
    windows: dict[str, WindowSpec] = Field(default_factory=dict)
    ladders: dict[str, LadderSpec] = Field(default_factory=dict)
    onboarding: tuple[OnboardingSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    schedules: tuple[ScheduleSpec, ...] = ()
    activities: ActivitiesSpec = ActivitiesSpec()
    copy_: dict[str, Any] = Field(default_factory=dict, alias="copy")
    calendar: dict[str, CalendarSpec] = Field(default_factory=dict)
    topics: dict[str, TopicsSpec] = Field(default_factory=dict)
    storage: StorageSpec = StorageSpec()
    delivery: DeliverySpec = DeliverySpec()
    staff: StaffSpec = StaffSpec()


def zone(name: str) -> ZoneInfo:
    """The time zone of a name that ``Zone`` accepted."""
    return ZoneInfo(name)


def wall_time(text: str, timezone: ZoneInfo) -> datetime:
    """A moment written as ``YYYY-MM-DD HH:MM`` on the clock of a zone. Raises ``ValueError``."""
    return datetime.fromisoformat(text.replace("T", " ")).replace(tzinfo=timezone)
