"""A group whose platform gave it a new id: everything of it follows, in one transaction.

Rows refer to groups by key and to messages relative to their group, so most of it follows by itself. What holds whole
ids (open events and deliveries, states, timers) is rewritten. Where the new id was met before as a group of its own
(its first messages overtook the news), that group is folded into this one.

The messages themselves may stay behind: a Telegram supergroup numbers its own from 1. So nothing that was still to be
done to one of them is done, lest it be done to another message of the same number; nor is one of them kept up to date
any more.
"""

from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Table, delete, literal, select, update

from rules import effects
from rules.effects import DeleteMessage, PinMessage, SendText
from storage import merge, running, sightings, states
from storage.keys import group_keys, groups_moved
from storage.moments import moment
from storage.outbox import drop
from storage.renaming import follow
from storage.schema import cases, former_ids, groups, inbox, labels, members, outbox, timers
from storage.statements import dialect_of, upsert

STAYED_BEHIND = "the message stayed behind under the group's former id"
_OPEN_DELIVERIES = (0, 1, 3)  # waiting, sending, uncertain


def migrate(conn: Connection, old: str, new: str) -> None:
    """Give the group ``old`` the id ``new``. Doing it again changes nothing."""
    key = group_keys(conn, (old,), create=True)[old]
    known_as = str(conn.scalar(select(groups.c.id).where(groups.c.key == key)))
    if known_as == new:
        return
    groups_moved(conn)
    _leave_messages(conn, cases, key, known_as)
    _leave_messages(conn, labels, key, known_as)
    running.leave_behind(conn, key)
    sightings.leave_behind(conn, key, known_as)
    other = conn.scalar(select(groups.c.key).where(groups.c.id == new))
    if other is not None:
        merge.fold(conn, other, key)
    conn.execute(delete(former_ids).where(former_ids.c.id == new))
    conn.execute(update(groups).where(groups.c.key == key).values(id=new))
    former = sorted({old, known_as})
    conn.execute(upsert(dialect_of(conn), former_ids), [{"id": id_, "group_key": key} for id_ in former])
    for id_ in former:
        _rewrite(conn, key, id_, new)


def _rewrite(conn: Connection, key: int, old: str, new: str) -> None:
    conn.execute(update(inbox).where(inbox.c.group_id == old, inbox.c.event.is_(None)).values(group_id=new))
    _each(conn, inbox, "event", inbox.c.group_id == old, old, new, group_id=new)
    _forget_challenges(conn, key, old)
    _each(conn, groups, "state", groups.c.key == key, old, new)
    _each(conn, members, "state", members.c.group_key == key, old, new)
    _let_messages_be(conn, key, old)
    open_ = (outbox.c.group_key == key) & outbox.c.state.in_(_OPEN_DELIVERIES)
    _each(conn, outbox, "effect", open_, old, new)
    _each(conn, timers, "data", timers.c.group_key == key, old, new)


def _let_messages_be(conn: Connection, key: int, old: str) -> None:
    """Drop what waits to be done to messages of the former id; answers to them are said as words of their own."""
    c = outbox.c
    named = (c.group_key == key) & c.state.in_(_OPEN_DELIVERIES) & c.effect.contains(f'"{old}/', autoescape=True)
    for id_, text, created_at in conn.execute(select(c.id, c.effect, c.created_at).where(named)).all():
        try:
            effect = effects.decode(text)
        except msgspec.ValidationError:
            continue  # of another version: it is not sent by this one
        if isinstance(effect, (DeleteMessage, PinMessage)):
            drop(conn, (id_,), STAYED_BEHIND, moment(created_at))
        elif isinstance(effect, SendText):
            answer = effects.encode(replace(effect, reply_to=None)).decode()
            conn.execute(update(outbox).where(c.id == id_).values(effect=answer))


def _leave_messages(conn: Connection, table: Table, key: int, old: str) -> None:
    """Decisions and labels were about messages of the former id, not about those that get the same numbers now."""
    theirs = (table.c.group_key == key) & table.c.message.startswith("/")
    conn.execute(update(table).where(theirs).values(message=literal(old) + table.c.message))


def _forget_challenges(conn: Connection, key: int, old: str) -> None:
    """The gate's own messages stayed behind, too: it has none of them to remove under the new id."""
    row = conn.execute(select(groups.c.state, groups.c.id).where(groups.c.key == key)).one()
    state = states.decode_group(row[0], row[1])
    for challenge in state.challenges:
        challenge.messages = [each for each in challenge.messages if not each.startswith(f"{old}/")]
    if state.challenges:
        conn.execute(update(groups).where(groups.c.key == key).values(**states.group_columns(state)))


def _each(conn: Connection, table: Table, column: str, where: Any, old: str, new: str, **also: Any) -> None:
    """Rewrite a column of the rows that name the old id."""
    c = table.c[column]
    names_it = c.contains(old, autoescape=True)
    keys = list(table.primary_key.columns)
    for row in conn.execute(select(*keys, c).where(where, names_it)).all():
        this = [k == value for k, value in zip(keys, row[:-1], strict=True)]
        conn.execute(update(table).where(*this).values({column: follow(row[-1], old, new), **also}))
