"""Saying a complaint in the operator's language: English is the source, translated when it is printed.

A template is a sentence with ``{placeholders}``. What stands in one is kept as it is, but for some sorts: ``{what...}``
is a word of the language's vocabulary (or something quoted), ``{why...}`` a sentence that is itself translated,
``{maybe...}`` one that is where it can be, ``{token...}`` has no space in it, and ``{key}`` no backtick.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from rules.errors import Complaint
from rules.language import chinese

_PLACE = re.compile(r"\{([a-z_]+)\}")
_TOKEN, _KEY, _ANYTHING = r"(?P<{}>\S+)", r"(?P<{}>[^`]+?)", "(?P<{}>.+?)"
_QUOTED = re.compile(r"`.*`", re.DOTALL)
_DEEPEST = 8
"""Sentences inside sentences."""


class Phrasebook:
    """Sentences of one language by their English. What is not in it is nothing: the English is said."""

    def __init__(self, templates: Iterable[Mapping[str, str]], words: Mapping[str, str]) -> None:
        """``templates`` in the order in which to try them."""
        self._templates = [each for some in templates for each in _compiled(some)]
        self._words = words

    def say(self, message: str, depth: int = 0) -> str | None:
        """The sentence in this language, or None."""
        if depth > _DEEPEST:
            return None
        for pattern, words in self._templates:
            match = pattern.fullmatch(message)
            filled = self._fill(match.groupdict(), depth) if match is not None else None
            if filled is not None:
                parts = enumerate(_PLACE.split(words))
                return "".join(filled[part] if odd % 2 else part for odd, part in parts)
        return None

    def _fill(self, found: Mapping[str, str], depth: int) -> dict[str, str] | None:
        filled: dict[str, str] = {}
        for name, text in found.items():
            told: str | None = text
            if name.startswith("what"):
                told = self._words.get(text) or (text if _QUOTED.fullmatch(text) else None)
            elif name.startswith("why"):
                told = self.say(text, depth + 1)
            elif name.startswith("maybe"):
                told = self.say(text, depth + 1) or text
            if told is None:
                return None
            filled[name] = told
        return filled


@cache
def phrasebook(language: str) -> Phrasebook | None:
    """The phrases of a language such as ``zh-CN``; None for English and for one that has none."""
    if not language.casefold().startswith("zh"):
        return None
    return Phrasebook((chinese.RESULTS, chinese.ENDINGS, chinese.SENTENCES, chinese.JOINED), chinese.WORDS)


def said(complaint: Complaint, language: str) -> Complaint:
    """The complaint in a language, or as it is where it cannot be said in it."""
    book = phrasebook(language)
    told = book.say(complaint.message) if book is not None else None
    return complaint if told is None else Complaint(complaint.place, told, complaint.path)


def _compiled(templates: Mapping[str, str]) -> Iterable[tuple[re.Pattern[str], str]]:
    """Patterns of templates; those with most words of their own first, as they are the most specific."""

    def own(template: str) -> int:
        return -len(_PLACE.sub("", template))

    for template in sorted(templates, key=own):
        pattern = "".join(
            _pattern(part).format(part) if odd % 2 else re.escape(part)
            for odd, part in enumerate(_PLACE.split(template))
        )
        yield re.compile(pattern, re.DOTALL), templates[template]


def _pattern(place: str) -> str:
    if place == "key":  # one quoted word: it does not reach into the next sentence
        return _KEY
    return _TOKEN if place.startswith("token") else _ANYTHING
