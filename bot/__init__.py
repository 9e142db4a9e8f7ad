"""Groupkeeper, as those see it who extend it: ``from bot import Condition, Event, Facts``.

The words are those of ``bot.vocabulary``, imported when the first is asked for: importing ``bot`` loads no platform, no
database and next to nothing else, so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.vocabulary import *  # noqa: F403


if not TYPE_CHECKING:  # or type checkers would take any name for one

    def __getattr__(name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        words = import_module("bot.vocabulary")
        if name not in words.__all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(words, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *import_module("bot.vocabulary").__all__})
