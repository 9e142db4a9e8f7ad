"""What staff said of messages: an advertisement or none. Of a message only hashes are kept, never its words."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, func, insert, or_, select, update

from rules import changes as c
from storage.keys import group_key, group_keys, person_key, person_keys, short, whole
from storage.moments import micros, moment
from storage.schema import groups, labels, people
from storage.statements import clean

MOST = 1_000
"""Labels of a group that are learned from: the latest."""


class Label(Struct, frozen=True, kw_only=True):
    """One thing that somebody said of a message. ``member`` is who wrote it, ``by`` who said so."""

    group: str
    number: int
    at: datetime
    ad: bool
    by: str
    source: str
    features_version: str
    features: bytes = b""
    logit: float = 0.0
    sketch: bytes | None = None
    member: str | None = None
    message: str | None = None
    event: str = ""
    undone_at: datetime | None = None
    undone_by: str | None = None


def record(conn: Connection, group: str, event: str, at: datetime, changes: Sequence[c.Change]) -> None:
    """Keep the labels of one decision, and take back those that it asks to take back.

    What is said of a message takes the place of the contrary said of it, by whomever, and of the contrary that the same
    person said of the same words. Others who said the same are heard beside it.
    """
    for change in changes:
        if isinstance(change, c.LabelMessage):
            _add(conn, group, event, at, change)
        elif isinstance(change, c.WithdrawLabel):
            key = group_key(conn, group)
            _undo(conn, at, change.by, labels.c.group_key == key, labels.c.number == change.number)


def find(conn: Connection, group: str, number: int) -> Label | None:
    """The label of a group with this number, withdrawn or not."""
    return _one(conn, _of_group(conn, group).where(labels.c.number == number))


def of_message(conn: Connection, group: str, message: str) -> Label | None:
    """What holds of a message of a group."""
    holds = labels.c.undone_at.is_(None)
    return _one(conn, _of_group(conn, group).where(labels.c.message == short(group, message), holds))


def said_by(conn: Connection, group: str, by: str, message: str | None, features: bytes) -> Label | None:
    """What holds by this person's word: of a message, or (None) of words alone, by their features."""
    x = labels.c
    about = x.message.is_(None) & (x.features == features) if message is None else x.message == short(group, message)
    return _one(conn, _of_group(conn, group).where(x.by == clean(by), x.undone_at.is_(None), about))


def replaced(conn: Connection, group: str, said: c.LabelMessage) -> list[Label]:
    """The labels that hold and that this one would take the place of."""
    query = _of_group(conn, group).where(labels.c.undone_at.is_(None), _same(group, said))
    return [_label(row) for row in conn.execute(query.order_by(labels.c.number))]


def said_alike(conn: Connection, label: Label) -> list[Label]:
    """What else holds in the group that the same person said of the same words."""
    x = labels.c
    alike = (x.by == clean(label.by)) & (x.sketch == label.sketch) & (x.number != label.number)
    query = _of_group(conn, label.group).where(x.undone_at.is_(None), alike)
    return [_label(row) for row in conn.execute(query.order_by(x.number))]


def latest(conn: Connection, group: str, limit: int = 10) -> list[Label]:
    """The latest labels of a group, latest first, withdrawn ones too."""
    rows = conn.execute(_of_group(conn, group).order_by(labels.c.number.desc()).limit(limit))
    return [_label(row) for row in rows]


def in_force(conn: Connection, group: str, version: str, limit: int = MOST) -> list[Label]:
    """The labels of a group that hold and were made with these features, latest first."""
    x = labels.c
    query = _of_group(conn, group).where(x.undone_at.is_(None), x.features_version == version)
    return [_label(row) for row in conn.execute(query.order_by(x.number.desc()).limit(limit))]


def of_member(conn: Connection, group: str, member: str) -> list[Label]:
    """What was said of a member's messages, earliest first."""
    query = _of_group(conn, group).where(labels.c.person_key == person_key(conn, member))
    return [_label(row) for row in conn.execute(query.order_by(labels.c.number))]


