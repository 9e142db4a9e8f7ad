"""Statements that both dialects understand, and the chunks that keep them within the drivers' limits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
Build = Callable[[str], Any]  # from the name of a dialect to a statement

CHUNK = 1_000
_compiled: dict[tuple[Build, str], tuple[str, Callable[[Mapping[str, Any]], Any]]] = {}


def insert(dialect: str, table: Table) -> Any:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def upsert(dialect: str, table: Table, *unique: str) -> Any:
    """An INSERT that overwrites every other column of a row with the same primary key (or ``unique`` columns)."""
    statement = insert(dialect, table)
    keys = unique or tuple(c.name for c in table.primary_key.columns)
    rest = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key and c.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=rest)


def adding(dialect: str, table: Table, *sums: str) -> Any:
    """An INSERT that adds the columns ``sums`` to a row with the same primary key."""
    statement = insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in sums},
    )


def run_many(conn: Connection, build: Build, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of plain values, all with the same columns, with a statement that is compiled once per dialect.

    Core would look at each row again to see what its columns need, which takes longer than writing it.
    """
    if not rows:
        return
    key = (build, conn.dialect.name)
    if key not in _compiled:
        _compiled[key] = _compile(build(conn.dialect.name), conn.dialect, list(rows[0]))
    statement, arguments = _compiled[key]
    conn.exec_driver_sql(statement, [arguments(row) for row in rows])


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in runs of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def dialect_of(conn: Connection) -> str:
    """``sqlite`` or ``postgresql``."""
    return conn.dialect.name


def clean(text: str) -> str:
    """A text without the characters that a database refuses: PostgreSQL knows no NUL, UTF-8 no lone surrogate."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def _compile(statement: Any, dialect: Dialect, columns: list[str]) -> tuple[str, Callable[[Mapping[str, Any]], Any]]:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    if dialect.positional:
        return str(compiled), itemgetter(*compiled.positiontup)
    return str(compiled), lambda row: row
