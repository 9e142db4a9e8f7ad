"""What was said before, so that the log says it once."""

import re

MOST = 200
"""Sayings that are remembered; the oldest go first."""


class Once:
    """Tells what is new from what was said before. Numbers make nothing new: times and counts change all the time."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def is_new(self, words: str) -> bool:
        """Whether this was not said before; from now on it was."""
        key = re.sub(r"\d+", "#", words)
        if key in self._said:
            return False
        self._said[key] = None
        if len(self._said) > MOST:
            del self._said[next(iter(self._said))]
        return True
