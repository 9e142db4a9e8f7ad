"""Rulebooks of a configuration that stands in a test, for platforms that can do everything."""

from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.compile import compile_rulebook
from rules.language import load
from rules.rulebook import Rulebook


class OneFile:
    """A folder in which every file says the same."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, path: str) -> bytes:
        return self._text.encode()

    def glob(self, pattern: str) -> list[str]:
        return []


def rulebook_of(config: str) -> Rulebook:
    """The rulebook that a configuration makes."""
    loaded = load("group.yaml", OneFile(config), builtin_steps(), {})
    book, _ = compile_rulebook(loaded, {}, dict.fromkeys(loaded.config.platforms, frozenset(Capability)))
    return book
