"""The alarm of a simulated group: whoever holds it moves the time."""

from datetime import datetime

from schedules.clock import MovableClock, Wake

_PATIENCE = 1000


class VirtualWaker:
    """Wakes while its clock is moved by hand, each time at exactly the moment asked for."""

    def __init__(self, wake: Wake, clock: MovableClock) -> None:
        self._wake = wake
        self._clock = clock
        self._moment: datetime | None = None
        self._started = False

    def start(self) -> None:
        """Begin to wake; a moment may have been asked for before."""
        self._started = True

    def wake_at(self, moment: datetime | None) -> None:
        """Wake at this moment instead of the one before; None: at none."""
        self._moment = moment

    async def shutdown(self) -> None:
        """Wake no more."""
        self._started = False

    async def advance_to(self, moment: datetime) -> None:
        """Move the clock on to a moment, stopping to wake at every moment asked for on the way, in order.

        Raises ``RuntimeError`` when waking asks a thousand times over to be woken without time going on.
        """
        before, times = self._clock.now(), 0
        while self._started and self._moment is not None and self._moment <= moment:
            self._clock.move_to(self._moment)
            self._moment = None
            now = self._clock.now()
            times = times + 1 if now == before else 1
            if times > _PATIENCE:
                raise RuntimeError(f"woken a thousand times at {now.isoformat()}: the next wake must be later than now")
            before = now
            await self._wake()
        self._clock.move_to(moment)
