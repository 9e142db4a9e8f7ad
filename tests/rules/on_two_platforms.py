"""Files that keep groups of two platforms, of which one can do less, and somebody who writes there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.simulated import WECHAT_LIKE
from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.compile import compile_rulebook
from rules.decision import Decision
from rules.engine import decide
from rules.errors import Complaint, ConfigError
from rules.events import Event, MessagePosted, ScheduleFired
from rules.language import load
from rules.language.loaded import Loaded
from rules.memory import GroupMemory
from rules.rulebook import Rulebook
from rules.values import Group, Member, Message

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
BASE = """\
version: 1
platforms: { tg: { type: telegram }, wx: { type: wechaty } }
groups:
  books: { platform: tg, chat: "1" }
  books-wx: { platform: wx, chat: "2" }
  films-wx: { platform: wx, chat: "3" }
  staff: { platform: tg, chat: "9" }
staff: { room: staff }
"""
WX = WECHAT_LIKE - {Capability.SEND_PRIVATE}
ABLE = {"tg": frozenset(Capability), "wx": WX}
TITLES = {"tg": "Telegram", "wx": "WeChat"}


class OneFile:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> bytes:
        return self.text.encode()

    def glob(self, pattern: str) -> list[str]:
        return []


def loaded(text: str) -> Loaded:
    return load("config.yaml", OneFile(BASE + text), builtin_steps(), {})


def book(text: str, able: Mapping[str, frozenset[Capability]] = ABLE, titles: Mapping[str, str] = TITLES) -> Rulebook:
    return compile_rulebook(loaded(text), {}, able, titles=titles)[0]


def refused(text: str, **how: Any) -> list[Complaint]:
    with pytest.raises(ConfigError) as caught:
        book(text, **how)
    return list(caught.value.complaints)


def rule(then: str, more: str = "", id_: str = "ads") -> str:
    return f"rules:\n  - {{ id: {id_}, when: message, then: {then}{more} }}\n"


def at(text: str, piece: str) -> str:
    """Where a piece of a file begins."""
    before = (BASE + text)[: (BASE + text).rindex(piece)]
    return f"config.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}: "


class Chat:
    """One group, in which Bo writes."""

    def __init__(self, rulebook: Rulebook, group: str) -> None:
        self.book = rulebook
        self.settings = next(one.settings for one in rulebook.groups.values() if one.settings.key == group)
        self.memory = GroupMemory(self.settings.chat, rulebook.horizon)
        self.now = NOON
        self._count = 0

    def says(self, text: str = "hello") -> Decision:
        self._count += 1
        self.now += timedelta(minutes=1)
        bo = Member(f"{self.settings.platform}:bo", "Bo")
        message = Message(f"{self.settings.chat}/{self._count}", bo, text, self.now)
        return self._decide(MessagePosted(f"e{self._count}", Group(self.settings.chat), self.now, message))

    def fires(self, schedule: str) -> Decision:
        due = ScheduleFired("s1", Group(self.settings.chat), self.now, schedule, self.now)
        return self._decide(due)

    def _decide(self, event: Event) -> Decision:
        decision = decide(event, self.memory.facts_for(event, self.settings), self.book)
        self.memory.settle(event, decision, self.settings)
        return decision


def kinds(decision: Decision) -> list[str]:
    return [type(effect).__name__ for effect in decision.effects]


def remarks(decision: Decision) -> list[str]:
    assert decision.trace is not None
    return [remark for part in decision.trace.rules for remark in part.remarks]
