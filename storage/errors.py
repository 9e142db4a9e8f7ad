"""The kinds of ``StorageError``, and the translation of what drivers say into what an operator can act on."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from rules.errors import StorageError


class DatabaseFull(StorageError):
    """There is no space left; writes succeed again once there is."""


class DatabaseReadOnly(StorageError):
    """The file, its folder or the server does not let us write."""


class DatabaseUnreachable(StorageError):
    """The file cannot be opened or the server does not answer."""


class DatabaseBusy(StorageError):
    """Another process holds the database's write lock."""


class DatabaseBroken(StorageError):
    """The file is no database, or a damaged one."""


class SchemaMismatch(StorageError):
    """The database was made by another version of Groupkeeper."""


class AlreadySettled(StorageError):
    """Another worker settled the event first; this transaction changed nothing."""


_SQLITE: tuple[tuple[str, type[StorageError], str], ...] = (
    ("SQLITE_FULL", DatabaseFull, "the disk is full: free some space; nothing is lost, writing goes on by itself"),
    ("SQLITE_READONLY", DatabaseReadOnly, "it is read-only: let this user write to the file and to its folder"),
    ("SQLITE_CANTOPEN", DatabaseUnreachable, "it cannot be opened: check that the folder exists and may be written to"),
    ("SQLITE_PERM", DatabaseReadOnly, "access is denied: let this user read and write the file and its folder"),
    ("SQLITE_NOTADB", DatabaseBroken, "this file is not a SQLite database: give another path, or move it away"),
    ("SQLITE_CORRUPT", DatabaseBroken, "the file is damaged: stop the bot and restore the latest backup"),
    ("SQLITE_IOERR", DatabaseBroken, "the disk failed while reading or writing: check the disk and its free space"),
    ("SQLITE_BUSY", DatabaseBusy, "another process is writing to it: stop the other one, or wait and try again"),
    ("SQLITE_LOCKED", DatabaseBusy, "another process is writing to it: stop the other one, or wait and try again"),
)

_SQLITE_SAYS = (
    ("no such table", "there are no tables of ours yet: run `groupkeeper db upgrade`"),
    ("already exists", "there are tables of another program: give it a database of its own"),
)

_UNREACHABLE = "the server cannot be reached: check address and port"

_POSTGRESQL: tuple[tuple[str, type[StorageError], str], ...] = (
    ("53100", DatabaseFull, "the server's disk is full: free some space; writing goes on by itself"),
    ("53300", DatabaseBusy, "the server has no connection left: raise max_connections, or stop other programs"),
    ("25006", DatabaseReadOnly, "the server is read-only: give the URL of the primary"),
    ("42501", DatabaseReadOnly, "this user may not do that: grant it rights on the schema"),
    ("3D000", DatabaseUnreachable, "no such database on the server: create it with createdb"),
    ("28", DatabaseUnreachable, "the server refuses this user: check the name and password in the URL"),
    ("08", DatabaseUnreachable, "the connection to the server was lost: check that it runs"),
    ("57P", DatabaseUnreachable, "the server is going down or starting: it is tried again"),
    ("42P01", SchemaMismatch, "there are no tables of ours yet: run `groupkeeper db upgrade`"),
    ("42P07", SchemaMismatch, "there are tables of another program: give it a database of its own"),
    ("40", DatabaseBusy, "two transactions were in each other's way: try again"),
    ("55P03", DatabaseBusy, "another transaction holds a lock: try again"),
)


def explained(error: BaseException, place: str) -> BaseException:
    """The ``StorageError`` that says what a driver's error means for the database at ``place``; others unchanged."""
    if isinstance(error, PoolTimeout):
        return DatabaseBusy(f"{place}: all connections are in use: {error}")
    if not isinstance(error, DBAPIError):
        return error
    cause = error.orig
    name = getattr(cause, "sqlite_errorname", None)
    for start, kind, words in _SQLITE:
        if name is not None and name.startswith(start):
            return kind(f"{place}: {words} ({cause})")
    state = getattr(cause, "sqlstate", None)
    for start, kind, words in _POSTGRESQL:
        if state is not None and state.startswith(start):
            return kind(f"{place}: {words} ({_first_line(cause)})")
    for part, words in _SQLITE_SAYS:
        if name == "SQLITE_ERROR" and part in str(cause):
            return SchemaMismatch(f"{place}: {words} ({cause})")
    if type(cause).__module__.startswith("psycopg") and type(cause).__name__ == "OperationalError" and state is None:
        refused = "FATAL" in str(cause)  # it answered; while connecting there is no other sign of what it says
        check = "the server refuses: check name, password and database" if refused else _UNREACHABLE
        return DatabaseUnreachable(f"{place}: {check} in the URL ({_first_line(cause)})")
    return error


def _first_line(error: object) -> str:
    return (str(error).strip().splitlines() or [""])[0]
