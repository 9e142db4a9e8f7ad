"""``groupkeeper classify``: how sure the detector of advertisements is of each text, and why."""

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.classification.classifier import Classifier, Told
from bot.classification.files import UnreadableError, lines_of
from bot.classification.rows import Row, labelled_rows, rows_of
from bot.cli.guard import tell
from bot.configuration import builtin_copy
from bot.detection.shipped import shipped_model
from bot.speech import speech_for
from rules.copy import CopyBook
from rules.detectors.explaining import explained
from rules.detectors.model import Model, ModelError
from rules.verdict import Verdict

_SHIPPED = Path("model.bin")
_SHOWN = 400
_INDENT = " " * 9
_LEAST = 0.1
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
"""Signs that JSON lets stand and that some programs take for the end of a line."""
_STYLES = {"certain": "bold red", "likely": "red", "unsure": "yellow", "ordinary": "green"}


def classify_texts(
    file: Path, learn: Path | None, language: str | None, weights: Path | None = None, *, as_json: bool
) -> int:
    """Print a line (or a paragraph) a text, in order. Raises ``GroupkeeperError`` where something cannot be read."""
    classifier = ready(learn, weights)
    console = Console(highlight=False, soft_wrap=True)
    copy, speech = CopyBook(builtin_copy()), speech_for(file, language)
    for row in rows_of(lines_of(file)):
        told = classifier.classify(row.text)
        if as_json:
            sys.stdout.write(_line(told))
        else:
            console.print(_paragraph(row, told, copy, speech.language))
    return 0


def ready(learn: Path | None, weights: Path | None) -> Classifier:
    """A classifier with the shipped weights or others, taught what is to be learned. Tells what it could not learn."""
    classifier = Classifier(model_of(weights))
    if learn is None:
        return classifier
    if not classifier.learn(labelled_rows(lines_of(learn), str(learn))):
        tell(f"{learn} holds no labelled text: nothing was learned")
    if conflicts := len(classifier.conflicts):
        texts = "text is" if conflicts == 1 else "texts are"
        tell(f"{conflicts} {texts} labelled both ad and ham as often: nothing was learned from that")
    return classifier


def model_of(weights: Path | None) -> Model:
    """The shipped model, or the one in a file. Raises ``UnreadableError``, also for a file of another version."""
    try:
        return shipped_model() if weights is None else Model.loads(weights.read_bytes())
    except OSError as error:
        raise UnreadableError(weights or _SHIPPED, error.strerror or str(error)) from error
    except ModelError as error:
        raise UnreadableError(weights or _SHIPPED, str(error)) from error


def _line(told: Told) -> str:
    reasons = [{"kind": r.kind, "weight": round(r.weight, 3), "detail": r.detail} for r in told.reasons]
    found = {"score": round(told.score, 6), "band": told.band, "reasons": reasons, "folded": told.folded}
    line = json.dumps(found, ensure_ascii=False, allow_nan=False).translate(_ESCAPED)
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
