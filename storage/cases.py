"""What was decided on members and may be looked at again by staff: one row a decision, by group and number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, select, update

from rules import changes as c
from storage.keys import group_key, group_keys, person_key, person_keys, short, whole
from storage.moments import micros, moment
from storage.schema import cases, groups, people
from storage.statements import clean, insert, run_many

TAKEN_BACK = ("undone", "no_ad")
"""The outcomes by which nothing of a decision is left."""
_ACTS = msgspec.json.Decoder(tuple[str, ...])


class Case(Struct, frozen=True, kw_only=True):
    """A decision on a member. ``acts`` is what was done, as effects and changes are called.

    ``outcome`` is what staff made of it (None: nobody decided yet), ``by`` who. ``answer_within`` is in seconds.
    """

    group: str
    number: int
    member: str
    event: str
    rule: str
    at: datetime
    message: str | None = None
    acts: tuple[str, ...] = ()
    appeal_until: datetime | None = None
    answer_within: int | None = None
    appealed_at: datetime | None = None
    outcome: str | None = None
    by: str | None = None


def record(conn: Connection, group: str, at: datetime, changes: Sequence[c.Change]) -> None:
    """Open, note and close cases, as the changes of one decision say."""
    opened = [change for change in changes if isinstance(change, c.OpenCase)]
    if opened:
        _open(conn, group, at, opened)
    for change in changes:
        if isinstance(change, c.AppealCase):
            _set(conn, group, change.number, appealed_at=micros(at))
        elif isinstance(change, c.CloseCase):
            _set(conn, group, change.number, outcome=clean(change.outcome), decided_by=clean(change.by))


def find(conn: Connection, group: str, number: int) -> Case | None:
    """The case of a group with this number."""
    return _one(conn, _of_group(conn, group).where(cases.c.number == number))


def of_message(conn: Connection, group: str, message: str) -> Case | None:
    """The latest case about a message."""
    return _one(conn, _of_group(conn, group).where(cases.c.message == short(group, message)))


def decided_since(conn: Connection, case: Case) -> frozenset[str]:
    """What was done to the member after a case, and was not taken back."""
    x = cases.c
    query = (
        _of_group(conn, case.group)
        .where(x.person_key == person_key(conn, case.member), x.number > case.number)
        .where(x.outcome.is_(None) | x.outcome.not_in(TAKEN_BACK))
    )
    return frozenset(act for row in conn.execute(query) for act in _case(row).acts)


def of_event(conn: Connection, event: str) -> Case | None:
    """The latest case that an event led to, or about which it told staff."""
    return _one(conn, _select().where(cases.c.event == event))


def undecided(conn: Connection, group: str, member: str | None = None, limit: int = 20) -> list[Case]:
    """The cases (of one member) that nobody has decided on, latest first."""
    query = _of_group(conn, group).where(cases.c.outcome.is_(None))
    if member is not None:
        query = query.where(cases.c.person_key == person_key(conn, member))
    rows = conn.execute(query.order_by(cases.c.number.desc()).limit(limit))
    return [_case(row) for row in rows]


def of_member(conn: Connection, group: str, member: str) -> list[Case]:
    """Every decision on a member that is kept, earliest first."""
    query = _of_group(conn, group).where(cases.c.person_key == person_key(conn, member))
    return [_case(row) for row in conn.execute(query.order_by(cases.c.number))]


def _open(conn: Connection, group: str, at: datetime, opened: Sequence[c.OpenCase]) -> None:
    key = group_keys(conn, (group,), create=True)[group]
    people_ = person_keys(conn, {case.member for case in opened}, create=True)
    rows = [
        {
            "group_key": key,
            "number": case.number,
            "person_key": people_[case.member],
            "at": micros(at),
            "event": clean(case.event),
            "rule": clean(case.rule),
            "message": short(group, case.message),
            "acts": msgspec.json.encode(case.acts).decode(),
            "appeal_until": micros(case.appeal_until),
            "answer_within": case.answer_within,
        }
        for case in opened
    ]
    run_many(conn, _insert, rows)


def _insert(dialect: str) -> Any:
    return insert(dialect, cases).on_conflict_do_nothing(index_elements=["group_key", "number"])


def _set(conn: Connection, group: str, number: int, **values: Any) -> None:
    key = group_key(conn, group)
    conn.execute(update(cases).where(cases.c.group_key == key, cases.c.number == number).values(**values))


def _select() -> "Select[Any]":
    x = cases.c
    return select(
        *(groups.c.id, x.number, people.c.id, x.event, x.rule, x.at, x.message, x.acts),
        *(x.appeal_until, x.answer_within, x.appealed_at, x.outcome, x.decided_by),
    ).select_from(cases.join(groups, groups.c.key == x.group_key).join(people, people.c.key == x.person_key))


def _of_group(conn: Connection, group: str) -> "Select[Any]":
    return _select().where(cases.c.group_key == group_key(conn, group))


def _one(conn: Connection, query: "Select[Any]") -> Case | None:
    row = conn.execute(query.order_by(cases.c.at.desc(), cases.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _case(row)


def _case(row: Any) -> Case:
    return Case(
        group=row[0],
        number=row[1],
        member=row[2],
        event=row[3],
        rule=row[4],
        at=moment(row[5]),
        message=None if row[6] is None else whole(row[0], row[6]),
        acts=_ACTS.decode(row[7]),
        appeal_until=moment(row[8]),
        answer_within=row[9],
        appealed_at=moment(row[10]),
        outcome=row[11],
        by=row[12],
    )
