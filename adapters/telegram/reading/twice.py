"""Knowing the second telling of one thing: Telegram tells some in two ways."""

from collections import OrderedDict
from collections.abc import Hashable

APART = 2
"""Seconds that the two tellings of one thing may lie apart."""
REMEMBERED = 10_000
"""Things of which the last tellings are remembered."""
KEPT = 4
"""Tellings of a thing that are remembered: one that comes, goes and comes again within seconds."""


class _Telling:
    __slots__ = ("date", "second", "update", "way")

    def __init__(self, way: str, date: int, update: int) -> None:
        self.way, self.date, self.update = way, date, update
        self.second: int | None = None


class Twice:
    """Says whether a telling is the second of its thing: told in another way, at about the same time.

    A second telling answers to one first, so a quick return is none. What is remembered of an update holds against
    others only: one that is read again, because it could not be kept, is told again.
    """

    def __init__(self) -> None:
        self._told: OrderedDict[Hashable, list[_Telling]] = OrderedDict()

    def is_second(self, thing: Hashable, way: str, date: int, update: int) -> bool:
        """Whether this is the second telling; else it is remembered as the first. ``date`` in seconds."""
        told = self._told.setdefault(thing, [])
        for first in told:
            if first.update == update:
                return False
            if first.way != way and abs(first.date - date) <= APART and first.second in (None, update):
                first.second = update
                return True
        told.append(_Telling(way, date, update))
        del told[:-KEPT]
        self._told.move_to_end(thing)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return False
