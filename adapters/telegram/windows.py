"""Sliding windows over moments of sending: what the limiter counts with. Pure; the time is handed in.

A window of a second holds what lies less than a second apart: two messages exactly a second apart are in none together.
Moments may lie ahead, where one text makes several messages.
"""

from bisect import bisect_right, insort
from collections import deque
from datetime import datetime, timedelta

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LONGEST = 1_000
"""Places in a line that are remembered: as many as the greatest limit is."""


class Rate:
    """Sends of a whole platform: at most so many within a second, as the asker says."""

    def __init__(self) -> None:
        self._at: list[datetime] = []

    def room(self, now: datetime, limit: int) -> datetime:
        """``now`` where one more send stays within the limit; else when to look again.

        What lies ahead need not be counted: each of a text's messages comes a second after the one before it, which
        counts in its place.
        """
        del self._at[: bisect_right(self._at, now - SECOND)]
        return now if bisect_right(self._at, now) < max(1, limit) else self._at[0] + SECOND

    def add(self, now: datetime, messages: int) -> None:
        """So many messages are sent from now on."""
        for number in range(messages):
            insort(self._at, now + number * SECOND)


class Line:
    """Places in a queue before a platform: given in the order of asking, at most so many a second."""

    def __init__(self) -> None:
        self._promised: deque[datetime] = deque(maxlen=LONGEST)

    def promise(self, now: datetime, messages: int, limit: int) -> datetime:
        """From when the next in the line may go."""
        at = now
        if len(self._promised) >= limit:
            at = max(now, self._promised[-limit] + SECOND)
        self._promised.extend([at] * min(messages, limit))
        return at


class ChatPace:
    """Sends of one chat: one a second; of a group, also so many a minute."""

    def __init__(self, a_minute: int | None) -> None:
        self._a_minute = a_minute
        self._at: deque[datetime] = deque()

    def next(self, now: datetime, ahead: int, messages: int) -> datetime:
        """From when so many messages may go, after so many others that wait."""
        at = list(self._at)
        moment = now
        for _ in range(ahead):
            moment = self._free(at, moment)
            at.append(moment)
        moment = self._free(at, moment)
        while True:
            planned = [*at]
            for number in range(messages):
                wanted = moment + number * SECOND
                free = self._free(planned, wanted)
                if free > wanted:
                    moment += free - wanted
                    break
                planned.append(wanted)
            else:
                return moment

    def add(self, now: datetime, messages: int) -> None:
        """So many messages are sent from now on."""
        self._at.extend(now + number * SECOND for number in range(messages))
        while self._at and self._at[0] <= now - MINUTE:
            self._at.popleft()

    def is_idle(self, now: datetime) -> bool:
        """Whether nothing that was sent counts any more."""
        return not self._at or self._at[-1] <= now - MINUTE

    def _free(self, at: list[datetime], moment: datetime) -> datetime:
        if at:
            moment = max(moment, at[-1] + SECOND)
        if self._a_minute is not None and len(at) >= self._a_minute:
            moment = max(moment, at[-self._a_minute] + MINUTE)
        return moment
