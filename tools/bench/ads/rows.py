"""Which labelled messages are measured on: a folder's, or made-up ones; parted by language, and bounded."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from tools.bench.ads.corpus import made_up
from tools.detection.data import DataError, Row, held_out, load, trained_on
from tools.detection.measuring import LANGUAGES

FOLDER = "GROUPKEEPER_ADS"
"""The environment's name for a folder of labelled messages."""
MOST_LEARNED = 40_000
"""Messages of either kind, in a language, that the baselines learn from: half a minute for each of them."""
MOST_TRIED = 10_000
"""Messages of either kind, in a language, that all are tried on."""


@dataclass(frozen=True, slots=True)
class Part:
    """The messages of one language: those that baselines learn from, and those that everything is tried on."""

    name: str
    learned: Sequence[Row]
    tried: Sequence[Row]

    @property
    def texts(self) -> list[str]:
        return [row.text for row in self.tried]


def labelled() -> tuple[tuple[Row, ...], str, bool]:
    """The messages, where they are from, and whether people wrote them."""
    folder = os.environ.get(FOLDER, "")
    if folder:
        return load(Path(folder)), folder, True
    return made_up(), "made-up messages; name a folder of labelled ones with ADS=DIR", False


def parts(rows: Iterable[Row]) -> list[Part]:
    """Messages parted as reports on the detector part them; by the language they say where no source is known."""
    rows = tuple(rows)
    learned, tried = trained_on(rows), held_out(rows)
    belonging = {source: name for name, sources in LANGUAGES.items() for source in sources}
    known = any(row.source in belonging for row in rows)
    made = []
    for name in LANGUAGES if known else sorted({row.lang for row in rows}):
        first, then = (
            [row for row in some if (belonging.get(row.source) if known else row.lang) == name]
            for some in (learned, tried)
        )
        if _both(first) and _both(then):
            made.append(Part(name, _some(first, MOST_LEARNED), _some(then, MOST_TRIED)))
    if not made:
        raise DataError("in no language are there advertisements and ordinary messages to learn from and to try")
    return made


def _both(rows: Iterable[Row]) -> bool:
    return len({row.ad for row in rows}) == 2


def _some(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many of either kind: always the same ones, in an order that says nothing."""
    return sorted(_fewer(rows, most), key=_place)


def _fewer(rows: Sequence[Row], most: int) -> Iterator[Row]:
    for ad in (True, False):
        yield from sorted((row for row in rows if row.ad is ad), key=_place)[:most]


def _place(row: Row) -> bytes:
    return blake2b(row.text.encode("utf-8", "replace"), digest_size=8).digest()
