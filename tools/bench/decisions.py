"""Microseconds per decision: rulebooks of 10 to 500 rules, 10 to 100,000 phrases, messages that nothing matches."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import yaml

from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.compile import compile_rulebook
from rules.engine import decide
from rules.events import MessagePosted
from rules.facts import Facts
from rules.folding import fold
from rules.language import load
from rules.memory import GroupMemory
from rules.phrases import PhraseIndex
from rules.rulebook import Rulebook
from rules.values import Group, Member, Message
from tools.bench.result import Figure

CHAT = "main:readers"
AT = datetime(2026, 10, 7, 4, tzinfo=UTC)
LETTERS = 200
LATIN = "abcdefghijklmnopqrstuvwxyz"
ENGLISH = """
the of and to in he was that his it with for as her had on at by which have or from this him but all she they
were my are me one their so an said them we who would been will no when there if more out up into do any your
what has man could than other some only time very about like little now book read page chapter story house night
never where long before great after good again people down own way every through back quite first
"""
CHINESE = "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天"
COMMON_RULES = ("links", "contact", "flood", "same", "long", "pattern")


class _OneFile:
    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, path: str) -> bytes:
        return self._text.encode()

    def glob(self, pattern: str) -> list[str]:
        return []


def figures() -> Iterator[Figure]:
    """Everything that is measured here."""
    english, chinese = _messages(ENGLISH.split(), 1, " "), _messages(CHINESE, 6, "，")
    for count in (10, 50, 500):
        rulebook = rulebook_of(count, 1000)
        for language, texts in (("English", english), ("Chinese", chinese)):
            aim = 60.0 if count == 50 else None
            value = _microseconds(_decisions(rulebook, texts))
            yield Figure(f"decision, {count} rules, 1,000 phrases, {language}", value, "µs", aim)
    base: dict[str, float] = {}
    for phrases in (10, 1000, 100_000):
        rulebook = rulebook_of(50, phrases)
        for language, texts in (("English", english), ("Chinese", chinese)):
            value = _microseconds(_decisions(rulebook, texts))
            least = base.setdefault(language, value)
            aim = 2 * least if phrases == 100_000 else None
            note = "" if phrases == 10 else f"{value / least:.2f} times that of 10 phrases"
            yield Figure(f"decision, 50 rules, {phrases:,} phrases, {language}", value, "µs", aim, note=note)
    rulebook = rulebook_of(50, 1000)
    yield Figure("the same with facts and memory, English", _microseconds(_lives(rulebook, english)), "µs")
    yield from _beside_re(english)


def rulebook_of(rules: int, phrases: int, hits: str = "") -> Rulebook:
    """A rulebook as operators write them: mostly phrases, one in ten of another kind. ``hits`` is a further phrase."""
    chance = random.Random(7)  # noqa: S311 - the same words every time
    listed = _phrases(phrases, chance)
    config = {
        "platforms": {"main": {"type": "console"}},
        "groups": {"readers": {"platform": "main", "chat": "readers"}},
        "rules": [_rule(number, listed[number::rules], hits if number == 0 else "") for number in range(rules)],
    }
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    loaded = load("bench.yaml", _OneFile(text), builtin_steps(), {})
    return compile_rulebook(loaded, {}, {"main": frozenset(Capability)})[0]


def messages(count: int) -> list[str]:
    """Messages of 200 letters, English and Chinese by turns, that no rule matches."""
    english, chinese = _messages(ENGLISH.split(), 1, " "), _messages(CHINESE, 6, "，")
    return [(english if index % 2 else chinese)[index % len(english)] for index in range(count)]


def posted(text: str, number: int = 0) -> MessagePosted:
    """A message posted in the group."""
    author = Member(f"main:{number % 200}", f"P{number % 200}")
    return MessagePosted(f"main:{number}", Group(CHAT), AT, Message(f"{CHAT}/{number}", author, text, AT))


def _rule(number: int, phrases: list[str], hit: str) -> dict[str, object]:
    conditions: dict[str, object] = {
        "links": {"links": {"not_from": ["wikipedia.org", "ourblog.example"]}},
        "contact": {"contact": "any"},
        "flood": {"same_person": {"messages": 20, "within": "30s"}},
        "same": {"same_text": {"times": 5, "within": "10m"}, "longer_than": 300},
        "long": {"longer_than": 2000},
        "pattern": {"text_matches": r"(?i)\bwin\s+\d+\s+(euro|dollar)s?\b"},
    }
    then: object = ["delete", {"reply": "not here, {name}"}]
    kind = COMMON_RULES[(number // 10) % len(COMMON_RULES)] if number % 10 == 9 else "phrases"
    asked = conditions.get(kind, {"text_has_any": [*phrases, *([hit] if hit else [])] or ["nothing at all"]})
    return {"id": f"rule-{number}", "when": "message", "if": asked, "then": then}


def _phrases(count: int, chance: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        letters, size = (LATIN, 9) if chance.random() < 0.5 else (CHINESE, 5)
        found["".join(chance.choices(letters, k=size))] = None
    return list(found)


def _messages(words: Sequence[str], together: int, gap: str) -> list[str]:
    chance = random.Random(11)  # noqa: S311 - the same words every time
    made = []
    for _ in range(50):
        text = ""
        while len(text) < LETTERS:
            text += "".join(chance.choices(words, k=chance.randint(1, together))) + gap
        made.append(text[:LETTERS])
    return made


def _decisions(rulebook: Rulebook, texts: list[str]) -> Callable[[], int]:
    memory = GroupMemory(CHAT, rulebook.horizon)
    settings = rulebook.groups[CHAT].settings
    events = [posted(text) for text in texts]
    facts: list[Facts] = [memory.facts_for(event, settings) for event in events[:5]]
    fresh = [facts[index % 5] for index in range(len(events))]

    def run() -> int:
        for event, known in zip(events, fresh, strict=True):
            if decide(event, known, rulebook).effects:
                raise AssertionError("nothing was to match")
        return len(events)

    return run


def _lives(rulebook: Rulebook, texts: list[str]) -> Callable[[], int]:
    settings = rulebook.groups[CHAT].settings
    events = [posted(text, number) for number, text in enumerate(texts)]

    def run() -> int:
        memory = GroupMemory(CHAT, rulebook.horizon)
        for event in events:
            memory.settle(event, decide(event, memory.facts_for(event, settings), rulebook), settings)
        return len(events)

    return run


def _beside_re(texts: list[str]) -> Iterator[Figure]:
    """Finding phrases alone, beside what one would write without an index: one big alternation of ``re``."""
    for count in (10, 1000, 100_000):
        phrases = _phrases(count, random.Random(7))  # noqa: S311 - the same words every time
        index = PhraseIndex(phrases)

        def ours(index: PhraseIndex = index) -> int:
            for text in texts:
                index.found_in(fold(text))
            return len(texts)

        mine = _microseconds(ours)
        yield Figure(f"folding and finding {count:,} phrases", mine, "µs")
        pattern = re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE)
        few = texts if count < 100_000 else texts[:1]

        def theirs(pattern: re.Pattern[str] = pattern, few: list[str] = few) -> int:
            for text in few:
                pattern.search(text)
            return len(few)

        value = _microseconds(theirs, seconds=0.3)
        yield Figure(
            f"  the same as one alternation of `re`, {count:,}", value, "µs", note=f"{value / mine:,.1f} times ours"
        )


def _microseconds(run: Callable[[], int], seconds: float = 0.8) -> float:
    """Microseconds for one, as the median of the fastest quarter of rounds: others use this machine, too."""
    run()
    rounds: list[float] = []
    end = perf_counter() + seconds
    while perf_counter() < end or len(rounds) < 3:
        began = perf_counter()
        done = run()
        rounds.append((perf_counter() - began) / done)
    rounds.sort()
    return median(rounds[: max(len(rounds) // 4, 1)]) * 1e6
