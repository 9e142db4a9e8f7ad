"""Where lines come from: standard input, or a list to which somebody adds."""

import asyncio
import io
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import CancelledError
from typing import Protocol

LONGEST = 1_000_000
"""Bytes of a line; what is beyond is thrown away and told."""

CHUNK = 65_536


class Lines(Protocol):
    """A source of lines, as many at a time as are there."""

    def chunks(self) -> AsyncIterator[list[bytes]]:
        """The lines, until the source ends."""
        ...


class StreamLines:
    """The lines of a stream, read in a thread of its own: a terminal, a pipe and a file are read alike.

    The thread waits until what it has read is taken, so a slow database slows the writer instead of filling memory.
    It is a daemon: a terminal on which nobody types does not keep the process from ending. That is why the stream has
    to be raw: Python aborts when it ends while a thread holds the lock of a buffered one.
    """

    def __init__(self, stream: io.RawIOBase) -> None:
        self._stream = stream

    async def chunks(self) -> AsyncIterator[list[bytes]]:
        """The lines, until the stream ends."""
        queue: asyncio.Queue[list[bytes] | None] = asyncio.Queue(maxsize=1)
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop, queue), name="console-input", daemon=True).start()
        while (lines := await queue.get()) is not None:
            yield lines

    def _read(self, loop: asyncio.AbstractEventLoop, queue: "asyncio.Queue[list[bytes] | None]") -> None:
        rest = b""
        listened = True
        while listened and (data := self._some()):
            *lines, rest = (rest + data).split(b"\n")
            rest = rest[: LONGEST + 1]
            if lines:
                listened = _hand_over(lines, loop, queue)
        if listened and (not rest or _hand_over([rest], loop, queue)):
            _hand_over(None, loop, queue)

    def _some(self) -> bytes:
        """What is there, at least one byte; nothing at the end, or where the stream fails (its terminal has gone)."""
        try:
            return self._stream.read(CHUNK) or b""
        except (OSError, ValueError):
            return b""


def _hand_over(
    lines: list[bytes] | None, loop: asyncio.AbstractEventLoop, queue: "asyncio.Queue[list[bytes] | None]"
) -> bool:
    """Wait until the loop takes them; whether anybody listens there any more."""
    handing = queue.put(lines)
    try:
        asyncio.run_coroutine_threadsafe(handing, loop).result()
    except CancelledError:
        return False
    except RuntimeError:  # the loop is closed
        handing.close()
        return False
    return True


def standard_input() -> StreamLines:
    """The lines of the process's standard input."""
    return StreamLines(io.FileIO(sys.stdin.fileno(), closefd=False))


class MemoryLines:
    """Lines that somebody writes one by one; ``end`` ends them."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._more = asyncio.Event()
        self._ended = False

    def write(self, line: str) -> None:
        """Add a line."""
        self._waiting.append(line.encode())
        self._more.set()

    def end(self) -> None:
        """No more lines come."""
        self._ended = True
        self._more.set()

    async def chunks(self) -> AsyncIterator[list[bytes]]:
        """The lines, until the end."""
        while True:
            await self._more.wait()
            self._more.clear()
            if self._waiting:
                lines = list(self._waiting)
                self._waiting.clear()
                yield lines
            if self._ended and not self._waiting:
                return
