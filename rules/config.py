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
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from rules.ads import AdsSpec, GroupAdsSpec
from rules.doors import ContactsSpec, DoorSpec
from rules.durations import Duration
from rules.events import KINDS
from rules.nearest import suggest
from rules.quota import AtMost
from rules.section import Section, Strings, listed
from rules.step import Action, Condition
from rules.timing import Days, TimeOfDay, Timing, parse_time
from rules.wording import Words

Mode = Literal["enforce", "shadow", "off"]
Can = Literal[
    "everything", "warn", "mute", "delete", "kick", "ban", "review", "post", "schedule", "rules", "stats", "export"
]


Alert = Literal[
    "parked", "refused", "missed", "reloads", "moved", "sanctions", "rights", "quarantined", "learning", "connection"
]


@cache
def _zones() -> frozenset[str]:
    # Asking goes through the folders of the time zone database, which takes longer than all the rest of a section.
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"`{name}` is no IANA time zone; write one such as Asia/Shanghai or Europe/Berlin")
    return name


def _language(name: str) -> str:
    return {"中文": "zh-CN", "简体中文": "zh-CN", "英文": "en", "英语": "en"}.get(name.strip(), name)


def _day_start(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    at = parse_time(value)
    return timedelta(hours=at.hour, minutes=at.minute)


Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, AfterValidator(_language)]
DayStart = Annotated[
    timedelta,
    BeforeValidator(_day_start, json_schema_input_type=str),
    PlainSerializer(lambda start: f"{start // timedelta(hours=1):02d}:{start // timedelta(minutes=1) % 60:02d}"),
]


Instead = dict[str, tuple[InstanceOf[Action], ...]]
"""Steps done in the place of others, by the names of those; none: they are left out."""


class QuietHoursSpec(Section):
    """When the bot posts nothing but what keeps order."""

    from_: TimeOfDay = Field(alias="from", description="When they begin.")
    to: TimeOfDay = Field(description="When they end; earlier than the beginning: the next morning.")
    late_posts: Literal["hold", "drop"] = Field(default="hold", description="Posts due then: after the end, or never.")


class Budget(Section):
    """How much the bot may announce."""

    per_group_per_day: int | None = Field(
        default=None, ge=0, description="Posts a day that no member asked for; empty: as many as there are."
    )
    mentions_per_post: int = Field(default=10, ge=0, description="Members that one post may ping.")


class Defaults(Section):
    """What holds for every group and rule that does not say otherwise."""

    timezone: Zone = Field(default="UTC", description="By whose clock times are meant.")
    language: Language = Field(default="en", description="The language of the bot's texts, such as en or zh-CN.")
    mode: Mode = Field(default="enforce", description="shadow = log and explain only.")
    match: Literal["all", "first"] = Field(
        default="all", description="all: every rule that holds acts; first: only the first one does."
    )
    applies_to: Literal["members", "everyone"] = Field(
        default="members", description="members: staff are exempt from rules; everyone: staff are bound too."
    )
    day_starts_at: DayStart = Field(default=timedelta(), description="When a day begins for check-ins and digests.")
    quiet_hours: QuietHoursSpec | None = Field(default=None, description="Empty: there are none.")
    announce_budget: Budget = Field(default=Budget(), description="How much the bot may say unasked.")
    fallback: Instead = Field(
        default_factory=dict,
        description="What is done instead where a group's platform cannot do a step, by the step's name; `nothing` "
        "leaves it out.",
    )


