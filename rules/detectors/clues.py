"""Clues: single pieces of evidence that a message holds, each with where it stands."""

from msgspec import Struct


class Clue(Struct, frozen=True, omit_defaults=True):
    """One piece of evidence: its ``kind`` (``link``, ``wechat``, ``price``), and the words to show.

    ``start`` and ``end`` are its span in the folded text; -1 where it does not stand in the text (a QR code, a button).
    """

    kind: str
    detail: str = ""
    start: int = -1
    end: int = -1
