"""The folding view of a message: what it says once the ways of hiding it are undone, and where each piece stood."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property

from rules.detectors import numbers, pictures, spreading, words
from rules.detectors.edits import Edited, Plainly
from rules.detectors.homophones import by_sound
from rules.detectors.offsets import Offsets
from rules.detectors.reversal import turned_round
from rules.detectors.signs import plain, trick_of

LONGEST = 8192
_HEAD = 6144
_ROUNDS = 8
_STAGES = (*pictures.STAGES, *words.STAGES, *spreading.STAGES, *numbers.STAGES)
# Vowels whose mark makes another letter of them, where the two are written apart: и and its breve, か and its dots.
_APART = re.compile("[\u0438\u0418]\u0306|[\u3040-\u30ff][\u3099\u309a]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_MARK_APART = re.compile("[\u0306\u3099\u309a\u1161-\u1175]")
_ASCII_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class View:
    """A message as it was given, as it reads once folded, and as it sounds."""

    def __init__(self, raw: str, text: str, undone: Mapping[str, int]) -> None:
        self.raw = raw
        self.text = text
        self._undone = undone

    def __repr__(self) -> str:
        return f"View({self.text!r})"

    @cached_property
    def pinyin(self) -> str:
        """The folded text by its sound: syllables that sound alike are one character."""
        return by_sound(self.text)

    @cached_property
    def reversed(self) -> str:
        """The folded text with the lines turned round that read better backwards, or "" if there are none."""
        return turned_round(self.text)

    @cached_property
    def tricks(self) -> Mapping[str, int]:
        """How many signs of each way of hiding there were, or, for ways of several signs, how often it was undone."""
        counted = dict(self._undone)
        if self.raw != self.text and not self.raw.isascii():  # else every sign stands for itself
            for trick in filter(None, map(trick_of, self.raw)):
                counted[trick] = counted.get(trick, 0) + 1
        return counted

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the raw text a piece of the folded text stood."""
        return self._offsets.span(start, end)

    @cached_property
    def _offsets(self) -> Offsets:
        offsets = Offsets(self.raw)
        _fold(offsets)
        return offsets


def view_of(text: str) -> View:
    """The folding view of a text, the middle of a very long one left out."""
    raw = text if len(text) <= LONGEST else text[:_HEAD] + text[_HEAD - LONGEST :]
    edited = Plainly(raw)
    undone = _fold(edited)
    return View(raw, edited.text, undone)


def _fold(edited: Edited) -> Mapping[str, int]:
    """Undoes every way of hiding, and tells how often each of those was met that take more than one sign."""
    undone: dict[str, int] = {}
    if not edited.text.isascii():
        if _MARK_APART.search(edited.text):
            edited.sub(_APART, _composed)
        edited.translate(plain())
    else:
        edited.lower()
        if _ASCII_CONTROLS.search(edited.text):
            edited.sub(_ASCII_CONTROLS, _nothing)
    for _ in range(_ROUNDS):
        before = edited.text
        for stage in _STAGES:
            if stage.needs(edited.text):
                text = edited.text
                edited.sub(stage.pattern, stage.undo(text))
                if edited.text != text:
                    undone[stage.trick] = undone.get(stage.trick, 0) + 1
        if edited.text == before:
            break
    return undone


def _composed(match: "re.Match[str]") -> str:
    return unicodedata.normalize("NFC", match.group())


def _nothing(match: "re.Match[str]") -> str:
    return ""
