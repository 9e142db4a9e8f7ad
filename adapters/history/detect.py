"""Telling which kind of history a file is."""

from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path

import msgspec

from adapters.history.jsonl import JsonLines
from adapters.history.jsonwalk import Walk
from adapters.history.source import Source
from adapters.history.telegram_export import TelegramExport, Wanted
from rules.errors import HistoryError
from rules.events import Event

TELEGRAM, JSONL = "telegram", "jsonl"
_HOW = "write our JSON lines, or in Telegram Desktop choose Export chat history and Machine-readable JSON"


class History:
    """An opened history: its ``kind``, its ``events`` to be gone through once, and how far that has come in bytes."""

    def __init__(self, source: Source, kind: str, reader: TelegramExport | JsonLines) -> None:
        self.kind = kind
        self._source = source
        self._reader = reader

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._source.size

    @property
    def done(self) -> int:
        """How many of them were read."""
        return self._source.done

    @property
    def notes(self) -> list[str]:
        """What a reader of the results should know of what was passed over so far."""
        if not isinstance(self._reader, TelegramExport):
            return []
        notes = [f"{count:,} {what} passed over" for what, count in sorted(self._reader.passed_over.items())]
        if self._reader.edited:
            notes.append(f"{self._reader.edited:,} messages were edited later; they are read as they stand now")
        return notes

    @property
    def groups(self) -> dict[str, str]:
        """The names of the chats met so far, by id; those that were not wanted too."""
        return {group.id: group.name for group in self._reader.groups}

    def events(self) -> Iterator[Event]:
        """Past events in order. Raises ``HistoryError`` where the file breaks off; what came before holds."""
        try:
            yield from self._reader
        finally:
            self._source.close()


def open_history(
    path: Path | str, *, zone: tzinfo = UTC, wanted: Wanted | None = None, platform: str = "telegram"
) -> History:
    """Open a history of either kind, gzipped or not.

    ``zone`` is that of times without offset; ``wanted(group, whole_account)`` says which groups to read; ``platform``
    is that of ids in JSON lines that do not name theirs. Raises ``HistoryError`` for what is none.
    """
    source = Source(Path(path))
    try:
        kind = _kind(source)
    except HistoryError:
        source.close()
        raise
    name = str(source.path)
    if kind == JSONL:
        return History(source, kind, JsonLines(source.read, name, zone, wanted, platform))
    return History(source, kind, TelegramExport(Walk(source.read, name), zone, wanted))


def _kind(source: Source) -> str:
    start = source.start.lstrip()
    if not start:
        raise HistoryError(f"{source.path}: empty; {_HOW}")
    if start.startswith(b"<"):
        raise HistoryError(f"{source.path}: a web page, as of an export in HTML; {_HOW}")
    if source.path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson")):
        return JSONL
    if not start.startswith(b"{"):
        shown = start[:20].decode("utf-8", "replace").split("\n")[0]
        raise HistoryError(f"{source.path}: no history that we know, it begins with `{shown}`; {_HOW}")
    line = start.split(b"\n", 1)[0]
    try:
        told = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # an object over many lines, or a faulty line
        return JSONL if b'"group"' in line and b'"messages"' not in line else TELEGRAM
    return TELEGRAM if {"messages", "chats", "left_chats"} & told.keys() else JSONL
