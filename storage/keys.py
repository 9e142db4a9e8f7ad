"""Small integer keys for platform ids, remembered per database so that the hot path asks for each id once.

What a transaction learns is remembered once it is committed, and so is that no group ever had another id. After a
rollback everything is forgotten: a key may have been made by the transaction that never was, or moved by another
process.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Table, select

from storage.schema import former_ids, groups, people
from storage.statements import chunks, clean, dialect_of, insert

LIMIT = 200_000
_INFO = "groupkeeper.keys"


class KeyCache:
    """The committed keys of one database."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, int]] = {groups.name: {}, people.name: {}}
        self.never_moved = False

    def forget(self) -> None:
        """Start over."""
        self.never_moved = False
        for known in self.tables.values():
            known.clear()


class KeySession:
    """What one transaction knows: the committed keys and its own."""

    def __init__(self, cache: KeyCache) -> None:
        self.cache = cache
        self.fresh: dict[str, dict[str, int]] = {groups.name: {}, people.name: {}}
        self.moved = False
        self.never_moved = False

    def attach(self, conn: Connection) -> None:
        """Make the functions of this module use this session for the connection."""
        conn.info[_INFO] = self

    def commit(self) -> None:
        """The transaction was committed: its keys hold."""
        if self.moved:
            self.cache.forget()
            return
        self.cache.never_moved |= self.never_moved
        for name, fresh in self.fresh.items():
            known = self.cache.tables[name]
            if len(known) + len(fresh) > LIMIT:
                known.clear()
            known.update(fresh)

    def rollback(self) -> None:
        """The transaction was rolled back."""
        self.cache.forget()


def group_keys(conn: Connection, ids: Iterable[str], *, create: bool = False) -> dict[str, int]:
    """The keys of groups by id; a former id leads to the group it became. Unknown ids are left out or created."""
    return _keys(conn, groups, ids, create)


def person_keys(conn: Connection, ids: Iterable[str], *, create: bool = False) -> dict[str, int]:
    """The keys of people by id; unknown ids are left out or created."""
    return _keys(conn, people, ids, create)


def group_key(conn: Connection, group: str) -> int | None:
    """The key of one group, if it is known."""
    return group_keys(conn, (group,)).get(group)


def person_key(conn: Connection, member: str) -> int | None:
    """The key of one person, if they are known."""
    return person_keys(conn, (member,)).get(member)


def groups_moved(conn: Connection) -> None:
    """Groups have other keys from now on: trust nothing that was remembered."""
    session = _session(conn)
    session.moved = True
    session.never_moved = False
    session.cache.forget()
    for fresh in session.fresh.values():
        fresh.clear()


def never_moved(conn: Connection) -> bool:
    """Whether it is certain that no group ever had another id: asked of the database until it is."""
    session = _session(conn)
    if session.cache.never_moved or session.never_moved:
        return True
    session.never_moved = not session.moved and conn.scalar(select(former_ids.c.id).limit(1)) is None
    return session.never_moved


def short(group: str, message: str | None) -> str | None:
    """A message id relative to its group (``/55``), whole where it does not begin with the group's id."""
    if message is None:
        return None
    return message[len(group) :] if message.startswith(group + "/") else clean(message)


def whole(group: str, message: str) -> str:
    """The message id that ``short`` made small."""
    return group + message if message.startswith("/") else message


def _session(conn: Connection) -> KeySession:
    session = conn.info.get(_INFO)
    return session if isinstance(session, KeySession) else KeySession(KeyCache())


def _keys(conn: Connection, table: Table, ids: Iterable[str], create: bool) -> dict[str, int]:
    session = _session(conn)
    known, fresh = session.cache.tables[table.name], session.fresh[table.name]
    found: dict[str, int] = {}
    missing: list[str] = []
    for id_ in set(ids):
        key = fresh.get(id_) if session.moved else known.get(id_) or fresh.get(id_)
        if key is None:
            missing.append(id_)
        else:
            found[id_] = key
    if not missing:
        return found
    learnt = _look_up(conn, table, missing)
    if create and len(learnt) < len(missing):
        new = sorted(id_ for id_ in missing if id_ not in learnt)
        conn.execute(insert(dialect_of(conn), table).on_conflict_do_nothing(), [{"id": id_} for id_ in new])
        learnt |= _look_up(conn, table, new)
    fresh.update(learnt)
    return found | learnt


def _look_up(conn: Connection, table: Table, ids: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in chunks(ids):
        rows = conn.execute(select(table.c.id, table.c.key).where(table.c.id.in_(part)))
        found.update({row[0]: row[1] for row in rows})
    if table is groups:
        for part in chunks([id_ for id_ in ids if id_ not in found]):
            rows = conn.execute(select(former_ids.c.id, former_ids.c.group_key).where(former_ids.c.id.in_(part)))
            found.update({row[0]: row[1] for row in rows})
    return found
