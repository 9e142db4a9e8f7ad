from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from rules import changes as c
from rules.state import MemberState
from storage import audit, history, states, timers
from storage.audit import AuditRow
from storage.database import Database
from storage.timers import Timer

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
GROUP, ANN, BO = "telegram:-100", "telegram:1", "telegram:2"


def record(db: Database, *changes: c.Change, event: str = "e", at: datetime = NOW, group: str = GROUP) -> None:
    db.write_now(lambda conn: history.record(conn, group, event, at, changes))


def test_warnings_stay_in_the_history_when_they_are_forgiven(db: Database) -> None:
    record(db, c.AddWarning(ANN, by="rule:ads", reason="an advert"), event="e1")
    record(db, c.AddWarning(ANN, by=BO, reason="rude"), c.AddWarning(BO, by=ANN), event="e2")
    record(db, c.Forgive(ANN, by=BO), at=NOW + timedelta(hours=1))
    record(db, c.AddWarning(ANN, by=BO, reason="again"), at=NOW + timedelta(hours=2))
    found = db.read_now(lambda conn: history.warnings_of(conn, GROUP, ANN))
    assert [(w.by, w.reason, w.event, w.forgiven_by) for w in found] == [
        ("rule:ads", "an advert", "e1", BO),
        (BO, "rude", "e2", BO),
        (BO, "again", "e", None),
    ]
    assert found[0].forgiven_at == NOW + timedelta(hours=1)
    assert [w.forgiven_at for w in db.read_now(lambda conn: history.warnings_of(conn, GROUP, BO))] == [None]


def test_points_are_kept_by_what_they_were_for(db: Database) -> None:
    fades = NOW + timedelta(days=30)
    record(
        db,
        c.AddPoints(ANN, ladder="ads", points=2, expires=fades, rule="no-ads"),
        c.AddScore(ANN, points=-3, reason="lottery"),
        c.CheckIn(ANN, day="2026-10-05", streak=4, points=2),
    )
    found = db.read_now(lambda conn: history.points_of(conn, GROUP, ANN))
    assert [(p.kind, p.points, p.ladder, p.reason, p.expires) for p in found] == [
        ("ladder", 2, "ads", "no-ads", fades),
        ("score", -3, "", "lottery", None),
        ("checkin", 2, "", "2026-10-05", None),
    ]


def test_a_timer_is_set_anew_and_cancelled_by_name_or_beginning(db: Database) -> None:
    def due(name: str, minutes: int, subject: str | None = None) -> c.SetTimer:
        return c.SetTimer(name, NOW + timedelta(minutes=minutes), subject, data=f"{name} data")

    record(db, due("welcome", 5), due("intro:1", 10, ANN), due("intro:2", 20, ANN), due("intro:1", 10, BO))
    record(db, due("welcome", 3))
    later = NOW + timedelta(hours=1)
    assert db.read_now(timers.next_due) == NOW + timedelta(minutes=3)
    assert db.read_now(lambda conn: timers.due(conn, NOW)) == []
    first = db.read_now(lambda conn: timers.due(conn, later))[0]
    assert first == Timer(GROUP, "welcome", None, "welcome data", NOW + timedelta(minutes=3))
    record(db, c.CancelTimer("intro:*", ANN), due("intro:9", 30, ANN), c.CancelTimer("welcome"))
    assert [(t.name, t.subject) for t in db.read_now(lambda conn: timers.due(conn, later))] == [
        ("intro:1", BO),
        ("intro:9", ANN),
    ]
    record(db, c.CancelTimer("*"))
    assert db.read_now(timers.next_due) is None


def test_an_underscore_in_a_timers_name_is_no_wildcard(db: Database) -> None:
    record(db, c.SetTimer("a_b:1", NOW), c.SetTimer("axb:1", NOW))
    record(db, c.CancelTimer("a_b:*"))
    assert [t.name for t in db.read_now(lambda conn: timers.due(conn, NOW))] == ["axb:1"]


def test_a_timer_that_fired_is_removed_unless_it_was_set_anew(db: Database) -> None:
    record(db, c.SetTimer("one", NOW), c.SetTimer("two", NOW))
    fired = db.read_now(lambda conn: timers.due(conn, NOW))
    again = NOW + timedelta(hours=1)
    record(db, c.SetTimer("two", again))
    db.write_now(lambda conn: timers.remove(conn, fired))
    assert [(t.name, t.due) for t in db.read_now(lambda conn: timers.due(conn, again))] == [("two", again)]


def test_every_act_is_in_the_audit_log(db: Database) -> None:
    record(db, c.Audit(actor=BO, act="mute", target=ANN, reason="rude"), c.Audit(actor="rule:ads", act="delete"))
    record(db, c.Audit(actor=BO, act="ban", target=ANN), event="e2", group="telegram:-2")
    found = db.read_now(lambda conn: audit.history(conn, GROUP))
    assert found == [
        AuditRow(2, NOW, GROUP, "e", "rule:ads", "delete", None, ""),
        AuditRow(1, NOW, GROUP, "e", BO, "mute", ANN, "rude"),
    ]
    assert [row.act for row in db.read_now(lambda conn: audit.history(conn, GROUP, target=ANN))] == ["mute"]
    assert db.check() == []


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("UPDATE audit SET actor = 'somebody else' WHERE seq = 3", "row 3 or the one before it was changed"),
        ("UPDATE audit SET target = NULL WHERE seq = 2", "row 2 or the one before it was changed"),
        ("DELETE FROM audit WHERE seq = 2", "row 2 is missing"),
        ("DELETE FROM audit WHERE seq = 1", "row 1 is missing"),
        ("DELETE FROM audit WHERE seq = 5", "rows after 4 are missing"),
        ("DELETE FROM audit", "rows after 0 are missing"),
    ],
)
def test_a_quiet_edit_of_the_audit_log_is_found(db: Database, edit: str, words: str) -> None:
    for n in range(5):
        record(db, c.Audit(actor=BO, act=f"act {n}", target=ANN))
    assert db.check() == []
    db.write_now(lambda conn: conn.execute(text(edit)))
    assert any(words in problem for problem in db.check())


def test_the_audit_log_can_be_shortened_from_its_beginning_alone(db: Database) -> None:
    for n in range(5):
        record(db, c.Audit(actor=BO, act=f"act {n}"), at=NOW + timedelta(days=n))
    assert db.write_now(lambda conn: audit.purge(conn, NOW + timedelta(days=2), 100)) == 2
    assert db.check() == []
    record(db, c.Audit(actor=BO, act="goes on"))
    assert db.check() == []
    assert [row.seq for row in db.read_now(lambda conn: audit.history(conn, GROUP))] == [6, 5, 4, 3]


def test_changes_without_a_history_leave_none(db: Database) -> None:
    record(db, c.AddTag(ANN, "host"), c.CountUse("remind", 60), c.RequestReload(by=BO), c.SetBanned(ANN))
    assert db.read_now(lambda conn: history.points_of(conn, GROUP, ANN)) == []
    assert db.read_now(lambda conn: audit.history(conn, GROUP)) == []


def test_a_history_is_of_its_group(db: Database) -> None:
    db.write_now(lambda conn: states.save(conn, [], {(GROUP, ANN): MemberState(id=ANN)}))
    record(db, c.AddWarning(ANN, by=BO), group="telegram:-2")
    assert db.read_now(lambda conn: history.warnings_of(conn, GROUP, ANN)) == []
    assert db.read_now(lambda conn: history.warnings_of(conn, "telegram:-9", ANN)) == []
