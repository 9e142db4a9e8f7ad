"""What an author wrote just now, joined: an advertisement that is split over several messages is seen whole."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

_KEPT = 512  # characters kept from the beginning, and as many from the end, of a longer text


class Together(NamedTuple):
    """Messages of one author as one text, the ids of the others that are in it, and what these say by themselves."""

    text: str
    others: tuple[str, ...]
    rest: str


class _Part(Struct):
    message: str
    at: datetime
    text: str
    edited: bool = False


class Recently:
    """The last messages of every author in every group: ``messages`` at most, none ``within`` which it has passed.

    Not more than ``authors`` are known at a time, the one who was silent longest is forgotten first. What it answers
    depends on nothing but what it was told; one call is to end before the next begins.
    """

    def __init__(self, *, messages: int = 4, within: timedelta = timedelta(minutes=3), authors: int = 10_000) -> None:
        if messages < 2 or authors < 1 or within <= timedelta(0):
            raise ValueError("needs two messages, one author and some time at least")
        self._messages = messages
        self._within = within
        self._authors = authors
        self._known: OrderedDict[tuple[str, str], list[_Part]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def joined(self, group: str, author: str, at: datetime, text: str, message: str) -> Together | None:
        """A message together with what its author wrote shortly before, as one text; None where there was nothing.

        A message told again changes nothing; one that was edited takes the place of what it said before, and is seen
        together with what came after it as well.
        """
        parts = self._noted(group, author, at, text, message)
        place = next((place for place, part in enumerate(parts) if part.message == message), None)
        if place is None:
            return None
        seen = parts if parts[place].edited else parts[: place + 1]
        others = tuple(part.message for part in seen if part.message != message)
        if not others:
            return None
        # With nothing between, which restores what was cut anywhere. A blank between is better by a little where a text
        # was cut between words, and worse by far where Chinese was cut: measured, with the model.
        together = "".join(text if part.message == message else part.text for part in seen)
        return Together(together, others, "".join(part.text for part in seen if part.message != message))

    def words(self, group: str, author: str, message: str) -> str:
        """What one of an author's last messages says; empty where it is not known any more."""
        parts = self._known.get((group, author), ())
        return next((part.text for part in parts if part.message == message), "")

    def forget(self, author: str) -> None:
        """Know nothing of somebody any more, in any group."""
        for key in [key for key in self._known if key[1] == author]:
            del self._known[key]

    def _noted(self, group: str, author: str, at: datetime, text: str, message: str) -> list[_Part]:
        key = (group, author)
        self._forget_before(at - self._within)
        parts = self._known.setdefault(key, [])
        self._known.move_to_end(key)
        while len(self._known) > self._authors:
            self._known.popitem(last=False)
        known = next((part for part in parts if part.message == message), None)
        kept = text if len(text) <= 2 * _KEPT else text[:_KEPT] + text[-_KEPT:]
        if known is not None:
            known.edited = known.edited or known.text != kept
            known.text = kept
        elif text.strip():
            parts.append(_Part(message, at, kept))
            parts.sort(key=lambda part: part.at)
        latest = parts[-1].at if parts else at
        parts[:] = [part for part in parts if latest - part.at <= self._within][-self._messages :]
        return parts

    def _forget_before(self, moment: datetime) -> None:
        """Forget those who have been silent, a few at a time."""
        for _ in range(2):
            oldest = next(iter(self._known.items()), None)
            if oldest is None or (oldest[1] and oldest[1][-1].at >= moment):
                return
            del self._known[oldest[0]]
