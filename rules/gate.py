"""The entry gate's challenges: their names and codes, what a button of theirs carries, and which answers are right.

Everything follows from the ids of events and the group's secret, so that a decision can be repeated. A code is no
chance, and yet nobody can know it who joins and reads what stands behind the buttons: that is worked out without the
secret, the letters and their order are not.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal

import msgspec
from msgspec import Struct

from rules.capability import Capability
from rules.config import GateSpec
from rules.durations import Duration
from rules.facts import GroupSettings
from rules.folding import says
from rules.section import Section
from rules.state import Challenge, GroupState, Waiting
from rules.text import key
from rules.values import Button

CLOCK, SHOW, REPORT, ANSWER, NOTES = "@gate.clock", "@gate.show", "@gate.report", "@gate.answer", "@gate.notes"
TIMES = frozenset({CLOCK, SHOW, REPORT, ANSWER, NOTES})
"""What wakes a gate. No schedule of a file can have such a name."""
SHARED = timedelta(minutes=5)
"""Who joins within this time of the first is asked in the same message."""
PAUSE = timedelta(seconds=15)
"""How long further joiners are gathered before the message is brought up to date."""
SLOW_PAUSE = timedelta(minutes=1)
"""The same where a message cannot be changed and another has to take its place."""
PATIENCE = timedelta(minutes=10)
"""A challenge of which nothing is heard for so long was not delivered."""
LATE = timedelta(minutes=1)
"""A time that comes so much too late was missed: the bot was away, and answers may be on their way to it."""
GRACE = timedelta(minutes=5)
"""What everybody gets then."""
NOTICED = timedelta(minutes=1)
"""Within this time of being silenced somebody may have written before it took hold."""
REMEMBERED = timedelta(days=30)
"""Who passed is not asked again within this time."""
TOGETHER = timedelta(minutes=1)
CROWD = 3
"""With so many who joined together, their message stays for those who follow, though all have answered."""

_LETTERS = "ACDEFHJKLMPRTUWXY"  # without those that look like others: B and 8, G and 6, I and 1, O and 0, U and V, ...
_LONG, _CHOICES = 4, 6
_PRESSED = re.compile(r"gate:([0-9a-f]{12}):(\d{1,2})")
Kind = Literal["button", "choices", "captcha", "text"]


class Gate(Section):
    """A gate as its rules know it: the operator's settings, the groups it is for, and the batch of the welcome.

    ``batch`` is None where nobody is greeted; ``door``: who writes its word to the bot alone is asked there.
    """

    gate: GateSpec = GateSpec()
    groups: tuple[str, ...] = ()
    batch: Duration | None = None
    door: bool = False

    def asks_inside(self, settings: GroupSettings) -> bool:
        """Whether it asks those who are in the group: where it has a door and could not be shut, it does not."""
        can = settings.capabilities
        needed = {Capability.DELETE} if self.kind(settings) == "text" else {Capability.MUTE, Capability.DELETE}
        return not self.door or bool(can & needed)

    def kind(self, settings: GroupSettings) -> Kind:
        """How somebody answers in a group: a question is put in words where the platform has no buttons."""
        spec = self.gate
        if spec.kind != "question":
            return spec.kind
        return "choices" if spec.choices and Capability.BUTTONS in settings.capabilities else "text"


def gate_here(gates: Mapping[str, Gate], name: str, settings: GroupSettings) -> Gate | None:
    """A gate by its onboarding's id, where the file has it for this group."""
    gate = gates.get(name)
    return gate if gate is not None and settings.key in gate.groups else None


class Answer(Struct, frozen=True, omit_defaults=True):
    """What somebody answered to the bot alone: a text, or the ``data`` of a button with its ``press``."""

    text: str = ""
    data: str = ""
    press: str | None = None

    def encoded(self) -> str:
        """As the ``data`` of an event."""
        return msgspec.json.encode(self).decode()


def read_answer(data: str | None) -> Answer:
    """The answer that an event's data tells. Raises ``msgspec.DecodeError`` on anything else."""
    return msgspec.json.decode(data or "", type=Answer)


