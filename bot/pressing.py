"""Every press of a button is answered once: by what rules or a command say, else by nothing but the end of waiting."""

from rules.capability import Capability
from rules.changes import Relay
from rules.decision import Decision
from rules.effects import AnswerButton, Lane
from rules.events import ButtonPressed, CommandIssued, Event
from rules.rulebook import Rulebook
from storage.outbox import Delivery

RULE = "buttons"
"""By which rule such an answer is recorded."""


def press_of(event: Event) -> str | None:
    """The press that an event asks to be answered."""
    return event.press if isinstance(event, (ButtonPressed, CommandIssued)) else None


def place_of(event: Event) -> str:
    """The id of the group by way of which a press is answered: the one in which it happened.

    Alone with the bot it is the group that the press is about: such a talk is none that is kept.
    """
    origin = event.origin.group if isinstance(event, CommandIssued) and event.origin is not None else None
    return event.group.id if origin is None or origin.kind == "private" else origin.id


def answered(event: Event, decision: Decision, rulebook: Rulebook) -> Decision:
    """The decision with exactly one answer to the press; the first that was asked for counts.

    A command that is passed on is answered where it is carried out.
    """
    press = press_of(event)
    if press is None or any(isinstance(change, Relay) for change in decision.changes):
        return decision
    kept = [
        (effect, rule)
        for effect, rule in zip(decision.effects, decision.by, strict=True)
        if not isinstance(effect, AnswerButton) or effect.press != press
    ]
    book = rulebook.group(place_of(event))
    if book is not None and Capability.ANSWER_BUTTONS in book.settings.capabilities:
        answers = (
            (effect, rule)
            for effect, rule in zip(decision.effects, decision.by, strict=True)
            if isinstance(effect, AnswerButton) and effect.press == press
        )
        kept.append(next(answers, (AnswerButton(group=book.settings.chat, press=press), RULE)))
    decision.effects = tuple(effect for effect, _ in kept)
    decision.by = tuple(rule for _, rule in kept)
    return decision


def unheard(event: Event, rulebook: Rulebook) -> list[Delivery]:
    """The answer to a press in a place that is not kept, such as a talk with the bot alone.

    It goes by way of a group of the same platform: a press needs no place, and the talk is none that is remembered.
    """
    press = press_of(event)
    if press is None:
        return []
    platform = event.group.id.partition(":")[0]
    books = (book.settings for book in rulebook.groups.values())
    able = (
        settings.chat
        for settings in books
        if settings.chat.partition(":")[0] == platform and Capability.ANSWER_BUTTONS in settings.capabilities
    )
    chat = next(able, None)
    if chat is None:
        return []
    effect = AnswerButton(group=chat, press=press)
    return [
        Delivery(
            event=event.id, position=0, group=chat, lane=Lane.MODERATION, effect=effect, rule=RULE, created_at=event.at
        )
    ]
