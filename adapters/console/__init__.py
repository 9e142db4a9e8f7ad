"""Standard input and output as a platform: for trying things out, for scripts, and for tests of a whole process."""

from adapters.console.adapter import ConsoleAdapter, ConsoleSettings
from adapters.console.kind import CONSOLE
from adapters.console.lines import MemoryLines, StreamLines

__all__ = ["CONSOLE", "ConsoleAdapter", "ConsoleSettings", "MemoryLines", "StreamLines"]
