"""Two groups that turn out to be one: the rows of the one are folded into the other."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Table, and_, delete, literal, select, update

from rules.state import GroupState, MemberState
from storage import sightings, states
from storage.schema import (
    activity,
    activity_days,
    activity_hours,
    cases,
    fires,
    former_ids,
    groups,
    introductions,
    labels,
    learning,
    members,
    outbox,
    points,
    running,
    samples,
    schedule_cursors,
    timers,
    traces,
    warnings,
)
from storage.statements import adding, dialect_of

T = TypeVar("T", datetime, str, int)


def fold(conn: Connection, source: int, into: int) -> None:
    """Move everything of the group with the key ``source``, the younger one, to ``into``, and drop ``source``."""
    for table in (activity, introductions, warnings, points, traces, outbox, former_ids):
        conn.execute(update(table).where(table.c.group_key == source).values(group_key=into))
    taken = select(cases.c.number).where(cases.c.group_key == into)
    free = (cases.c.group_key == source) & cases.c.number.not_in(taken.scalar_subquery())
    conn.execute(update(cases).where(free).values(group_key=into))
    conn.execute(delete(cases).where(cases.c.group_key == source))  # their numbers are taken
    for table in (activity_hours, activity_days):
        _add(conn, table, source, into)
    for table in (timers, fires, schedule_cursors, running):  # the younger group's are the later ones
        _replace(conn, table, source, into)
    sightings.fold(conn, source, into)
    _members(conn, source, into)
    older, younger = (_group(conn, key) for key in (into, source))
    _labels(conn, source, into, after=older.next_label - 1)
    _learning(conn, source, into)
    values = states.group_columns(merged_groups(older, younger))
    conn.execute(delete(groups).where(groups.c.key == source))
    conn.execute(update(groups).where(groups.c.key == into).values(**values))


def merged_members(older: MemberState, younger: MemberState) -> MemberState:
    """One member's states in both groups as one. What was said last holds; counts are added."""
    later = younger if younger.checkin_day >= older.checkin_day else older
    same_day = bool(older.last_active_day) and older.last_active_day == younger.last_active_day
    return MemberState(
        id=older.id,
        name=younger.name or older.name,
        username=younger.username or older.username,
        role=younger.role,
        first_seen=_least(older.first_seen, younger.first_seen),
        joined_at=_least(older.joined_at, younger.joined_at),
        left_at=younger.left_at,
        removed_at=younger.removed_at,
        last_seen=_most(older.last_seen, younger.last_seen),
        messages=older.messages + younger.messages,
        substantive=older.substantive + younger.substantive,
        active_days=older.active_days + younger.active_days - same_day,
        last_active_day=max(older.last_active_day, younger.last_active_day),
        tags=list(dict.fromkeys([*older.tags, *younger.tags])),
        introduced_at=younger.introduced_at or older.introduced_at,
        introduction=younger.introduction or older.introduction,
        introduction_message=younger.introduction_message or older.introduction_message,
        profile=older.profile | younger.profile,
        asked_introduction_at=younger.asked_introduction_at or older.asked_introduction_at,
        introduction_reminders=max(older.introduction_reminders, younger.introduction_reminders),
        points=older.points + younger.points,
        warnings=older.warnings + younger.warnings,
        score=older.score + younger.score,
        checkin_day=later.checkin_day,
        streak=later.streak,
        checkins=older.checkins + younger.checkins,
        muted_until=_most(older.muted_until, younger.muted_until),
        banned=older.banned or younger.banned,
        question=younger.question or older.question,
        uses=_uses(older.uses, younger.uses),
        source=older.source or younger.source,
        welcomed=older.welcomed or younger.welcomed,
        gate=younger.gate or older.gate,
        read_rules_at=younger.read_rules_at or older.read_rules_at,
    )


def merged_groups(older: GroupState, younger: GroupState) -> GroupState:
    """Both groups' states as one. What was said last holds; counts are added."""
    younger_reviews = [older.next_review + number for number in range(len(younger.reviews))]
    for number, review in zip(younger_reviews, younger.reviews, strict=True):
        review.number = number
    latest = younger if younger.announced_day >= older.announced_day else older
    challenge = younger if younger.challenge_day >= older.challenge_day and younger.challenge else older
    return GroupState(
        id=older.id,
        name=younger.name or older.name,
        first_seen=_least(older.first_seen, younger.first_seen),
        last_message_at=_most(older.last_message_at, younger.last_message_at),
        messages=older.messages + younger.messages,
        welcomes=list({w.member: w for w in [*older.welcomes, *younger.welcomes]}.values()),
        welcome_due=_most(older.welcome_due, younger.welcome_due),
        welcome_paused_until=_most(older.welcome_paused_until, younger.welcome_paused_until),
        rule_modes=older.rule_modes | younger.rule_modes,
        uses=_uses(older.uses, younger.uses),
        copy_turns=older.copy_turns | younger.copy_turns,
        topics_used=older.topics_used | younger.topics_used,
        quiet_fires=older.quiet_fires | younger.quiet_fires,
        posted=older.posted | younger.posted,
        messages_at_post=older.messages_at_post
        | {name: count + older.messages for name, count in younger.messages_at_post.items()},
        reviews=[*older.reviews, *younger.reviews],
        next_review=older.next_review + len(younger.reviews),
        next_case=max(older.next_case, younger.next_case),
        next_label=older.next_label + younger.next_label - 1,
        greeting=younger.greeting or older.greeting,
        confirmations=[*older.confirmations, *younger.confirmations],
        announced_day=latest.announced_day,
        announced=latest.announced,
        challenge=challenge.challenge,
        challenge_day=challenge.challenge_day,
        challenges=[*older.challenges, *younger.challenges],
        held=list(dict.fromkeys([*older.held, *younger.held])),
        gate_notes=[*older.gate_notes, *younger.gate_notes],
        strangers=[*older.strangers, *younger.strangers],
        gate_required_until=_most(older.gate_required_until, younger.gate_required_until),
    )


