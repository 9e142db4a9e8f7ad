"""More to learn from: the advertisements hidden by tricks, padded with ordinary words, and the ordinary with tricks."""

from collections.abc import Sequence
from random import Random

import msgspec

from tools.detection.artefacts import neutral
from tools.detection.data import Row

HARD = ("pinyin", "homophones", "reversed", "emoji", "homoglyphs")
"""The tricks that folding does not undo whole."""


class Lesson(msgspec.Struct, frozen=True):
    """One text to learn from, the source it comes from, and which text it was made of."""

    text: str
    ad: bool
    source: str
    origin: str
    made: str = ""


def plain(rows: Sequence[Row]) -> list[Lesson]:
    """The rows themselves, without the marks of their sources."""
    return [Lesson(neutral(row.text, row.source), row.ad, row.source, row.text) for row in rows]


def variants(lessons: Sequence[Lesson], seed: int, tricks: float, padding: float) -> list[Lesson]:
    """For a share of the lessons another in disguise; of the ordinary too, so that a trick alone is no proof."""
    pools = _pools(lessons)
    made: list[Lesson] = []
    for lesson in lessons:
        chance = Random(f"{seed}:{lesson.source}:{lesson.text}")  # noqa: S311 (it hides nothing)
        share = 1.0 if lesson.ad else 0.25
        if chance.random() < tricks * share:
            made.append(_tricked(lesson, chance))
        pool = pools.get(_script(lesson.text))
        if pool and chance.random() < padding * (1.0 if lesson.ad else 0.4):
            made.append(_padded(lesson, pool, chance))
    return [lesson for lesson in made if lesson.text.strip()]


def _tricked(lesson: Lesson, chance: Random) -> Lesson:
    from tools.detection import tricks  # noqa: PLC0415 (its libraries are only needed here)

    name = chance.choice(HARD if chance.random() < 0.7 else tricks.NAMES)
    return msgspec.structs.replace(lesson, text=tricks.apply(name, lesson.text, chance), made=name)


def _padded(lesson: Lesson, pool: Sequence[str], chance: Random) -> Lesson:
    """Ordinary texts of the same script before and after, one to four times as long as the text itself."""
    wanted = max(20, round(len(lesson.text) * chance.uniform(1, 4)))
    before: list[str] = []
    after: list[str] = []
    while wanted > 0:
        ordinary = chance.choice(pool)[: wanted + 40]
        wanted -= max(1, len(ordinary))
        (before if chance.random() < 0.5 else after).append(ordinary)
    joint = chance.choice((" ", "\n", "。" if _script(lesson.text) == "han" else ". "))
    return msgspec.structs.replace(lesson, text=joint.join([*before, lesson.text, *after]), made="padded")


def _pools(lessons: Sequence[Lesson]) -> dict[str, list[str]]:
    pools: dict[str, list[str]] = {}
    for lesson in lessons:
        if not lesson.ad:
            pools.setdefault(_script(lesson.text), []).append(lesson.text)
    return pools


def _script(text: str) -> str:
    if any("㐀" <= sign <= "鿿" for sign in text):
        return "han"
    return "cyrillic" if any("а" <= sign <= "я" for sign in text.lower()) else "latin"
