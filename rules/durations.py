"""Durations as people write them: ``30s``, ``10m``, ``2h``, ``7d``, ``1h30m``; ``10分钟``, ``1小时半``, ``两天``."""

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
    "钟头": "h",
    "时": "h",
    "天": "d",
    "日": "d",
    "周": "w",
    "星期": "w",
    "礼拜": "w",
}
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PART = re.compile(
    r"(?:(?P<number>\d+|[一二两三四五六七八九十]+)个?(?P<more>半)?|(?P<half>半)个?)(?P<unit>[smhdw])(?P<and_half>半)?"
)
_MOST = timedelta(days=3660)


def parse_duration(text: str) -> timedelta:
    """The duration that a text says. Raises ``ValueError`` with what to write instead."""
    folded = fold(text).replace(" ", "")
    for chinese, unit in _CHINESE.items():
        folded = folded.replace(chinese, unit)
    parts = list(_PART.finditer(folded))
    if not parts or "".join(part.group() for part in parts) != folded:
        raise ValueError(_instead(text))
    seconds = sum(map(_seconds, parts))
    if seconds > _MOST.total_seconds():
        raise ValueError("write a duration of at most ten years")
    return timedelta(seconds=int(seconds))


def numeral(text: str) -> int:
    """A whole number up to 99, in digits or Chinese numerals."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERALS.get(text, 0)
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)


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
        raise ValueError(_instead(""))
    return parse_duration(value)


def _seconds(part: "re.Match[str]") -> float:
    number = 0.0 if part["half"] else float(numeral(part["number"]))
    halves = sum(part[name] is not None for name in ("half", "more", "and_half"))
    return (number + halves / 2) * _UNITS[part["unit"]]


def _instead(text: str) -> str:
    number = fold(text).strip()
    if number.isdecimal():
        return f"{number} of what? write {number}s, {number}m, {number}h or {number}d"
    if not text.isascii():
        return "write a duration such as 30秒, 10分钟, 2小时 or 7天"
    return "write a duration such as 30s, 10m, 2h or 7d"


Duration = Annotated[timedelta, BeforeValidator(_validate), PlainSerializer(format_duration, return_type=str)]
"""A pydantic field that reads and writes durations as people do."""
