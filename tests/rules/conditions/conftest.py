"""A group to ask in: real events, states and readings; conditions are asked as the engine asks them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.detectors.settings import AdSettings
from rules.engine import prepare
from rules.events import Event, MemberJoined, MessagePosted, ScheduleFired
from rules.facts import Facts, GroupSettings
from rules.recent import Glimpse, Recent
from rules.rulebook import Rule, Rulebook, assemble
from rules.state import GroupState, MemberState
from rules.step import Condition
from rules.values import Group, Member, Message
from rules.verdict import Verdict
from rules.windows import Window

MONDAY_10 = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


@dataclass
class Room:
    """A group in Shanghai with one member, Ann, at ten on a Monday. Change what a test is about, then ask."""

    at: datetime = MONDAY_10
    ann: Member = field(default_factory=lambda: Member(id="telegram:7", name="Ann", username="ann"))
    ann_state: MemberState = field(default_factory=lambda: MemberState(id="telegram:7"))
    state: GroupState = field(default_factory=lambda: GroupState(id="telegram:-1"))
    recent: Recent = field(default_factory=lambda: Recent(timedelta(hours=1)))
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    staff: bool = False
    tags: frozenset[str] = frozenset({"reading"})
    day_starts_at: timedelta = timedelta()
    ads: AdSettings = field(default_factory=AdSettings)
    group: Group = field(default_factory=lambda: Group(id="telegram:-1"))

    def message(self, text: str = "", **parts: Any) -> MessagePosted:
        message = Message(id="telegram:-1/1", author=parts.pop("author", self.ann), text=text, **parts)
        return MessagePosted(id="e", group=self.group, at=self.at, message=message)

    def join(self, **parts: Any) -> MemberJoined:
        return MemberJoined(id="e", group=self.group, at=self.at, **{"member": self.ann, **parts})

    def fired(self, schedule: str = "digest") -> ScheduleFired:
        return ScheduleFired(id="e", group=self.group, at=self.at, schedule=schedule, due=self.at)

    def note(
        self, *seconds_ago: float, member: str = "telegram:7", kind: str = "message", fingerprint: int = 0
    ) -> None:
        for ago in seconds_ago:
            self.recent.note(Glimpse(self.at - timedelta(seconds=ago), kind, member, fingerprint))

    def facts(self) -> Facts:
        settings = GroupSettings(
            key="reading",
            chat=self.group.id,
            platform="telegram",
            tags=self.tags,
            timezone=ZoneInfo("Asia/Shanghai"),
            day_starts_at=self.day_starts_at,
            ads=self.ads,
            windows={
                "ad-time": Window(frozenset({4}), time(20), time(21)),
                "night": Window(frozenset(range(7)), time(23), time(6)),
            },
        )
        return Facts(
            now=self.at + timedelta(hours=3),  # decided on late: the time of the event is what counts
            settings=settings,
            group=self.state,
            member=self.ann_state,
            recent=self.recent,
            verdicts=self.verdicts,
        )

    def prepared(self, condition: Condition, event: Event) -> Facts:
        facts = self.facts()
        prepare(event, facts, self.book(condition))
        return facts

    def book(self, condition: Condition) -> Rulebook:
        rule = Rule("r", "", frozenset({"message"}), condition, ())
        return assemble("1", [rule], [], roles_of=lambda facts: (self.roles, self.staff))

    def holds(self, condition: Condition, event: Event | str) -> bool:
        event = self.message(event) if isinstance(event, str) else event
        return condition.holds(event, self.prepared(condition, event))

    def seen(self, condition: Condition, event: Event | str) -> object:
        event = self.message(event) if isinstance(event, str) else event
        return condition.seen(event, self.prepared(condition, event))


@pytest.fixture
def room() -> Room:
    return Room()
