"""What the database knows, as tables: asked of the database itself, not of the bot."""

import re
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection, func, select

from bot.simulation.labels import Labels
from rules.effects import decode, kind_of
from rules.facts import GroupSettings
from rules.state import MemberState
from storage import schema, states
from storage.moments import moment
from storage.outbox import State

_WALL_TIME = re.compile(r"\d{4}-(\d\d-\d\d)T(\d\d:\d\d)$")
NAME = 12
"""Cells that names may have in the table at least."""


class Findings(Struct, frozen=True):
    """A look into the database: members, fires as (schedule, due, at), deliveries and records as name and count."""

    members: tuple[MemberState, ...]
    fires: tuple[tuple[str, str, datetime], ...]
    deliveries: dict[tuple[str, str], int]
    records: dict[str, int]


def look(conn: Connection, group: str) -> Findings:
    """What is known of a group."""
    return Findings(
        members=tuple(_members(conn, group)),
        fires=tuple(_fires(conn, group)),
        deliveries=_deliveries(conn),
        records={
            name: conn.scalar(select(func.count()).select_from(table)) or 0
            for name, table in (
                ("inbox", schema.inbox),
                ("activity", schema.activity),
                ("traces", schema.traces),
                ("timers", schema.timers),
                ("audit", schema.audit),
            )
        },
    )


def print_findings(found: Findings, settings: GroupSettings, now: datetime, labels: Labels, console: Console) -> None:
    """Print the tables."""
    console.print(_members_table(found, now, labels))
    console.print()
    beside = Table.grid(padding=(0, 3))
    beside.add_row(
        _deliveries_table(found, labels), Group(_fires_table(found, settings, labels), _records(found, labels))
    )
    console.print(beside)


def _members(conn: Connection, group: str) -> Iterable[MemberState]:
    m = schema.members
    query = (
        select(m.c.state, schema.people.c.id)
        .join_from(m, schema.people, schema.people.c.key == m.c.person_key)
        .join(schema.groups, schema.groups.c.key == m.c.group_key)
        .where(schema.groups.c.id == group)
        .order_by(m.c.first_seen, m.c.person_key)
    )
    for state, id_ in conn.execute(query):
        yield states.decode_member(state, id_)


def _fires(conn: Connection, group: str) -> Iterable[tuple[str, str, datetime]]:
    f = schema.fires
    query = (
        select(f.c.schedule, f.c.local, f.c.at)
        .join_from(f, schema.groups, schema.groups.c.key == f.c.group_key)
        .where(schema.groups.c.id == group)
        .order_by(f.c.at)
    )
    for schedule, local, at in conn.execute(query):
        yield schedule, local, moment(at)


def _deliveries(conn: Connection) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for effect, state in conn.execute(select(schema.outbox.c.effect, schema.outbox.c.state)):
        pair = (kind_of(decode(effect)), list(State)[state].value)
        counts[pair] = counts.get(pair, 0) + 1
    return counts


def _table(title: str, *columns: tuple[str, str]) -> Table:
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, header_style="dim", padding=(0, 1))
    for name, justify in columns:
        table.add_column(
            name, justify="right" if justify == "right" else "left", no_wrap=True, min_width=cell_len(name)
        )
    return table


def _members_table(found: Findings, now: datetime, labels: Labels) -> Table:
    numbers = ("messages", "score", "streak", "warnings", "ladder")
    table = _table(
        labels("members"),
        (labels("name"), "left"),
        *((labels(name), "right") for name in numbers),
        (labels("profile"), "left"),
    )
    table.expand = True
    table.columns[0].min_width = NAME
    table.columns[-1].ratio = 1
    for member in found.members:
        ladder = sum(p.points for p in member.points if p.expires is None or p.expires > now)
        counts = (member.messages, member.score, member.streak, len(member.warnings), ladder)
        table.add_row(
            Text(member.name or member.id),
            *(Text(str(count) if count else "·", style="" if count else "dim") for count in counts),
            _profile(member, labels),
        )
    return table


def _profile(member: MemberState, labels: Labels) -> Text:
    if member.introduced_at is None:
        return Text("")
    fields = [value for field, value in member.profile.items() if field != "name"]
    words = " · ".join(fields) or member.introduction
    line = " ".join(words.split())
    return Text(f"✔ {line}", style="green")


def _fires_table(found: Findings, settings: GroupSettings, labels: Labels) -> RenderableType:
    table = _table(labels("fires"), (labels("schedule"), "left"), (labels("due"), "left"), (labels("fired"), "left"))
    for schedule, local, at in found.fires:
        wall = _WALL_TIME.search(local)  # a silence has no time at which it was due
        table.add_row(schedule, f"{wall[1]} {wall[2]}" if wall else "·", f"{settings.local(at):%H:%M}")
    return Padding(table, (0, 0, 1, 0))


def _deliveries_table(found: Findings, labels: Labels) -> Table:
    table = _table(
        labels("deliveries"), (labels("effect"), "left"), (labels("state"), "left"), (labels("count"), "right")
    )
    for (effect, state), count in sorted(found.deliveries.items()):
        table.add_row(effect, Text(state, style="green" if state == "sent" else "yellow"), str(count))
    return table


def _records(found: Findings, labels: Labels) -> Table:
    table = _table(labels("records"), ("", "left"), ("", "right"))
    table.show_header = False
    for name, count in found.records.items():
        table.add_row(labels(name), str(count))
    return table
