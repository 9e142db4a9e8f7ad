"""Every hit of a replay, one by one: as lines for people, or as a table for a spreadsheet."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.replay_engine import Outcome
from bot.speech import Speech
from rules.decision import FIRED, SHADOW, RuleTrace, Trace
from rules.effects import kind_of
from rules.events import message_of, subject_of
from rules.logic import Logic

_COLUMNS = ("at", "timezone", "group", "author", "member", "rule", "outcome", "effects", "saw", "text", "message")


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule that held on one event: when (on the group's wall clock), who, what, and what its conditions saw."""

    at: datetime
    timezone: str
    group: str
    author: str
    member: str
    rule: str
    outcome: str
    effects: tuple[str, ...]
    saw: tuple[str, ...]
    text: str
    message: str


class HitTable:
    """A CSV file of hits, as spreadsheets read it; nothing in it is taken for a formula. Raises ``OSError``."""

    def __init__(self, path: Path, speech: Speech) -> None:
        from storage.export import guarded  # noqa: PLC0415 - a replay that writes no table needs no storage

        self.count = 0
        self._guarded = guarded
        self._speech = speech
        self._file: TextIO = path.open("w", encoding="utf-8-sig", newline="")  # the mark tells Excel that it is UTF-8
        self._rows = csv.writer(self._file)
        self._rows.writerow([speech(f"column.{column}") for column in _COLUMNS])

    def add(self, hit: Hit) -> None:
        """One more row."""
        self.count += 1
        word = self._speech.word
        told = (f"{hit.at:%Y-%m-%d %H:%M:%S}", hit.timezone, hit.group, hit.author, hit.member, hit.rule)
        done = (word(hit.outcome), ", ".join(map(word, hit.effects)), "; ".join(hit.saw), hit.text, hit.message)
        self._rows.writerow([self._guarded(cell) for cell in (*told, *done)])

    def close(self) -> None:
        """Write out what is left."""
        self._file.close()


def hits_of(outcome: Outcome) -> Iterator[Hit]:
    """The hits of one event, in the order of the rules."""
    trace = outcome.decision.trace
    for part in trace.rules if trace is not None else ():
        if trace is not None and part.outcome in (FIRED, SHADOW):
            yield _hit(part, trace, outcome)


def _hit(part: RuleTrace, trace: Trace, outcome: Outcome) -> Hit:
    event, settings = outcome.event, outcome.settings
    message = message_of(event)
    member = subject_of(event) or ""
    name = message.author.name if message is not None else getattr(getattr(event, "member", None), "name", "")
    text = message.text if message is not None else ""
    if message is not None and not text:
        text = " ".join(f"[{media.kind}]" for media in message.media)
    return Hit(
        at=settings.local(event.at),
        timezone=str(settings.timezone),
        group=settings.name or event.group.name or settings.key,
        author=name or member,
        member=member,
        rule=part.rule,
        outcome=part.outcome,
        effects=tuple(dict.fromkeys(kind_of(effect) for effect in part.effects)),
        saw=tuple(_saw(part, trace)),
        text=text or f"({event.kind})",
        message=message.id if message is not None else event.id,
    )


def _saw(part: RuleTrace, trace: Trace) -> Iterator[str]:
    """Each condition that held, with what it saw."""
    for condition, held, _ in part.notes:
        if held and not isinstance(condition, Logic):
            seen = condition.seen(trace.event, trace.facts)
            told = ", ".join(map(str, seen)) if isinstance(seen, (list, tuple)) else seen
            yield condition.step if told is None else f"{condition.step}: {told}"
