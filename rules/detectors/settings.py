"""What an operator wants of the detection of advertisements in one group."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from rules.links import Address

SENSITIVITY: Mapping[str, float] = MappingProxyType({"low": -1.5, "normal": 0.0, "high": 1.0})
"""What is added to the log-odds: ``low`` asks for more evidence before anything is done."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What earns trust: so many substantive messages, on so many days, in so many days in the group."""

    messages: int = 5
    active_days: int = 3
    days_in_group: int = 3


@dataclass(frozen=True, slots=True)
class AdSettings:
    """``shift`` is added to the log-odds. ``allowed_members`` are platform-qualified ids, phrases are folded.

    In the ``windows`` advertisements are welcome. Below ``cold_start`` ordinary messages, nothing is done yet.
    """

    shift: float = 0.0
    marketplace: bool = False
    allowed_links: tuple[Address, ...] = ()
    allowed_phrases: tuple[str, ...] = ()
    allowed_members: frozenset[str] = frozenset()
    windows: tuple[str, ...] = ()
    cold_start: int = 200
    trust: Trust | None = Trust()
    shares: bool = False
    reads_pictures: bool = True
    joins_within: timedelta = timedelta(minutes=3)
