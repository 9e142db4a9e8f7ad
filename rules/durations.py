"""Durations as people write them: ``30s``, ``10m``, ``2h``, ``7d``, ``1h30m``; ``10分钟``, ``2小时``, ``7天``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from rules.folding import fold

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_CHINESE = {
    "秒钟": "s",
    "秒": "s",
    "分钟": "m",
    "分": "m",
    "小时": "h",
    "时": "h",
    "天": "d",
    "日": "d",
    "周": "w",
    "星期": "w",
}
_PARTS = re.compile(r"(\d+)([smhdw])")
_MOST = timedelta(days=3660)


def parse_duration(text: str) -> timedelta:
    """The duration that a text says. Raises ``ValueError`` with what to write instead."""
    folded = fold(text).replace(" ", "")
    for chinese, unit in _CHINESE.items():
        folded = folded.replace(chinese, unit)
    parts = _PARTS.findall(folded)
    if not parts or "".join(number + unit for number, unit in parts) != folded:
        raise ValueError("write a duration such as 30s, 10m, 2h or 7d")
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if seconds > _MOST.total_seconds():
        raise ValueError("write a duration of at most ten years")
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """A duration the way ``parse_duration`` reads it: ``90 minutes`` is ``1h30m``."""
    rest = int(duration.total_seconds())
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _validate(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError("write a duration such as 30s, 10m, 2h or 7d")
    return parse_duration(value)


Duration = Annotated[timedelta, BeforeValidator(_validate), PlainSerializer(format_duration, return_type=str)]
"""A pydantic field that reads and writes durations as people do."""
