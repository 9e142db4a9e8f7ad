import csv
import io
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import text

from rules import changes as c
from rules.effects import Lane, SendText
from rules.events import MessagePosted
from rules.state import GroupState, MemberState, Points, WarningGiven
from rules.text import say
from rules.values import Group, Member, Message
from rules.verdict import Verdict
from storage import activity, audit, export, history, inbox, outbox, states, timers, traces, verdicts
from storage.activity import ActivityRow
from storage.database import Database
from storage.outbox import Delivery
from storage.retention import Keep, Purged, purge
from storage.traces import TraceRow

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
GROUP, ELSEWHERE, ANN, BO = "telegram:-100", "telegram:-2", "telegram:1", "telegram:2"
DAY = timedelta(days=1)


def post(db: Database, number: int, member: str = ANN, at: datetime = NOW, group: str = GROUP) -> None:
    """One message with all that follows from it, settled and sent."""
    id_, event = f"{group}/{number}", f"{group}:{number}:update"
    words = "secret words" if (member, group) == (ANN, GROUP) else "other words"
    message = Message(id=id_, author=Member(id=member), text=words, at=at)

    def work(conn) -> None:
        inbox.put(conn, [MessagePosted(event, Group(group), at, message)], at)
        seq = inbox.waiting(conn, 1)[0].seq
        row = ActivityRow(
            seq=seq,
            group=group,
            at=at,
            kind="message",
            member=member,
            message=id_,
            text=words,
            links=("secret.example",),
            fingerprint=7,
        )
        activity.log(conn, [row])
        reply = SendText(group, say(f"{words}, you said"))
        outbox.enqueue(conn, [Delivery(event=event, position=0, group=group, lane=Lane.REPLY, effect=reply)], at)
        outbox.mark_sent(conn, [(outbox.of_event(conn, event)[0].id, None, at)])
        traces.keep(
            conn, [TraceRow(event=event, group=group, message=id_, at=at, decided=number % 2 == 0, trace=b"secret")]
        )
        verdicts.keep(conn, [(event, Verdict("ads", "1", 0.5))], at)
        history.record(conn, group, event, at, [c.Audit(BO, "look", member)])
        inbox.close(conn, [seq])

    db.write_now(work)


def count(db: Database, table: str, where: str = "1 = 1") -> int:
    return db.read_now(lambda conn: conn.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one())


def purge_all(db: Database, keep: Keep, now: datetime, chunk: int = 1_000) -> list[Purged]:
    runs = []
    while not runs or runs[-1].more:
        runs.append(db.write_now(lambda conn: purge(conn, now, keep, chunk)))
        assert len(runs) < 100
    return runs


def test_a_forgotten_member_leaves_no_words_behind_but_the_acts_of_staff_stay(db: Database) -> None:
    ann = MemberState(
        id=ANN,
        name="Ann",
        username="ann",
        profile={"city": "Rome"},
        introduction="I read",
        score=5,
        banned=True,
        messages=2,
        points=[Points("ads", 1, NOW)],
        warnings=[WarningGiven(NOW, BO)],
    )
    db.write_now(lambda conn: states.save(conn, [GroupState(id=GROUP)], {(GROUP, ANN): ann, (ELSEWHERE, ANN): ann}))
    post(db, 1)
    post(db, 2, BO)
    post(db, 3, group=ELSEWHERE)
    told = [c.MarkIntroduced(ANN, "I read"), c.AddScore(ANN, 5), c.AddPoints(ANN, "ads"), c.AddWarning(ANN, BO)]
    db.write_now(lambda conn: history.record(conn, GROUP, "e", NOW, [*told, c.SetTimer("intro", NOW, ANN)]))
    db.write_now(lambda conn: history.record(conn, GROUP, "e", NOW, [c.ForgetMember(ANN)]))

    assert db.read_now(lambda conn: states.find_member(conn, GROUP, "ann")) is None
    state = db.read_now(lambda conn: states.load_members(conn, [(GROUP, ANN)]))[GROUP, ANN]
    assert state == MemberState(
        id=ANN, banned=True, messages=2, points=[Points("ads", 1, NOW)], warnings=[WarningGiven(NOW, BO)]
    )
    assert count(db, "activity", "text IS NOT NULL") == 2  # Bo's, and Ann's in the other group
    assert count(db, "activity", "links IS NOT NULL") == 2
    assert count(db, "traces") == count(db, "verdicts") == count(db, "outbox") == 2
    assert count(db, "introductions") == 0
    assert [p.kind for p in db.read_now(lambda conn: history.points_of(conn, GROUP, ANN))] == ["ladder"]
    assert len(db.read_now(lambda conn: history.warnings_of(conn, GROUP, ANN))) == 1
    assert db.read_now(timers.next_due) is None
    assert [a.target for a in db.read_now(lambda conn: audit.history(conn, GROUP))] == [BO, ANN]
    exported = db.read_now(lambda conn: export.member_data(conn, ANN, GROUP)).decode()
    assert "secret" not in exported
    assert "Rome" not in exported
    assert db.check() == []


