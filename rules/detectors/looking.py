"""One look at a message: its folding view, the clues in it, and what the model makes of both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import category

from rules.detectors.clues import Clue
from rules.detectors.extract import clues_in
from rules.detectors.folding import View, view_of
from rules.detectors.head import NOTHING, Adjusted, Head
from rules.detectors.judging import total
from rules.detectors.model import Look, Model, Telling
from rules.detectors.recurrence import Recurrence
from rules.detectors.unwritten import unwritten
from rules.events import Event
from rules.reading import Reading
from rules.values import Message
from rules.verdict import Reason

Reasons = tuple[Reason, ...]

TOLD_FROM = -2.0
"""Log-odds (a probability of 12%) from which on it is worked out which words were telling: nobody asks below."""
SHOWN = 80
"""Characters of a telling stretch that are kept."""


_BASE = -4.0
"""About what the model says of a text with nothing in it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What there is to see in a message."""

    view: View
    clues: tuple[Clue, ...]
    look: Look


def text_of(event: Event) -> str:
    """Every word of an event that a person may hide something in, the codes of its pictures among them."""
    return Reading(event).text


def examine(model: Model, text: str, message: Message | None = None) -> Examined:
    """Look at a text, and at the message that it belongs to."""
    view = view_of(text)
    clues = clues_in(view, message)
    return Examined(view, clues, model.look(view, clues))


def evidence(model: Model, examined: Examined, head: Head = NOTHING, again: Recurrence | None = None) -> Reasons:
    """All that speaks for an advertisement and against one, in log-odds that add up.

    ``head`` is what the group taught, ``again`` what its being a copy says.
    """
    beside = besides(examined, head, again)
    if examined.look.logit + total(beside) < TOLD_FROM:
        return (*beside, Reason("base", examined.look.logit))
    weighed = {reason.kind for reason in beside}
    signs = (reason for reason in _signs(examined) if reason.kind not in weighed)
    return (*beside, *signs, *_words(model, examined))


def besides(examined: Examined, head: Head = NOTHING, again: Recurrence | None = None) -> Reasons:
    """What is to be added to the model's log-odds: what the group taught, its being a copy, signs beside the text."""
    found: list[Reason] = [*unwritten(examined.clues), *_taught(head.adjust(examined.look))]
    if head.baseline.shift:
        found.append(Reason("group", head.baseline.shift))
    if again is not None:
        found.append(Reason(again.kind, again.weight, again.detail))
    return tuple(found)


def _taught(adjusted: Adjusted) -> Iterator[Reason]:
    """What the group's teaching adds: as staff's own word only where they said it of a message like this one."""
    delta, nearest = round(adjusted.delta, 3), adjusted.nearest
    if adjusted.copy and nearest is not None:
        agrees = (delta > 0) is nearest.ad
        told = f"{adjusted.likeness:.0%} ≈ {nearest.key}"
        yield Reason("taught.ad" if nearest.ad else "taught.ham", delta if agrees else 0.0, told)
        delta = 0.0 if agrees else delta
    if delta:
        yield Reason("learned", delta)


def _words(model: Model, examined: Examined) -> Reasons:
    """The model's log-odds as reasons: the stretches that were telling, and the rest as the base. They add up to it."""
    view, look = examined.view, examined.look
    above = max(look.logit - _BASE, 0.0)
    found = []
    for stretch in _whole(view.text, model.telling(view, look)) if above else ():
        start, end = view.span(*_bare(view.text, stretch.start, stretch.end))
        if words := view.raw[start:end].strip():
            found.append(Reason("words", round(above * stretch.weight, 3), words[:SHOWN], start, end))
    return (*found, Reason("base", round(look.logit - total(found), 3)))


def _whole(text: str, stretches: Iterable[Telling]) -> list[Telling]:
    """Telling stretches as whole words, those that meet as one; the weightiest first."""
    found: list[Telling] = []
    for telling in sorted(stretches, key=lambda telling: telling.start):
        if telling.weight <= 0:
            continue
        start, end = telling.start, telling.end
        while start > 0 and _is_joined(text, start):
            start -= 1
        while end < len(text) and _is_joined(text, end):
            end += 1
        if found and start <= found[-1].end:
            before = found.pop()
            start, weight = before.start, before.weight + telling.weight
            found.append(Telling(start, max(end, before.end), weight))
        else:
            found.append(Telling(start, end, telling.weight))
    return sorted(found, key=lambda telling: -telling.weight)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the blanks and the punctuation around it; as it is where it is nothing else."""
    first, last = start, end
    while first < last and category(text[first])[0] in "PZ":
        first += 1
    while last > first and category(text[last - 1])[0] in "PZ":
        last -= 1
    return (first, last) if first < last else (start, end)


def _is_joined(text: str, place: int) -> bool:
    """Whether a word that is written with spaces around it goes on at a place."""
    return all(sign.isalnum() and sign < "\u2e80" for sign in text[place - 1 : place + 1])


def _signs(examined: Examined) -> Reasons:
    """The clues as reasons without a weight of their own: the model has weighed them with the words."""
    found: dict[str, Reason] = {}
    for clue in examined.clues:
        if clue.kind not in found:
            start, end = examined.view.span(clue.start, clue.end) if clue.start >= 0 else (-1, -1)
            found[clue.kind] = Reason(str(clue.kind), 0.0, clue.detail[:SHOWN], start, end)
    return tuple(found.values())
