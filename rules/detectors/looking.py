"""One look at a message: its folding view, the clues in it, and what the model makes of both."""

from dataclasses import dataclass

from rules.detectors.clues import Clue
from rules.detectors.extract import clues_in
from rules.detectors.folding import View, view_of
from rules.detectors.head import NOTHING, Adjusted, Head
from rules.detectors.judging import total
from rules.detectors.model import Look, Model
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
    look = examined.look
    adjusted = head.adjust(look)
    besides: list[Reason] = [*unwritten(examined.clues)]
    if adjusted.delta:
        besides.append(_taught(adjusted))
    if head.baseline.shift:
        besides.append(Reason("group", head.baseline.shift))
    if again is not None:
        besides.append(Reason(again.kind, again.weight, again.detail))
    weighed = {reason.kind for reason in besides}
    signs = (reason for reason in _signs(examined) if reason.kind not in weighed)
    logit = look.logit + total(besides)
    return (*besides, *signs, *(_words(model, examined) if logit > TOLD_FROM else (Reason("base", look.logit),)))


def _taught(adjusted: Adjusted) -> Reason:
    nearest = adjusted.nearest
    kind = "taught.ad" if adjusted.delta > 0 else "taught.ham"
    if nearest is None or nearest.ad is not (adjusted.delta > 0):
        return Reason(kind, round(adjusted.delta, 3))
    return Reason(kind, round(adjusted.delta, 3), f"{adjusted.likeness:.0%} like {nearest.key}".strip())


def _words(model: Model, examined: Examined) -> Reasons:
    """The model's log-odds as reasons: the stretches that were telling, and the rest as the base. They add up to it."""
    look, raw = examined.look, examined.view.raw
    above = max(look.logit - _BASE, 0.0)
    found = []
    for telling in model.telling(examined.view, look):
        if telling.weight > 0 and above:
            start, end = examined.view.span(telling.start, telling.end)
            found.append(Reason("words", round(above * telling.weight, 3), raw[start:end][:SHOWN], start, end))
    return (*found, Reason("base", round(look.logit - total(found), 3)))


def _signs(examined: Examined) -> Reasons:
    """The clues as reasons without a weight of their own: the model has weighed them with the words."""
    found: dict[str, Reason] = {}
    for clue in examined.clues:
        if clue.kind not in found:
            start, end = examined.view.span(clue.start, clue.end) if clue.start >= 0 else (-1, -1)
            found[clue.kind] = Reason(clue.kind, 0.0, clue.detail[:SHOWN], start, end)
    return tuple(found.values())
