"""What is handed to a platform in one call: mostly one delivery as it is, else several deletes, or an edit.

The deletes next in a line become one call where the platform takes several. A text that keeps a running message up to
date becomes an edit of it, while it is young enough.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from adapters.protocol import Adapter
from rules.capability import Capability
from rules.effects import DeleteMessage, DeleteMessages, EditText, Effect, SendText
from storage import running
from storage.database import Database
from storage.outbox import Delivery

MOST_DELETES = 100
"""Messages that go into one call."""


class Parcel(Struct, frozen=True):
    """Deliveries, and the effect that performs them."""

    deliveries: tuple[Delivery, ...]
    effect: Effect

    @property
    def is_as_asked(self) -> bool:
        """Whether it is one delivery as it is: nothing simpler is left to try where it is refused."""
        return self.effect is self.deliveries[0].effect


def as_asked(delivery: Delivery) -> Parcel:
    """One delivery, as it is."""
    return Parcel((delivery,), delivery.effect)


async def parcel_of(line: Iterable[Delivery], adapter: Adapter, database: Database, now: datetime) -> Parcel:
    """What is to be performed of the deliveries next in a line (at least one)."""
    deletes: list[Delivery] = []
    for delivery in line:
        effect = delivery.effect
        if isinstance(effect, DeleteMessage) and len(deletes) < MOST_DELETES:
            deletes.append(delivery)
            continue
        if deletes:
            break
        if isinstance(effect, SendText) and effect.running:
            return await _kept_up(delivery, effect, adapter, database, now)
        return as_asked(delivery)
    messages = dict.fromkeys(d.effect.message for d in deletes if isinstance(d.effect, DeleteMessage))
    if len(messages) == 1 or Capability.DELETE_MANY not in adapter.capabilities:
        return as_asked(deletes[0])
    return Parcel(tuple(deletes), DeleteMessages(deletes[0].group, tuple(messages)))


async def _kept_up(delivery: Delivery, effect: SendText, adapter: Adapter, database: Database, now: datetime) -> Parcel:
    if Capability.EDIT_OWN not in adapter.capabilities:
        return as_asked(delivery)
    found = await database.read(lambda conn: running.find(conn, effect.group, effect.running))
    if found is None or now - found.sent_at >= timedelta(seconds=effect.runs_for):
        return as_asked(delivery)
    if effect.picture is not None and not found.pictured:
        return as_asked(delivery)  # no picture can be put above what has none
    edit = EditText(
        effect.group,
        found.message,
        effect.text,
        buttons=effect.buttons,
        pictured=found.pictured,
        mentions=effect.mentions,
        mention_names=effect.mention_names,
    )
    return Parcel((delivery,), edit)
