"""Walking through a JSON file of any size: whole values are taken or skipped, one after the other.

A value is found by its brackets and strings alone, in one regular expression where it is not nested deeper than usual;
whether it is good JSON is for whoever decodes it to say.
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from rules.errors import HistoryError, Place

CHUNK = 1 << 20
LONGEST = 64 << 20
"""Bytes that one value may have; a longer one is no message."""

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT = rb'[^\[\]{}"]++'


def _nested(depth: int) -> bytes:
    inner = rb"(?!)" if depth == 0 else _nested(depth - 1)
    return rb"[\[{](?:" + _FLAT + rb"|" + _STRING + rb"|" + inner + rb")*+[\]}]"


_VALUE = re.compile(_nested(8) + rb"|" + _STRING, re.DOTALL)
_TOKEN = re.compile(_STRING + rb'|[\[\]{}"]', re.DOTALL)  # a lone quote begins a string that is cut off
_BYTE = re.compile(r"\(byte (\d+)\)")
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb"[^,\[\]{}:\" \t\r\n]++")

T = TypeVar("T")
Read = Callable[[int], bytes]


class Walk:
    """A place in a JSON file that moves forward only. ``name`` is the file's, for messages."""

    def __init__(self, read: Read, name: str) -> None:
        self.name = name
        self.last: object = None
        """The id of the message that was read last, for the complaint where the file breaks off."""
        self._read = read
        self._buffer = b""
        self._at = 0
        self._base = 0  # offset of the buffer in the file
        self._lines = 0  # line ends before the buffer
        self._line_start = 0  # offset of the last line's start before the buffer
        self._ended = False

    @property
    def offset(self) -> int:
        """How many bytes of the file lie behind."""
        return self._base + self._at

    def place(self, back: int = 0) -> Place:
        """Where in the file it is, or was so many bytes ago; columns count bytes."""
        at = self._at - back
        newline = self._buffer.rfind(b"\n", 0, at)
        start = self._base + newline + 1 if newline >= 0 else self._line_start
        return Place(self.name, self._lines + self._buffer.count(b"\n", 0, at) + 1, self._base + at - start + 1)

    def fault(self, what: str) -> HistoryError:
        """An error that names the place, and what was read last."""
        after = f" after message {self.last}" if self.last is not None else ""
        return HistoryError(f"{self.place()}: {what}{after} (byte {self.offset:,})")

    def fault_in(self, raw: bytes, what: str, error: Exception) -> HistoryError:
        """An error about the value that was just taken, at the byte in it that the decoder names, if it does."""
        found = _BYTE.search(str(error))
        behind = len(raw) - min(int(found.group(1)), len(raw)) if found else len(raw)
        after = f" after message {self.last}" if self.last is not None else ""
        return HistoryError(f"{self.place(behind)}: {what}{after}: {_BYTE.sub('', str(error)).strip()}")

    def peek(self) -> bytes:
        """The next byte that is no space; none at the end of the file."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at : self._at + 1]
            if not self._more():
                return b""

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; each one's value must be taken or skipped before the next."""
        self._take(b"{", "an object")
        if self.peek() == b"}":
            self._at += 1
            return
        while True:
            if self.peek() != b'"':
                raise self._unexpected("a key")
            key = self.value()
            self._take(b":", "a colon")
            yield str(key)
            if self._next_or_end(b"}"):
                return

    def elements(self) -> Iterator[None]:
        """One turn for each value of the array that begins here; each must be taken or skipped before the next."""
        self._take(b"[", "a list")
        if self.peek() == b"]":
            self._at += 1
            return
        while True:
            yield None
            if self._next_or_end(b"]"):
                return

    def raw(self) -> bytes:
        """The whole value that begins here, as written."""
        first = self.peek()
        if not first or first in b",:]}":
            raise self._unexpected("a value")
        if first not in b'[{"':
            return self._scalar()
        found = _VALUE.match(self._buffer, self._at)
        if found is None:
            return self._take_to(self._end_of_value(keep=True))
        self._at = found.end()
        return found.group()

    def value(self) -> object:
        """The value that begins here, decoded."""
        raw = self.raw()
        try:
            return decode(raw)
        except msgspec.DecodeError as error:
            raise self.fault_in(raw, "no good JSON", error) from error

    def skip(self) -> None:
        """Pass over the value that begins here, however long it is."""
        if (self.peek() or b",") in b'[{"':
            found = _VALUE.match(self._buffer, self._at)
            self._at = found.end() if found else self._end_of_value(keep=False)
        else:
            self.raw()

    def _scalar(self) -> bytes:
        while True:
            found = _SCALAR.match(self._buffer, self._at)
            if found is None:
                raise self._unexpected("a value")
            if found.end() < len(self._buffer) or not self._more():
                return self._take_to(found.end())

    def _take_to(self, end: int) -> bytes:
        value = self._buffer[self._at : end]
        self._at = end
        return value

    def _end_of_value(self, *, keep: bool) -> int:
        """Where the bracketed value or string that begins here ends. Without ``keep`` it moves on as it looks."""
        depth, look = 0, self._at
        while True:
            for token in _TOKEN.finditer(self._buffer, look):
                sign = token.group()
                if sign == b'"':
                    look = token.start()
                    break
                look = token.end()
                if sign in b"[{":
                    depth += 1
                elif sign in b"]}":
                    depth -= 1
                if depth == 0:
                    return look
            else:
                look = len(self._buffer)
            if not keep:
                self._at = look
            if len(self._buffer) - self._at > LONGEST:
                raise self.fault(f"a value of more than {LONGEST >> 20} MB; this is no chat export")
            behind = self._at
            if not self._more():
                raise self.fault("the file breaks off")
            look -= behind - self._at

    def _more(self) -> bool:
        if self._ended:
            return False
        chunk = self._read(CHUNK)
        if not chunk:
            self._ended = True
            return False
        newline = self._buffer.rfind(b"\n", 0, self._at)
        if newline >= 0:
            self._lines += self._buffer.count(b"\n", 0, self._at)
            self._line_start = self._base + newline + 1
        self._base += self._at
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True

    def _take(self, sign: bytes, what: str) -> None:
        if self.peek() != sign:
            raise self._unexpected(what)
        self._at += 1

    def _next_or_end(self, end: bytes) -> bool:
        sign = self.peek()
        if sign not in (b",", end):
            raise self._unexpected("a comma")
        self._at += 1
        return sign == end

    def _unexpected(self, wanted: str) -> HistoryError:
        found = self.peek()
        if not found:
            return self.fault("the file breaks off")
        return self.fault(f"here should be {wanted}, not `{found.decode('latin-1')}`")


_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)


def mend(raw: bytes) -> bytes:
    r"""The same with ``\x0B`` as ``\u000B``: Telegram Desktop writes control characters so, which is no JSON."""
    return _ESCAPE.sub(lambda found: b"\\u00" + found[1] if found[1] else found[0], raw)


def decode(raw: bytes) -> object:
    """A value as plain data. Raises ``msgspec.DecodeError``."""
    try:
        return _plain.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return decode_mended(_plain, raw)


def decode_mended(decoder: "msgspec.json.Decoder[T]", raw: bytes) -> T:
    """What a decoder that refused a value makes of it once it is mended. Raises ``msgspec.DecodeError``."""
    try:
        return decoder.decode(mend(raw))
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError("not written in UTF-8; save the file as UTF-8") from error
    except RecursionError:
        raise msgspec.DecodeError("nested too deep") from None


_plain: "msgspec.json.Decoder[object]" = msgspec.json.Decoder()
