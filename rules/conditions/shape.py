"""How a message looks: its length, its script, its emoji and capitals, and whether it asks."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from rules.conditions.fields import MESSAGES, READABLE, Share
from rules.events import Event
from rules.facts import Facts
from rules.scripts import Script, capitals
from rules.section import listed
from rules.step import Condition

Scripts = Annotated[tuple[Script, ...], BeforeValidator(listed, json_schema_input_type=Script | list[Script])]


class LongerThan(Condition):
    """The message's text is longer than so many characters.

    ```yaml
    longer_than: 500
    ```
    """

    step = "longer_than"
    scalar = "characters"
    kinds = MESSAGES

    characters: int = Field(ge=0)

    def holds(self, event: Event, facts: Facts) -> bool:
        return len(_text(facts)) > self.characters

    def seen(self, event: Event, facts: Facts) -> int:
        return len(_text(facts))


class ShorterThan(Condition):
    """The message's text is shorter than so many characters; a picture without words has none.

    ```yaml
    shorter_than: 5
    ```
    """

    step = "shorter_than"
    scalar = "characters"
    kinds = MESSAGES

    characters: int = Field(ge=1)

    def holds(self, event: Event, facts: Facts) -> bool:
        return len(_text(facts)) < self.characters

    def seen(self, event: Event, facts: Facts) -> int:
        return len(_text(facts))


class LinesOver(Condition):
    """The message's text has more lines than this.

    ```yaml
    lines_over: 15
    ```
    """

    step = "lines_over"
    scalar = "lines"
    kinds = MESSAGES

    lines: int = Field(ge=1)

    def holds(self, event: Event, facts: Facts) -> bool:
        return self.seen(event, facts) > self.lines

    def seen(self, event: Event, facts: Facts) -> int:
        text = _text(facts)
        return text.count("\n") + 1 if text else 0


class EmojiShare(Condition):
    """So much of the message is emoji, and there are at least `count` of them.

    ```yaml
    emoji_share: { at_least: 50%, count: 6 }
    ```
    """

    step = "emoji_share"
    scalar = "at_least"
    kinds = MESSAGES

    at_least: Share
    count: int = Field(default=4, ge=1)

    def holds(self, event: Event, facts: Facts) -> bool:
        count, share = facts.reading.emoji
        return count >= self.count and share >= self.at_least

    def seen(self, event: Event, facts: Facts) -> str:
        count, share = facts.reading.emoji
        return f"{count} emoji, {share:.0%}"


class CapsShare(Condition):
    """So much of the message is IN CAPITALS, of at least `letters` letters.

    ```yaml
    caps_share: { at_least: 70%, letters: 12 }
    ```
    """

    step = "caps_share"
    scalar = "at_least"
    kinds = MESSAGES

    at_least: Share
    letters: int = Field(default=10, ge=1, description="Shorter ones (OK, LOL) do not count.")

    def holds(self, event: Event, facts: Facts) -> bool:
        text = _text(facts)
        if len(text) < self.letters or facts.reading.is_plain:
            return False
        cased, share = capitals(text)
        return cased >= self.letters and share >= self.at_least

    def seen(self, event: Event, facts: Facts) -> str:
        cased, share = capitals(_text(facts))
        return f"{share:.0%} of {cased} letters"


class ScriptShare(Condition):
    """So much of the text is written in these scripts, or in any but these: han, latin, cyrillic, arabic, ...

    ```yaml
    script: { not_in: [han, latin], at_least: 30% }
    ```
    """

    step = "script"
    scalar = "of"
    kinds = READABLE

    of: Scripts = ()
    not_in: Scripts = ()
    at_least: Share = Field(default=0.5, description="The share of all letters.")
    letters: int = Field(default=4, ge=1, description="Texts with fewer letters are not judged.")

    @model_validator(mode="after")
    def _is_one_list(self) -> Self:
        if bool(self.of) == bool(self.not_in):
            raise ValueError("say which: a list of scripts, or {not_in: [han, latin]}")
        return self

    def holds(self, event: Event, facts: Facts) -> bool:
        reading = facts.reading
        return reading.letters >= self.letters and self._share(facts) >= self.at_least

    def seen(self, event: Event, facts: Facts) -> str:
        return f"{self._share(facts):.0%} of {facts.reading.letters} letters"

    def _share(self, facts: Facts) -> float:
        reading = facts.reading
        if not reading.letters:
            return 0.0
        inside = sum(map(reading.letters_in, self.of or self.not_in)) / reading.letters
        return inside if self.of else 1 - inside


class IsQuestion(Condition):
    """The message asks something: it ends in a question mark, or is worded as a question (吗, 怎么, how, anyone).

    ```yaml
    is_question: true
    ```
    """

    step = "is_question"
    scalar = "asks"
    kinds = MESSAGES

    asks: bool = True

    def holds(self, event: Event, facts: Facts) -> bool:
        return facts.reading.is_question is self.asks


def _text(facts: Facts) -> str:
    message = facts.reading.message
    return message.text if message is not None else ""
