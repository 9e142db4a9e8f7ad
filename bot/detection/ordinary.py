"""Ordinary messages of a group: counted, and a fair sample of them kept as hashes."""

from datetime import datetime
from hashlib import blake2b

from rules.detectors.features import FEATURES_VERSION
from rules.detectors.judging import probability
from rules.detectors.looking import examine
from rules.detectors.model import Look, Model
from rules.wording import excerpt
from storage.moments import moment
from storage.samples import Progress, Sample, Stood

SIZE = 300
"""Messages in the sample of a group."""
FOLLOWS = 10 * SIZE
"""From so many on, a message finds its way into the sample as easily: it follows what a group becomes."""
LIKELY = 0.9
"""Who is judged so likely an advertisement is left out, so that none becomes ordinary by being seen often."""
LONGEST = 1_000
"""Characters of a message that go into the sample."""


class Ordinary:
    """The ordinary messages of one group, in order, from where counting them had come. ``known`` are events counted."""

    def __init__(self, group: str, model: Model, come: Progress, known: frozenset[str] = frozenset()) -> None:
        self.count = come.ordinary
        self.suspected = come.suspected
        self._group = group
        self._model = model
        self._known = set(known)
        self._fresh: dict[int, Sample] = {}

    @property
    def fresh(self) -> tuple[Sample, ...]:
        """What is new in the sample."""
        return tuple(self._fresh[slot] for slot in sorted(self._fresh))

    def add(
        self,
        event: str,
        at: datetime,
        text: str | None,
        member: str | None,
        score: float | None = None,
        *,
        sure: bool = False,
    ) -> bool | None:
        """Count one message: True for an ordinary one, False for what is likely an advertisement, None for neither.

        ``score`` is what the detector said of it then (None: the model is asked now); ``sure``: staff called it none.
        Where the words are no longer kept (None), it counts by the score alone, and does not come into the sample.
        """
        if event in self._known or (score is None if text is None else not text.strip()):
            return None
        look: Look | None = None
        if score is None and text is not None and not sure:
            look = self._look(text)
            score = probability(look.logit)
        if not sure and score is not None and score >= LIKELY:
            self.suspected += 1
            return False
        self.count += 1
        self._known.add(event)
        slot = slot_of(self._group, event, self.count)
        if slot is not None and text is not None:
            look = look or self._look(text)
            if len(look.features.indices):
                self._fresh[slot] = Sample(
                    slot=slot,
                    at=at,
                    event=event,
                    features_version=FEATURES_VERSION,
                    features=look.features.packed(),
                    logit=look.logit,
                    member=member,
                )
        return True

    def _look(self, text: str) -> Look:
        return examine(self._model, text[:LONGEST]).look


def count(counted: Ordinary, rows: list[Stood], ads: set[str], hams: set[str]) -> list[str]:
    """Count messages; the first words of those that look like advertisements."""
    suspects = []
    for row in rows:
        if row.removed or row.message in ads:
            continue
        sure = row.message in hams
        if counted.add(row.event, moment(row.at), row.text, row.member, row.score, sure=sure) is False:
            suspects.append(excerpt(row.text or "…"))
    return suspects


def slot_of(group: str, event: str, nth: int) -> int | None:
    """Where in the sample the ``nth`` ordinary message goes; None for most. The same however often it is asked."""
    if nth <= SIZE:
        return nth - 1
    chance = int.from_bytes(blake2b(f"{group}\n{event}".encode(errors="replace"), digest_size=8).digest(), "big")
    slot = chance % min(nth, FOLLOWS)
    return slot if slot < SIZE else None
