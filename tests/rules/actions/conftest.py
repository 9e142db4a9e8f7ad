"""A group to act in: real states, the real engine's runner, the real ``apply``, the built-in texts."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from rules.apply import apply, meet, observe
from rules.capability import Capability
from rules.changes import Change
from rules.copy import CopyBook
from rules.effects import Effect, SendPrivate, SendText
from rules.engine import run_actions
from rules.events import Event, MemberJoined, MessagePosted, ScheduleFired, subject_of
from rules.facts import Facts, GroupSettings
from rules.reading import Reading
from rules.state import GroupState, MemberState
from rules.step import Action, Library, RuleContext
from rules.text import Text
from rules.values import Group, Member, Message

LOCALES = Path(__file__).parents[3] / "bot" / "locales"
HERE = "telegram:-100"
STAFF = "telegram:-200"


def built_in_texts() -> dict[str, dict[str, tuple[str, ...]]]:
    return dict(_read_texts())


@cache
def _read_texts() -> dict[str, dict[str, tuple[str, ...]]]:
    texts: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in sorted(LOCALES.glob("*.yaml")):
        for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            texts.setdefault(key, {})[path.stem] = tuple(value) if isinstance(value, list) else (value,)
    return texts


@dataclass
class Done:
    """What actions did."""

    effects: tuple[Effect, ...]
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    scene: "Scene"

    def only(self, kind: type) -> object:
        (found,) = [outcome for outcome in (*self.effects, *self.changes) if isinstance(outcome, kind)]
        return found

    def all(self, kind: type) -> list[object]:
        return [outcome for outcome in (*self.effects, *self.changes) if isinstance(outcome, kind)]

    @property
    def said(self) -> list[str]:
        """Every text that was sent, as it reads."""
        return [self.scene.read(e.text) for e in self.effects if isinstance(e, (SendText, SendPrivate))]


@dataclass
class Scene:
    """One group at one moment."""

    now: datetime = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
    settings: GroupSettings = field(
        default_factory=lambda: GroupSettings(
            key="reading",
            chat=HERE,
            platform="telegram",
            name="Reading",
            timezone=ZoneInfo("Asia/Shanghai"),
            staff_chat=STAFF,
            day_starts_at=timedelta(hours=4),
        )
    )
    library: Library = field(default_factory=Library)
    rule: RuleContext | None = None
    members: dict[str, MemberState] = field(default_factory=dict)
    group: GroupState = field(default_factory=lambda: GroupState(id=HERE))
    texts: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=built_in_texts)
    digests: dict[str, object] = field(default_factory=dict)

    def setting(self, **changed: object) -> "Scene":
        self.settings = replace(self.settings, **changed)
        return self

    def without(self, *missing: Capability) -> "Scene":
        return self.setting(capabilities=frozenset(Capability) - set(missing))

    def later(self, **delta: int) -> "Scene":
        self.now += timedelta(**delta)
        return self

    def copy(self, key: str, text: str) -> "Scene":
        self.texts[key] = {"en": (text,), "zh-CN": (text,)}
        return self

    def member(self, member_id: str = "telegram:7") -> MemberState:
        return self.members.setdefault(member_id, MemberState(id=member_id))

    def person(self, name: str = "Ann", number: int = 7, **more: object) -> Member:
        return Member(id=f"telegram:{number}", name=name, **more)

    def says(self, text: str, by: Member | None = None, **more: object) -> MessagePosted:
        message = Message(id=f"{HERE}/55", author=by or self.person(), text=text, at=self.now, **more)
        return MessagePosted(id="telegram:1:9", group=Group(HERE, "Reading"), at=self.now, message=message)

    def joins(self, by: Member | None = None) -> MemberJoined:
        return MemberJoined(id="telegram:1:8", group=Group(HERE), at=self.now, member=by or self.person())

    def fires(self, schedule: str, subject: str | None = None, data: str | None = None, **more: object) -> Event:
        event_id = str(more.pop("id", f"schedule:{schedule}:{HERE}:now"))
        due = more.pop("due", self.now)
        return ScheduleFired(
            id=event_id,
            group=Group(HERE),
            at=self.now,
            schedule=schedule,
            due=due,  # type: ignore[arg-type]
            subject=subject,
            data=data,
        )

    def facts(self, event: Event) -> Facts:
        state = self.member(subject_of(event) or "")
        meet(event, state)
        facts = Facts(
            now=self.now,
            settings=self.settings,
            group=self.group,
            member=state,
            digests=self.digests,
            others=self.member,
        )  # type: ignore[arg-type]
        facts.reading = Reading(event)
        return facts

    def do(self, event: Event, *actions: Action) -> Done:
        """Run actions on an event, record their changes and take note of the event, as the worker does."""
        facts = self.facts(event)
        context = self.rule or RuleContext("no-ads", "No advertisements", self.library)
        done = Done(*run_actions(actions, event, facts, context), self)
        apply(done.changes, self.now, self.group, self.member)
        observe(event, facts.today, self.group, facts.member if subject_of(event) else None)
        return done

    def read(self, text: Text) -> str:
        """A text as the group reads it."""
        return CopyBook(self.texts).render(text, self.settings.language)


@pytest.fixture
def scene() -> Scene:
    return Scene()
