"""Changing a text step by step: plainly, or (in ``offsets``) with every sign's place remembered."""

import re
from collections.abc import Callable, Mapping
from typing import Protocol


class Edited(Protocol):
    """A text that is being changed."""

    text: str

    def lower(self) -> None: ...

    def translate(self, table: Mapping[int, str]) -> None: ...

    def sub(self, pattern: "re.Pattern[str]", undo: Callable[["re.Match[str]"], str]) -> None: ...


class Plainly:
    """A text that is changed and nothing else known of it: the quick way."""

    def __init__(self, text: str) -> None:
        self.text = text

    def lower(self) -> None:
        self.text = self.text.lower()

    def translate(self, table: Mapping[int, str]) -> None:
        self.text = self.text.translate(table)

    def sub(self, pattern: "re.Pattern[str]", undo: Callable[["re.Match[str]"], str]) -> None:
        self.text = pattern.sub(undo, self.text)
