"""Deliveries that follow from another one: what is said where a private word was refused, a notice's own removal."""

from datetime import datetime, timedelta

from rules.effects import DeleteMessage, Lane, SendPrivate, SendText
from storage.outbox import Delivery

_INSTEAD, _CLEAN_UP = 1_000, 2_000
"""What is added to a delivery's position: whatever follows from it has a key of its own, the same at every try."""


def instead_of(refused: Delivery) -> Delivery | None:
    """What is said in the group where a member could not be told alone; None where nothing is to be said."""
    effect = refused.effect
    if not isinstance(effect, SendPrivate) or effect.otherwise is None:
        return None
    return Delivery(
        event=refused.event,
        position=_INSTEAD + refused.position,
        group=refused.group,
        lane=refused.lane,
        effect=effect.otherwise,
        rule=refused.rule,
    )


def clean_up(sent: Delivery, message: str | None, now: datetime) -> Delivery | None:
    """The later removal of a notice that was posted as ``message``; None where it stays."""
    effect = sent.effect
    if not isinstance(effect, SendText) or effect.delete_after is None or message is None:
        return None
    return Delivery(
        event=sent.event,
        position=_CLEAN_UP + sent.position,
        group=sent.group,
        lane=Lane.REPLY,
        effect=DeleteMessage(group=effect.group, message=message),
        rule=sent.rule,
        not_before=now + timedelta(seconds=effect.delete_after),
    )
