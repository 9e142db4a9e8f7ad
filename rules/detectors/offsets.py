"""Where every sign of a changed text stood before: the slow way of changing it, for explanations."""

import re
from collections.abc import Callable, Mapping


class Offsets:
    """A text that is being changed, and for each of its signs the piece of the first text that it stands for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._length = len(text)
        self._starts = list(range(len(text)))
        self._ends = list(range(1, len(text) + 1))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The piece of the first text that a piece of this one stands for."""
        start = max(0, min(start, len(self.text)))
        end = max(start, min(end, len(self.text)))
        if start == end:
            at = self._starts[start] if start < len(self.text) else self._length
            return at, at
        return min(self._starts[start:end]), max(self._ends[start:end])

    def lower(self) -> None:
        self.text = self.text.lower()  # of ASCII alone: every sign stays in its place

    def translate(self, table: Mapping[int, str]) -> None:
        signs, starts, ends = [], [], []
        for place, sign in enumerate(self.text):
            form = table[ord(sign)]
            signs.append(form)
            starts += [self._starts[place]] * len(form)
            ends += [self._ends[place]] * len(form)
        self.text, self._starts, self._ends = "".join(signs), starts, ends

    def sub(self, pattern: "re.Pattern[str]", undo: Callable[["re.Match[str]"], str]) -> None:
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            first, last = match.span()
            new = undo(match)
            if new == match.group():
                continue
            parts += (self.text[done:first], new)
            starts += self._starts[done:first]
            ends += self._ends[done:first]
            if len(new) == last - first:
                starts += self._starts[first:last]
                ends += self._ends[first:last]
            else:
                starts += [min(self._starts[first:last])] * len(new)
                ends += [max(self._ends[first:last])] * len(new)
            done = last
        if not parts:
            return
        self.text = "".join([*parts, self.text[done:]])
        self._starts = starts + self._starts[done:]
        self._ends = ends + self._ends[done:]
