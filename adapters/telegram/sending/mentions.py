"""Whom a text names: their names become links to them, by which Telegram pings who has no user name, too.

There is no ``parse_mode`` anywhere: what a text says is said letter by letter, so nobody's name, message or template
can become markup. Marks are given as entities, whose offsets count UTF-16 code units.
"""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from adapters.telegram.splitting import units

UNSEEN = "\u200b"
"""What carries the ping of somebody whom the text does not name."""

Named = tuple[int, str]  # a person's number, and the name by which the text calls them


def pinged(text: str, people: Sequence[int], names: Sequence[str]) -> tuple[str, list[Named]]:
    """The text and whom it names; who is not in it gets an unseen sign before it."""
    called = zip_longest(people, names[: len(people)], fillvalue="")
    found: list[Named] = []
    unseen: list[Named] = []
    taken: list[tuple[int, int]] = []
    # The longest first: who is called `Al` must not take the place of `Al B`.
    for person, name in sorted(called, key=lambda one: -len(one[1])):
        if not isinstance(person, int) or person <= 0:
            continue  # a channel cannot be pinged
        at = _place(text, name, taken)
        if at is None:
            unseen.append((person, UNSEEN))
        else:
            taken.append((at, at + len(name)))
            found.append((person, name))
    return UNSEEN * len(unseen) + text, unseen + found


def entities(part: str, named: list[Named]) -> list[dict[str, Any]]:
    """The marks of one part of a text. Whom it names is taken from ``named``: the others are in later parts."""
    marks = []
    taken: list[tuple[int, int]] = []
    for one in list(named):
        person, name = one
        at = _place(part, name, taken)
        if at is None:
            continue
        named.remove(one)
        taken.append((at, at + len(name)))
        marks.append(
            {
                "type": "text_mention",
                "offset": units(part[:at]),
                "length": units(name),
                "user": {"id": person, "is_bot": False, "first_name": name},
            }
        )
    return sorted(marks, key=lambda mark: int(mark["offset"]))


def _place(text: str, name: str, taken: Sequence[tuple[int, int]]) -> int | None:
    """Where a name stands by itself, and nobody else is named."""
    at = text.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        free = all(end <= start or at >= stop for start, stop in taken)
        if free and not _joined(text, at) and not _joined(text, end):
            return at
        at = text.find(name, at + 1)
    return None


def _joined(text: str, at: int) -> bool:
    """Whether one Latin word goes on at a place: `Al` is not named in `Also`. Chinese has no gaps to go by."""
    return 0 < at < len(text) and all(sign.isascii() and sign.isalnum() for sign in text[at - 1 : at + 1])
