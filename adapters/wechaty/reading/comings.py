"""Joins that are told twice: as an event of the puppet's, and as a line in the talk, whichever comes first."""

from datetime import datetime, timedelta

WITHIN = timedelta(minutes=5)
"""How long after one telling another is taken for the same."""
MOST = 2_000


class Comings:
    """Who came where, a little while ago."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], datetime] = {}

    def is_second(self, room: str, member: str, at: datetime) -> bool:
        """Whether this coming was told already. It counts as told from here on."""
        key = (room, member)
        before = self._at.pop(key, None)
        if len(self._at) >= MOST:
            del self._at[next(iter(self._at))]
        again = before is not None and abs(at - before) <= WITHIN
        self._at[key] = before if again and before is not None else at
        return again

    def left(self, room: str, member: str) -> None:
        """They went: if they come again, they come anew."""
        self._at.pop((room, member), None)
