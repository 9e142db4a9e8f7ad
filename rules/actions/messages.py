"""What is done to a message: deleting it, pinning it, holding it until staff decide."""

from collections.abc import Iterator

from rules.buttons import button, place_name, with_typed
from rules.capability import Capability
from rules.cases import kept_up_to_date
from rules.changes import HoldMessage
from rules.effects import DeleteMessage, PinMessage
from rules.events import Event, message_of, subject_of
from rules.facts import Facts
from rules.step import TEXT_EVENTS, Action, Outcome, Remark, RuleContext
from rules.text import key
from rules.values import Message
from rules.wording import excerpt, filling, name_of, tell, telling, to_staff

SURE = 0.9
"""The probability from which the pieces of a message that was sent in several are removed with the last of them."""


def removal(group: str, message: Message) -> Iterator[DeleteMessage]:
    """The removal of a message, and of the others of its album: each of them may carry the advertisement."""
    for part in (message.id, *message.parts):
        yield DeleteMessage(group=group, message=part)


class Delete(Action):
    """Remove the message.

    ```yaml
    delete:
    ```
    """

    step = "delete"
    kinds = TEXT_EVENTS
    needs = frozenset({Capability.DELETE})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        message = message_of(event)
        if message is not None:
            yield from removal(event.group.id, message)
            for piece in _pieces(facts):
                yield DeleteMessage(group=event.group.id, message=piece)


def _pieces(facts: Facts) -> tuple[str, ...]:
    """Earlier messages of the author that are one advertisement with this one, by a detector that is sure of it."""
    sure = (verdict for verdict in facts.verdicts.values() if verdict.also and verdict.score >= SURE)
    return next((verdict.also for verdict in sure), ())


class Pin(Action):
    """Pin the message to the top of the group.

    ```yaml
    pin:
    ```
    """

    step = "pin"
    kinds = TEXT_EVENTS
    needs = frozenset({Capability.PIN})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        message = message_of(event)
        if message is not None:
            yield PinMessage(group=event.group.id, message=message.id)


class Hold(Action):
    """Take the message out of sight until staff approve or reject it; its author is told so.

    ```yaml
    hold:
    ```
    """

    step = "hold"
    kinds = TEXT_EVENTS
    needs = frozenset({Capability.DELETE})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        message = message_of(event)
        if message is None:
            return
        number = facts.group.next_review
        yield from removal(event.group.id, message)
        yield HoldMessage(
            rule=rule.id,
            member=message.author.id,
            name=name_of(event, facts),
            text=facts.reading.text or message.text,
            message=message.id,
        )
        words = filling(event, facts, rule, number=number)
        said = tell(event, facts, key("hold.private", **words), key("hold.public", **words))
        yield telling(said, self.step, message.author.id)
        place = place_name(facts.settings)
        buttons = tuple(button(verb, f"/{verb} {number} {place}") for verb in ("approve", "reject"))
        buttons = (*buttons, button("why", f"/why {message.id.removeprefix(event.group.id)} {place}"))
        more = {"member": subject_of(event) or "", "text": excerpt(facts.reading.text or message.text)}
        waits = key("hold.staff", **filling(event, facts, rule, number=number, **more))
        asked = to_staff(facts, with_typed(waits, buttons, facts), buttons)
        if asked is None:
            yield Remark("hold: there is no staff room to tell (staff: room)")
        else:
            yield kept_up_to_date(asked, facts.settings, number, "review")
