"""What is ordinary in a group: a sample of its messages as hashes, and how far counting them has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select

from storage.activity import MESSAGE
from storage.keys import group_key, group_keys, person_key, person_keys, whole
from storage.moments import micros, moment
from storage.schema import activity, inbox, learning, people, samples, verdicts
from storage.statements import clean, run_many, upsert


class Sample(Struct, frozen=True, kw_only=True):
    """One ordinary message in its slot. ``event`` is what brought it, by which it is known again."""

    slot: int
    at: datetime
    event: str
    features_version: str
    features: bytes
    logit: float
    member: str | None = None


class Progress(Struct, frozen=True, kw_only=True):
    """How many ordinary messages of a group were counted, and how many were left out as likely advertisements.

    Counted are those of its activity up to the row ``through_at``, ``through_seq``.
    """

    ordinary: int = 0
    suspected: int = 0
    through_at: int = 0
    through_seq: int = 0
    warm_at: datetime | None = None
    told_at: datetime | None = None


class Stood(Struct, frozen=True, kw_only=True):
    """A message of the activity log that is to be counted. ``score`` is what the detector said, where that is kept.

    ``text`` is empty where there were no words, and None where they are no longer kept.
    """

    at: int
    seq: int
    event: str
    message: str | None
    member: str | None
    text: str | None
    removed: bool
    score: float | None = None


def progress(conn: Connection, group: str) -> Progress:
    """How far a group has come; the beginning, for one that nothing is known of."""
    x = learning.c
    query = select(x.ordinary, x.suspected, x.through_at, x.through_seq, x.warm_at, x.told_at)
    row = conn.execute(query.where(x.group_key == group_key(conn, group))).one_or_none()
    if row is None:
        return Progress()
    return Progress(
        ordinary=row[0],
        suspected=row[1],
        through_at=row[2],
        through_seq=row[3],
        warm_at=moment(row[4]),
        told_at=moment(row[5]),
    )


def keep_progress(conn: Connection, group: str, come: Progress) -> None:
    """Note how far a group has come."""
    key = group_keys(conn, (group,), create=True)[group]
    row = {
        "group_key": key,
        "ordinary": come.ordinary,
        "suspected": come.suspected,
        "through_at": come.through_at,
        "through_seq": come.through_seq,
        "warm_at": micros(come.warm_at),
        "told_at": micros(come.told_at),
    }
    run_many(conn, _save_progress, [row])


def stood(conn: Connection, group: str, come: Progress, before: datetime, newest: int, limit: int) -> list[Stood]:
    """The next messages to be counted, in order: older than ``before``, or followed by ``newest`` later ones."""
    key = group_key(conn, group)
    a = activity.c
    mine = (a.group_key == key) & (a.kind == MESSAGE)
    until = max(micros(before), latest_begin(conn, group, newest))
    beyond = (a.at > come.through_at) | ((a.at == come.through_at) & (a.seq > come.through_seq))
    query = (
        select(a.at, a.seq, inbox.c.id, a.message, people.c.id, a.text, a.removed, a.fingerprint)
        .select_from(activity)
        .outerjoin(inbox, inbox.c.seq == a.seq)
        .outerjoin(people, people.c.key == a.person_key)
        .where(mine, a.at >= come.through_at, a.at <= until, beyond)
        .order_by(a.at, a.seq)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    scores = _scores(conn, [row[2] for row in rows if row[2] is not None])
    return [
        Stood(
            at=row[0],
            seq=row[1],
            event=row[2] or f"{group}#{row[1]}",
            message=None if row[3] is None else whole(group, row[3]),
            member=row[4],
            text=row[5] if row[7] is not None else row[5] or "",
            removed=row[6],
            score=scores.get(row[2]),
        )
        for row in rows
    ]


def latest_begin(conn: Connection, group: str, newest: int) -> int:
    """The moment of the message that so many later ones follow: where counting begins in a group long known."""
    a = activity.c
    mine = (a.group_key == group_key(conn, group)) & (a.kind == MESSAGE)
    query = select(a.at).where(mine).order_by(a.at.desc(), a.seq.desc()).offset(newest).limit(1)
    return conn.scalar(query) or 0


def of_group(conn: Connection, group: str, version: str) -> list[Sample]:
    """The sample of a group, as far as it was made with these features."""
    x = samples.c
    query = select(x.slot, x.at, x.event, x.features_version, x.features, x.logit).where(
        x.group_key == group_key(conn, group), x.features_version == version
    )
    return [
        Sample(
            slot=row[0],
            at=moment(row[1]),
            event=row[2],
            features_version=row[3],
            features=bytes(row[4]),
            logit=row[5],
        )
        for row in conn.execute(query.order_by(x.slot))
    ]


def known_events(conn: Connection, group: str) -> set[str]:
    """The events whose messages are in the sample."""
    return set(conn.scalars(select(samples.c.event).where(samples.c.group_key == group_key(conn, group))))


def count_of_member(conn: Connection, group: int, person: int | None) -> int:
    """How many messages of a member are in the sample of a group, both by key."""
    x = samples.c
    return conn.scalar(select(func.count()).where(x.group_key == group, x.person_key == person)) or 0


def forget(conn: Connection, group: str, member: str) -> None:
    """Take a member's messages out of the sample of a group."""
    x = samples.c
    conn.execute(delete(samples).where(x.group_key == group_key(conn, group), x.person_key == person_key(conn, member)))


def put(conn: Connection, group: str, fresh: Sequence[Sample]) -> None:
    """Put messages into their slots, over what was there."""
    key = group_keys(conn, (group,), create=True)[group]
    person_of = person_keys(conn, {one.member for one in fresh if one.member is not None}, create=True)
    rows = {
        one.slot: {
            "group_key": key,
            "slot": one.slot,
            "person_key": None if one.member is None else person_of[one.member],
            "at": micros(one.at),
            "event": clean(one.event),
            "features_version": one.features_version,
            "features": one.features,
            "logit": one.logit,
        }
        for one in fresh  # of several for one slot the last
    }
    run_many(conn, _save_sample, list(rows.values()))


def _scores(conn: Connection, events: Sequence[str]) -> dict[str, float]:
    x = verdicts.c
    query = select(x.event, x.score).where(x.event.in_(events), x.detector == "ad").order_by(x.at)
    return {row[0]: row[1] for row in conn.execute(query)} if events else {}


def _save_progress(dialect: str) -> Any:
    return upsert(dialect, learning)


def _save_sample(dialect: str) -> Any:
    return upsert(dialect, samples)
