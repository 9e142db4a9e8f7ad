"""Groups that their platform gave another id: they are kept under it, although the configuration has the former one."""

from collections.abc import Mapping
from dataclasses import replace

from bot.setup import Setup


def followed(setup: Setup, moves: Mapping[str, str]) -> Setup:
    """The setup in which groups are known by their present ids; ``moves`` are these by the former ones.

    A group that the configuration has under both ids is left as it is written.
    """
    book = setup.rulebook
    for old, new in moves.items():
        if old in book.groups and new not in book.groups:
            book = book.moved(old, new)
    return replace(setup, rulebook=book)


def under_both(setup: Setup, old: str, new: str) -> Setup:
    """The setup in which a group is known by either id, for the time in which it is being moved."""
    book = setup.rulebook.group(old)
    if book is None or new in setup.rulebook.groups:
        return setup
    return replace(setup, rulebook=setup.rulebook.standing_in(new, book.settings.key))
