"""The figures of a stretch of time in one group, from the sums by day and hour, and from rows only at the edges."""

from collections import Counter
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, case, func, literal, or_, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from rules.digest import Digest, Quoted, Ranked
from storage.activity import MESSAGE
from storage.history import CHECKIN, LADDER
from storage.keys import group_key, whole
from storage.moments import HOUR, micros, moment
from storage.schema import (
    activity,
    activity_days,
    activity_hours,
    groups,
    introductions,
    members,
    people,
    points,
    traces,
)

TOP = 10
QUOTED = 5
LINKS = 20
WORDS = 120  # characters of a message that are quoted
_IN_THE_GROUPS_NAME = '%"role":"group"%'
"""The state of who is no person: an anonymous admin, or the channel that the group belongs to."""

Span = tuple[int, int]


def digest(conn: Connection, group: str, since: datetime, until: datetime) -> Digest:
    """What happened in a group from ``since`` (included) to ``until`` (not).

    Messages that were removed count as removed only. What led up a ladder is not said again: where nothing can be
    removed it stands. A member is new in the stretch in which we first saw them. A question is answered by a reply
    from somebody else before ``until``. The busiest hour is one of ``since``'s zone.
    """
    key = group_key(conn, group)
    span = (micros(since), micros(until))
    if key is None or span[0] >= span[1]:
        return Digest(since=since, until=until)
    id_ = str(conn.scalar(select(groups.c.id).where(groups.c.key == key)))
    sums = _sums(key, *span).subquery()
    active = func.sum(case((sums.c.messages > 0, 1), else_=0))
    per = select(func.sum(sums.c.messages), active, func.sum(sums.c.removed)).select_from(sums)
    messages, people, removed = (int(value or 0) for value in conn.execute(per).one())
    return Digest(
        since=since,
        until=until,
        messages=messages,
        active_members=people,
        new_members=_count(conn, members, key, members.c.first_seen, span),
        left_members=_count(conn, members, key, members.c.left_at, span),
        members=conn.scalar(select(func.count()).where(members.c.group_key == key, members.c.left_at.is_(None))) or 0,
        top=_top(conn, key, sums),
        most_replied=_most_replied(conn, key, id_, span),
        links=_links(conn, key, span),
        introductions=_introductions(conn, key, id_, span),
        unanswered=_unanswered(conn, key, id_, span),
        checkins=_count(conn, points, key, points.c.at, span, points.c.kind == CHECKIN),
        removed_messages=removed,
        busiest_hour=_busiest_hour(conn, key, span, since),
    )


