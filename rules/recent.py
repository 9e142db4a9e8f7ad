"""What happened in a group just now: the short memory that rate conditions count in.

It is a function of the activity log (storage rebuilds it after a restart), so a decision on it can be repeated.
"""

from bisect import insort
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct


class Glimpse(Struct, frozen=True):
    """One thing that happened: ``kind`` is ``message`` or ``join``; ``fingerprint`` is of the folded text, or 0."""

    at: datetime
    kind: str
    member: str
    fingerprint: int = 0


class Recent:
    """A group's last events, as far back as ``horizon``; older ones are forgotten as new ones come."""

    def __init__(self, horizon: timedelta, glimpses: Iterable[Glimpse] = ()) -> None:
        self.horizon = horizon
        self._order: deque[Glimpse] = deque()
        self._by_member: dict[str, deque[Glimpse]] = {}
        self._by_text: dict[int, deque[Glimpse]] = {}
        self._joins: deque[Glimpse] = deque()
        for glimpse in glimpses:
            self.note(glimpse)

    def note(self, glimpse: Glimpse) -> None:
        """Remember one more event; one that comes late is put where its time says."""
        if not self.horizon:
            return
        order = self._order
        put = _append if not order or order[-1].at <= glimpse.at else _insert
        put(order, glimpse)
        if glimpse.kind == "join":
            put(self._joins, glimpse)
        else:
            put(self._by_member.setdefault(glimpse.member, deque()), glimpse)
            if glimpse.fingerprint:
                put(self._by_text.setdefault(glimpse.fingerprint, deque()), glimpse)
        self._forget(order[-1].at - self.horizon)

    def messages_of(self, member: str, now: datetime, within: timedelta) -> int:
        """How many messages a member posted in the last ``within``."""
        return _since(self._by_member.get(member, ()), now - within)

    def joins(self, now: datetime, within: timedelta) -> int:
        """How many members came in the last ``within``."""
        return _since(self._joins, now - within)

    def same_text(self, fingerprint: int, now: datetime, within: timedelta) -> tuple[int, int]:
        """How many messages in the last ``within`` said the same, and how many members said it."""
        said = self._by_text.get(fingerprint)
        if not said:
            return 0, 0
        floor = now - within
        alike = [g for g in said if g.at > floor]
        return len(alike), len({g.member for g in alike})

    def _forget(self, floor: datetime) -> None:
        order = self._order
        while order and order[0].at <= floor:
            old = order.popleft()
            if old.kind == "join":
                self._joins.popleft()
                continue
            times = self._by_member[old.member]
            times.popleft()
            if not times:
                del self._by_member[old.member]
            if old.fingerprint:
                alike = self._by_text[old.fingerprint]
                alike.popleft()
                if not alike:
                    del self._by_text[old.fingerprint]


def _append(glimpses: deque[Glimpse], glimpse: Glimpse) -> None:
    glimpses.append(glimpse)


def _insert(glimpses: deque[Glimpse], glimpse: Glimpse) -> None:
    insort(glimpses, glimpse, key=_moment)


def _moment(glimpse: Glimpse) -> datetime:
    return glimpse.at


def _since(glimpses: Sequence[Glimpse], floor: datetime) -> int:
    # From the newest back, so that the cost is that of what counts and not of all that is remembered.
    count = 0
    for glimpse in reversed(glimpses):
        if glimpse.at <= floor:
            break
        count += 1
    return count
