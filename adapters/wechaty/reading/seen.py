"""What was said in each room lately: to know what is quoted, and what was taken back. WeChat tells neither."""

from collections import deque
from collections.abc import Sequence
from hashlib import blake2b

from msgspec import Struct

from rules.values import Member

A_ROOM = 500
"""Messages of a room that are remembered."""
ROOMS = 200
"""Rooms whose messages are; beyond that the one in which nobody spoke for longest is forgotten."""
LONGEST = 1_000
"""Characters of a message."""


class Known(Struct, frozen=True):
    """A message that was seen: ``names`` are its author's, ``shown`` what a quote of it may say, ``links`` to where."""

    id: str
    author: Member
    text: str
    names: tuple[str, ...]
    shown: tuple[str, ...]
    links: frozenset[str] = frozenset()


class Seen:
    """The last messages of every place, in memory alone."""

    def __init__(self) -> None:
        self._places: dict[str, deque[Known]] = {}

    def add(self, place: str, known: Known) -> None:
        """Remember one."""
        kept = self._places.pop(place, None)
        if kept is None:
            kept = deque(maxlen=A_ROOM)
            if len(self._places) >= ROOMS:
                del self._places[next(iter(self._places))]
        self._places[place] = kept
        kept.append(known)

    def by_id(self, place: str, id_: str) -> Known | None:
        """The message with this id."""
        return next((one for one in reversed(self._places.get(place, ())) if one.id == id_), None) if id_ else None

    def by_words(self, place: str, ways: Sequence[tuple[str, str]]) -> Known | None:
        """The newest message whose author and words are one of these; nobody's of another name."""
        wanted = [(name, as_shown(text)) for name, text in ways]
        for one in reversed(self._places.get(place, ())):
            for name, text in wanted:
                if text in one.shown and name in one.names:
                    return one
        return None


def as_shown(text: str) -> str:
    """What words are compared by: with the spaces between them made alike, and long ones by a digest of them all."""
    said = " ".join(text.split())
    if len(said) <= LONGEST:
        return said
    return f"{said[:LONGEST]}\n{blake2b(said.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"
