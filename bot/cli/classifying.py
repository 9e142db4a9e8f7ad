"""``groupkeeper classify``: how sure the detector of advertisements is of each text, and why."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.classification.classifier import Classifier, Told
from bot.classification.rows import Row, RowError, labelled_rows, rows_of
from bot.cli.guard import tell
from bot.configuration import builtin_copy
from bot.detection.shipped import shipped_model
from bot.speech import speech_for
from rules.copy import CopyBook
from rules.detectors.explaining import explained
from rules.detectors.model import ModelError
from rules.verdict import Verdict

_SHOWN = 400
_INDENT = " " * 9
_LEAST = 0.1
_STYLES = {"certain": "bold red", "likely": "red", "unsure": "yellow", "ordinary": "green"}


def classify_texts(file: str, learn: Path | None, language: str | None, *, as_json: bool) -> int:
    """Print a line (or a paragraph) a text, in order; 1 where something cannot be read."""
    try:
        classifier = Classifier(shipped_model())
        if learn is not None:
            _teach(classifier, learn)
    except (ModelError, RowError) as error:
        tell(str(error))
        return 1
    console = Console(highlight=False, soft_wrap=True)
    copy, speech = CopyBook(builtin_copy()), speech_for(Path(file), language)
    with _opened(file) as lines:
        for row in rows_of(lines):
            told = classifier.classify(row.text)
            if as_json:
                sys.stdout.write(_line(told))
            else:
                console.print(_paragraph(row, told, copy, speech.language))
    return 0


def _teach(classifier: Classifier, learn: Path) -> None:
    with _opened(str(learn)) as lines:
        learned = classifier.learn(labelled_rows(lines, str(learn)))
    if not learned:
        tell(f"{learn} holds no labelled text: nothing was learned")
    if conflicts := len(classifier.conflicts):
        tell(f"{conflicts} texts are labelled both ad and ham as often: nothing was learned from them")


@contextmanager
def _opened(file: str) -> Iterator[TextIO]:
    """A file's lines, or the standard input's (``-``). Only a line feed ends one; what is no UTF-8 is replaced."""
    if file == "-":
        yield TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n")
    else:
        with Path(file).open(encoding="utf-8", errors="replace", newline="\n") as lines:
            yield lines


def _line(told: Told) -> str:
    reasons = [{"kind": r.kind, "weight": round(r.weight, 3), "detail": r.detail} for r in told.reasons]
    found = {"score": round(told.score, 6), "band": told.band, "reasons": reasons, "folded": told.folded}
    line = json.dumps(found, ensure_ascii=False, allow_nan=False)
    return line.encode("utf-8", "backslashreplace").decode() + "\n"


def _paragraph(row: Row, told: Told, copy: CopyBook, language: str) -> Text:
    """The text with its telling characters marked, how sure it is, and the reasons in order of their weight."""
    raw = row.text.encode(errors="replace").decode()
    shown = Text(raw[:_SHOWN] + ("…" if len(raw) > _SHOWN else ""))
    for reason in told.reasons:
        if reason.weight > 0 and reason.start >= 0:
            shown.stylize("bold underline", reason.start, reason.end)
    paragraph = Text.assemble((f"{told.score:7.1%}  ", _STYLES[told.band]), shown)
    verdict = Verdict("ad", "", told.score, told.reasons)
    for line in explained(verdict, None if told.score < _LEAST else raw, copy)[1:]:
        words = copy.render(line, language).strip()
        paragraph.append(f"\n{_INDENT}{words.encode(errors='replace').decode()}", style="dim")
    return paragraph
