"""Ways of hiding that take more than one sign, each as a pattern and what it stands for."""

import re
from collections.abc import Callable

from msgspec import Struct

Undo = Callable[["re.Match[str]"], str]


class Stage(Struct, frozen=True):
    """One way of hiding: what it looks like and what it stands for.

    ``needs`` says cheaply whether a text may have any of it: ordinary texts have not, and are let go at once. ``undo``
    is made for each text: what it has to look for around every place is then found in one pass over the text.
    """

    trick: str
    needs: Callable[[str], object]
    pattern: "re.Pattern[str]"
    undo: Callable[[str], Undo]


def always(undo: Undo) -> Callable[[str], Undo]:
    """What a sign stands for where the text around it does not matter, or is looked at in passing."""
    return lambda text: undo
