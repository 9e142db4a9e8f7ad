"""Texts to be classified and texts with a label, line by line, from JSON lines or plain lines."""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from rules.errors import GroupkeeperError, Place

_LABELS = {"ad": True, "spam": True, "1": True, "true": True, "ham": False, "0": False, "false": False, "ok": False}
_WORDS = "ad or ham"


class RowError(GroupkeeperError):
    """A row that cannot be used: where it stands, and what to write."""

    def __init__(self, place: Place, why: str) -> None:
        super().__init__(f"{place}: {why}")


class Row(Struct, frozen=True):
    """A text, and what it is where somebody said so; ``line`` counts from 1."""

    text: str
    line: int
    ad: bool | None = None
    by: str = ""
    lang: str = ""
    source: str = ""
    split: str = ""


def rows_of(lines: Iterable[str]) -> Iterator[Row]:
    """A row for each line. A line that is no JSON object with a text is a text itself; empty lines are texts, too."""
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        found = _decoded(text)
        yield Row(text, number) if found is None else _row(found, number)


def labelled_rows(lines: Iterable[str], file: str) -> Iterator[Row]:
    """Rows that say what they are. Raises ``RowError`` for one that does not."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = Place(file, number, 1)
        found = _decoded(line)
        if found is None:
            raise RowError(place, 'write one JSON object a line: {"text": "...", "label": "ad"}')
        row = _row(found, number)
        if row.ad is None:
            said = found.get("label", found.get("ad"))
            raise RowError(
                place,
                f'"label" is missing; write {_WORDS}' if said is None else f"`{said}` is no label; write {_WORDS}",
            )
        yield row


def _decoded(line: str) -> dict[str, object] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        found = msgspec.json.decode(line.encode(errors="surrogatepass"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _lenient(line)
    return _with_text(found)


def _lenient(line: str) -> dict[str, object] | None:
    """What JSON is to most programs, halves of surrogate pairs included."""
    import json  # noqa: PLC0415 - only for what msgspec refuses

    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return _with_text(found)


def _with_text(found: object) -> dict[str, object] | None:
    """An object that has a text; null stands for a message without words."""
    if not isinstance(found, dict) or "text" not in found:
        return None
    text = "" if found["text"] is None else found["text"]
    return {**found, "text": text} if isinstance(text, str) else None


def _row(found: dict[str, object], number: int) -> Row:
    said = str(found.get("label", found.get("ad"))).strip().lower()
    about = (str(found.get(name) or "") for name in ("by", "lang", "source", "split"))
    return Row(str(found["text"]), number, _LABELS.get(said), *about)
