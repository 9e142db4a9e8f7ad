"""``groupkeeper evaluate``: how well the detector of advertisements does on labelled messages."""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter_ns
from typing import IO

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.classification.classifier import Classifier
from bot.classification.measures import Figures, Flags, Scores, calibration_error, figures, reliability
from bot.classification.plots import plot
from bot.classification.rows import Row, RowError, labelled_rows
from bot.cli.guard import tell
from bot.detection.campaigns import Campaigns
from bot.detection.shipped import shipped_model
from rules.detectors.model import ModelError

EDGES = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0)
HELD_OUT = "test"
_ENDINGS = (".jsonl", ".jsonl.gz")
_BAR = 30


def evaluate_detector(
    data: Sequence[Path], groups: Sequence[str], plot_to: Path | None, learn: Path | None, *, every_split: bool
) -> int:
    """Print the figures of labelled messages; 1 where there are none, or one cannot be read."""
    try:
        named = dict(_group(text) for text in groups)
        rows = [row for file in _files(data) for row in _rows(file)]
        rows = rows if every_split else list(_held_out(rows))
        if not rows:
            tell('there is no labelled message to evaluate; write JSON lines: {"text": "...", "label": "ad"}')
            return 1
        classifier = Classifier(shipped_model())
        if learn is not None:
            classifier.learn(_rows(learn))
    except (ModelError, RowError, ValueError, OSError) as error:
        tell(str(error))
        return 1
    scores, took = _scored(classifier, rows)
    ads = np.array([bool(row.ad) for row in rows])
    tables = _by(rows, scores, ads, named)
    console = Console(highlight=False, soft_wrap=True)
    console.print(_table(tables))
    parts = reliability(scores, ads, EDGES)
    console.print(_reliability(parts, calibration_error(scores, ads)))
    middle, slow = (float(value) for value in np.percentile(took, (50, 99)))
    console.print(
        f"\nCost of a message: median {middle:.0f} µs, p99 {slow:.0f} µs (reading, clues, model, near copies)"
    )
    if plot_to is not None:
        plot_to.write_text(plot(tables, parts), encoding="utf-8")
        console.print(f"Drawn: {plot_to}")
    return 0


def _group(text: str) -> tuple[str, frozenset[str]]:
    name, equals, sources = text.partition("=")
    if not equals or not sources.strip():
        raise ValueError(f"`{text}` names no sources; write --group NAME=SOURCE,SOURCE")
    return name.strip(), frozenset(source.strip() for source in sources.split(","))


def _files(data: Iterable[Path]) -> Iterator[Path]:
    for path in data:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.name.endswith(_ENDINGS))
        else:
            yield path


def _rows(path: Path) -> Iterator[Row]:
    with _opened(path) as lines:
        yield from labelled_rows(lines, str(path))


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="\n")
    return path.open(encoding="utf-8", errors="replace", newline="\n")


def _held_out(rows: Sequence[Row]) -> Iterator[Row]:
    """What was not learned from: a source's test rows, else its dev rows, else all of them."""
    splits: dict[str, set[str]] = {}
    for row in rows:
        splits.setdefault(row.source, set()).add(row.split)
    for row in rows:
        has = splits[row.source]
        if row.split == (HELD_OUT if HELD_OUT in has else "dev" if "dev" in has else row.split):
            yield row


def _scored(classifier: Classifier, rows: Sequence[Row]) -> tuple[Scores, list[float]]:
    campaigns = Campaigns()
    scores, took = np.zeros(len(rows)), []
    for number, row in enumerate(rows):
        began = perf_counter_ns()
        scores[number] = classifier.score(row.text, campaigns, str(number))
        took.append((perf_counter_ns() - began) / 1000)
    return scores, took


def _by(rows: Sequence[Row], scores: Scores, ads: Flags, named: dict[str, frozenset[str]]) -> list[tuple[str, Figures]]:
    """Figures of everything, of each group of sources that was asked for, each language, each source."""
    languages = np.array([row.lang for row in rows])
    sources = np.array([row.source for row in rows])
    found = [("all", figures(scores, ads))]
    for name, wanted in named.items():
        inside = np.isin(sources, sorted(wanted))
        found.append((name, figures(scores[inside], ads[inside])))
    for values in (languages, sources):
        for name in sorted(set(values.tolist()) - {""}):
            inside = values == name
            found.append((name, figures(scores[inside], ads[inside])))
    return found


def _table(named: Sequence[tuple[str, Figures]]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("", no_wrap=True, min_width=max(len(name) for name, _ in named))
    for title in ("ads", "ham", "precision", "recall", "F1", "R@0.1%", "R@0.5%", "flagged", "share"):
        table.add_column(title, justify="right", no_wrap=True)
    for name, found in named:
        shares = (found.precision, found.recall, found.f1, found.strict, found.loose)
        share = f"{found.flagged / found.ordinary:.3%}" if found.ordinary else "–"
        table.add_row(
            name,
            f"{found.ads:,}",
            f"{found.ordinary:,}",
            *("–" if value is None else f"{value:.3f}" for value in shares),
            f"{found.flagged:,}",
            share,
        )
    table.caption = "precision, recall, F1 and flagged: at a probability of 99%, from which `ad: certain` acts"
    return table


def _reliability(parts: Sequence[tuple[float, float, int]], error: float) -> Table:
    table = Table(box=None, pad_edge=False, title=f"\nReliability (mean error {error:.3f})", title_justify="left")
    for title in ("said", "was", "messages", ""):
        table.add_column(title, justify="left" if not title else "right")
    for said, was, count in parts:
        table.add_row(f"{said:.3f}", f"{was:.3f}", f"{count:,}", "█" * round(was * _BAR))
    return table
