"""What everything that needs the time is given: a clock to read, and an alarm that wakes us."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

Wake = Callable[[], Awaitable[None]]
"""What an alarm calls when the moment has come."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """This moment: aware, UTC."""
        ...


class MovableClock(Clock, Protocol):
    """A clock that somebody moves by hand, as in a simulated group."""

    def move_to(self, moment: datetime) -> None:
        """Move on to a moment; it never goes back."""
        ...


class Alarm(Protocol):
    """Wakes us at one moment at a time: ``schedules.waker.Waker`` in real time, ``VirtualWaker`` in a simulation."""

    def start(self) -> None:
        """Begin to wake."""
        ...

    def wake_at(self, moment: datetime | None) -> None:
        """Wake at this moment instead of the one asked for before; None: at none."""
        ...

    async def shutdown(self) -> None:
        """Wake no more; returns when a wake under way has ended."""
        ...
