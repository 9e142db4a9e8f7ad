"""``groupkeeper evaluate``: how well the detector of advertisements does on labelled messages."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import thread_time_ns

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.classification.classifier import Classifier
from bot.classification.files import files_in, lines_of
from bot.classification.measures import Figures, Flags, Scores, calibration_error, figures, reliability
from bot.classification.plots import plot
from bot.classification.rows import Row, labelled_rows
from bot.cli.classifying import ready
from bot.cli.guard import tell
from bot.detection.campaigns import Campaigns

EDGES = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0)
HELD_OUT = "test"
_BAR = 30
WIDTH = 116


def evaluate_detector(
    data: Sequence[Path],
    groups: Sequence[str],
    plot_to: Path | None,
    learn: Path | None,
    weights: Path | None = None,
    *,
    every_split: bool,
) -> int:
    """Print the figures of labelled messages; 1 where there are none. Raises ``GroupkeeperError``."""
    try:
        named = dict(_group(text) for text in groups)
    except ValueError as error:
        tell(str(error))
        return 2
    rows = [row for file in files_in(data) for row in labelled_rows(lines_of(file), str(file))]
    rows = rows if every_split else list(_held_out(rows))
    if not rows:
        tell('there is no labelled message to evaluate; write JSON lines: {"text": "...", "label": "ad"}')
        return 1
    classifier = ready(learn, weights)
    if unlike := _contradicting(rows):
        tell(f"{unlike} of the texts stand there both as ad and as ham: they count as both")
    scores, took = _scored(classifier, rows)
    ads = np.array([bool(row.ad) for row in rows])
    tables = _by(rows, scores, ads, named)
    console = Console(highlight=False, soft_wrap=True)
    console.width = max(console.width, WIDTH)  # a line that wraps can be read, a column that is cut cannot
    console.print(_table(tables))
    parts = reliability(scores, ads, EDGES)
    console.print(_reliability(parts, calibration_error(scores, ads)))
    middle, slow = (float(value) for value in np.percentile(took, (50, 99)))
    console.print(f"\nCPU of a message: median {middle:.0f} µs, p99 {slow:.0f} µs (reading, clues, model, near copies)")
    if plot_to is not None:
        try:
            plot_to.write_text(plot(tables, parts), encoding="utf-8")
        except OSError as error:
            tell(f"{plot_to}: {error.strerror or error}")
            return 1
        console.print(f"Drawn: {plot_to}")
    return 0


def _group(text: str) -> tuple[str, frozenset[str]]:
    name, equals, sources = text.partition("=")
    if not equals or not sources.strip():
        raise ValueError(f"`{text}` names no sources; write --group NAME=SOURCE,SOURCE")
    return name.strip(), frozenset(source.strip() for source in sources.split(","))


def _held_out(rows: Sequence[Row]) -> Iterator[Row]:
    """What was not learned from: a source's test rows, else its dev rows, else all of them."""
    splits: dict[str, set[str]] = {}
    for row in rows:
        splits.setdefault(row.source, set()).add(row.split)
    for row in rows:
        has = splits[row.source]
        if row.split == (HELD_OUT if HELD_OUT in has else "dev" if "dev" in has else row.split):
            yield row


def _contradicting(rows: Iterable[Row]) -> int:
    said: dict[str, set[bool | None]] = {}
    for row in rows:
        said.setdefault(row.text, set()).add(row.ad)
    return sum(len(labels) > 1 for labels in said.values())


def _scored(classifier: Classifier, rows: Sequence[Row]) -> tuple[Scores, list[float]]:
    classifier.score("warm", Campaigns(), "warm")  # the first look reads tables
    campaigns = Campaigns()
    scores, took = np.zeros(len(rows)), []
    for number, row in enumerate(rows):
        began = thread_time_ns()
        scores[number] = classifier.score(row.text, campaigns, str(number))
        took.append((thread_time_ns() - began) / 1000)
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
