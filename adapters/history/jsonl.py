"""Our own history format: one event a line, as in ``adapters.jsonl``; here every line says when it was.

``at`` may be without offset: then it is local time. Ids may be without their platform's name.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from adapters.jsonl import parse_line
from rules.errors import HistoryError, Place
from rules.events import Event
from rules.values import Group

CHUNK = 1 << 20
LONGEST = 16 << 20
"""Bytes that one line may have."""

_NEVER = datetime.min.replace(tzinfo=UTC)  # not used: every line says its time
_PLATFORM = re.compile(r"([a-z][a-z0-9_-]*):.")
_BYTE = re.compile(r"\(byte (\d+)\)")
_PATH = re.compile(r"at `\$\.?([^`]*)`")
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]+)`")


class _Glance(Struct):
    at: Any = UNSET
    group: Any = None


_glance = msgspec.json.Decoder(_Glance)


class JsonLines:
    """The events of a file of lines. ``platform`` is that of ids that do not name theirs.

    ``zone`` is that of times without offset. ``wanted(group, False)`` says which groups to read. Raises
    ``HistoryError`` with file:line:column at the first line that is none.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        name: str,
        zone: tzinfo = UTC,
        wanted: Callable[[Group, bool], bool] | None = None,
        platform: str = "telegram",
    ) -> None:
        self._read = read
        self._name = name
        self._zone = zone
        self._wanted = wanted
        self._platform = platform
        self.groups: list[Group] = []

    def __iter__(self) -> Iterator[Event]:
        welcome: dict[str, bool] = {}
        for number, line in self._lines():
            if not line.strip():
                continue
            event = self._event(line, number)
            if self._wanted is not None:
                wanted = welcome.get(event.group.id)
                if wanted is None:
                    wanted = welcome[event.group.id] = self._wanted(event.group, False)
                    self.groups.append(event.group)
                if not wanted:
                    continue
            yield event

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        rest, number = b"", 0
        while chunk := self._read(CHUNK):
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            for line in lines:
                number += 1
                yield number, line
            if len(rest) > LONGEST:
                raise HistoryError(f"{Place(self._name, number + 1, 1)}: a line of more than {LONGEST >> 20} MB")
        if rest:
            yield number + 1, rest

    def _event(self, line: bytes, number: int) -> Event:
        try:
            glance = _glance.decode(line)
            if glance.at is UNSET or glance.at is None:
                raise ValueError("at: is missing; write when it was, such as 2026-10-09T20:30:00+08:00")
            line_ = self._with_zone(line, glance.at)
            return parse_line(line_, self._platform_of(glance.group), _NEVER, f"line-{number}")
        except UnicodeDecodeError:
            raise HistoryError(
                f"{Place(self._name, number, 1)}: not written in UTF-8; save the file as UTF-8"
            ) from None
        except (ValueError, msgspec.DecodeError, RecursionError) as error:
            text = "nested too deep" if isinstance(error, RecursionError) else str(error)
            column = _column(line, text)
            raise HistoryError(f"{Place(self._name, number, column)}: {_BYTE.sub('', text).strip()}") from None

    def _with_zone(self, line: bytes, at: object) -> bytes:
        """The line with an offset to its time, where it has none."""
        if not isinstance(at, str):
            return line
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            return line  # parsing the line says what is wrong with it
        if moment.tzinfo is not None:
            return line
        told = msgspec.json.decode(line)
        told["at"] = moment.replace(tzinfo=self._zone).isoformat()
        return msgspec.json.encode(told)

    def _platform_of(self, group: object) -> str:
        id_ = group.get("id") if isinstance(group, dict) else group
        found = _PLATFORM.match(id_) if isinstance(id_, str) else None
        return found.group(1) if found else self._platform


def _column(line: bytes, complaint: str) -> int:
    """The column (in characters, from 1) that a complaint about a line is about; 1 where it does not say."""
    if found := _BYTE.search(complaint):
        return len(line[: int(found.group(1))].decode(errors="replace")) + 1
    if "truncated" in complaint:
        return len(line.decode(errors="replace")) + 1
    key = None
    if found := _UNKNOWN_FIELD.search(complaint):
        key = found.group(1)
    elif found := _PATH.search(complaint):
        key = found.group(1).rpartition(".")[2].partition("[")[0]
    elif complaint.startswith("at:"):
        key = "at"
    at = line.find(msgspec.json.encode(key)) if key else -1
    return len(line[:at].decode(errors="replace")) + 1 if at >= 0 else 1
