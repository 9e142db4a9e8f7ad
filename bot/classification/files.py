"""Files of texts, read line by line: plain or packed with gzip, or what is typed."""

import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedReader, TextIOWrapper
from pathlib import Path

from rules.errors import GroupkeeperError

TYPED = Path("-")
"""Stands for the standard input."""
ENDINGS = (".jsonl", ".jsonl.gz")
"""Of the files that are looked for in a folder."""
_GZIP = b"\x1f\x8b"


class UnreadableError(GroupkeeperError):
    """A file cannot be read, and why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")


def lines_of(path: Path) -> Iterator[str]:
    """A file's lines. Only a line feed ends one; what is no UTF-8 is replaced. Raises ``UnreadableError``."""
    try:
        with _opened(path) as file:
            packed = file.peek(2).startswith(_GZIP)
            content = gzip.GzipFile(fileobj=file) if packed else file
            yield from TextIOWrapper(content, encoding="utf-8-sig", errors="replace", newline="\n")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError(path, f"it is packed with gzip and damaged: {error}") from error
    except OSError as error:
        raise UnreadableError(path, error.strerror or str(error)) from error


def files_in(data: Iterable[Path]) -> Iterator[Path]:
    """The files themselves, and those of rows in folders. Raises ``UnreadableError`` for a folder with none."""
    for path in data:
        if not path.is_dir():
            yield path
            continue
        found = sorted(file for file in path.iterdir() if file.name.endswith(ENDINGS))
        if not found:
            raise UnreadableError(path, f"holds no file that ends in {' or '.join(ENDINGS)}")
        yield from found


def _opened(path: Path) -> BufferedReader:
    """A file, or the standard input: what is made of it here may be closed without closing that."""
    return open(sys.stdin.fileno(), "rb", closefd=False) if path == TYPED else path.open("rb")
