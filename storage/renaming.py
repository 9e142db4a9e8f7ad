"""Ids inside JSON texts that follow a group's new id, and the ids that groups had before."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from storage.keys import never_moved
from storage.schema import former_ids, groups


def present_ids(conn: Connection, ids: Collection[str]) -> dict[str, str]:
    """The ids that groups have now, by those of ``ids`` that they had before; the others are left out."""
    if never_moved(conn):
        return {}
    query = (
        select(former_ids.c.id, groups.c.id)
        .join_from(former_ids, groups, groups.c.key == former_ids.c.group_key)
        .where(former_ids.c.id.in_(ids), groups.c.id != former_ids.c.id)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def follow(text: str, old: str, new: str) -> str:
    """A JSON text (or a plain one) in which the group's id, and the ids of its messages, are the new ones."""
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return _moved(text, old, new)
    return msgspec.json.encode(_walk(value, old, new)).decode()


def _walk(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return _moved(value, old, new)
    if isinstance(value, list):
        return [_walk(item, old, new) for item in value]
    if isinstance(value, dict):
        return {name: _walk(item, old, new) for name, item in value.items()}
    return value


def _moved(text: str, old: str, new: str) -> str:
    return new + text[len(old) :] if text == old or text.startswith(old + "/") else text