def test_nothing_of_the_recent_past_is_purged(db: Database) -> None:
    post(db, 1)
    assert purge_all(db, Keep(), NOW + timedelta(days=6)) == [Purged()]


def test_what_is_kept_for_good_is_never_purged(db: Database) -> None:
    post(db, 1)
    keep = Keep(
        text_days=None,
        trace_days=None,
        idle_trace_days=None,
        inbox_days=None,
        left_member_days=None,
        audit_days=None,
        ledger_days=None,
    )
    assert purge_all(db, keep, NOW + timedelta(days=9_999)) == [Purged()]


def test_old_words_are_forgotten_in_chunks_and_the_counts_stay(db: Database) -> None:
    for number in range(1, 8):
        post(db, number, at=NOW + number * DAY)
    runs = purge_all(db, Keep(text_days=10), NOW + 15 * DAY, chunk=2)
    assert [run.texts for run in runs] == [2, 2, 0]
    assert count(db, "activity", "text IS NOT NULL OR links IS NOT NULL") == 3
    assert count(db, "activity") == 7
    assert db.read_now(lambda conn: conn.execute(text("SELECT sum(messages) FROM activity_hours")).scalar()) == 7


def test_traces_events_deliveries_and_acts_go_after_their_time(db: Database) -> None:
    for number in range(1, 5):
        post(db, number)
    keep = Keep(trace_days=30, idle_trace_days=7, inbox_days=14, audit_days=60)
    assert purge_all(db, keep, NOW + 8 * DAY)[0].traces == 2
    assert count(db, "traces", "decided") == 2
    at_two_weeks = purge_all(db, keep, NOW + 15 * DAY)[0]
    assert (at_two_weeks.events, at_two_weeks.deliveries) == (4, 4)
    at_two_months = purge_all(db, keep, NOW + 61 * DAY)[0]
    assert (at_two_months.traces, at_two_months.audit) == (2, 4)
    assert count(db, "verdicts") == 0
    assert db.check() == []


def test_an_event_that_is_not_settled_is_never_purged(db: Database) -> None:
    message = Message(id=f"{GROUP}/1", author=Member(id=ANN), text="hi", at=NOW)
    db.write_now(lambda conn: inbox.put(conn, [MessagePosted("e", Group(GROUP), NOW, message)], NOW))
    assert purge_all(db, Keep(), NOW + 500 * DAY) == [Purged()]
    assert db.read_now(inbox.depth) == 1


def test_members_who_left_long_ago_are_forgotten_except_the_banned(db: Database) -> None:
    people = {
        (GROUP, "telegram:1"): MemberState(id="telegram:1", name="Left", left_at=NOW),
        (GROUP, "telegram:2"): MemberState(id="telegram:2", name="Banned", left_at=NOW, banned=True),
        (GROUP, "telegram:3"): MemberState(id="telegram:3", name="Here"),
        (GROUP, "telegram:4"): MemberState(id="telegram:4", name="Lately", left_at=NOW + 80 * DAY),
    }
    db.write_now(lambda conn: states.save(conn, [], people))
    post(db, 1, "telegram:1")
    db.write_now(lambda conn: history.record(conn, GROUP, "e", NOW, [c.AddWarning("telegram:1", BO)]))
    assert purge_all(db, Keep(text_days=None), NOW + 91 * DAY, chunk=1)[0].members == 1
    left = db.read_now(lambda conn: conn.execute(text("SELECT name FROM members ORDER BY name")).scalars().all())
    assert left == ["Banned", "Here", "Lately"]
    assert count(db, "activity", "text IS NOT NULL") == count(db, "warnings") == 0
    assert db.check() == []


