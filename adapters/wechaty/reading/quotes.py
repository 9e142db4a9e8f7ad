"""Quotes that come as text: the words that are answered, a line of dashes, the answer."""

import re

from adapters.wechaty.reading.body import Person, Quote

LONGEST_NAME = 64
_RULE = re.compile(r"\r?\n[ \t]*(?:[-–—－─‐_][ \t]*){3,}\r?\n")
_OPENINGS = ("「", "“", '"')
_CLOSINGS = '」”"'
_PREFACE = re.compile(r"这是一条引用/回复消息[:：]\s*")
_COLON = re.compile("[：:]")
_BRACKETS = re.compile(r"\[(.{1,20})\]")


def may_quote(text: str) -> bool:
    """Whether a text begins as one that quotes."""
    return text[:1] in _OPENINGS or text.startswith("这是一条引用")


def split_quote(text: str) -> tuple[Quote, str] | None:
    """The quote that a text begins with, and the answer; None where it begins with none."""
    preface = _PREFACE.match(text)
    start = preface.end() if preface is not None else 0
    if text[start : start + 1] not in _OPENINGS:
        return None
    rule = _RULE.search(text, start)
    if rule is None:
        return None
    quoted = text[start + 1 : rule.start()].rstrip().rstrip(_CLOSINGS)
    ways = [
        (quoted[: colon.start()].strip(), quoted[colon.end() :].strip())
        for colon in _COLON.finditer(quoted[: LONGEST_NAME + 1])
    ]
    if not ways:
        return None
    (name, said), *others = ways
    return Quote(Person(name=name), said, others=tuple(others)), text[rule.end() :].strip()


def unbracketed(said: str) -> str:
    """``图片`` for ``[图片]``: clients differ in how they show what is no text."""
    found = _BRACKETS.fullmatch(said)
    return found[1] if found is not None else said
