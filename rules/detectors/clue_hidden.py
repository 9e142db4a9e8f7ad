"""Clues from the ways of hiding that the folding undid."""

from collections.abc import Iterator

from rules.detectors.clue_phrases import phrase_clues
from rules.detectors.clues import Clue
from rules.detectors.folding import View
from rules.detectors.kinds import ClueKind

# Each way by its name in ``View.tricks``: what it is called as a clue, and how often it must be met. What a keyboard
# writes by itself (full-width commas, a joined emoji) is met now and then in ordinary talk.
_TRICKS = {
    "invisible": (ClueKind.HIDDEN_INVISIBLE, 2),
    "marks": (ClueKind.HIDDEN_MARKS, 3),
    "confusable": (ClueKind.HIDDEN_CONFUSABLE, 1),
    "circled": (ClueKind.HIDDEN_LETTERS, 1),
    "digits": (ClueKind.HIDDEN_DIGITS, 1),
    "spread": (ClueKind.HIDDEN_SPREAD, 1),
    "split_glyph": (ClueKind.HIDDEN_SPLIT, 1),
    "leet": (ClueKind.HIDDEN_LEET, 1),
}


def hidden_clues(view: View) -> Iterator[Clue]:
    """The ways of hiding that a text was written in."""
    for trick, count in view.tricks.items():
        known = _TRICKS.get(trick)
        if known is not None and count >= known[1]:
            yield Clue(known[0], str(count))
    if view.reversed and (said := phrase_clues(view.reversed, [])):
        yield Clue(ClueKind.HIDDEN_REVERSED, said[0].detail)
