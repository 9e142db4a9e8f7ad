"""Why a message went: the rule's name, and what its conditions saw, from the trace that was kept."""

from typing import Any

from bot.simulation.stage import Stage
from rules.decision import read_trace
from storage import traces

Why = tuple[str, str]
"""A rule's name, and what it saw; both may be empty."""


async def explained(stage: Stage, group: str, message: str) -> Why:
    """By which rule a message was deleted, and why. While the bot is stopped, the rule alone."""
    rule_id = stage.reasons[message]
    rule = stage.setup.rulebook.rule(rule_id)
    name = (rule.name or rule.id) if rule is not None else rule_id
    if not stage.running:
        return name, ""
    found = await stage.app.database.read(lambda conn: traces.of_message(conn, group, message))
    return name, _seen(read_trace(found.trace), rule_id) if found is not None else ""


def _seen(trace: dict[str, Any], rule: str) -> str:
    for part in trace["rules"]:
        if part["rule"] == rule:
            held = [check for check in part.get("checks", ()) if check["held"] and check.get("seen")]
            return " · ".join(_told(check["seen"]) for check in held)
    return ""


def _told(seen: object) -> str:
    return ", ".join(str(item) for item in seen) if isinstance(seen, list) else str(seen)