def test_a_member_gets_all_that_is_kept_about_them(db: Database) -> None:
    ann = MemberState(id=ANN, name="安", profile={"city": "Rome"})
    db.write_now(lambda conn: states.save(conn, [], {(GROUP, ANN): ann, (ELSEWHERE, ANN): ann}))
    post(db, 1)
    post(db, 2, BO)
    told = [c.MarkIntroduced(ANN, "I read", {"job": "cook"}), c.AddScore(ANN, 5), c.AddWarning(ANN, BO, "rude")]
    told += [c.OpenCase(1, BO, "e"), c.OpenCase(2, ANN, "e", "ads", acts=("mute_member",)), c.AppealCase(2)]
    db.write_now(lambda conn: history.record(conn, GROUP, "e", NOW, [*told, c.SetTimer("intro", NOW, ANN)]))
    data = msgspec.json.decode(db.read_now(lambda conn: export.member_data(conn, ANN)))
    assert data["member"] == ANN
    here, there = data["groups"]
    assert (here["group"], there["group"]) == (GROUP, ELSEWHERE)
    assert here["state"]["profile"] == {"city": "Rome"}
    assert [a["text"] for a in here["activity"]] == ["secret words"]
    assert here["activity"][0] | {"message": f"{GROUP}/1", "links": ["secret.example"]} == here["activity"][0]
    assert here["introductions"][0]["fields"] == {"job": "cook"}
    (case,) = here["decisions"]
    assert (case["number"], case["acts"], case["appealed_at"] is not None) == (2, ["mute_member"], True)
    assert (here["warnings"][0]["reason"], here["points"][0]["points"], here["timers"][0]["name"]) == (
        "rude",
        5,
        "intro",
    )
    assert [a["act"] for a in here["audit"]] == ["look"]
    assert there["activity"] == []
    assert [
        g["group"]
        for g in msgspec.json.decode(db.read_now(lambda conn: export.member_data(conn, ANN, GROUP)))["groups"]
    ] == [GROUP]
    assert msgspec.json.decode(db.read_now(lambda conn: export.member_data(conn, "telegram:9"))) == {
        "member": "telegram:9",
        "groups": [],
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_spreadsheet_takes_an_exported_text_for_a_formula(db: Database, start: str) -> None:
    evil = MemberState(id=ANN, name=f"{start}cmd|' /C calc'!A0", score=-5, introduction="fine", tags=["host", "cook"])
    db.write_now(lambda conn: states.save(conn, [], {(GROUP, ANN): evil}))
    rows = db.read_now(lambda conn: list(export.member_rows(conn, GROUP)))
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    head, row = csv.reader(io.StringIO(written.getvalue(), newline=""))
    found = dict(zip(head, row, strict=True))
    assert found["name"] == f"'{start}cmd|' /C calc'!A0"
    assert (found["score"], found["introduction"], found["tags"]) == ("-5", "fine", "host, cook")


def test_activity_is_exported_for_its_stretch(db: Database) -> None:
    db.write_now(lambda conn: states.save(conn, [], {(GROUP, ANN): MemberState(id=ANN, name="Ann")}))
    post(db, 1)
    post(db, 2, at=NOW + DAY)
    db.write_now(lambda conn: activity.mark_removed(conn, GROUP, f"{GROUP}/1"))
    rows = db.read_now(lambda conn: list(export.activity_rows(conn, GROUP, NOW, NOW + DAY)))
    assert rows[0] == export.ACTIVITY_COLUMNS
    assert rows[1:] == [("2026-10-05T08:00:00+00:00", "message", ANN, "Ann", f"{GROUP}/1", "", "yes", "secret words")]