def _members(conn: Connection, source: int, into: int) -> None:
    c = members.c
    mine, theirs = members.alias("mine"), members.alias("theirs")
    both = (
        select(mine.c.person_key, mine.c.state, theirs.c.state)
        .join_from(mine, theirs, mine.c.person_key == theirs.c.person_key)
        .where(mine.c.group_key == into, theirs.c.group_key == source)
    )
    for person, older, younger in conn.execute(both).all():
        state = merged_members(states.decode_member(older, ""), states.decode_member(younger, ""))
        row = states.member_columns(state)
        conn.execute(delete(members).where(c.group_key == source, c.person_key == person))
        conn.execute(update(members).where(c.group_key == into, c.person_key == person).values(**row))
    conn.execute(update(members).where(c.group_key == source).values(group_key=into))


def _labels(conn: Connection, source: int, into: int, after: int) -> None:
    """The younger group's labels get the numbers behind those of the older one."""
    c = labels.c
    conn.execute(update(labels).where(c.group_key == source).values(group_key=into, number=c.number + after))


def _learning(conn: Connection, source: int, into: int) -> None:
    """Of the sample of the younger group what finds a free slot; the ordinary messages of both were seen."""
    c, x = samples.c, learning.c
    taken = select(c.slot).where(c.group_key == into).scalar_subquery()
    conn.execute(update(samples).where(c.group_key == source, c.slot.not_in(taken)).values(group_key=into))
    conn.execute(delete(samples).where(c.group_key == source))
    older, younger = (conn.execute(select(learning).where(x.group_key == key)).one_or_none() for key in (into, source))
    if older is not None and younger is not None:
        sums = {"ordinary": older.ordinary + younger.ordinary, "suspected": older.suspected + younger.suspected}
        through = max((row.through_at, row.through_seq) for row in (older, younger))
        since = {"warm_at": _least(older.warm_at, younger.warm_at), "told_at": older.told_at or younger.told_at}
        where = {"through_at": through[0], "through_seq": through[1]}
        conn.execute(update(learning).where(x.group_key == into).values(**sums, **since, **where))
        conn.execute(delete(learning).where(x.group_key == source))
    conn.execute(update(learning).where(x.group_key == source).values(group_key=into))


def _group(conn: Connection, key: int) -> GroupState:
    row = conn.execute(select(groups.c.state, groups.c.id).where(groups.c.key == key)).one()
    return states.decode_group(row[0], row[1])


def _add(conn: Connection, table: Table, source: int, into: int) -> None:
    rest = [column for column in table.columns if column.name != "group_key"]
    rows = select(literal(into).label("group_key"), *rest).where(table.c.group_key == source)
    moved = [dict(row._mapping) for row in conn.execute(rows)]
    if moved:
        conn.execute(adding(dialect_of(conn), table, "messages", "removed"), moved)
    conn.execute(delete(table).where(table.c.group_key == source))


def _replace(conn: Connection, table: Table, source: int, into: int) -> None:
    younger = table.alias("younger")
    same = [table.c[k.name] == younger.c[k.name] for k in table.primary_key.columns if k.name != "group_key"]
    there = select(younger.c.group_key).where(younger.c.group_key == source, and_(*same)).exists()
    conn.execute(delete(table).where(table.c.group_key == into, there))
    conn.execute(update(table).where(table.c.group_key == source).values(group_key=into))


def _uses(older: dict[str, list[datetime]], younger: dict[str, list[datetime]]) -> dict[str, list[datetime]]:
    return {name: sorted(older.get(name, []) + younger.get(name, [])) for name in older | younger}


def _least(*values: T | None) -> T | None:
    return min(_known(values), default=None)


def _most(*values: T | None) -> T | None:
    return max(_known(values), default=None)


def _known(values: Iterable[T | None]) -> list[T]:
    return [value for value in values if value is not None]
