"""The clock of a simulated world: it can stand still, follow another clock, and be moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When a world begins that is given no clock: a Monday morning."""


class WorldClock:
    """Says what time it is in the world; with a ``base`` it runs as that one does, without it stands until moved.

    ``listeners`` are called whenever it was moved.
    """

    def __init__(self, base: Callable[[], datetime] | None = None, start: datetime = START) -> None:
        self._base = base
        self._moment = start
        self._offset = timedelta()
        self.listeners: list[Callable[[], None]] = []

    @property
    def runs(self) -> bool:
        """Whether time passes by itself."""
        return self._base is not None

    def now(self) -> datetime:
        """This moment, aware, UTC."""
        return self._moment if self._base is None else self._base() + self._offset

    def advance(self, seconds: float) -> datetime:
        """Move by so many seconds; returns the new moment."""
        if self._base is None:
            self._moment += timedelta(seconds=seconds)
        else:
            self._offset += timedelta(seconds=seconds)
        for listener in tuple(self.listeners):
            listener()
        return self.now()

    def set(self, moment: datetime) -> datetime:
        """Move to a moment (aware); returns it."""
        return self.advance((moment - self.now()).total_seconds())
