"""Conditions and actions: the steps that rules are written in. The configuration model *is* the step.

A step is a frozen pydantic model with a name (``step``), and in YAML one name with its settings. Where one field
says it all, ``scalar`` names the field that a bare value fills: ``mute: 1h`` is ``mute: {for: 1h}``.

    class LongText(Condition):
        '''The text is longer than this many characters.

        ```yaml
        longer_than: 500
        ```
        '''

        step = "longer_than"
        scalar = "characters"
        kinds = frozenset({"message", "edit"})
        characters: int

        def holds(self, event: Event, facts: Facts) -> bool:
            return len(facts.reading.text) > self.characters

Steps are an open set: entry points ``groupkeeper.conditions`` and ``groupkeeper.actions`` add to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from rules.capability import Capability
from rules.changes import Change
from rules.effects import Effect
from rules.events import Event
from rules.facts import Facts
from rules.quota import AtMost
from rules.text import Param, Text

TEXT_EVENTS = frozenset({"message", "edit", "command"})
MEMBER_EVENTS = frozenset({"message", "edit", "join", "leave", "join_request", "reaction", "button", "command"})


class Remark(str):
    """Why an action did less than was asked: it is kept in the trace, for /why."""

    __slots__ = ()


Outcome = Effect | Change | Remark


class Step(BaseModel):
    """One step of a rule."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    step: ClassVar[str]
    """The name in YAML."""
    scalar: ClassVar[str | None] = None
    """The field that a bare value (or list) fills."""
    kinds: ClassVar[frozenset[str] | None] = None
    """The kinds of event it can apply to; None means all. Others are refused when the rule is loaded."""

    def refers(self) -> Iterable[tuple[str, str]]:
        """What it names elsewhere in the file, to be checked when it is loaded: pairs such as ``("ladder", "ads")``.

        The sorts are calendar, copy, group, ladder, role, rule, schedule, tag, topics and window.
        """
        return ()


class Condition(Step):
    """Something that holds of an event, or not."""

    made_of_others: ClassVar[bool] = False
    """Whether it is a ``rules.logic.Logic``: quicker to ask than ``isinstance``, which goes through pydantic."""
    gated: ClassVar[bool] = False
    """Whether it can only hold where one of its ``phrases()`` is found: then it need not be asked elsewhere."""

    def holds(self, event: Event, facts: Facts) -> bool:
        """Whether it holds. Pure. An exception counts as "no" and is kept in the trace."""
        raise NotImplementedError

    def seen(self, event: Event, facts: Facts) -> object:
        """What it looked at, for the trace: a short string, number or list. Called after ``holds``, for the record."""
        return None

    def phrases(self) -> Iterable[str]:
        """Phrases to be looked for in the one pass over the text; found ones are in ``facts.reading.phrases``."""
        return ()

    def looks_back(self) -> timedelta:
        """How far back in ``facts.recent`` it counts."""
        return timedelta()

    def parts(self) -> tuple["Condition", ...]:
        """The conditions inside this one."""
        return ()

    def detectors(self) -> frozenset[str]:
        """The detectors whose verdicts it reads."""
        return frozenset()

    def asks_for_lines(self) -> bool:
        """Whether it asks for what stands in a group without anybody having said it. Other rules never see that."""
        return False

    def sees(self) -> bool:
        """Whether it goes by what pictures show, which are looked at only where a condition does or asks a detector."""
        return False


class Action(Step):
    """Something to be done when a rule holds: it yields effects to perform and changes to record."""

    at_most: AtMost | None = Field(
        default=None, description="How often, per member (or per group where nobody is concerned): `1 per 6h`."
    )

    needs: ClassVar[frozenset[Capability]] = frozenset()
    """What the group's platform must be able to do. Checked when rules load."""

    def outcomes(self, event: Event, facts: Facts, rule: "RuleContext") -> Iterator[Outcome]:
        """What to do, in order, with remarks for the trace. Pure."""
        raise NotImplementedError

    def required(self) -> frozenset[Capability]:
        """The capabilities this very step needs; by default those of its class."""
        return self.needs

    def wants(self) -> frozenset[Capability]:
        """The capabilities it makes use of where the platform has them; by default those it needs."""
        return self.required()

    def listens(self) -> bool:
        """Whether what follows depends on what people write, though its rule is not about messages."""
        return False

    def digests(self) -> frozenset[str]:
        """The digest periods whose figures it reads."""
        return frozenset()

    def without(self) -> Mapping[str, "Action"]:
        """What is left of it without a part that asks more of a platform, by what that part is called in `fallback:`.

        A post that is to be pinned is one without its pin: ``{"pin": ...}``.
        """
        return {}

    def echoes(self) -> bool:
        """Whether it says, in its own way, the words of the step in whose place it is done."""
        return False

    def once(self) -> str | None:
        """What of it is done once an event, however many rules ask for it: a member breaks `no ads` once a message."""
        return None


Fallback = Mapping[str, tuple[Action, ...]]
"""What is done where a platform cannot do a step, by the step's name; no action: it is left out, knowingly."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What an action may know of the rule it stands in, and of the rulebook: its library.

    ``params`` are further words for its texts; ``inside`` names the ladder's step that the action stands in, if any;
    ``done`` is what rules have done for this event of that which is done once (``Action.once``). ``fallback`` says what
    is done instead of steps that a platform cannot do, ``words`` what the step would have said that this one is for.
    """

    id: str
    name: str
    library: "Library"
    params: Mapping[str, Param] = field(default_factory=dict)
    inside: str = ""
    done: set[str] = field(default_factory=set, compare=False)
    fallback: "Fallback" = field(default_factory=dict)
    words: Text | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """What several rules share: ladders, calendars, topics, the rules of the group by copy key, what is on.

    ``chats`` are the groups' platform-qualified ids by their keys.
    """

    ladders: Mapping[str, "LadderSteps"] = field(default_factory=dict)
    calendars: Mapping[str, "CalendarEntries"] = field(default_factory=dict)
    topics: Mapping[str, "TopicList"] = field(default_factory=dict)
    house_rules: tuple[str, ...] = ()
    agenda: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # per group key: time, what is on
    chats: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: from ``at`` points on, do this."""

    at: int
    do: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class LadderSteps:
    """An escalation: the highest rung reached is carried out. Points fade after ``expire_after`` (None: never).

    Members may object ``appeal_within`` this time (None: always); staff are reminded after ``answer_within``.
    ``fallback`` goes before that of the rule which climbs it.
    """

    rungs: tuple[Rung, ...]
    expire_after: timedelta | None = None
    appeal_within: timedelta | None = None
    answer_within: timedelta | None = None
    fallback: "Fallback" = field(default_factory=dict)

    def rung_for(self, points: int) -> Rung | None:
        """The highest rung that this many points reach."""
        reached = [rung for rung in self.rungs if rung.at <= points]
        return max(reached, key=lambda rung: rung.at) if reached else None


@dataclass(frozen=True, slots=True)
class CalendarEntries:
    """What to post on which day: by local date (``YYYY-MM-DD``), else in turn through ``cycle`` from ``start``."""

    by_date: Mapping[str, str] = field(default_factory=dict)
    cycle: tuple[str, ...] = ()
    start: str | None = None
    if_empty: str = "alert"


@dataclass(frozen=True, slots=True)
class TopicList:
    """Topics to be used in turn, none again within ``no_repeat``."""

    topics: tuple[str, ...]
    no_repeat: timedelta = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Steps:
    """The names that rules may use, as the extensions offer them."""

    conditions: Mapping[str, type[Condition]]
    actions: Mapping[str, type[Action]]
