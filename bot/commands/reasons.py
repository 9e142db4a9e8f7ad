"""A kept trace in plain words: in full for staff; for members what was done and why, not how to get around it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from rules import decision as d
from rules.facts import Facts
from rules.text import Text, key, say
from rules.wording import excerpt, local_time

if TYPE_CHECKING:
    from bot.desk import Desk

LONGEST_VALUE = 120
MOST_FAILING = 5
_TELLING = (d.FIRED, d.SHADOW, d.LIMITED, d.EXEMPT)
"""Outcomes that staff are told first."""
_DONE = frozenset(
    {"delete_message", "mute_member", "kick_member", "ban_member", "unmute_member", "unban_member", "add_warning"}
    | {"add_points", "hold_message", "forgive"}
)
"""What members are told of: what was done to them or their message, not what is noted beside it."""


def read_trace(trace: bytes) -> dict[str, Any]:
    """The trace that was kept."""
    found: dict[str, Any] = msgspec.json.decode(trace)
    return found


def in_brief(trace: Mapping[str, Any], at: datetime, facts: Facts, desk: "Desk") -> Text:
    """What was done and under which rules, as the member concerned may know it."""
    told = [(entry["rule"], done) for entry in trace["rules"] if (done := _done(entry))]
    lines = [key("commands.why.rule_brief", rule=rule_name(rule, desk), items=_acts(done)) for rule, done in told]
    if not lines:
        return key("commands.why.nothing")
    return key("commands.why.brief", time=local_time(at, facts), items=tuple(lines), appeal=key("commands.appeal.how"))


def in_full(trace: Mapping[str, Any], at: datetime, facts: Facts, desk: "Desk") -> Text:
    """Every rule that was looked at: how it came out, what its conditions saw, what it asked for."""
    entries: list[Mapping[str, Any]] = trace["rules"]
    told = [_entry(entry, desk) for outcome in _TELLING for entry in entries if entry["outcome"] == outcome]
    told += [_entry(entry, desk) for entry in entries if entry["outcome"] not in _TELLING]
    if not told:
        told = [key("commands.why.no_rules")]
    told += [key("commands.why.remark", text=str(remark)) for remark in trace.get("remarks", ())]
    return key("commands.why.full", time=local_time(at, facts), items=tuple(told), value=str(trace.get("rulebook", "")))


def concerns_member(trace: Mapping[str, Any]) -> bool:
    """Whether something was done to the member or their message."""
    return any(_done(entry) for entry in trace["rules"])


def rule_name(rule_id: str, desk: "Desk") -> str:
    """What people call a rule: its name, else its id; a command by its name."""
    rule = desk.setup.rulebook.rule(rule_id)
    return (rule.name or rule.id) if rule is not None else rule_id


def _done(entry: Mapping[str, Any]) -> list[str]:
    if entry["outcome"] != d.FIRED:
        return []
    return [name for name in (*entry.get("effects", ()), *entry.get("changes", ())) if name in _DONE]


def _entry(entry: Mapping[str, Any], desk: "Desk") -> Text:
    outcome = entry["outcome"]
    head = key("commands.why.rule", rule=rule_name(entry["rule"], desk), value=key(f"commands.outcome.{outcome}"))
    parts: list[Text] = [head]
    checks = entry.get("checks", ())
    if outcome == d.NOT_HELD:  # what kept it from holding is enough
        checks = [check for check in checks if not check["held"]][:MOST_FAILING] or checks[-1:]
    parts += [_check(check) for check in checks]
    for name in ("effects", "would"):
        if entry.get(name):
            parts.append(key(f"commands.why.{name}", items=_acts(entry[name])))
    parts += [key("commands.why.remark", text=str(remark)) for remark in entry.get("remarks", ())]
    return say("{items}", items=tuple(parts))


def _check(check: Mapping[str, Any]) -> Text:
    sign = "✓" if check["held"] else "✗"
    name = str(check["condition"])
    if "error" in check:
        return key("commands.why.check_error", value=sign, name=name, text=excerpt(str(check["error"]), LONGEST_VALUE))
    if "seen" in check:
        return key("commands.why.check_seen", value=sign, name=name, text=_shown(check["seen"]))
    return key("commands.why.check", value=sign, name=name)


def _shown(seen: object) -> str:
    if isinstance(seen, (list, tuple)):
        return excerpt(", ".join(map(str, seen)), LONGEST_VALUE)
    if isinstance(seen, Mapping):
        return excerpt(", ".join(f"{name}: {value}" for name, value in seen.items()), LONGEST_VALUE)
    return excerpt(str(seen), LONGEST_VALUE)


def _acts(names: Iterable[str]) -> Text:
    """What was done, one after the other, each once."""
    unique = list(dict.fromkeys(names))
    parts = {f"n{index}": key(f"commands.act.{name}") for index, name in enumerate(unique)}
    return say(" · ".join(f"{{{name}}}" for name in parts), **parts)
