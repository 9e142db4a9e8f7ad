"""What follows from a delivery: what is said where a private word was refused, a notice's own removal, a report."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from adapters.protocol import Adapter, RecallsWithin, Receipt
from rules.capability import Capability
from rules.effects import AnswerJoinRequest, DeleteMessage, Lane, SendPrivate, SendText
from rules.events import ScheduleFired
from rules.outcome import Outcome
from rules.values import Group
from storage.outbox import Delivery

_INSTEAD, _CLEAN_UP, _PART = 1_000, 2_000, 10_000
"""What is added to a delivery's position: whatever follows from it has a key of its own, the same at every try."""
ON_THE_WAY = timedelta(seconds=10)
"""How long before the last moment a message has to be taken back: others may go first, and clocks differ."""


def instead_of(refused: Delivery) -> Delivery | None:
    """What is said in the group where a member could not be told alone; None where nothing is to be said.

    What became of the word is reported of what is said instead.
    """
    effect = refused.effect
    if not isinstance(effect, SendPrivate) or effect.otherwise is None:
        return None
    otherwise = effect.otherwise
    if otherwise.report is None and effect.report is not None:
        otherwise = replace(otherwise, report=effect.report)
    return Delivery(
        event=refused.event,
        position=_INSTEAD + refused.position,
        group=refused.group,
        lane=refused.lane,
        effect=otherwise,
        rule=refused.rule,
    )


def clean_up(sent: Delivery, receipt: Receipt, now: datetime, adapter: Adapter | None) -> list[Delivery]:
    """The later removal of a notice, with every message into which it was split; empty where it stays.

    It stays where the platform removes nothing, and where it would have to stand longer than the platform takes a
    message back: to take it back sooner would take it from those whom it is for, before they have looked.
    """
    effect = sent.effect
    if not isinstance(effect, SendText) or effect.delete_after is None or receipt.message is None:
        return []
    if adapter is not None and not {Capability.DELETE, Capability.DELETE_OWN} & adapter.capabilities:
        return []
    lane, stands = Lane.REPLY, timedelta(seconds=effect.delete_after)
    if isinstance(adapter, RecallsWithin):
        within = adapter.recalls_within
        if within is None or stands > within - ON_THE_WAY:
            return []
        lane = Lane.MODERATION  # behind what is still to be said it would come too late
    return [
        Delivery(
            event=sent.event,
            position=_CLEAN_UP + sent.position + part * _PART,
            group=sent.group,
            lane=lane,
            effect=DeleteMessage(group=effect.group, message=message),
            rule=sent.rule,
            not_before=now + stands,
        )
        for part, message in enumerate((receipt.message, *receipt.others))
    ]


def report_on(delivery: Delivery, outcome: Outcome, now: datetime) -> ScheduleFired | None:
    """What the engine is told of a delivery whose effect asks for that."""
    effect = delivery.effect
    if not isinstance(effect, (SendText, SendPrivate, AnswerJoinRequest)) or effect.report is None:
        return None
    return ScheduleFired(
        id=f"{delivery.event}/{delivery.position}/report",
        group=Group(effect.group),
        at=now,
        schedule=effect.report.name,
        due=now,
        subject=effect.report.subject,
        data=outcome.encoded(),
    )