def split(since: int, until: int) -> tuple[list[Span], list[Span], list[Span]]:
    """A stretch as whole UTC days, whole hours beside them, and the edges that are neither (all half open)."""
    first, last = -(-since // HOUR), until // HOUR
    if first >= last:
        return [], [], [(since, until)]
    edges = [(since, first * HOUR), (last * HOUR, until)]
    first_day, last_day = -(-first // 24), last // 24
    if first_day >= last_day:
        days, hours = [], [(first, last)]
    else:
        days, hours = [(first_day, last_day)], [(first, first_day * 24), (last_day * 24, last)]
    return days, [span for span in hours if span[0] < span[1]], [span for span in edges if span[0] < span[1]]


def _sums(key: int, since: int, until: int) -> Any:
    """Messages and removed messages by person."""
    days, hours, edges = split(since, until)
    parts: list[Any] = []
    for table, column, spans in ((activity_days, "day", days), (activity_hours, "hour", hours)):
        for low, high in spans:
            slot = table.c[column]
            where = and_(table.c.group_key == key, slot >= low, slot < high)
            parts.append(select(table.c.person_key, table.c.messages, table.c.removed).where(where))
    for edge in edges:
        gone = case((activity.c.removed, 1), else_=0)
        parts.append(
            select(activity.c.person_key, (1 - gone).label("messages"), gone.label("removed")).where(
                _posted(key, edge), activity.c.person_key.is_not(None)
            )
        )
    everything: CompoundSelect[Any] = union_all(*parts)
    rows = everything.subquery()
    return select(
        rows.c.person_key, func.sum(rows.c.messages).label("messages"), func.sum(rows.c.removed).label("removed")
    ).group_by(rows.c.person_key)


def _posted(key: int, span: Span) -> Any:
    c = activity.c
    return and_(c.group_key == key, c.at >= span[0], c.at < span[1], c.kind == MESSAGE)


def _allowed(key: int, message: Any) -> Any:
    """Whether nobody climbed a ladder by a message."""
    breaches = (
        select(traces.c.message)
        .join_from(points, traces, traces.c.event == points.c.event)
        .where(points.c.group_key == key, points.c.kind == LADDER)
        .where(traces.c.group_key == key, traces.c.message.is_not(None))
    )
    return or_(message.is_(None), message.not_in(breaches))


def _count(conn: Connection, table: Any, key: int, column: Any, span: Span, *more: Any) -> int:
    where = (table.c.group_key == key, column >= span[0], column < span[1], *more)
    return conn.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _top(conn: Connection, key: int, sums: Any) -> tuple[Ranked, ...]:
    query = (
        select(people.c.id, func.coalesce(members.c.name, ""), sums.c.messages)
        .join_from(sums, people, people.c.key == sums.c.person_key)
        .outerjoin(members, and_(members.c.group_key == key, members.c.person_key == sums.c.person_key))
        .where(sums.c.messages > 0, func.coalesce(members.c.state, "").not_like(_IN_THE_GROUPS_NAME))
        .order_by(sums.c.messages.desc(), sums.c.person_key)
        .limit(TOP)
    )
    return tuple(Ranked(member=row[0], name=row[1], count=int(row[2])) for row in conn.execute(query))


def _most_replied(conn: Connection, key: int, group: str, span: Span) -> tuple[Quoted, ...]:
    reply, said = activity.alias("reply"), activity.alias("said")
    count = func.count().label("replies")
    c = reply.c
    # "+ 0" ties the group to the reply's row, so that SQLite reads the stretch first and looks each message up; without
    # statistics it would take "one group" for few rows and begin with all of them.
    answered = and_(said.c.group_key == c.group_key + 0, said.c.message == c.reply_to)
    counted = (
        select(said.c.at, said.c.seq, count)
        .join_from(reply, said, answered)
        .where(c.group_key == key, c.at >= span[0], c.at < span[1], c.kind == MESSAGE, ~c.removed)
        .where(c.reply_to.is_not(None), said.c.kind == MESSAGE, ~said.c.removed, said.c.person_key != c.person_key)
        .where(_allowed(key, said.c.message))
        .group_by(said.c.at, said.c.seq)
        .order_by(count.desc(), said.c.at, said.c.seq)
        .limit(QUOTED)
        .subquery()
    )
    same = and_(activity.c.group_key == key, activity.c.at == counted.c.at, activity.c.seq == counted.c.seq)
    query = _quotes(counted.c.replies).join(counted, same)
    return _quoted(conn, group, query.order_by(counted.c.replies.desc(), activity.c.at, activity.c.seq))


def _unanswered(conn: Connection, key: int, group: str, span: Span) -> tuple[Quoted, ...]:
    reply = activity.alias("reply")
    answered = (
        select(reply.c.seq)
        .where(reply.c.group_key == activity.c.group_key, reply.c.reply_to == activity.c.message)
        .where(reply.c.person_key != activity.c.person_key, reply.c.at + 0 < span[1])  # by reply, not by time
        .where(reply.c.kind == MESSAGE, ~reply.c.removed)
        .exists()
    )
    query = _quotes(literal(0)).where(_posted(key, span), activity.c.question, ~activity.c.removed, ~answered)
    query = query.where(_allowed(key, activity.c.message))
    return _quoted(conn, group, query.order_by(activity.c.at, activity.c.seq).limit(QUOTED))


def _introductions(conn: Connection, key: int, group: str, span: Span) -> tuple[Quoted, ...]:
    t = introductions
    name = func.coalesce(members.c.name, "")
    query = (
        select(t.c.message, name, t.c.text, literal(0))
        .outerjoin_from(t, members, and_(members.c.group_key == t.c.group_key, members.c.person_key == t.c.person_key))
        .where(t.c.group_key == key, t.c.at >= span[0], t.c.at < span[1])
        .order_by(t.c.at, t.c.id)
    )
    return _quoted(conn, group, query)


def _links(conn: Connection, key: int, span: Span) -> tuple[str, ...]:
    query = select(activity.c.links).where(_posted(key, span), activity.c.links.is_not(None), ~activity.c.removed)
    query = query.where(_allowed(key, activity.c.message))
    found: dict[str, None] = {}
    for links in conn.scalars(query.order_by(activity.c.at, activity.c.seq)):
        found.update(dict.fromkeys(msgspec.json.decode(links, type=tuple[str, ...])))
        if len(found) >= LINKS:
            break
    return tuple(found)[:LINKS]


def _busiest_hour(conn: Connection, key: int, span: Span, since: datetime) -> int | None:
    totals: Counter[int] = Counter()
    first, last = -(-span[0] // HOUR), span[1] // HOUR
    _, _, edges = split(*span)
    t = activity_hours.c
    whole_hours = select(t.hour, func.sum(t.messages)).where(t.group_key == key, t.hour >= first, t.hour < last)
    queries: list[Any] = [whole_hours.group_by(t.hour)]
    for edge in edges:
        hour = (activity.c.at // HOUR).label("hour")
        queries.append(select(hour, func.count()).where(_posted(key, edge), ~activity.c.removed).group_by(hour))
    for query in queries:
        for hour_number, count in conn.execute(query):
            totals[moment(int(hour_number) * HOUR).astimezone(since.tzinfo).hour] += int(count)
    totals = +totals
    return min(totals, key=lambda hour: (-totals[hour], hour)) if totals else None


def _quotes(count: Any) -> Any:
    c = activity.c
    same = and_(members.c.group_key == c.group_key, members.c.person_key == c.person_key)
    return select(c.message, func.coalesce(members.c.name, ""), c.text, count).outerjoin_from(activity, members, same)


def _quoted(conn: Connection, group: str, query: Any) -> tuple[Quoted, ...]:
    return tuple(
        Quoted(message=whole(group, row[0] or ""), name=row[1], text=(row[2] or "")[:WORDS], count=int(row[3]))
        for row in conn.execute(query)
    )
