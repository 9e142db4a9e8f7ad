"""Whom a text names: a mention on WeChat is ``@Name`` in the text, ended by a space of its own, and the member's id.

Phones match the name against what the member is called in the room, so it stands there as it is called.
"""

from collections.abc import Sequence

from msgspec import Struct

SEPARATOR = "\u2005"
"""The space that ends a mention."""

OPENING = 6
"""So many signs may stand before the name of somebody who is answered: `谢谢Bo`, `✅ Bo`."""
STOPS = frozenset("，。：；！？、「」《》“”,.:;!?\n")
"""What ends a beginning."""


class Named(Struct, frozen=True):
    """A member: the id, how the text calls them, and what they are called in the room."""

    id: str
    called: str
    name: str

    @property
    def mark(self) -> str:
        """What stands in the text."""
        return f"@{self.name}{SEPARATOR}"


def marked(text: str, people: Sequence[Named]) -> str:
    """The text with a mention where it names somebody; who is not named in it is mentioned in front."""
    found: list[tuple[int, int, str]] = []
    front: list[str] = []
    # The longest first: who is called `Al` must not take the place of `Al B`.
    for one in sorted(people, key=lambda each: -len(each.called)):
        at = _place(text, one.called, found)
        if at is None:
            front.append(one.mark)
            continue
        begin, end = at, at + len(one.called)
        if text[:begin].endswith("@"):
            begin -= 1
        if text[end : end + 1] in (" ", SEPARATOR):
            end += 1
        if begin == 0 and text[end : end + 1] == "，":  # the gap after a mention is pause enough
            end += 1
        found.append((begin, end, one.mark))
    for begin, end, mark in sorted(found, reverse=True):
        text = text[:begin] + mark + text[end:]
    return "".join(front) + text


def called_at_once(text: str, name: str) -> bool:
    """Whether an answer calls somebody by name as it begins, and need not mention them before that."""
    at = _place(text, name, ())
    return at is not None and at <= OPENING and STOPS.isdisjoint(text[:at])


def shared_out(parts: Sequence[str], people: Sequence[Named]) -> list[tuple[str, tuple[str, ...]]]:
    """Each part of a text that was marked, with the ids of those whom it mentions. Everybody is somewhere."""
    left = list(people)
    found: list[tuple[str, tuple[str, ...]]] = []
    for part in parts:
        whole = f"{part}{SEPARATOR}" if any(part.endswith(f"@{one.name}") for one in left) else part
        here = [one for one in left if one.mark in whole]
        left = [one for one in left if one not in here]
        found.append((whole, tuple(dict.fromkeys(one.id for one in here))))
    if left and found:  # a name that was cut in two
        part, ids = found[0]
        found[0] = (part, tuple(dict.fromkeys((*ids, *(one.id for one in left)))))
    return found


def _place(text: str, name: str, taken: Sequence[tuple[int, int, str]]) -> int | None:
    """Where a name stands by itself, and nobody else is named."""
    at = text.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        free = all(end <= start or at >= stop for start, stop, _ in taken)
        if free and not _joined(text, at) and not _joined(text, end):
            return at
        at = text.find(name, at + 1)
    return None


def _joined(text: str, at: int) -> bool:
    """Whether one Latin word goes on at a place: `Al` is not named in `Also`. Chinese has no gaps to go by."""
    return 0 < at < len(text) and all(sign.isascii() and sign.isalnum() for sign in text[at - 1 : at + 1])