class Platform(Section):
    """A connection to a platform: its adapter (``type``) and the adapter's own settings."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(description="Which adapter it is; see Platforms below.")


class GroupSpec(Section):
    """One group the bot keeps."""

    platform: str = Field(description="A name under `platforms:`.")
    chat: str = Field(description="The platform's own id of the group.")
    name: str = Field(default="", description="What people call it; texts say it as {group}.")
    topic: str | None = Field(
        default=None, description="The forum topic in which the bot posts, where the platform has topics."
    )
    tags: Strings = Field(default=(), description="Labels, so that rules can say tag:NAME.")
    timezone: Zone | None = Field(default=None, description="Instead of the default.")
    language: Language | None = Field(default=None, description="Instead of the default.")
    mode: Mode | None = Field(default=None, description="shadow or off here, whatever the rules say.")
    day_starts_at: DayStart | None = Field(default=None, description="Instead of the default.")
    quiet_hours: QuietHoursSpec | None = Field(default=None, description="Instead of the default.")
    rules: dict[str, Mode] = Field(default_factory=dict, description="Modes of single rules in this group.")
    ads: GroupAdsSpec | None = Field(default=None, description="How advertisements are told apart here, over `ads:`.")
    copy_: dict[str, Any] = Field(default_factory=dict, alias="copy", description="Texts that differ in this group.")


class Earn(Section):
    """What a member must have done to hold a role. Every line given must be met."""

    days_in_group: "int | Under | None" = Field(default=None, description="At least so many days here.")
    messages: "int | Under | None" = Field(default=None, description="At least so many messages.")
    active_days: "int | Under | None" = Field(default=None, description="At least so many days with a message.")
    warnings: int | None = Field(default=None, ge=0, description="At most so many warnings.")
    introduced: bool | None = Field(default=None, description="Whether they introduced themselves.")
    score: "int | Under | None" = Field(default=None, description="At least so many points.")


class Under(Section):
    """Fewer than this."""

    under: int = Field(ge=0, description="Fewer than this.")


class RoleSpec(Section):
    """A role: who holds it, and what its holders may do. Whoever may do anything counts as staff."""

    members: Strings = Field(default=(), description="Platform-qualified ids, such as telegram:258319.")
    from_platform_admins: bool = Field(default=False, description="The platform's own admins and owner hold it.")
    can: tuple[Can, ...] = Field(default=(), description="What its holders may do by command.")
    earn: Earn | None = Field(default=None, description="Who has done all this holds it.")
    tagged: Strings = Field(default=(), description="Members with one of these tags.")


class WindowSpec(Section):
    """A named stretch of the week."""

    days: Days = Field(default=frozenset(range(7)), description="The days on which it begins.")
    from_: TimeOfDay = Field(default=time(0), alias="from", description="When it opens.")
    to: TimeOfDay = Field(default=time(0), description="When it closes; up to the opening: the next day.")


class RungSpec(Section):
    """One step of a ladder."""

    at: int = Field(ge=1, description="From so many points on.")
    do: tuple[InstanceOf[Action], ...] = Field(description="What is done then, in order.")


class AppealSpec(Section):
    """How members may object to what a ladder did."""

    within: Duration | None = Field(default=None, description="How long after the decision; empty: always.")
    to: Literal["staff"] = Field(default="staff", description="Who is asked: the staff room.")
    must_answer_within: Duration | None = Field(
        default=None, description="When staff are reminded of an appeal that nobody has answered; empty: never."
    )


class LadderSpec(Section):
    """An escalation: each breach gives a point, points fade, the highest step reached is carried out."""

    points_expire_after: Duration | None = Field(default=None, description="How long a point counts; empty: for ever.")
    steps: tuple[RungSpec, ...] = Field(
        min_length=1, description="The highest step that the points reach is carried out."
    )
    appeal: AppealSpec = Field(default=AppealSpec(), description="How members may object.")
    fallback: Instead = Field(
        default_factory=dict,
        description="What is done instead where a platform cannot do a step of it, over that of the rule.",
    )


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
                names = [str(name).removeprefix("/") for name in listed(value[kind])]
                return Trigger(kinds=frozenset({kind}), names=frozenset(names))
        return Trigger(kinds=frozenset({"schedule"}), timing=Timing.model_validate(value))
    kinds = frozenset(str(item) for item in listed(value))
    if wrong := sorted(kinds - set(KINDS)):
        raise ValueError("; ".join(map(_nothing_happens, wrong)))
    return Trigger(kinds=kinds)


def _nothing_happens(word: str) -> str:
    return f"`{word}` is nothing that happens" + (suggest(word, KINDS) or f"; write one of {', '.join(KINDS)}")


When = Annotated[Trigger, BeforeValidator(_trigger, json_schema_input_type=str | list[str] | dict[str, Any])]


class TestSpec(Section):
    """An example beside a rule: somebody does something, and the rule does what is expected or nothing."""

    __test__ = False

    say: str | None = Field(default=None, description="They write this message.")
    edit: str | None = Field(default=None, description="They change a message to this.")
    join: str | None = Field(default=None, description="They come in under this name.")
    press: str | None = Field(default=None, description="They press the button with this data.")
    by: str = Field(default="member", description="A role's name; member, newcomer, staff.")
    at: str | None = Field(default=None, description="Wall time, YYYY-MM-DD HH:MM, in the first group's zone.")
    times: int = Field(default=1, ge=1, le=1000, description="How often in a row; the last is judged.")
    every: Duration = Field(default=timedelta(seconds=1), description="How far apart the repeats are.")
    media: Strings = Field(default=(), description="What is attached: photo, video, sticker, ...")
    forwarded: bool = Field(default=False, description="Whether it is forwarded from elsewhere.")
    mentions: Strings = Field(default=(), description="Names that are pinged.")
    group: str | None = Field(default=None, description="In which group; empty: the first that the rule is for.")
    expect: Strings = Field(description="nothing, or the actions that are done: delete, remind, mute, ...")


class RuleSpec(Section):
    """One rule: when this happens, if that holds, then do so."""

    id: str = Field(pattern=r"^[\w.-]{1,64}$", description="Unique; what commands and records call it.")
    name: str = Field(default="", description="What people call it.")
    groups: Strings = Field(default=(), description="Group names or tag:NAME; empty means all but the staff room.")
    except_groups: Strings = Field(default=(), description="Not in these.")
    when: When = Field(description="What starts it; see Events below.")
    if_: InstanceOf[Condition] | None = Field(default=None, alias="if", description="What must hold; empty: nothing.")
    then: tuple[InstanceOf[Action], ...] = Field(description="What is done, in order.")
    fallback: Instead = Field(
        default_factory=dict, description="What is done instead where a platform cannot do a step, over the defaults."
    )
    mode: Mode | None = Field(default=None, description="Instead of the default.")
    applies_to: Literal["members", "everyone"] | None = Field(default=None, description="Instead of the default.")
    at_most: AtMost | None = Field(
        default=None, description="How often, for each member, or for the group where nobody is concerned."
    )
    stop: bool = Field(default=False, description="No later rule is looked at once this one has acted.")
    tests: tuple[TestSpec, ...] = Field(
        default=(), description="Examples, tried by `groupkeeper test` and before every reload."
    )


class WelcomeSpec(Section):
    """The welcome: newcomers of some minutes are greeted together."""

    batch: Duration = Field(default=timedelta(minutes=2), description="Who comes within this time is greeted together.")
    max_names: int = Field(default=5, ge=0, description="How many are named (and pinged); the rest are counted.")
    copy_: str = Field(default="welcome.first", alias="copy", description="The greeting's text.")
    delete_after: Duration | None = Field(default=None, description="How long it stands; empty: for good.")
    grow_for: Duration | None = Field(
        default=None,
        description="Who comes within this time after a greeting is added to it, instead of being greeted in another; "
        "empty: each batch has its own.",
    )
    pause_at_joins: int = Field(default=30, ge=2, description="A raid: with so many joins in a batch, stay silent.")


class IntroduceSpec(Section):
    """The self-introduction: asked for, recognised, stored, reminded of, and reported when it never comes."""

    copy_: str = Field(default="intro.template", alias="copy", description="The text that asks for it.")
    thanks: str | None = Field(default="intro.thanks", description="What is answered; empty: nothing.")
    remind_after: tuple[Duration, ...] = Field(
        default=(timedelta(days=1), timedelta(days=3)), description="When to ask again, counted from joining."
    )
    remind: str = Field(default="intro.remind", description="The text that asks again.")
    then: Literal["tag_silent", "alert_staff", "nothing"] = Field(
        default="alert_staff", description="What follows when it still does not come."
    )
    fields: dict[str, Strings] = Field(
        default_factory=dict, description="Profile fields with the labels that name them: city: [城市, City]."
    )
    at_least_fields: int = Field(default=2, ge=1, description="Labelled fields that make an introduction.")
    within: Duration = Field(
        default=timedelta(days=14), description="How long after joining an introduction is looked for."
    )
    free_text: bool = Field(default=True, description="Recognise an introduction without the template, too.")


class GateSpec(Section):
    """The entry gate: who joins shows first that they are a person, or answers a question."""

    challenge: Literal["button", "question", "captcha"] | None = Field(
        default=None,
        description="A button to press, a question, or letters in a picture; empty: a question where `ask` is written, "
        "else a button.",
    )
    ask: Words | None = Field(default=None, description="The question, or the name of a text.")
    answer_any: Strings = Field(
        default=(), description="Right answers: one of them must be in what is written; empty: every answer is right."
    )
    choices: Strings = Field(default=(), description="Answers to choose from, as buttons; empty: in their own words.")
    save: str | None = Field(
        default=None, pattern=r"^[\w-]{1,64}$", description="The field of the profile that the answer goes to."
    )
    attempts: int = Field(default=3, ge=1, le=10, description="How many answers somebody has.")
    wait: Duration = Field(
        default=timedelta(minutes=10), description="How long an answer is waited for once the question was delivered."
    )
    wrong: Literal["hold_for_staff", "remove", "decline", "stay_restricted"] = Field(
        default="hold_for_staff",
        description="What follows when all answers were wrong. `remove` is no ban, and `decline` the same for who asks "
        "to be let in; `stay_restricted`: they stay silent, and staff are not asked.",
    )
    no_answer: Literal["hold_for_staff", "remove", "decline", "stay_restricted", "let_in"] = Field(
        default="hold_for_staff", description="What follows when the time is over."
    )
    if_unreachable: Literal["let_in", "hold_for_staff"] = Field(
        default="let_in", description="What follows when the question could not be delivered. Staff are told."
    )
    required: Literal["always", "when_asked"] = Field(
        default="always", description="when_asked: only while a rule's `require_gate` holds, as in a raid."
    )

    @property
    def kind(self) -> Literal["button", "question", "captcha"]:
        """The challenge, also where it is not written."""
        return self.challenge or ("question" if self.ask else "button")

    @model_validator(mode="after")
    def _makes_sense(self) -> "GateSpec":
        asking = next((name for name in ("answer_any", "choices", "save") if getattr(self, name)), None)
        if self.kind != "question" and self.ask:
            raise ValueError("`ask` needs `challenge: question`")
        if self.kind != "question" and asking is not None:
            raise ValueError(f"`{asking}` needs a question; write `ask:`")
        if self.kind == "question" and not self.ask:
            raise ValueError("a question needs `ask:`")
        if self.choices and not 2 <= len(self.choices) <= 10:
            raise ValueError("write two to ten choices")
        strange = [answer for answer in self.answer_any if self.choices and answer not in self.choices]
        if strange:
            raise ValueError(f"`{strange[0]}` is a right answer, but none of the choices")
        fields = type(self).model_fields
        idle = next((name for name in ("attempts", "wrong") if getattr(self, name) != fields[name].default), None)
        if idle is not None and self.kind != "captcha" and not self.answer_any:
            raise ValueError(f"`{idle}` changes nothing: no answer is wrong here; write `answer_any:`, or take it out")
        if not timedelta(seconds=30) <= self.wait <= timedelta(days=7):
            raise ValueError("wait at least 30s and at most 7d")
        return self


class OnboardingSpec(Section):
    """What happens to somebody who joins."""

    id: str = Field(pattern=r"^[\w.-]{1,64}$", description="Unique among rules and schedules, too.")
    groups: Strings = Field(default=(), description="As for rules.")
    mode: Mode | None = Field(default=None, description="Instead of the default.")
    door: DoorSpec | None = Field(
        default=None, description="A way in by a word, written to the bot alone. Empty: there is none."
    )
    gate: GateSpec | None = Field(default=None, description="Empty: everybody is let in at once.")
    welcome: WelcomeSpec | None = Field(default=None, description="Empty: nobody is greeted.")
    introduce: IntroduceSpec | None = Field(default=None, description="Empty: nobody is asked to.")
    tests: tuple[TestSpec, ...] = Field(
        default=(),
        description="Examples of the gate: somebody comes in (`join`; by the door's word where the gate asks at the "
        "door alone), and then presses a button (`press`: what it "
        "says; below a picture `right` or `wrong`) or writes (`say`). `expect`: ask, let_in, hold, remove, restrict, "
        "welcome, mute, delete, ... or nothing.",
    )


class ScheduleSpec(Section):
    """Something the bot does by the clock, or when it is quiet."""

    id: str = Field(pattern=r"^[\w.-]{1,64}$", description="Unique among rules, too.")
    name: str = Field(default="", description="What people call it.")
    groups: Strings = Field(default=(), description="As for rules.")
    except_groups: Strings = Field(default=(), description="Not in these.")
    when: InstanceOf[Timing] = Field(description="See below.")
    post: str | None = Field(
        default=None, description="calendar.NAME, digest.PERIOD, topics.NAME, rules.short, or a text's name."
    )
    then: tuple[InstanceOf[Action], ...] = Field(default=(), description="What is done besides, or instead.")
    fallback: Instead = Field(
        default_factory=dict, description="What is done instead where a platform cannot do a step, over the defaults."
    )
    if_: InstanceOf[Condition] | None = Field(default=None, alias="if", description="It is done only if this holds.")
    skip_if: InstanceOf[Condition] | None = Field(default=None, description="It is left out if this holds.")
    only_if: InstanceOf[Condition] | None = Field(default=None, description="The same as `if`.")
    at_most: AtMost | None = Field(default=None, description="How often in a group.")
    pin: bool = Field(default=False, description="Pin the post.")
    silent: bool = Field(default=False, description="Post without a sound.")
    update_for: Duration | None = Field(
        default=None, description="For this long, change the last post instead of posting anew; empty: never."
    )
    mode: Mode | None = Field(default=None, description="Instead of the default.")

    @model_validator(mode="after")
    def _does_something(self) -> "ScheduleSpec":
        if not self.post and not self.then:
            raise ValueError("say what to do: post: or then:")
        return self


class CheckInSpec(Section):
    """Daily check-ins with points and streaks."""

    command: str = Field(default="/checkin", description="The command that checks in.")
    keywords: Strings = Field(default=("打卡",), description="Messages that check in: those that say just this.")
    points: int = Field(default=1, description="What a check-in earns.")
    streak_bonus: dict[int, int] = Field(default_factory=dict, description="What so many days in a row earn besides.")


class LeaderboardSpec(Section):
    """Who takes part most."""

    period: Literal["day", "week", "month", "all"] = Field(
        default="week", description="What /top shows unless told otherwise."
    )
    top: int = Field(default=10, ge=1, le=50, description="How many are shown.")


class ActivitiesSpec(Section):
    """What members can take part in."""

    checkin: CheckInSpec | None = Field(default=None, description="Empty: nobody checks in.")
    leaderboard: LeaderboardSpec = Field(default=LeaderboardSpec(), description="How /top is shown.")


class CalendarSpec(Section):
    """What to post on which day: from a CSV file, by date, or a list used in turn."""

    file: str | None = Field(default=None, description="A CSV file beside the configuration.")
    columns: dict[str, str] = Field(
        default_factory=lambda: {"date": "date", "text": "text"}, description="Which of its columns hold date and text."
    )
    days: dict[str, str] = Field(default_factory=dict, description="Texts by date.")
    list: tuple[str, ...] = Field(default=(), description="Texts in turn, one a day.")
    start: str | None = Field(default=None, description="The date on which the list begins, YYYY-MM-DD.")
    if_empty: Literal["alert", "skip"] = Field(
        default="alert", description="Where a day has no text: tell staff, or stay silent."
    )


class TopicsSpec(Section):
    """Topics to be used in turn."""

    file: str | None = Field(default=None, description="A text file, one topic a line.")
    list: tuple[str, ...] = Field(default=(), description="The topics.")
    no_repeat: Duration = Field(default=timedelta(days=60), description="How long a used topic rests.")


class KeepText(Section):
    """How long something is kept."""

    keep: Duration = Field(default=timedelta(days=30), description="How long.")


class MemberData(Section):
    """What is kept of those who left."""

    forget_after_leaving: Duration | None = Field(
        default=timedelta(days=90), description="How long after they left; empty: never."
    )


class StorageSpec(Section):
    """Where everything is remembered, and for how long."""

    # InstanceOf keeps a text that knows which of its parts are secret as it is.
    database: Annotated[InstanceOf[str], WithJsonSchema({"type": "string"})] = Field(
        default="sqlite:///data/groupkeeper.db",
        description="A URL: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.",
    )
    message_text: KeepText = Field(default=KeepText(), description="The words of messages.")
    member_data: MemberData = Field(default=MemberData(), description="What is known of members.")
    traces: KeepText = Field(default=KeepText(keep=timedelta(days=14)), description="Why each decision was made.")
    audit_log: KeepText = Field(default=KeepText(keep=timedelta(days=365)), description="What staff did.")


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
    alerts: tuple[Alert, ...] = Field(
        default=(),
        description="What they are told unasked: of the bot's own troubles, events put aside (parked), updates that "
        "could not be read (quarantined), what the platform refuses (refused), posts that were missed (missed), "
        "reloads, groups whose id changed (moved), how far the detection of advertisements has got to know a group "
        "(learning), that an account has to be logged in, or a connection is away or back (connection); and of "
        "every mute, removal and ban by a rule, with buttons to undo "
        "it (sanctions). Empty: everything.",
    )


class Config(Section):
    """A whole configuration."""

    version: Literal[1] = Field(default=1, description="The version of the language.")
    include: Strings = Field(default=(), description="Files that belong to it, such as rules/*.yaml.")
    defaults: Defaults = Field(default=Defaults(), description="What holds unless something else is said.")
    platforms: dict[str, Platform] = Field(default_factory=dict, description="Connections, by a name of your own.")
    groups: dict[str, GroupSpec] = Field(
        default_factory=dict, description="The groups that are kept, by a name of your own."
    )
    roles: dict[str, RoleSpec] = Field(default_factory=dict, description="Who may do what.")
    windows: dict[str, WindowSpec] = Field(default_factory=dict, description="Stretches of the week with a name.")
    ladders: dict[str, LadderSpec] = Field(default_factory=dict, description="Escalations with a name.")
    ads: AdsSpec = Field(default=AdsSpec(), description="How advertisements are told apart.")
    contacts: ContactsSpec = Field(
        default=ContactsSpec(), description="What the bot's account says to those who turn to it."
    )
    onboarding: tuple[OnboardingSpec, ...] = Field(default=(), description="Welcomes and introductions.")
    rules: tuple[RuleSpec, ...] = Field(default=(), description="What to do when something happens.")
    schedules: tuple[ScheduleSpec, ...] = Field(default=(), description="What to do by the clock.")
    activities: ActivitiesSpec = Field(default=ActivitiesSpec(), description="Check-ins and the leaderboard.")
    copy_: dict[str, Any] = Field(
        default_factory=dict,
        alias="copy",
        description="Your own texts, by name; a list holds variants that take turns.",
    )
    calendar: dict[str, CalendarSpec] = Field(default_factory=dict, description="What to post on which day.")
    topics: dict[str, TopicsSpec] = Field(default_factory=dict, description="Topics to be used in turn.")
    storage: StorageSpec = Field(default=StorageSpec(), description="Where everything is kept, and how long.")
    delivery: DeliverySpec = Field(default=DeliverySpec(), description="How what is to be sent is sent.")
    staff: StaffSpec = Field(default=StaffSpec(), description="The staff room.")


def zone(name: str) -> ZoneInfo:
    """The time zone of a name that ``Zone`` accepted."""
    return ZoneInfo(name)


def wall_time(text: str, timezone: ZoneInfo) -> datetime:
    """A moment written as ``YYYY-MM-DD HH:MM`` on the clock of a zone. Raises ``ValueError``."""
    return datetime.fromisoformat(text.replace("T", " ")).replace(tzinfo=timezone)
