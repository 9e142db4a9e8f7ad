"""A detector's opinion of an event."""

from typing import Protocol, runtime_checkable

from msgspec import Struct

from rules.events import Event


class Reason(Struct, frozen=True, omit_defaults=True):
    """One piece of evidence: its kind, how much it weighed, and the words to show.

    The weight is in log-odds where evidence adds up. ``start`` and ``end`` are where it stands in the text as it was
    written (-1: nowhere).
    """

    kind: str
    weight: float = 0.0
    detail: str = ""
    start: int = -1
    end: int = -1


class Verdict(Struct, frozen=True, omit_defaults=True):
    """How sure a detector is (``score`` from 0 to 1), why, and which version of it said so.

    ``also`` are ids of earlier messages of the author that it is about too: an advertisement sent in pieces.
    """

    detector: str
    version: str
    score: float
    reasons: tuple[Reason, ...] = ()
    also: tuple[str, ...] = ()


@runtime_checkable
class Detector(Protocol):
    """Something that looks at an event and gives an opinion. It never decides: rules do.

    ``name`` is what rules call it by; ``version`` changes whenever the same event could be judged differently.
    """

    name: str
    version: str

    def look(self, event: Event) -> Verdict:
        """The opinion. May be slow: it runs outside any transaction, and its verdict is stored."""
        ...
