"""What SQLite's planner is told about our tables, so that it plans for a large database from the first day.

Without statistics it takes "all rows of one group" for a few rows and reads a whole log where an index would find the
one row. Measuring (ANALYZE) would tell it about the empty database that it is, or was; these are the shapes of a
database that has grown. PostgreSQL gathers its own.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

ROWS = 1_000_000
_ALIKE = {"group_key": 50_000, "state": 100_000, "lane": 100_000, "kind": 100_000}  # rows that share a value
_OTHER = 10
_FEW = {"ix_inbox_open", "ix_outbox_open", "ix_outbox_sending"}  # indexes of what is on its way


def tell(conn: Connection, tables: Sequence[str]) -> None:
    """Write the shapes of the indexes of these tables to ``sqlite_stat1``, and have them used."""
    conn.execute(text("ANALYZE alembic_version"))  # makes sqlite_stat1 where there is none
    rows = []
    for table in tables:
        for index in conn.execute(text(f"PRAGMA index_list({table})")).mappings().all():
            columns = [row[2] for row in conn.execute(text(f"PRAGMA index_info({index['name']})"))]
            primary = index["origin"] == "pk"  # which has the name of its table, where it is the table itself
            shape = _shape(columns, 1_000 if index["name"] in _FEW else ROWS, unique=bool(index["unique"]))
            rows.append({"tbl": table, "idx": table if primary else index["name"], "stat": shape})
    conn.execute(text("DELETE FROM sqlite_stat1"))
    conn.execute(text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)"), rows)
    conn.execute(text("ANALYZE sqlite_schema"))


def _shape(columns: Sequence[str], rows: int, *, unique: bool) -> str:
    """``rows n1 n2 ...``: how many rows share the first column's value, the first two columns' values, and so on."""
    alike, figures = rows, []
    for position, column in enumerate(columns, start=1):
        alike = max(1, min(alike // 2, _ALIKE.get(column, _OTHER)))
        figures.append(1 if unique and position == len(columns) else alike)
    return " ".join(map(str, [rows, *figures]))
