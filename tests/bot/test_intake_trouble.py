"""A database that cannot be written to: whoever reads the log sees it, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.clock import VirtualClock
from bot.intake import DurableIntake
from rules.commandline import CommandNames
from rules.errors import StorageError
from rules.events import MessagePosted
from rules.values import Group, Member, Message
from storage.database import Database

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)
GROUP = Group("main:readers", "Readers")


def posted(number: int) -> MessagePosted:
    message = Message(f"{GROUP.id}/{number}", Member("main:ann", "Ann"), "SECRET " + "x" * 8000, NOON)
    return MessagePosted(f"main:{number}", GROUP, NOON, message)


async def test_a_full_database_is_in_the_log_once_and_so_is_its_end(tmp_path: Path) -> None:
    async def never(old: str, new: str) -> None:
        raise AssertionError

    with Database.open(f"sqlite:///{tmp_path / 'bot.db'}") as database:
        database.upgrade()
        intake = DurableIntake(database, VirtualClock(NOON), lambda: CommandNames({}), lambda: None, never)
        with capture_logs() as logs:
            await intake.accept([posted(0)])
            pages = database.write_now(lambda conn: conn.scalar(text("PRAGMA page_count")))
            database.write_now(lambda conn: conn.execute(text(f"PRAGMA max_page_count={pages}")).close())
            for number in (1, 2):
                with pytest.raises(StorageError, match="disk is full"):
                    await intake.accept([posted(number)])
            database.write_now(lambda conn: conn.execute(text("PRAGMA max_page_count=100000")).close())
            await intake.accept([posted(1)])
            await intake.accept([posted(2)])
    assert [line["event"] for line in logs] == ["nothing_taken_in", "taking_in_again"]
    assert "disk is full" in logs[0]["error"]
    assert "SECRET" not in str(logs)
