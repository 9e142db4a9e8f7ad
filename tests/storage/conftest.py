"""Every storage test runs on SQLite, and on PostgreSQL where GROUPKEEPER_TEST_POSTGRES names a server."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.database import Database

SERVER = os.environ.get("GROUPKEEPER_TEST_POSTGRES")
WHY = "GROUPKEEPER_TEST_POSTGRES names no PostgreSQL server (such as postgresql://postgres@127.0.0.1:5432/postgres)"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this session's own on the test server."""
    if not SERVER:
        pytest.skip(WHY)
    server = make_url(SERVER).set(drivername="postgresql+psycopg")
    name = f"groupkeeper_test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    with admin.connect() as conn:
        conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on each dialect in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'groupkeeper.db'}"
    found: str = request.getfixturevalue("postgres_url")
    with create_engine(make_url(found).set(drivername="postgresql+psycopg")).begin() as conn:
        conn.execute(text("DROP SCHEMA public CASCADE"))
        conn.execute(text("CREATE SCHEMA public"))
    return found


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    """An open database with every table, on each dialect in turn."""
    with Database.open(url) as database:
        database.upgrade()
        yield database


@pytest.fixture
def sqlite_db(tmp_path: Path) -> Iterator[Database]:
    """An open SQLite database with every table."""
    with Database.open(f"sqlite:///{tmp_path / 'groupkeeper.db'}") as database:
        database.upgrade()
        yield database
