"""Reading a value of the kind that Telegram documents: anything else is an update that cannot be read."""

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def number(value: Any) -> int:
    """A whole number. Raises ``TypeError`` on anything else."""
    if type(value) is not int:
        raise TypeError(f"a number was expected, not {type(value).__name__}")
    return value


def moment(value: Any) -> datetime:
    """A time in seconds since 1970, as aware UTC. Raises ``TypeError``, or ``ValueError`` beyond the calendar."""
    try:
        return datetime.fromtimestamp(number(value), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{value} is no time") from error


def mapping(value: Any) -> Json:
    """An object. Raises ``TypeError`` on anything else."""
    if type(value) is not dict:
        raise TypeError(f"an object was expected, not {type(value).__name__}")
    return value


def objects(value: Any) -> list[Json]:
    """The objects of a list; what is not one is passed over."""
    return [item for item in value if type(item) is dict] if type(value) is list else []


def words(value: Any) -> str:
    """A text, or nothing."""
    return value if type(value) is str else ""


def joined(*parts: Any, by: str = " ") -> str | None:
    """Those of the parts that are texts and not empty, put together; None where there is none."""
    return by.join([part for part in parts if type(part) is str and part]) or None
