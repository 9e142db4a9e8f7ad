"""Calendars and topic lists: written in the file, or read from a table (CSV) or a text file beside it."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from itertools import pairwise

from rules.config import CalendarSpec, TopicsSpec
from rules.errors import Complaint, Place
from rules.language.copying import check_template
from rules.language.decoding import decode
from rules.language.loaded import FileProblem, Files
from rules.language.words import short
from rules.nearest import suggest
from rules.step import CalendarEntries, TopicList

_NO_DATE = "`{}` is no date; write one such as 2026-12-31"
LONGEST = 4_000
"""Characters that a text of a calendar may have: the most that platforms send in one message."""


class Shelf:
    """Reads the files that calendars and topics name. ``content`` is what was read, by file."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.complaints: list[Complaint] = []
        self.warnings: list[Complaint] = []
        self.content: dict[str, str] = {}

    def calendar(self, spec: CalendarSpec, place: Callable[..., Place], path: str) -> CalendarEntries:
        """A calendar's entries. ``place`` tells where one of its settings is written."""
        days: dict[str, str] = {}
        for written, text in spec.days.items():
            moment = _day(written)
            if moment is None:
                self._complain(place("days", written), _NO_DATE.format(short(written)), f"{path}.days")
            else:
                days[moment.isoformat()] = text
                self._check(text, place("days", written), f"{path}.days.{written}")
        for number, text in enumerate(spec.list):
            self._check(text, place("list", number), f"{path}.list[{number}]")
        for role in spec.columns:
            if role not in ("date", "day", "text"):
                why = f"unknown column `{short(role)}`; write columns: {{ date: ..., text: ... }}"
                self._complain(place("columns", role), why, f"{path}.columns")
        if spec.start is not None and _day(spec.start) is None:
            self._complain(place("start"), _NO_DATE.format(short(spec.start)), f"{path}.start")
        if spec.file is not None:
            text_of = self._read(spec.file, place("file"), f"{path}.file")
            if text_of is not None:
                days = {**self._table(text_of, spec), **days}
        if not spec.days and not spec.list and spec.file is None:
            self._complain(place(), "nothing is in this calendar; write file:, days: or list:", path)
        return CalendarEntries(days, spec.list, spec.start, spec.if_empty)

    def topics(self, spec: TopicsSpec, place: Callable[..., Place], path: str) -> TopicList:
        """A list of topics: of its own, then those of its file, one a line; lines beginning with # are left out."""
        topics = list(spec.list)
        for number, topic in enumerate(topics):
            self._check(topic, place("list", number), f"{path}.list[{number}]")
        if spec.file is not None:
            text = self._read(spec.file, place("file"), f"{path}.file")
            for number, line in enumerate((text or "").split("\n"), 1):
                topic = line.strip()
                if topic and not topic.startswith("#"):
                    self._check(topic, Place(spec.file, number, 1), "")
                    topics.append(topic)
        if not topics and spec.file is None:
            self._complain(place(), "no topic is here; write file: or list:", path)
        return TopicList(tuple(dict.fromkeys(topics)), spec.no_repeat)

    def _read(self, name: str, place: Place, path: str) -> str | None:
        if name in self.content:
            return self.content[name]
        try:
            text, fault = decode(self.files.read(name), name)
        except FileProblem as problem:
            self._complain(place, f"{name}: {problem}", path)
            return None
        if fault is not None:
            self.complaints.append(fault)
            return None
        self.content[name] = text
        return text

    def _table(self, text: str, spec: CalendarSpec) -> dict[str, str]:
        """The entries of a table by day."""
        name = spec.file or ""
        rows = csv.reader(io.StringIO(text), strict=True)
        entries: dict[str, str] = {}
        lines: dict[str, int] = {}
        try:
            header = [cell.strip() for cell in next(rows, [])]
            columns = self._columns(header, spec, name)
            if columns is None:
                return {}
            before = rows.line_num
            for row in rows:
                line, before = before + 1, rows.line_num
                if not any(cell.strip() for cell in row):
                    continue
                self._row(row, line, columns, name, entries, lines)
        except csv.Error as error:
            self._complain(Place(name, rows.line_num, 1), f"this is no table (CSV): {error}; is a quote not closed?")
            return {}
        if not entries and not self.complaints:
            self._complain(Place(name), "has no entry; write one line for each day")
        self._gaps(lines, name, spec)
        return entries

    def _columns(self, header: list[str], spec: CalendarSpec, name: str) -> tuple[int, int] | None:
        wanted = {"date": spec.columns.get("date", spec.columns.get("day", "date"))}
        wanted["text"] = spec.columns.get("text", "text")
        found: list[int] = []
        for column in wanted.values():
            if column in header:
                found.append(header.index(column))
            else:
                near = suggest(column, header)
                there = f"; there are {', '.join(header)}" if any(header) else ""
                self._complain(Place(name, 1, 1), f"the first line has no column `{column}`{near or there}")
        return (found[0], found[1]) if len(found) == 2 else None

    def _row(
        self,
        row: list[str],
        line: int,
        columns: tuple[int, int],
        name: str,
        entries: dict[str, str],
        lines: dict[str, int],
    ) -> None:
        date, words = columns
        if len(row) <= max(columns):
            self._complain(
                Place(name, line, 1), f"{len(row)} columns, but the first line has more; is a comma missing?"
            )
            return
        day, text = row[date].strip(), row[words].strip()
        moment = _day(day)
        if moment is None:
            why = _NO_DATE.format(short(day)) if day else "the day is missing"
            self._complain(Place(name, line, _column(row, date)), why)
            return
        day = moment.isoformat()
        if day in lines:
            self._complain(Place(name, line, _column(row, date)), f"{day} is there twice, first on line {lines[day]}")
            return
        lines[day] = line
        if not text:
            self._complain(Place(name, line, _column(row, words)), f"there is no text for {day}")
            return
        self._check(text, Place(name, line, _column(row, words)), "")
        entries[day] = text

    def _gaps(self, lines: dict[str, int], name: str, spec: CalendarSpec) -> None:
        """Days missing between two entries: said as a warning, since a calendar may pause at weekends."""
        days = sorted(dt.date.fromisoformat(day) for day in lines)
        steps = [(later - earlier).days for earlier, later in pairwise(days)]
        if not steps or steps.count(1) * 2 <= len(steps) or spec.list:
            return  # no daily calendar, or one that falls back on its list
        for earlier, later in pairwise(days):
            missing = (later - earlier).days - 1
            if missing:
                first = earlier + dt.timedelta(days=1)
                until = f" to {later - dt.timedelta(days=1)}" if missing > 1 else ""
                then = "staff will be told on the day" if spec.if_empty == "alert" else "nothing will be posted"
                place = Place(name, lines[later.isoformat()], 1)
                self.warnings.append(Complaint(place, f"no entry for {first}{until}; {then}"))

    def _check(self, text: str, place: Place, path: str) -> None:
        for why in check_template(text):
            self._complain(place, why, path)
        if len(text) > LONGEST:
            self._complain(place, f"{len(text)} characters; a message may have {LONGEST}", path)

    def _complain(self, place: Place, message: str, path: str = "") -> None:
        self.complaints.append(Complaint(place, message, path))


def _day(text: str) -> dt.date | None:
    parts = text.strip().replace("/", "-").replace(".", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
        return None
    try:
        return dt.date(*(int(part) for part in parts))
    except ValueError:
        return None


def _column(row: list[str], index: int) -> int:
    """Where a cell begins, as far as can be told without its quotes."""
    return sum(len(cell) + 1 for cell in row[:index]) + 1
