"""An opened history file: how far it was read, whether it was packed, and what it begins with."""

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from rules.errors import HistoryError

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Source:
    """Bytes of a history file, unpacked where it is gzipped, without a byte order mark.

    ``size`` is the file's size in bytes and ``done`` how many of them were read, packed ones where it is packed.
    Raises ``HistoryError`` where the file cannot be opened or is nothing that could be a history.
    """

    def __init__(self, path: Path) -> None:
        if path.is_dir():
            path = path / "result.json"
            if not path.exists():
                raise HistoryError(f"{path.parent}: a folder without a result.json; name the exported file itself")
        self.path = path
        try:
            self._file: BinaryIO = cast("BinaryIO", path.open("rb"))
            self.size = path.stat().st_size
        except OSError as error:
            raise HistoryError(f"{path}: cannot be opened: {error.strerror or error}") from error
        start = self._file.read(4)
        self._file.seek(0)
        self._stream = self._file
        if start.startswith(_GZIP):
            self._stream = cast("BinaryIO", gzip.GzipFile(fileobj=self._file, mode="rb"))
        elif start.startswith(_ZIP):
            self.close()
            raise HistoryError(f"{path}: a zip archive; unpack it and name the result.json inside")
        elif start.startswith(_UTF16):
            self.close()
            raise HistoryError(f"{path}: written in UTF-16; save it as UTF-8 and try again")
        self.start = b""
        self.start = self._first(65_536)

    @property
    def done(self) -> int:
        """How many bytes of the file were read."""
        return self._file.tell() if not self._file.closed else self.size

    def read(self, count: int) -> bytes:
        """The next bytes; none at the end."""
        if self.start:
            start, self.start = self.start, b""
            return start
        return self._read(count)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _first(self, count: int) -> bytes:
        start = self._read(count)
        return start.removeprefix(_BOM)

    def _read(self, count: int) -> bytes:
        try:
            return self._stream.read(count)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise HistoryError(f"{self.path}: the packed file is damaged or cut off: {error}") from error
        except OSError as error:
            raise HistoryError(f"{self.path}: cannot be read: {error.strerror or error}") from error
