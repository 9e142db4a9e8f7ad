"""A classifier of texts: the shipped model, corrected by what was taught, as a group of the running bot has it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from bot.classification.rows import Row
from bot.detection.campaigns import Campaigns
from rules.detectors.examples import Conflict, Example
from rules.detectors.head import NOTHING, Head
from rules.detectors.judging import band, probability, total, weightiest
from rules.detectors.looking import besides, evidence, examine
from rules.detectors.model import Model
from rules.detectors.sketch import sketch_of
from rules.verdict import Reason

_WHENEVER = datetime(2000, 1, 1, tzinfo=UTC)


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
        """Take labelled rows as a group's corrections, instead of those taught before; how many.

        Ordinary messages are learned from as corrections, too, and not only as a sample of what is usual: with many
        advertisements beside them it comes to the same, and with few or none it is worth much more.
        """
        examples = []
        for row in rows:
            examined = examine(self._model, row.text)
            if row.ad is not None and examined.view.text.strip():
                examples.append(Example(examined.look, row.ad, row.by or "staff", f"line {row.line}"))
        self._head = Head.of(examples) if examples else NOTHING
        return len(examples)

    def score(self, text: str, campaigns: Campaigns, event: str) -> float:
        """The probability that a text advertises, with a look for copies of it among those scored before."""
        examined = examine(self._model, text)
        again = campaigns.look(sketch_of(examined.view), "", event, _WHENEVER, event)
        return probability(examined.look.logit + total(besides(examined, self._head, again)))

    def classify(self, text: str) -> Told:
        """What there is to say of a text."""
        examined = examine(self._model, text)
        reasons = evidence(self._model, examined, self._head)
        score = probability(total(reasons))
        return Told(score, band(score), weightiest(reasons), examined.view.text)
