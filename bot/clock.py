"""The one place that asks the machine for the time."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This moment: aware, UTC."""
        return datetime.now(UTC)  # noqa: TID251 - everything else is given this clock


class VirtualClock:
    """A clock that stands until it is moved: for simulated groups, replay and tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment it was moved to last."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Move on; it never goes back."""
        self._now = max(self._now, moment)
