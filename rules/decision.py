"""What was decided on an event, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Struct

from rules import changes, effects
from rules.changes import Change
from rules.effects import DeleteMessage, Effect
from rules.events import Event, message_of
from rules.facts import Facts
from rules.logic import Logic
from rules.step import Condition

# How a rule came out.
FIRED = "fired"  # held, and what it asks is done
SHADOW = "shadow"  # held, and what it would have done is only written down
NOT_HELD = "not_held"
OFF = "off"
EXEMPT = "exempt"  # the member is staff, and the rule binds members only
LIMITED = "limited"  # held, but was used as often as `at_most` allows
NOT_REACHED = "not_reached"  # an earlier rule stopped the look
AWAITS = "awaits"  # whether it holds depends on what is not known yet: it looks at the event once more

# A condition, whether it held (None: it is not known yet), and the error it raised.
Note = tuple[Condition, bool | None, str | None]


class RuleTrace(Struct):
    """One rule's part in a decision: how it came out, what its conditions saw, and what it asked for.

    ``raw`` is its entry as JSON, where that is the same for every event.
    """

    rule: str
    outcome: str
    notes: list[Note] = []  # a fresh one for each: msgspec copies it
    effects: tuple[Effect, ...] = ()
    changes: tuple[Change, ...] = ()
    remarks: tuple[str, ...] = ()
    raw: msgspec.Raw | None = None


def missed(rule: str, gate: Condition) -> RuleTrace:
    """The part of a rule whose gate found no phrase: what becomes of most rules on most messages.

    It is kept in short, as ``"rule condition"``: see ``read_trace``.
    """
    short = rule if isinstance(gate, Logic) else f"{rule} {gate.step}"
    return RuleTrace(rule, NOT_HELD, [(gate, False, None)], raw=msgspec.Raw(msgspec.json.encode(short)))


def read_trace(kept: bytes) -> dict[str, Any]:
    """A trace as it was kept, with ``rules`` as ``Trace.entries`` gives them: what is kept in short is written out."""
    trace: dict[str, Any] = msgspec.json.decode(kept)
    trace["rules"] = [_written_out(part) if isinstance(part, str) else part for part in trace["rules"]]
    return trace


def _written_out(short: str) -> dict[str, Any]:
    rule, _, condition = short.partition(" ")
    entry: dict[str, Any] = {"rule": rule, "outcome": NOT_HELD}
    return entry | {"checks": [{"condition": condition, "held": False}]} if condition else entry


@dataclass(slots=True)
class Trace:
    """Which rules were looked at, which condition held or not with which value, and what was decided."""

    event: Event
    facts: Facts
    rulebook: str
    rules: list[RuleTrace] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def entries(self) -> Iterator[dict[str, Any]]:
        """The trace as plain data, a rule at a time. Values are looked up now: most traces are never read."""
        return map(self._entry, self.rules)

    def encodable(self) -> list[dict[str, Any] | msgspec.Raw]:
        """The entries as they are kept: those that are always the same in short, and encoded already."""
        return [part.raw if part.raw is not None else self._entry(part) for part in self.rules]

    def _entry(self, part: RuleTrace) -> dict[str, Any]:
        entry: dict[str, Any] = {"rule": part.rule, "outcome": part.outcome}
        checks = [self._check(note) for note in part.notes if not isinstance(note[0], Logic)]
        if checks:
            entry["checks"] = checks
        if part.effects:
            name = "effects" if part.outcome == FIRED else "would"
            entry[name] = [effects.kind_of(effect) for effect in part.effects]
        if part.changes:
            entry["changes"] = [changes.kind_of(change) for change in part.changes]
        if part.remarks:
            entry["remarks"] = list(part.remarks)
        return entry

    def _check(self, note: Note) -> dict[str, Any]:
        condition, held, error = note
        check: dict[str, Any] = {"condition": condition.step, "held": bool(held)}
        if condition.scalar is not None and getattr(condition, condition.scalar) is False:
            check["contrary"] = True  # `introduced: false` held: they have not introduced themselves
        if error is not None:
            check["error"] = error
        elif (seen := condition.seen(self.event, self.facts)) is not None:
            check["seen"] = seen
        return check


@dataclass(slots=True)
class Decision:
    """The effects to perform (``by`` names the rule of each), the changes to record, and the trace."""

    effects: tuple[Effect, ...] = ()
    changes: tuple[Change, ...] = ()
    by: tuple[str, ...] = ()
    trace: Trace | None = None

    def removes(self, event: Event) -> bool:
        """Whether the message that the event is about is taken away."""
        if not self.effects:
            return False
        message = message_of(event)
        return message is not None and any(
            isinstance(effect, DeleteMessage) and effect.message == message.id for effect in self.effects
        )

    @property
    def fired(self) -> tuple[str, ...]:
        """The rules that held and were enforced."""
        return self._with(FIRED)

    @property
    def shadowed(self) -> tuple[str, ...]:
        """The rules that held in shadow mode."""
        return self._with(SHADOW)

    @property
    def awaiting(self) -> tuple[str, ...]:
        """The rules that are to look at the event once more."""
        return self._with(AWAITS)

    def _with(self, outcome: str) -> tuple[str, ...]:
        return tuple(part.rule for part in self.trace.rules if part.outcome == outcome) if self.trace else ()
