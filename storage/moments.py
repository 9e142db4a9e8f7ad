"""Moments as the database keeps them: whole microseconds since 1970 in UTC, so that both dialects sort and compare."""

from datetime import UTC, datetime, timedelta
from typing import overload

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000
DAY = 24 * HOUR


@overload
def micros(at: datetime) -> int: ...
@overload
def micros(at: datetime | None) -> int | None: ...
def micros(at: datetime | None) -> int | None:
    """An aware datetime as microseconds. Raises ``TypeError`` on a naive one."""
    if at is None:
        return None
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@overload
def moment(value: int) -> datetime: ...
@overload
def moment(value: int | None) -> datetime | None: ...
def moment(value: int | None) -> datetime | None:
    """Microseconds as an aware datetime in UTC."""
    return None if value is None else EPOCH + timedelta(microseconds=value)
