"""The processor time that looking at something may take."""

import time
from collections.abc import Callable


class Meter:
    """Counts from when it is made; asked between steps, because no decoder can be stopped in the middle.

    ``clock`` tells seconds of processor time of this very thread: a busy machine makes no picture unreadable.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._until = clock() + seconds

    @property
    def left(self) -> float:
        """The seconds left; 0 where none are."""
        return max(0.0, self._until - self._clock())
