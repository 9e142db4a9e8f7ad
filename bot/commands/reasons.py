"""A kept trace in plain words: in full for staff; for members what was done and why, not how to get around it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.commands.base import how_to_appeal
from bot.commands.checks import check_words
from bot.commands.remarks import remark_words
from rules import decision as d
from rules.detectors.explaining import explained
from rules.facts import Facts
from rules.onboarding import GATE
from rules.text import Text, key, say
from rules.wording import local_time

if TYPE_CHECKING:
    from bot.desk import Desk

MOST_FAILING = 5
AD = "ad"
"""The condition that asks the detector of advertisements, and the name of that."""
TESTED = "tested"
"""How a rule comes out that held when it was only tried."""
_TELLING = (d.FIRED, TESTED, d.SHADOW, d.LIMITED, d.EXEMPT)
"""Outcomes that staff are told first."""
_MADE = {name: name for name in ("introduced", "remind", "checkin", "staff-report", "answers", "appeals")} | {
    "keyword": "checkin",
    "door": "gate",
    "word": "gate",
}
"""Rules that are made from other sections, by the last part of their id; the rest belong to the welcome."""
_DONE = frozenset(
    {"delete_message", "mute_member", "kick_member", "ban_member", "unmute_member", "unban_member", "add_warning"}
    | {"add_points", "hold_message", "forgive"}
)
"""What members are told of: what was done to them or their message, not what is noted beside it."""


def in_brief(trace: Mapping[str, Any], at: datetime, facts: Facts, desk: "Desk") -> Text:
    """What was done and under which rules, as the member concerned may know it."""
    told = [(entry["rule"], done) for entry in trace["rules"] if (done := _done(entry))]
    lines = [key("commands.why.rule_brief", rule=rule_name(rule, desk), items=_acts(done)) for rule, done in told]
    if not lines:
        return key("commands.why.nothing")
    if any(_by_detector(entry) for entry in trace["rules"] if _done(entry)):
        lines.append(key("ads.why.brief"))
    return key("commands.why.brief", time=local_time(at, facts), items=tuple(lines), appeal=how_to_appeal(facts))


def in_full(
    trace: Mapping[str, Any],
    at: datetime,
    facts: Facts,
    desk: "Desk",
    message: str | None = None,
    *,
    overheard: bool = False,
) -> Text:
    """Every rule that was looked at: how it came out, what its conditions saw, what it asked for.

    Where a detector was asked about a ``message``, what it thought of its words follows; not where members read along
    (``overheard``), who would learn how to get around it.
    """
    entries: list[Mapping[str, Any]] = trace["rules"]
    told = [_entry(entry, desk) for outcome in _TELLING for entry in entries if entry["outcome"] == outcome]
    told += [_entry(entry, desk) for entry in entries if entry["outcome"] not in _TELLING and _matters(entry, desk)]
    if not told:
        told = [key("commands.why.no_rules")]
    told += [_remark(remark, desk) for remark in trace.get("remarks", ())]
    opinion = _opinion(trace, message, desk)
    told += (key("ads.why.aside"),) if opinion and overheard else opinion
    return key("commands.why.full", time=local_time(at, facts), items=tuple(told))


def concerns_member(trace: Mapping[str, Any]) -> bool:
    """Whether something was done to the member or their message."""
    return any(_done(entry) for entry in trace["rules"])


def rule_name(rule_id: str, desk: "Desk") -> Text:
    """What people call a rule: its name, else its id; a command by its name."""
    rule = desk.setup.rulebook.rule(rule_id)
    if rule is not None and rule.internal and not rule.name:
        made = "gate" if rule_id.startswith(GATE) else _MADE.get(rule_id.rpartition(".")[2], "welcome")
        return key(f"rules.made.{made}")
    return say("{text}", text=(rule.name or rule.id) if rule is not None else rule_id)


def _matters(entry: Mapping[str, Any], desk: "Desk") -> bool:
    """Whether a rule that did nothing is worth telling: one that nobody wrote is so only where it broke."""
    rule = desk.setup.rulebook.rule(entry["rule"])
    return rule is None or not rule.internal or any("error" in check for check in entry.get("checks", ()))


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
    parts += [check_words(check, desk.setup.copy) for check in checks]
    for name in ("effects", "would"):
        if entry.get(name):
            parts.append(key(f"commands.why.{name}", items=_acts(entry[name])))
    parts += [_remark(remark, desk) for remark in entry.get("remarks", ())]
    return say("{items}", items=tuple(parts))


def _by_detector(entry: Mapping[str, Any]) -> bool:
    """Whether a rule held because of what the detector of advertisements thinks."""
    return any(check["condition"] == AD and check["held"] for check in entry.get("checks", ()))


def _opinion(trace: Mapping[str, Any], message: str | None, desk: "Desk") -> tuple[Text, ...]:
    """What the detector of advertisements thought, where a rule asked it."""
    if not any(check["condition"] == AD for entry in trace["rules"] for check in entry.get("checks", ())):
        return ()
    verdict = desk.opinion_on(trace["event"], AD)
    if verdict is None:
        return ()
    words = desk.words_of(message) if message else None
    return explained(verdict, words, desk.setup.copy)


def _remark(remark: object, desk: "Desk") -> Text:
    return key("commands.why.remark", text=remark_words(str(remark), desk.setup.copy))


def _acts(names: Iterable[str]) -> Text:
    """What was done, one after the other, each once."""
    unique = list(dict.fromkeys(names))
    parts = {f"n{index}": key(f"commands.act.{name}") for index, name in enumerate(unique)}
    return say(" · ".join(f"{{{name}}}" for name in parts), **parts)