def new_id(event: str) -> str:
    """The id of the challenge that an event opens."""
    return blake2b(event.encode(), digest_size=6).hexdigest()


def code_of(challenge: str, secret: str) -> str:
    """The letters that a challenge's picture shows."""
    return _letters(f"code of {challenge}", secret)


def options(challenge: str, secret: str) -> tuple[str, ...]:
    """What is to choose from below the picture: its code and others, in an order that says nothing."""
    found, number = [code_of(challenge, secret)], 0
    while len(found) < _CHOICES:
        other = _letters(f"{number} beside {challenge}", secret)
        if other not in found:
            found.append(other)
        number += 1
    return tuple(sorted(found, key=lambda each: _hashed(f"{challenge} {each}", secret)))


def buttons(challenge: str, kind: Kind, spec: GateSpec, secret: str) -> tuple[Button, ...]:
    """What stands below a challenge."""
    if kind == "button":
        return (Button(label=key("gate.human"), data=data_of(challenge, 0)),)
    return tuple(
        Button(text=each, data=data_of(challenge, index))
        for index, each in enumerate(answers(challenge, kind, spec, secret))
    )


def answers(challenge: str, kind: Kind, spec: GateSpec, secret: str) -> tuple[str, ...]:
    """What each button stands for, by its number; a button alone stands for no words."""
    if kind == "button":
        return ("",)
    if kind == "captcha":
        return options(challenge, secret)
    return tuple(spec.choices) if kind == "choices" else ()


def data_of(challenge: str, index: int) -> str:
    """What the button of an answer carries; ``pressed`` reads it."""
    return f"gate:{challenge}:{index}"


def pressed(data: str) -> tuple[str, int] | None:
    """The challenge and the number of the answer that a button of a gate stands for; None for any other button."""
    found = _PRESSED.fullmatch(data)
    return (found[1], int(found[2])) if found is not None else None


def chosen(challenge: str, index: int, kind: Kind, spec: GateSpec, secret: str) -> str | None:
    """The answer that was chosen; None where there is none of this number."""
    shown = answers(challenge, kind, spec, secret)
    return shown[index] if index < len(shown) else None


def is_right(answer: str, challenge: str, kind: Kind, spec: GateSpec, secret: str) -> bool:
    """Whether an answer lets its writer in."""
    if kind == "button":
        return True
    if kind == "captcha":
        return answer == code_of(challenge, secret)
    if not spec.answer_any:
        return bool(answer.strip())
    if kind == "choices":
        return answer in spec.answer_any
    return any(says(answer, right) for right in spec.answer_any)


def resting(spec: GateSpec, group: GroupState, now: datetime) -> bool:
    """Whether a gate asks nobody just now, because no rule has asked for it."""
    until = group.gate_required_until
    return spec.required == "when_asked" and (until is None or until <= now)


def next_look(challenge: Challenge, ends: Iterable[datetime]) -> datetime:
    """When something is to be seen to next; ``ends`` is when the time is over of those who wait on.

    Those whose time ends within a minute are seen to together, and told of together: the first have a little longer.
    """
    first, *others = sorted(ends) or [challenge.at + SHARED]
    return max([first, *(each for each in others if each <= first + TOGETHER)])


def over(waiting: Waiting) -> datetime:
    """When somebody's time is over, or the question counts as not delivered."""
    return waiting.until if waiting.until is not None else waiting.since + PATIENCE


def _letters(of: str, secret: str) -> str:
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in _hashed(of, secret)[:_LONG])


def _hashed(text: str, secret: str) -> bytes:
    return blake2b(text.encode(), key=secret.encode()[: blake2b.MAX_KEY_SIZE]).digest()


def timer(name: str, challenge: str) -> str:
    """The name of one challenge's timer."""
    return f"{name}#{challenge}"


def challenge_in(schedule: str) -> tuple[str, int]:
    """The challenge, and the revision of its text, that an event's full name is about."""
    challenge, _, revision = schedule.partition("#")[2].partition("/")
    return challenge, int(revision) if revision.isdigit() else 0
