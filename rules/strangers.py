"""Those who asked something of the bot's account and were not accepted: staff are told of them, once a day."""

from datetime import timedelta

import msgspec

from rules.quota import Quota
from rules.state import Stranger

WAITS, TIME = "@contact.waits", "@contact.time"
"""What wakes the rule that tells of them. No schedule of a file can have such a name."""
TOLD = Quota(1, timedelta(days=1))
USE = "contacts/told"
MOST = 100
"""How many are remembered until staff are told."""
LISTED = 10
"""How many staff are told of by name."""


def encoded(stranger: Stranger) -> str:
    """Somebody who waits, as the data of an event."""
    return msgspec.json.encode(stranger).decode()


def read_stranger(data: str | None) -> Stranger:
    """Who waits, by an event's data. Raises ``msgspec.DecodeError`` on anything else."""
    return msgspec.json.decode(data or "", type=Stranger)
