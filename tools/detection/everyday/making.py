"""Ordinary messages with links, numbers and prices, from patterns and from rows; the same seed makes the same ones."""

import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec

from tools.detection.augment import Lesson
from tools.detection.everyday.slots import filled

LANGUAGES = ("zh", "en", "ru")
SOURCE = "everyday_{}"
ROWS = 3000
"""How many messages of their own are made for each language."""
SHARE = 0.06
"""Of how many ordinary rows there is another with a link, a number or a name in it."""
ADS_SHARE = 0.06
"""Of how many advertisements there is another with a link to a known site or a number that tells nothing."""

_FOLDER = Path(__file__).parent
_ESCAPED = re.compile(r"\\(.)")
_CHOICE = re.compile(r"\(([^()]*)\)(\??)")
_SIGN = re.compile(r"\[([^\]]+)\](\??)|(.|\{[a-z]+\})\?")
_ASIDE = 0xE000  # escaped signs wait in a range for private use
_ADDED = {
    "zh": ("{any}", "{any}", "{known}", "{code}", "{phone}", "{meet}", "{order}", "{price}元", "{date}", "@{user}"),
    "en": ("{any}", "{any}", "{known}", "{code}", "{enphone}", "{meet}", "{order}", "${price}", "{date}", "@{user}"),
    "ru": ("{any}", "{any}", "{known}", "{code}", "{ruphone}", "{meet}", "{order}", "{price} р", "{date}", "@{user}"),
}
_ADDED_TO_ADS = ("{known}", "{known}", "{code}", "{date}", "{any}")


def everyday(lessons: Sequence[Lesson], seed: int) -> list[Lesson]:
    """Messages of their own for each language that the lessons are in, and lessons with something ordinary added."""
    scripts = {language_of(lesson.text) for lesson in lessons}
    made = [lesson for language in sorted(scripts) for lesson in messages(language, seed)]
    for lesson in lessons:
        chance = Random(f"{seed}:everyday:{lesson.source}:{lesson.text}")  # noqa: S311 (it hides nothing)
        if chance.random() >= (ADS_SHARE if lesson.ad else SHARE):
            continue
        language = language_of(lesson.text)
        added = filled(chance.choice(_ADDED_TO_ADS if lesson.ad else _ADDED[language]), language, chance)
        text = f"{added} {lesson.text}" if chance.random() < 0.4 else f"{lesson.text} {added}"
        made.append(msgspec.structs.replace(lesson, text=text, made="everyday"))
    return made


def messages(language: str, seed: int, rows: int = ROWS) -> list[Lesson]:
    """Messages made from the patterns of a language, none twice; those of one pattern are one origin."""
    patterns = (_FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    chance = Random(f"{seed}:everyday:{language}")  # noqa: S311 (it hides nothing)
    made: dict[str, Lesson] = {}
    for at in range(rows):
        pattern = patterns[at % len(patterns)]
        text = written(pattern, language, chance).strip()
        if text and text not in made:
            made[text] = Lesson(text, False, SOURCE.format(language), pattern, "everyday")
    return list(made.values())


def written(pattern: str, language: str, chance: Random) -> str:
    """A message after a pattern: one of ``(this|that)`` or ``[.,]``, perhaps ``that?``, something for ``{slot}``."""
    pattern = _ESCAPED.sub(lambda found: chr(_ASIDE + ord(found[1])), pattern)
    while (found := _CHOICE.search(pattern)) is not None:
        chosen = "" if found[2] and chance.random() < 0.5 else chance.choice(found[1].split("|"))
        pattern = pattern[: found.start()] + chosen + pattern[found.end() :]
    pattern = _SIGN.sub(lambda found: _sign(found, chance), pattern)
    pattern = "".join(chr(ord(sign) - _ASIDE) if _ASIDE <= ord(sign) < _ASIDE + 0x80 else sign for sign in pattern)
    return filled(pattern, language, chance)


def _sign(found: "re.Match[str]", chance: Random) -> str:
    if (found[1] and not found[2]) or chance.random() < 0.5:
        return chance.choice(found[1]) if found[1] else found[3]
    return ""


def language_of(text: str) -> str:
    """The language whose patterns suit a text, by its script."""
    if any("㐀" <= sign <= "鿿" for sign in text):
        return "zh"
    return "ru" if any("а" <= sign <= "я" for sign in text.lower()) else "en"
