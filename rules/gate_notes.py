"""What staff are told of those who stand at the entry gate, with buttons to decide."""

from collections.abc import Iterator, Sequence

from rules.buttons import bare, place_name, with_typed
from rules.effects import SendText
from rules.events import Event
from rules.facts import Facts
from rules.state import GateNote
from rules.step import RuleContext
from rules.text import key
from rules.values import Button
from rules.wording import filling, plain_name, to_staff

LISTED = 20
"""People that staff are told of by name in one message."""


def told(notes: Sequence[GateNote], event: Event, facts: Facts, rule: RuleContext) -> Iterator[SendText]:
    """What staff are told of these, with buttons to decide."""
    items = [
        key(f"gate.note.{note.stands}_{note.why}", name=plain_name(note.name), member=note.member)
        for note in notes[:LISTED]
    ]
    if len(notes) > LISTED:
        items.append(key("alerts.silent_more", others=len(notes) - LISTED))
    held = [note for note in notes if note.stands == "held"]
    several = "_all" if len(held) > 1 else ""
    whom = "all" if several else bare(held[0].member) if held else ""
    acts = tuple(
        Button(label=key(f"gate.staff.{act}{several}"), data=f"/{act} {whom} {place_name(facts.settings)}")
        for act in ("letin", "turnaway")
        if held
    )
    words = filling(event, facts, rule, items=tuple(items), count=len(notes))
    effect = to_staff(facts, with_typed(key("alerts.gate", **words), acts, facts), buttons=acts)
    if effect is not None:
        yield effect
