"""A trace in words: which rules were looked at, what each condition saw, and what was done. For terminals."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text
from rich.tree import Tree

from bot.speech import ENGLISH, Speech
from rules import decision as d

_STYLES = {
    d.FIRED: "green",
    d.SHADOW: "yellow",
    d.NOT_HELD: "dim",
    d.OFF: "dim",
    d.EXEMPT: "dim",
    d.LIMITED: "yellow",
    d.NOT_REACHED: "dim",
    d.AWAITS: "yellow",
}
_LONGEST = 120


def rule_tree(entry: Mapping[str, Any], name: str = "", speech: Speech | None = None) -> Tree:
    """One rule's part in a decision."""
    speech = speech or Speech(ENGLISH)
    outcome = entry["outcome"]
    words = speech(f"trace.{outcome}") if outcome in _STYLES else outcome
    label = Text.assemble((name or entry["rule"], "bold"), " ", (words, _STYLES.get(outcome, "")))
    tree = Tree(label)
    for check in entry.get("checks", ()):
        tree.add(_check(check, speech))
    for key, verb in (("effects", "did"), ("would", "would"), ("changes", "recorded")):
        if entry.get(key):
            done = speech("between").join(dict.fromkeys(speech.word(each) for each in entry[key]))
            tree.add(Text(speech(f"trace.{verb}", what=done)))
    for remark in entry.get("remarks", ()):
        tree.add(Text(str(remark), style="italic"))
    return tree


def trace_tree(
    title: Text,
    entries: Iterable[Mapping[str, Any]],
    names: Mapping[str, str],
    remarks: Iterable[str],
    speech: Speech | None = None,
) -> Tree:
    """A whole trace. ``names`` are what rules are called, by id."""
    speech = speech or Speech(ENGLISH)
    tree = Tree(title)
    for entry in entries:
        tree.add(rule_tree(entry, names.get(entry["rule"], ""), speech))
    for remark in remarks:
        tree.add(Text(str(remark), style="italic"))
    if not tree.children:
        tree.add(Text(speech("trace.nothing"), style="dim"))
    return tree


def _check(check: Mapping[str, Any], speech: Speech) -> Text:
    held = check["held"]
    line = Text.assemble(("✓ " if held else "✗ ", "green" if held else "red"), str(check["condition"]))
    if "error" in check:
        line.append(speech("trace.failed", why=_short(check["error"])), style="red")
    elif "seen" in check:
        line.append(f": {_short(check['seen'])}", style="cyan")
    return line


def _short(seen: object) -> str:
    if isinstance(seen, Mapping):
        seen = ", ".join(f"{key} {value}" for key, value in seen.items())
    elif isinstance(seen, (list, tuple)):
        seen = ", ".join(map(str, seen))
    text = " ".join(str(seen).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
