"""What is remembered of groups and members, loaded and saved many at a time, and what commands ask about members."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

import msgspec
from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select, tuple_, update

from rules.state import GroupState, MemberState
from storage.keys import group_key, group_keys, person_keys
from storage.moments import micros
from storage.schema import groups, members, people
from storage.statements import chunks, clean, run_many, upsert

_encode = msgspec.json.Encoder().encode
_member = msgspec.json.Decoder(MemberState)
_group = msgspec.json.Decoder(GroupState)

# What is asked for at every batch is put together once.
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_GROUPS = select(groups.c.key, groups.c.id, groups.c.state).where(groups.c.key.in_(_KEYS))
_MEMBERS = select(members.c.group_key, members.c.person_key, members.c.state).where(
    tuple_(members.c.group_key, members.c.person_key).in_(_KEYS)
)


def load_groups(conn: Connection, ids: Iterable[str]) -> dict[str, GroupState]:
    """The states of groups by the id asked for; fresh ones for groups never seen."""
    wanted = set(ids)
    keys = group_keys(conn, wanted)
    found: dict[int, GroupState] = {}
    for part in chunks(sorted(set(keys.values()))):
        for key, id_, state in conn.execute(_GROUPS, {"keys": part}):
            found[key] = decode_group(state, id_)
    return {id_: found[keys[id_]] if keys.get(id_) in found else GroupState(id=id_) for id_ in wanted}


def load_members(conn: Connection, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], MemberState]:
    """The states of members by (group id, member id); fresh ones for members never seen."""
    wanted = set(pairs)
    group_of = group_keys(conn, {group for group, _ in wanted})
    person_of = person_keys(conn, {member for _, member in wanted})
    by_key: dict[tuple[int, int], tuple[str, str]] = {}
    loaded: dict[tuple[str, str], MemberState] = {}
    for pair in wanted:
        group, person = group_of.get(pair[0]), person_of.get(pair[1])
        if group is not None and person is not None:
            by_key[group, person] = pair
        loaded[pair] = MemberState(id=pair[1])
    for part in chunks(sorted(by_key)):
        for group, person, state in conn.execute(_MEMBERS, {"keys": part}):
            pair = by_key[group, person]
            loaded[pair] = decode_member(state, pair[1])
    return loaded


def save(
    conn: Connection, group_states: Iterable[GroupState], member_states: Mapping[tuple[str, str], MemberState]
) -> None:
    """Keep states: of groups, and of members by (group id, member id). Groups not yet known are made."""
    states = list(group_states)
    group_of = group_keys(conn, [state.id for state in states] + [group for group, _ in member_states], create=True)
    if states:
        run_many(conn, _save_group, [_group_row(group_of[state.id], state) for state in states])
    if member_states:
        person_of = person_keys(conn, [member for _, member in member_states], create=True)
        rows = [_member_row(group_of[g], person_of[m], state) for (g, m), state in member_states.items()]
        run_many(conn, _save_member, rows)


def find_member(conn: Connection, group: str, text: str) -> MemberState | None:
    """The member with this id, username or name (with or without ``@``); None where nobody or several answer to it.

    A username goes before a name, and people who are in the group before those who left.
    """
    key = group_key(conn, group)
    if key is None:
        return None
    wanted = clean(text.strip())
    c = members.c
    for matches in (
        people.c.id == wanted,
        c.handle == wanted.removeprefix("@").casefold(),
        c.name_folded == wanted.casefold(),
        c.name_folded == wanted.removeprefix("@").casefold(),
    ):
        query = (
            select(people.c.id, c.state, c.left_at)
            .join_from(members, people, people.c.key == c.person_key)
            .where(and_(c.group_key == key, matches))
            .limit(20)
        )
        rows = conn.execute(query).all()
        present = [row for row in rows if row[2] is None] or rows
        if len(present) == 1:
            return decode_member(present[0][1], present[0][0])
        if present:
            return None
    return None


def top(conn: Connection, group: str, by: Literal["score", "messages", "streak"], limit: int) -> list[MemberState]:
    """The members still in a group with the most of something, most first; nobody with none of it."""
    key = group_key(conn, group)
    if key is None:
        return []
    column = members.c[by]
    query = (
        select(people.c.id, members.c.state)
        .join_from(members, people, people.c.key == members.c.person_key)
        .where(members.c.group_key == key, members.c.left_at.is_(None), column > 0)
        .order_by(column.desc(), members.c.first_seen, members.c.person_key)
        .limit(limit)
    )
    return [decode_member(state, id_) for id_, state in conn.execute(query)]


def member_count(conn: Connection, group: str) -> int:
    """How many members that we know of are in a group."""
    key = group_key(conn, group)
    query = select(func.count()).where(members.c.group_key == key, members.c.left_at.is_(None))
    return 0 if key is None else conn.scalar(query) or 0


def known_groups(conn: Connection) -> list[GroupState]:
    """Every group, in the order in which they were met."""
    rows = conn.execute(select(groups.c.id, groups.c.state).order_by(groups.c.key))
    return [decode_group(state, id_) for id_, state in rows]


def silent_members(conn: Connection, group: str, ids: Collection[str]) -> set[str]:
    """Which of these members never posted in a group."""
    key, people_of = group_key(conn, group), person_keys(conn, ids)
    spoke: set[int] = set()
    for part in chunks(sorted(people_of.values())):
        query = select(members.c.person_key).where(
            members.c.group_key == key, members.c.person_key.in_(part), members.c.messages > 0
        )
        spoke.update(conn.scalars(query))
    return {id_ for id_ in ids if people_of.get(id_) not in spoke}


def decode_group(state: str, id_: str) -> GroupState:
    """The group's state from its row: the row's id holds, whatever the state says."""
    group = _group.decode(state) if state != "{}" else GroupState(id=id_)
    group.id = id_
    return group


def decode_member(state: str, id_: str) -> MemberState:
    """The member's state from its row."""
    member = _member.decode(state) if state != "{}" else MemberState(id=id_)
    member.id = id_
    return member


def member_columns(state: MemberState) -> dict[str, Any]:
    """The columns of a member's row that are made from the state."""
    name = clean(state.name)
    return {
        "name": name,
        "name_folded": name.strip().casefold(),
        "handle": clean(state.username).casefold() if state.username else None,
        "first_seen": micros(state.first_seen),
        "joined_at": micros(state.joined_at),
        "left_at": micros(state.left_at),
        "last_seen": micros(state.last_seen),
        "messages": state.messages,
        "introduced_at": micros(state.introduced_at),
        "score": state.score,
        "streak": state.streak,
        "banned": state.banned,
        "state": _encode(state).decode(),
    }


def group_columns(state: GroupState) -> dict[str, Any]:
    """The columns of a group's row that are made from the state."""
    return {
        "name": clean(state.name),
        "first_seen": micros(state.first_seen),
        "last_message_at": micros(state.last_message_at),
        "messages": state.messages,
        "state": _encode(state).decode(),
    }


def _member_row(group: int, person: int, state: MemberState) -> dict[str, Any]:
    return {"group_key": group, "person_key": person, **member_columns(state)}


def _group_row(key: int, state: GroupState) -> dict[str, Any]:
    return {"group": key, **group_columns(state)}


def _save_member(dialect: str) -> Any:
    return upsert(dialect, members)


def _save_group(_dialect: str) -> Any:
    return update(groups).where(groups.c.key == bindparam("group"))
