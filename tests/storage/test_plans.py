"""The queries that run all day find their rows by index, with no statistics to help the planner."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from rules.state import MemberState
from storage import activity, export, forget, inbox, lookups, outbox, states, timers, traces
from storage.database import Database
from storage.digest import digest
from storage.retention import Keep, purge

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
GROUP = "telegram:-100"


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is executed meanwhile."""
    seen: list[tuple[str, Any]] = []

    def note(_conn: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many and statement.startswith(("SELECT", "UPDATE", "DELETE")):
            seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("work", "wanted"),
    [
        (lambda c: inbox.waiting(c, 9, excluded=["a"]), ["ix_inbox_open"]),
        (outbox.beginning, ["ix_outbox_open"]),
        (lambda c: outbox.waiting(c, 5, 9), ["INTEGER PRIMARY KEY (rowid>?)"]),
        (lambda c: outbox.still_waiting(c, [5, 9]), ["INTEGER PRIMARY KEY (rowid=?)"]),
        (outbox.in_flight, ["ix_outbox_sending"]),
        (lambda c: timers.due(c, NOW), ["ix_timers_due"]),
        (lambda c: traces.of_message(c, GROUP, f"{GROUP}/5"), ["ix_traces_message"]),
        (lambda c: activity.mark_removed(c, GROUP, f"{GROUP}/5"), ["ix_activity_message"]),
        (lambda c: activity.recent(c, GROUP, NOW), ["PRIMARY KEY (group_key=? AND at>?)"]),
        (lambda c: states.load_members(c, [(GROUP, "telegram:1")]), ["PRIMARY KEY (group_key=? AND person_key=?)"]),
        (
            lambda c: states.find_member(c, GROUP, "ann"),
            ["ix_members_group_key_handle", "ix_members_group_key_name_folded"],
        ),
        (
            lambda c: purge(c, NOW, Keep()),
            ["ix_activity_text", "ix_traces_at", "ix_inbox_received_at", "ix_members_left_at"],
        ),
        (
            lambda c: digest(c, GROUP, NOW, NOW + timedelta(days=9, minutes=5)),
            ["ix_activity_message", "ix_activity_reply_to", "ix_members_group_key_first_seen"],
        ),
        (lambda c: lookups.last_decided(c, GROUP, "telegram:1"), ["ix_activity_person"]),
        (lambda c: lookups.event_behind(c, GROUP, f"{GROUP}/5"), ["ix_outbox_receipt"]),
        (lambda c: export.member_data(c, "telegram:1", GROUP), ["ix_activity_person"]),
        (lambda c: forget.forget(c, GROUP, "telegram:1"), ["ix_activity_person"]),
    ],
    ids=lambda value: "" if callable(value) else value[0],
)
def test_rows_are_found_by_index(sqlite_db: Database, work: Any, wanted: list[str]) -> None:
    sqlite_db.write_now(lambda c: states.save(c, [], {(GROUP, "telegram:1"): MemberState(id="telegram:1")}))
    with statements() as seen:
        sqlite_db.write_now(work)
    plans = sqlite_db.read_now(
        lambda c: [
            str(row[3]) for sql, values in seen for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
    )
    assert [name for name in wanted if not any(name in step for step in plans)] == []
    whole_log = [step for step in plans if "PRIMARY KEY (group_key=?)" in step and "activity" in step]
    assert whole_log == []
    assert not any(step.startswith(("SCAN activity", "SCAN reply", "SCAN said")) for step in plans)
