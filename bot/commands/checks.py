"""One check of a kept trace in plain words: what the condition asks, whether it held, and what it saw."""

import re
from collections.abc import Mapping
from typing import Any

from rules.copy import CopyBook
from rules.durations import parse_duration
from rules.text import Text, key, say
from rules.wording import excerpt, spoken

LONGEST_VALUE = 120
_WORDED = frozenset(
    {"role", "media", "forwarded", "reply_to", "contact", "introduces", "same_text"}
    | {"in_window", "between", "day", "date", "ad"}
)
"""Conditions that see words of ours, not of members: those are said in the group's language."""
_LENGTHS = frozenset({"in_group_for", "quiet_for"})
_FIRST = re.compile(r"([A-Za-z_]+)(:? )(.+)", re.DOTALL)


def check_words(check: Mapping[str, Any], copy: CopyBook) -> Text:
    """A line on one condition."""
    step = str(check["condition"])
    sign = "✓" if check["held"] else "✗"
    name = condition_name(step, copy, contrary=bool(check.get("contrary")))
    if "error" in check:
        return key("commands.why.check_error", value=sign, name=name, text=excerpt(str(check["error"]), LONGEST_VALUE))
    if "seen" in check:
        return key("commands.why.check_seen", value=sign, name=name, text=_seen(step, check["seen"], copy))
    return key("commands.why.check", value=sign, name=name)


def condition_name(step: str, copy: CopyBook, *, contrary: bool = False) -> Text:
    """What a condition is called; an extension's without such a text by its name in the file."""
    if contrary and f"conditions.{step}.not" in copy:
        return key(f"conditions.{step}.not")
    name = key(f"conditions.{step}") if f"conditions.{step}" in copy else say("{text}", text=step)
    return key("conditions.contrary", text=name) if contrary else name


def _seen(step: str, seen: object, copy: CopyBook) -> Text:
    if step in _LENGTHS:
        return spoken(parse_duration(str(seen)))
    if isinstance(seen, Mapping):
        parts = [say("{name} {value}", name=_word(str(name), copy), value=str(value)) for name, value in seen.items()]
    elif isinstance(seen, (list, tuple)):
        parts = [_value(step, str(value), copy) for value in seen]
    else:
        parts = [_value(step, str(seen), copy)]
    named = {f"n{index}": part for index, part in enumerate(parts)}
    return say(", ".join(f"{{{name}}}" for name in named), **named)


def _value(step: str, value: str, copy: CopyBook) -> Text:
    if step not in _WORDED:
        return _short(value)
    first = _FIRST.fullmatch(value)
    whole = value.casefold().replace(" ", "_")
    if f"seen.{whole}" in copy or first is None:
        return _word(value, copy)
    return say("{name}{text}{value}", name=_word(first[1], copy), text=first[2], value=_short(first[3]))


def _word(word: str, copy: CopyBook) -> Text:
    name = f"seen.{word.casefold().replace(' ', '_')}"
    return key(name) if name in copy else _short(word)


def _short(text: str) -> Text:
    return say("{text}", text=excerpt(text, LONGEST_VALUE))