def counts(conn: Connection, group: str) -> tuple[int, int]:
    """How many labels of a group hold: of advertisements, and of ordinary messages."""
    x = labels.c
    query = select(x.ad, func.count()).where(x.group_key == group_key(conn, group), x.undone_at.is_(None))
    found = {bool(ad): count for ad, count in conn.execute(query.group_by(x.ad))}
    return found.get(True, 0), found.get(False, 0)


def stale(conn: Connection, version: str) -> int:
    """How many labels hold that were made with other features, and so are not learned from."""
    x = labels.c
    query = select(func.count()).where(x.undone_at.is_(None), x.features_version != version)
    return conn.scalar(query) or 0


def teaching_groups(conn: Connection) -> list[str]:
    """The ids of the groups in which a label holds."""
    taught = select(labels.c.group_key).where(labels.c.undone_at.is_(None))
    return list(conn.scalars(select(groups.c.id).where(groups.c.key.in_(taught)).order_by(groups.c.key)))


def labelled(conn: Connection, group: str, messages: Collection[str], *, ad: bool) -> set[str]:
    """Which of these messages of a group somebody said this of."""
    x = labels.c
    wanted = [short(group, message) for message in messages]
    query = select(x.message).where(x.group_key == group_key(conn, group), x.message.in_(wanted))
    found = conn.scalars(query.where(x.undone_at.is_(None), x.ad.is_(ad)))
    return {whole(group, message) for message in found}


def _add(conn: Connection, group: str, event: str, at: datetime, said: c.LabelMessage) -> None:
    key = group_keys(conn, (group,), create=True)[group]
    person = person_keys(conn, (said.member,), create=True)[said.member] if said.member is not None else None
    message = short(group, said.message)
    _undo(conn, at, said.by, labels.c.group_key == key, _same(group, said))
    conn.execute(
        insert(labels).values(
            group_key=key,
            number=said.number,
            person_key=person,
            at=micros(at),
            event=clean(event),
            message=message,
            ad=said.ad,
            by=clean(said.by),
            source=said.source,
            features_version=said.features_version,
            features=said.features,
            logit=said.logit,
            sketch=said.sketch,
        )
    )


def _same(group: str, said: c.LabelMessage) -> "ColumnElement[bool]":
    """The labels whose place another one takes."""
    x = labels.c
    own_contrary = (x.features == said.features) & (x.by == said.by) & (x.ad != said.ad)
    if said.message is None:
        return own_contrary
    return or_((x.message == short(group, said.message)) & ((x.ad != said.ad) | (x.by == said.by)), own_contrary)


def _undo(conn: Connection, at: datetime, by: str, *which: "ColumnElement[bool]") -> None:
    undone = update(labels).where(labels.c.undone_at.is_(None), *which)
    conn.execute(undone.values(undone_at=micros(at), undone_by=clean(by)))


def _of_group(conn: Connection, group: str) -> "Select[Any]":
    x = labels.c
    return (
        select(
            *(groups.c.id, x.number, x.at, x.ad, x.by, x.source, x.features_version, x.features, x.logit, x.sketch),
            *(people.c.id, x.message, x.event, x.undone_at, x.undone_by),
        )
        .select_from(labels.join(groups, groups.c.key == x.group_key))
        .outerjoin(people, people.c.key == x.person_key)
        .where(x.group_key == group_key(conn, group))
    )


def _one(conn: Connection, query: "Select[Any]") -> Label | None:
    row = conn.execute(query.order_by(labels.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _label(row)


def _label(row: Any) -> Label:
    return Label(
        group=row[0],
        number=row[1],
        at=moment(row[2]),
        ad=row[3],
        by=row[4],
        source=row[5],
        features_version=row[6],
        features=bytes(row[7]),
        logit=row[8],
        sketch=None if row[9] is None else bytes(row[9]),
        member=row[10],
        message=None if row[11] is None else whole(row[0], row[11]),
        event=row[12],
        undone_at=moment(row[13]),
        undone_by=row[14],
    )
