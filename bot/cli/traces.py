"""A trace in words: which rules were looked at, what each condition saw, and what was done. For terminals."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text
from rich.tree import Tree

from rules import decision as d

_OUTCOMES = {
    d.FIRED: ("held, and acted", "green"),
    d.SHADOW: ("held; it is in shadow mode, so nothing was done", "yellow"),
    d.NOT_HELD: ("did not hold", "dim"),
    d.OFF: ("is off", "dim"),
    d.EXEMPT: ("does not bind staff", "dim"),
    d.LIMITED: ("held, but has been used as often as at_most allows", "yellow"),
    d.NOT_REACHED: ("was not reached: an earlier rule acted, and stops the look", "dim"),
}
_LONGEST = 120


def rule_tree(entry: Mapping[str, Any], name: str = "") -> Tree:
    """One rule's part in a decision."""
    words, style = _OUTCOMES.get(entry["outcome"], (entry["outcome"], ""))
    label = Text.assemble((name or entry["rule"], "bold"), " ", (words, style))
    tree = Tree(label)
    for check in entry.get("checks", ()):
        tree.add(_check(check))
    for key, verb in (("effects", "did"), ("would", "would have done"), ("changes", "recorded")):
        if entry.get(key):
            tree.add(Text(f"{verb}: {', '.join(dict.fromkeys(_plain(each) for each in entry[key]))}"))
    for remark in entry.get("remarks", ()):
        tree.add(Text(str(remark), style="italic"))
    return tree


def trace_tree(
    title: Text, entries: Iterable[Mapping[str, Any]], names: Mapping[str, str], remarks: Iterable[str]
) -> Tree:
    """A whole trace. ``names`` are what rules are called, by id."""
    tree = Tree(title)
    for entry in entries:
        tree.add(rule_tree(entry, names.get(entry["rule"], "")))
    for remark in remarks:
        tree.add(Text(str(remark), style="italic"))
    if not tree.children:
        tree.add(Text("no rule is for this", style="dim"))
    return tree


def _check(check: Mapping[str, Any]) -> Text:
    held = check["held"]
    line = Text.assemble(("✓ " if held else "✗ ", "green" if held else "red"), str(check["condition"]))
    if "error" in check:
        line.append(f" failed: {_short(check['error'])}", style="red")
    elif "seen" in check:
        line.append(f": {_short(check['seen'])}", style="cyan")
    return line


def _plain(kind: str) -> str:
    return str(kind).replace("_", " ")


def _short(seen: object) -> str:
    if isinstance(seen, Mapping):
        seen = ", ".join(f"{key} {value}" for key, value in seen.items())
    elif isinstance(seen, (list, tuple)):
        seen = ", ".join(map(str, seen))
    text = " ".join(str(seen).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
