"""A group with an entry gate, as a file says it, and its engine with a memory of its own: no platform, no database."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

import pytest

from bot.configuration import builtin_copy
from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.compile import compile_rulebook
from rules.copy import CopyBook, Variants
from rules.decision import Decision
from rules.effects import Effect, SendPrivate, SendText
from rules.engine import decide
from rules.events import (
    ButtonPressed,
    Event,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    ScheduleFired,
)
from rules.gate import ANSWER, REPORT, Answer, timer
from rules.language import FileProblem, load
from rules.memory import GroupMemory
from rules.outcome import Outcome
from rules.rulebook import Rulebook
from rules.state import AtGate, Challenge
from rules.values import Group, Member, Message

START = datetime(2026, 10, 5, 12, tzinfo=UTC)
CHAT, STAFF = "sim:readers", "sim:staff"
HEAD = """
version: 1
platforms: { sim: { type: simulated } }
groups: { readers: { platform: sim, chat: readers, name: Readers }, staff: { platform: sim, chat: staff } }
staff: { room: staff }
"""


class OneFile:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> bytes:
        if path != "config.yaml":
            raise FileProblem("there is no such file")
        return self.text.encode()

    def glob(self, pattern: str) -> list[str]:
        return []


class Gatehouse:
    """One group that is kept by the rules of a file. ``reports``: whether deliveries are reported at once as sent."""

    def __init__(self, text: str, capabilities: frozenset[Capability], *, reports: bool = True) -> None:
        self.rulebook, self.copy = _compiled(text, capabilities)
        self.settings = self.rulebook.groups[CHAT].settings
        self.memory = GroupMemory(CHAT, self.rulebook.horizon)
        self.now = START
        self.reports = reports
        self.done: list[Effect] = []
        self.last = Decision()
        self._number = 0

    def new_id(self) -> str:
        self._number += 1
        return f"sim:update-{self._number}"

    def person(self, handle: str, **more: Any) -> Member:
        return Member(f"sim:{handle}", handle.title(), **more)

    def happens(self, event: Event) -> tuple[Effect, ...]:
        """What is done about an event; what is delivered is reported, where it is."""
        decision = decide(event, self.memory.facts_for(event, self.settings), self.rulebook)
        self.memory.settle(event, decision, self.settings)
        self.done += decision.effects
        self.last = decision
        if self.reports:
            for effect in decision.effects:
                if isinstance(effect, (SendText, SendPrivate)) and effect.report is not None:
                    self.delivered(effect)
        return decision.effects

    def joins(self, *handles: str, inviter: Member | None = None, **more: Any) -> None:
        for handle in handles:
            person = self.person(handle, **more)
            self.happens(MemberJoined(self.new_id(), Group(CHAT), self.now, person, inviter))

    def asks_in(self, handle: str) -> None:
        self.happens(JoinRequested(self.new_id(), Group(CHAT), self.now, self.person(handle)))

    def leaves(self, handle: str, remover: Member | None = None) -> None:
        self.happens(MemberLeft(self.new_id(), Group(CHAT), self.now, self.person(handle), remover))

    def presses(self, handle: str, index: int = 0, challenge: Challenge | str | None = None) -> tuple[Effect, ...]:
        id_ = challenge if isinstance(challenge, str) else (challenge or self.group.challenges[-1]).id
        press = ButtonPressed(
            self.new_id(), Group(CHAT), self.now, self.person(handle), f"gate:{id_}:{index}", press=self.new_id()
        )
        return self.happens(press)

    def says(self, handle: str, text: str, **more: Any) -> tuple[Effect, ...]:
        message = Message(f"{CHAT}/{self.new_id()}", self.person(handle), text, self.now, **more)
        return self.happens(MessagePosted(self.new_id(), Group(CHAT), self.now, message))

    def answers_alone(self, handle: str, text: str = "", index: int | None = None) -> tuple[Effect, ...]:
        """Somebody at the door answers to the bot alone."""
        gate = self.gate_of(handle)
        assert gate is not None
        answer = Answer(text) if index is None else Answer(data=f"gate:{gate.challenge}:{index}", press=self.new_id())
        return self.happens(
            ScheduleFired(
                self.new_id(),
                Group(CHAT),
                self.now,
                timer(ANSWER, gate.challenge),
                self.now,
                subject=f"sim:{handle}",
                data=answer.encoded(),
            )
        )

    def delivered(self, sent: Effect, state: Any = "sent", message: str | None = None) -> None:
        """A delivery is reported."""
        assert isinstance(sent, (SendText, SendPrivate))
        assert sent.report is not None
        assert sent.report.name.startswith(REPORT)
        if state == "sent" and message is None:
            message = f"{CHAT}/{sent.running}" if isinstance(sent, SendText) else f"{sent.member}/1"
        outcome = Outcome(state, message, "" if state == "sent" else "no rights")
        self.happens(
            ScheduleFired(
                self.new_id(),
                Group(CHAT),
                self.now,
                sent.report.name,
                self.now,
                subject=sent.report.subject,
                data=outcome.encoded(),
            )
        )

    def later(self, **delta: float) -> "Gatehouse":
        """Time passes, and what falls due happens at its moment."""
        until = self.now + timedelta(**delta)
        for fired in self.memory.due_before(until, self.settings):
            self.now = fired.at
            self.happens(fired)
        self.now = until
        return self

    @property
    def group(self) -> Any:
        return self.memory.group

    def gate_of(self, handle: str) -> AtGate | None:
        return self.memory.member(f"sim:{handle}").gate

    def stands(self, handle: str) -> str:
        gate = self.gate_of(handle)
        return f"{gate.stands}/{gate.why}" if gate is not None else ""

    def all(self, kind: type, of: str = "") -> list[Any]:
        """The effects of a kind so far (on one member)."""
        return [
            each
            for each in self.done
            if isinstance(each, kind) and (not of or getattr(each, "member", None) == f"sim:{of}")
        ]

    def said(self, group: str = CHAT) -> list[str]:
        """What was said in a group so far."""
        return [self.read(each) for each in self.all(SendText) if each.group == group]

    def read(self, effect: Any) -> str:
        return self.copy.render(effect.text, self.settings.language, self.settings.key)

    @property
    def remarks(self) -> list[str]:
        trace = self.last.trace
        return [remark for part in trace.rules for remark in part.remarks] if trace is not None else []


@cache
def _compiled(text: str, capabilities: frozenset[Capability]) -> tuple[Rulebook, CopyBook]:
    texts = _texts()
    loaded = load("config.yaml", OneFile(text), builtin_steps(), {}, copy_keys=texts)
    return compile_rulebook(loaded, texts, {"sim": capabilities})


@cache
def _texts() -> Mapping[str, Variants]:
    return builtin_copy()


Open = Callable[..., Gatehouse]


def opened(
    cls: type[Gatehouse],
    gate: str = "{}",
    *,
    more: str = "",
    without: set[Capability] | None = None,
    reports: bool = True,
    head: tuple[str, str] = ("", ""),
) -> Gatehouse:
    """A group with the gate that these words under ``gate:`` describe."""
    welcome = "    welcome: { batch: 1m }\n"
    text = f"{HEAD.replace(*head)}onboarding:\n  - id: newcomers\n    gate: {gate}\n{welcome}{more}"
    return cls(text, frozenset(Capability) - (without or set()), reports=reports)


@pytest.fixture
def gatehouse() -> Open:
    """Opens a group with a gate."""
    return partial(opened, Gatehouse)


@pytest.fixture(scope="session")
def gatehouse_of() -> Open:
    """Opens one that does more than a gatehouse: the first argument makes its class of that one."""
    return lambda made, *args, **more: opened(made(Gatehouse), *args, **more)
