"""A classifier of texts: the shipped model, corrected by what was taught, as a group of the running bot has it."""

from collections.abc import Iterable

from msgspec import Struct

from bot.classification.rows import Row
from rules.detectors.head import NOTHING, Conflict, Example, Head
from rules.detectors.judging import band, probability, total, weightiest
from rules.detectors.looking import evidence, examine
from rules.detectors.model import Model
from rules.verdict import Reason


class Told(Struct, frozen=True):
    """How sure it is that a text advertises, what that is called, why, and the text as it was read."""

    score: float
    band: str
    reasons: tuple[Reason, ...]
    folded: str


class Classifier:
    """Scores texts one by one. What it was taught counts for all that come after."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._head = NOTHING

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Texts that were called an advertisement as often as an ordinary message: nothing was learned from them."""
        return self._head.conflicts

    def learn(self, rows: Iterable[Row]) -> int:
        """Take labelled rows as a group's corrections, instead of those taught before; how many."""
        examples = [
            Example(examine(self._model, row.text).look, bool(row.ad), row.by or "staff", f"line {row.line}")
            for row in rows
            if row.ad is not None
        ]
        self._head = Head.of(examples) if examples else NOTHING
        return len(examples)

    def score(self, text: str) -> float:
        """The probability that a text advertises."""
        return self.classify(text).score

    def classify(self, text: str) -> Told:
        """What there is to say of a text."""
        examined = examine(self._model, text)
        reasons = evidence(self._model, examined, self._head)
        score = probability(total(reasons))
        return Told(score, band(score), weightiest(reasons), examined.view.text)
