"""Which schema a database has, which one this program knows, and the way from one to the other (Alembic)."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from rules.errors import StorageError
from storage import statistics
from storage.errors import SchemaMismatch
from storage.schema import metadata
from storage.statements import dialect_of

HEAD = "0005"
_LOCK = 0x67726F7570  # any number that only we use


def current(conn: Connection) -> str | None:
    """The version of the database's schema; None for one that has no tables of ours yet."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    value = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if value is None else str(value)


def refuse_newer(conn: Connection, place: str) -> None:
    """Raise ``SchemaMismatch`` where a newer program, or another one, made the tables."""
    found = current(conn)
    if found is None or (found.isdecimal() and int(found) <= int(HEAD)):
        return
    if found.isdecimal():
        raise SchemaMismatch(
            f"{place}: the database has schema {found}, this Groupkeeper knows up to {HEAD}: "
            "install the newer Groupkeeper again, or restore the backup made before it"
        )
    raise SchemaMismatch(
        f"{place}: the database has schema {found!r}, which is not Groupkeeper's: give it a database of its own"
    )


def upgrade(conn: Connection, place: str) -> None:
    """Run the migrations that are missing, inside the connection's transaction. Raises ``SchemaMismatch``."""
    if dialect_of(conn) == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    refuse_newer(conn, place)
    if current(conn) == HEAD:
        return
    try:
        from alembic import command  # noqa: PLC0415 - takes longer to import than all the rest
        from alembic.config import Config  # noqa: PLC0415
    except ImportError as error:
        raise StorageError(f"{place}: the schema cannot be brought up to date without alembic: install it") from error
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, HEAD)
    if dialect_of(conn) == "sqlite":
        statistics.tell(conn, list(metadata.tables))
