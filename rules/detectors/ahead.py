"""Looking ahead in a text for what must stand near a place, with no stretch of it searched twice."""

import re
from sys import maxsize


class Ahead:
    """The next place of a pattern in a text, for questions that go from left to right.

    What matches the pattern is ``length`` signs long.
    """

    def __init__(self, pattern: "re.Pattern[str]", text: str, length: int = 1) -> None:
        self._pattern = pattern
        self._text = text
        self._length = length
        self._next = -1

    def is_within(self, first: int, last: int) -> bool:
        """Whether the pattern stands in a stretch of the text, which begins no earlier than the one asked for last."""
        if self._next < first:
            found = self._pattern.search(self._text, first)
            self._next = maxsize if found is None else found.start()
        return self._next + self._length <= last
