"""What the words of a message say: phrases, whole words, patterns. Folded, so that disguises do not help."""

import re
from functools import cached_property
from typing import Any, Self

from pydantic import model_validator

from rules.conditions.fields import READABLE, Phrases
from rules.events import Event
from rules.facts import Facts
from rules.folding import fold
from rules.patterns import compile_pattern, needed_phrases
from rules.step import Condition

# A word of letters ends where another letter would go on; beside Chinese characters, where no spaces are, it stands.
_NOT_AFTER, _NOT_BEFORE = r"(?<![^\W぀-ヿ㐀-鿿])", r"(?![^\W぀-ヿ㐀-鿿])"


class _Phrased(Condition):
    scalar = "of"
    gated = True
    kinds = READABLE

    of: Phrases

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(map(fold, self.of))

    def phrases(self) -> tuple[str, ...]:
        return self.of

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        found = facts.reading.phrases
        if self.folded.isdisjoint(found):  # asked of every rule of every message, for the trace
            return None
        return [phrase for phrase, folded in self._pairs if folded in found]

    @cached_property
    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple((phrase, fold(phrase)) for phrase in self.of)


class TextHasAny(_Phrased):
    """The text holds at least one of these phrases, however it is written (full width, capitals, hidden signs).

    ```yaml
    text_has_any: [加微信, 私聊领取, "limited offer"]
    ```
    """

    step = "text_has_any"

    def holds(self, event: Event, facts: Facts) -> bool:
        found = facts.reading.phrases
        return bool(found) and not self.folded.isdisjoint(found)


class TextHasAll(_Phrased):
    """The text holds every one of these phrases, in any order.

    ```yaml
    text_has_all: [兼职, 日结]
    ```
    """

    step = "text_has_all"

    def holds(self, event: Event, facts: Facts) -> bool:
        return self.folded <= facts.reading.phrases


class TextHasWord(_Phrased):
    """The text holds one of these as a whole word: `win` is not found in `window`. For Chinese use `text_has_any`.

    ```yaml
    text_has_word: [spam, casino]
    ```
    """

    step = "text_has_word"

    @cached_property
    def pattern(self) -> "re.Pattern[str]":
        words = "|".join(map(re.escape, sorted(self.folded, key=len, reverse=True)))
        return re.compile(f"{_NOT_AFTER}(?:{words}){_NOT_BEFORE}")

    def holds(self, event: Event, facts: Facts) -> bool:
        found = facts.reading.phrases
        if not found or self.folded.isdisjoint(found):
            return False
        return self.pattern.search(facts.reading.folded) is not None

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        if self.folded.isdisjoint(facts.reading.phrases):
            return None
        return sorted(set(self.pattern.findall(facts.reading.folded))) or None


class TextIs(_Phrased):
    """The whole text is one of these, but for capitals, full width and spaces around it.

    ```yaml
    text_is: ["打卡", "check in"]
    ```
    """

    step = "text_is"

    def holds(self, event: Event, facts: Facts) -> bool:
        found = facts.reading.phrases
        return bool(found) and facts.reading.folded.strip() in self._stripped

    @cached_property
    def _stripped(self) -> frozenset[str]:
        return frozenset(phrase.strip() for phrase in self.folded)

    def phrases(self) -> tuple[str, ...]:
        return tuple(self._stripped)


class TextMatches(Condition):
    r"""The text, as written or folded, matches one of these patterns (RE2: no look-around, no back-references).

    ```yaml
    text_matches: '(?i)\bvx\s*[:：]?\s*[a-z0-9_-]{5,}'
    ```
    """

    step = "text_matches"
    scalar = "of"
    kinds = READABLE

    of: Phrases

    @model_validator(mode="after")
    def _compiles(self) -> Self:
        for pattern in self.of:
            compile_pattern(pattern)
        _ = self._any
        return self

    @cached_property
    def _any(self) -> Any:
        return compile_pattern("|".join(f"(?:{pattern})" for pattern in self.of))

    @cached_property
    def _needed(self) -> frozenset[str]:
        needed = [needed_phrases(pattern) for pattern in self.of]
        return frozenset().union(*needed) if all(needed) else frozenset()

    def phrases(self) -> frozenset[str]:
        return self._needed

    def holds(self, event: Event, facts: Facts) -> bool:
        reading = facts.reading
        needed = self._needed
        if needed and needed.isdisjoint(reading.phrases) and reading.is_composed:
            return False
        if self._any.search(reading.folded_utf8) is not None:
            return True
        return not reading.is_plain and self._any.search(reading.utf8) is not None

    def seen(self, event: Event, facts: Facts) -> str | None:
        for text in (facts.reading.folded_utf8, facts.reading.utf8):
            if (match := self._any.search(text)) is not None:
                found: bytes = match.group()
                return found.decode(errors="replace")[:80]
        return None
