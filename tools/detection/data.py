"""The labelled messages, as rows: read from gzipped JSON lines, one file a source."""

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec


class DataError(Exception):
    """The labelled messages cannot be used, and why."""


class Row(msgspec.Struct, frozen=True):
    """One labelled message."""

    text: str
    label: str
    lang: str
    source: str
    split: str
    restored: str = ""

    @property
    def ad(self) -> bool:
        return self.label == "ad"


SPLITS = ("train", "dev", "test")
LABELS = ("ad", "ham")


def load(data_dir: Path | str) -> tuple[Row, ...]:
    """All rows below ``data_dir``, in the order of the files' names; what cannot be read is said with its line."""
    folder = Path(data_dir)
    paths = sorted([*folder.glob("*.jsonl.gz"), *folder.glob("*.jsonl")])
    rows = tuple(row for path in paths for row in _rows(path))
    if not rows:
        raise DataError(f"{folder}: no labelled messages (*.jsonl or *.jsonl.gz)")
    return rows


def held_out(rows: Iterable[Row]) -> tuple[Row, ...]:
    """What is measured on: each source's test rows, or its dev rows where it has no test rows."""
    rows = tuple(rows)
    tested = {row.source for row in rows if row.split == "test"}
    return tuple(row for row in rows if row.split == ("test" if row.source in tested else "dev"))


def trained_on(rows: Iterable[Row]) -> tuple[Row, ...]:
    """What may be learned from: the train rows, and dev rows of sources that have test rows to be measured on."""
    rows = tuple(rows)
    tested = {row.source for row in rows if row.split == "test"}
    return tuple(row for row in rows if row.split == "train" or (row.split == "dev" and row.source in tested))


def fold_of(text: str, folds: int = 4) -> int:
    """The fold a text belongs to: by its hash, so that it never depends on the order of the rows."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=4).digest(), "big") % folds


def contradictions(rows: Iterable[Row]) -> frozenset[str]:
    """The texts that stand in the data as an advertisement and as an ordinary message, in the same letters."""
    labels: dict[str, set[str]] = {}
    for row in rows:
        labels.setdefault(row.text, set()).add(row.label)
    return frozenset(text for text, said in labels.items() if len(said) > 1)


def counts(rows: Iterable[Row]) -> Counter[tuple[str, str, str]]:
    """How many rows there are by source, split and label."""
    return Counter((row.source, row.split, row.label) for row in rows)


def _rows(path: Path) -> Iterator[Row]:
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as problem:
        raise DataError(f"{path}: cannot be read ({problem})") from problem
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=Row)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise DataError(f"{path}, line {number}: {problem}") from problem
        if row.label not in LABELS or row.split not in SPLITS:
            raise DataError(f"{path}, line {number}: label {row.label!r} or split {row.split!r} is not known")
        yield row
