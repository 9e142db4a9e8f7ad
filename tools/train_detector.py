"""Train the advertisement detector: ``python -m tools.train_detector DATA_DIR``. Same rows, same weights, bit for bit.

Needs the extra ``train``. Writes the weights, and a report of what they are worth on rows that they were not fitted to.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rules.detectors.model import Model
from tools.detection.augment import Lesson, plain, variants
from tools.detection.data import DataError, Row, contradictions, held_out, load, trained_on
from tools.detection.everyday.making import everyday
from tools.detection.measuring import measure
from tools.detection.metrics import Scores, recall_at
from tools.detection.pipeline import Settings, score, sights, train
from tools.detection.report import kept_apart, written

WEIGHTS = Path(__file__).parent.parent / "rules" / "detectors" / "model.bin"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write, report; 1 where the rows cannot be used."""
    chosen = _parser().parse_args(arguments)
    try:
        _run(chosen)
    except DataError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.train_detector", description=__doc__)
    parser.add_argument("data", type=Path, metavar="DATA_DIR", help="labelled messages, *.jsonl or *.jsonl.gz")
    parser.add_argument("--out", type=Path, default=Path("detection-report"), help="where the report goes")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--without", metavar="SOURCE", help="leave a source out, and measure on it; writes no weights")
    parser.add_argument(
        "--no-tricks", action="store_true", help="neither learn from disguised and made-up texts nor measure the former"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser


def _run(chosen: argparse.Namespace) -> None:
    began = time.monotonic()
    rows = load(chosen.data)
    settings = Settings(seed=chosen.seed, processes=chosen.processes)
    if chosen.without and not any(row.source == chosen.without for row in rows):
        raise DataError(f"{chosen.data}: no row is of the source {chosen.without!r}")
    lessons = lessons_of(rows, settings, without=chosen.without, tricks=not chosen.no_tricks)
    print(f"{len(rows):,} rows, {len(lessons):,} lessons")
    model = train(lessons, sights([lesson.text for lesson in lessons], settings.processes), settings)
    print(f"fitted after {time.monotonic() - began:.0f} s")

    def scored(texts: Sequence[str]) -> Scores:
        return score(model, texts, settings.processes)

    if chosen.without:
        apart = [row for row in rows if row.source == chosen.without]
        figures = _apart(apart, scored([row.text for row in apart]))
        print(kept_apart(chosen.without, figures, chosen.out), figures)
        return
    data = model.dumps()
    chosen.weights.write_bytes(data)
    about = {"rows": f"{len(rows):,}", "lessons": f"{len(lessons):,}", "bytes": f"{len(data):,}"}
    measured = measure(scored, held_out(rows), tricks=not chosen.no_tricks)
    print(written(measured, chosen.out, Model.loads(data).version, about))


def lessons_of(
    rows: Sequence[Row], settings: Settings, *, without: str | None = None, tricks: bool = True
) -> list[Lesson]:
    """What is learned from: rows that contradict none, a share of the large sources, disguised and made-up ones."""
    doubtful = contradictions(rows)
    chosen = [row for row in trained_on(rows) if row.source != without and row.text not in doubtful]
    lessons = [lesson for lesson in plain(chosen) if settings.takes(lesson)]
    if not lessons:
        raise DataError("nothing to learn: no row is left that is for training and says one thing")
    if not tricks:
        return lessons
    chat = [lesson for lesson in lessons if lesson.source not in settings.taken]
    made_up = everyday(lessons, settings.seed)
    return lessons + variants(chat, settings.seed, settings.tricks, settings.padding) + made_up


def _apart(rows: Sequence[Row], scores: Scores) -> dict[str, float]:
    flags = np.array([row.ad for row in rows])
    return {
        "ads": int(flags.sum()),
        "ordinary": int((~flags).sum()),
        "at_tenth": recall_at(scores, flags, 0.001),
        "at_half": recall_at(scores, flags, 0.005),
    }


if __name__ == "__main__":
    raise SystemExit(main())
