"""A text to be said: a key of the copy library with its parameters, or a literal. Rendered when it is queued.

``Text("welcome.first", {"names": "Ann, Bo"})`` is looked up in the operator's copy, then in the built-in locales.
A parameter may itself be a text, or a tuple of texts, which are rendered one a line.
"""

from collections.abc import Mapping
from typing import Union

from msgspec import Struct

Param = Union[str, int, float, "Text", "tuple[Text, ...]"]


class Text(Struct, frozen=True, omit_defaults=True):
    """Words by key (``key`` and ``params``) or as written (``literal``, in which ``{name}`` is still filled in)."""

    key: str | None = None
    params: Mapping[str, "str | int | float | Text | tuple[Text, ...]"] = {}
    literal: str | None = None


def say(literal: str, /, **params: "str | int | float | Text | tuple[Text, ...]") -> Text:
    """A literal text with placeholders to be filled from ``params``."""
    return Text(literal=literal, params=params)


def key(name: str, /, **params: "str | int | float | Text | tuple[Text, ...]") -> Text:
    """A text of the copy library."""
    return Text(key=name, params=params)
