"""A replay as JSON: one object an event, then a summary. The same input gives the same bytes."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from bot.replay_engine import Outcome
from bot.replay_tally import Comparison, Example, RuleTally, Tally
from rules.effects import Effect, SendPrivate, SendText, kind_of
from rules.events import subject_of
from rules.facts import GroupSettings
from rules.state import GroupState
from rules.text import Text

Render = Callable[[Text, GroupSettings, GroupState], str]
"""Turns a text into words, in a group's language; variants take turns by the group's state."""


def _told(value: object) -> Any:
    return str(value)


_encoder = msgspec.json.Encoder(enc_hook=_told)


def event_line(outcome: Outcome, render: Render, other: Outcome | None = None) -> bytes:
    """One event's object. ``other`` is its outcome under the other rulebook, where that differs."""
    event, decision = outcome.event, outcome.decision
    told: dict[str, Any] = {
        "id": event.id,
        "at": event.at,
        "group": event.group.id,
        "author": subject_of(event),
        "kind": event.kind,
        "effects": [_effect(effect, outcome, render) for effect in decision.effects],
        "rules": decision.fired,
        "shadow": decision.shadowed,
        "trace": [] if decision.trace is None else [_plain(entry) for entry in decision.trace.entries()],
    }
    if outcome.error is not None:
        told["error"] = outcome.error
    if other is not None:
        told["against"] = {
            "effects": [kind_of(effect) for effect in other.decision.effects],
            "rules": other.decision.fired,
            "shadow": other.decision.shadowed,
        }
    return _encoder.encode(told)


def summary_line(
    tally: Tally,
    notes: list[str],
    broken: str | None,
    against: Tally | None = None,
    comparison: Comparison | None = None,
) -> bytes:
    """The last object. ``broken`` is why the history ended early."""
    summary: dict[str, Any] = {
        "events": _counts(tally.events),
        "groups": tally.groups,
        "since": tally.since,
        "until": tally.until,
        "acted_on": tally.acted,
        "effects": _counts(tally.effects),
        "failed": tally.failed,
        "first_failure": tally.first_failure,
        "rules": {id_: _rule(rule) for id_, rule in tally.rules.items()},
        "notes": notes,
        "broken_off": broken,
    }
    if against is not None and comparison is not None:
        summary["against"] = {
            "newly": comparison.newly,
            "no_longer": comparison.no_longer,
            "otherwise": comparison.otherwise,
            "examples": {what: [_example(e) for e in found] for what, found in comparison.examples.items()},
            "effects": _counts(against.effects),
            "rules": {id_: _rule(rule) for id_, rule in against.rules.items()},
        }
    return _encoder.encode({"summary": summary})


def _effect(effect: Effect, outcome: Outcome, render: Render) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(effect, builtin_types=(datetime,))
    if isinstance(effect, (SendText, SendPrivate)):
        told["text"] = render(effect.text, outcome.settings, outcome.group)
    if isinstance(effect, SendPrivate) and effect.otherwise is not None:
        told["otherwise"] = _effect(effect.otherwise, outcome, render)
    return told


def _rule(rule: RuleTally) -> dict[str, Any]:
    return {
        "name": rule.name,
        "hits": rule.hits,
        "shadow_hits": rule.shadow_hits,
        "limited": rule.limited,
        "errors": rule.errors,
        "first_error": rule.first_error,
        "members": len(rule.members),
        "effects": _counts(rule.effects),
        "would": _counts(rule.would),
        "examples": [_example(example) for example in rule.examples],
    }


def _example(example: Example) -> dict[str, Any]:
    return {"id": example.id, "at": example.at, "author": example.author, "text": example.text}


def _counts(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items()))


def _plain(value: Any) -> Any:
    """The same with sets in order: their own order differs from run to run."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(part) for part in value), key=str)
    return value
