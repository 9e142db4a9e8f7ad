"""When a schedule is due, as the operator writes it. ``schedules`` works out the moments."""

import datetime as dt
import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from rules.durations import Duration, numeral
from rules.folding import fold
from rules.windows import DAYS

_GROUPS = {
    "daily": frozenset(range(7)),
    "every day": frozenset(range(7)),
    "每天": frozenset(range(7)),
    "weekdays": frozenset(range(5)),
    "工作日": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
    "周末": frozenset({5, 6}),
}
_NAMES = {name: number for number, name in enumerate(DAYS)}
_NAMES |= {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}
_NAMES |= {f"{week}{sign}": number for week in ("周", "星期", "礼拜") for number, sign in enumerate("一二三四五六日")}
_NAMES |= {f"{week}天": 6 for week in ("周", "星期", "礼拜")}
_NUMBER = r"\d{1,2}|[一二两三四五六七八九十]{1,3}"
_OCLOCK = re.compile(
    rf"(?P<part>凌晨|早上|上午|中午|下午|晚上)?(?P<hour>{_NUMBER}|零)[点點时](?:(?P<half>半)|整|(?P<minute>{_NUMBER})分?)?"
)


def parse_time(value: Any) -> time:
    """A wall time written ``HH:MM``, ``20点`` or ``晚上八点半``. Raises ``ValueError`` with what to write instead."""
    if isinstance(value, time):
        return value
    written = fold(str(value)).strip()
    chinese = _OCLOCK.fullmatch(written.replace(" ", ""))
    hour, colon, minute = (_clock(chinese) if chinese else written).partition(":")
    if not (colon and hour.isdigit() and len(minute) == 2 and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        raise ValueError('write a time of day such as "08:00" or "21:30"')
    return time(int(hour), int(minute))


def _clock(said: re.Match[str]) -> str:
    hour = numeral(said["hour"])
    if said["part"] in ("下午", "晚上") and hour < 12:
        hour += 12
    minute = 30 if said["half"] else numeral(said["minute"] or "0")
    return f"{hour}:{minute:02d}"


def parse_days(value: Any) -> frozenset[int]:
    """Days of the week from names (``mon``, ``周一``) or ``daily``, ``weekdays``, ``weekends``; 0 is Monday."""
    if isinstance(value, frozenset):
        return value
    found: set[int] = set()
    for item in value if isinstance(value, (list, tuple)) else [value]:
        name = fold(str(item)).strip()
        if name in _GROUPS:
            found |= _GROUPS[name]
        elif name in _NAMES:
            found.add(_NAMES[name])
        else:
            such = "[mon, fri]" if str(item).isascii() else "[周一, 周五]"
            raise ValueError(f"`{item}` is no day; write daily, weekdays, weekends or a list such as {such}")
    return frozenset(found)


def _dump_days(days: frozenset[int]) -> list[str]:
    return [DAYS[day] for day in sorted(days)]


TimeOfDay = Annotated[
    time,
    BeforeValidator(parse_time, json_schema_input_type=str),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
]
Days = Annotated[
    frozenset[int],
    BeforeValidator(parse_days, json_schema_input_type=str | list[str]),
    PlainSerializer(_dump_days, return_type=list[str]),
]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


class Timing(BaseModel):
    """When to wake: at wall times on days, every so often, or when the group has been quiet for so long."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    at: Annotated[tuple[TimeOfDay, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str])] = Field(
        default=(), description="Wall times in the group's time zone."
    )
    days: Days = Field(default=frozenset(range(7)), description="The days of the week it is due on.")
    date: dt.date | None = Field(default=None, description="One single day, as YYYY-MM-DD.")
    every: Duration | None = Field(default=None, description="Whole days between two posts, such as 14d.")
    quiet_for: Duration | None = Field(default=None, description="Due when no member has written for this long.")
    in_window: str | None = Field(default=None, description="Only while this named window is open.")
    stop_after_unanswered: int | None = Field(
        default=None, ge=1, description="With quiet_for: give up after so many posts that nobody answered."
    )
    late: Literal["run", "skip", "alert"] = Field(
        default="run", description="What to do with a post that was missed while the bot was away."
    )
    late_within: Duration | None = Field(default=None, description="Run late only this long after the time; then skip.")

    @model_validator(mode="after")
    def _has_a_time(self) -> "Timing":
        if not self.at and self.quiet_for is None:
            raise ValueError('say when: at: "08:00", or quiet_for: 6h')
        if self.at and self.quiet_for is not None:
            raise ValueError("write either at: or quiet_for:, not both")
        if self.every is not None and (self.every.total_seconds() % 86400 or not self.every):
            raise ValueError("write whole days, such as every: 14d")
        return self
