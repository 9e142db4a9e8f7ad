"""Clues from what is said: calls to act, promises of money, and what is offered."""

from rules.detectors.clues import Clue
from rules.detectors.kinds import ClueKind
from rules.detectors.phrases import Said, phrase_book

_OF_A_KIND = 3  # clues of one kind that are kept: more say nothing new
_TELLING = ("call.", "price.", "link.", "contact.")
_ORDINARY = frozenset({ClueKind.LINK_KNOWN, ClueKind.PRICE_AMOUNT})


def phrase_clues(folded: str, beside: list[Clue]) -> list[Clue]:
    """The phrases that stand in a folded text; ``beside`` are the clues that were found in it otherwise.

    A weak phrase counts where another of its kind, or a call, a price or an address, stands beside it.
    """
    said = phrase_book().said_in(folded)
    if not said:
        return []
    kept: dict[ClueKind, dict[str, Said]] = {}
    weak: dict[ClueKind, dict[str, Said]] = {}
    for one in said:
        kind = one.phrase.kind
        assert kind is not None  # noqa: S101 - the book leaves out what is of none
        of_kind = (kept if one.phrase.strong else weak).setdefault(kind, {})
        if len(of_kind) < _OF_A_KIND:
            of_kind.setdefault(one.phrase.words, one)
    if weak:
        told = any(kind.startswith(_TELLING) for kind in kept) or any(
            clue.kind.startswith(_TELLING) and clue.kind not in _ORDINARY for clue in beside
        )
        for kind, phrases in weak.items():
            if told or kind in kept or len(phrases) > 1:
                kept.setdefault(kind, {}).update(phrases)
    return [
        Clue(kind, words, one.start, one.end)
        for kind, phrases in kept.items()
        for words, one in list(phrases.items())[:_OF_A_KIND]
    ]
