"""What became of a delivery whose effect asked for a report: told to the engine as a ``ScheduleFired``'s data."""

from typing import Literal

import msgspec
from msgspec import Struct


class Outcome(Struct, frozen=True, omit_defaults=True):
    """``sent`` (as ``message``, where the platform has ids), ``refused`` or ``uncertain`` (with the reason)."""

    state: Literal["sent", "refused", "uncertain"]
    message: str | None = None
    reason: str = ""

    def encoded(self) -> str:
        """As the ``data`` of an event."""
        return msgspec.json.encode(self).decode()


def read_outcome(data: str | None) -> Outcome:
    """The outcome that an event's data tells. Raises ``msgspec.DecodeError`` on anything else."""
    return msgspec.json.decode(data or "", type=Outcome)
