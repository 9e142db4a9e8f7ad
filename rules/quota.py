"""How often something may happen: ``1 per 6h``, ``3 per day``."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Struct
from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema

from rules.durations import format_duration, parse_duration

_WORDS = {"hour": "1h", "day": "1d", "week": "7d", "minute": "1m"}


class Quota(Struct, frozen=True):
    """At most ``count`` times in any ``period``."""

    count: int
    period: timedelta

    def allows(self, uses: list[datetime], now: datetime) -> bool:
        """Whether one more use at ``now`` is within the quota."""
        floor = now - self.period
        return sum(1 for at in uses if at > floor) < self.count


def parse_quota(text: str) -> Quota:
    """The quota that a text says. Raises ``ValueError`` with what to write instead."""
    count, per, period = text.partition(" per ")
    try:
        quota = Quota(int(count), parse_duration(_WORDS.get(period.strip(), period)))
    except ValueError:
        raise ValueError("write a quota such as `1 per 6h` or `3 per day`") from None
    if not per or quota.count < 1 or not quota.period:
        raise ValueError("write a quota such as `1 per 6h` or `3 per day`")
    return quota


def _validate(value: Any) -> Quota:
    return value if isinstance(value, Quota) else parse_quota(str(value))


AtMost = Annotated[
    InstanceOf[Quota],
    BeforeValidator(_validate),
    PlainSerializer(lambda quota: f"{quota.count} per {format_duration(quota.period)}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+ per \S+$", "examples": ["1 per 6h", "3 per day"]}),
]
"""A pydantic field that reads and writes quotas as people do."""
