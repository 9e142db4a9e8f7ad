"""The digest against a count by hand over the same rows."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from rules.changes import AddPoints, CheckIn, MarkIntroduced
from rules.digest import Digest
from rules.state import MemberState
from rules.values import PlatformRole
from storage import activity, history, states, traces
from storage.activity import ActivityRow
from storage.database import Database
from storage.digest import LINKS, QUOTED, TOP, digest, split
from storage.moments import DAY, HOUR
from storage.traces import TraceRow

GROUP = "telegram:-100"
START = datetime(2026, 10, 5, 22, 30, tzinfo=UTC)
PEOPLE = [f"telegram:{n}" for n in range(4)]

Logged = list[ActivityRow]


@st.composite
def logs(draw: st.DrawFn) -> Logged:
    """Three days of a small group: messages that reply to earlier ones, questions, links, removals, other events."""
    minutes = sorted(draw(st.lists(st.integers(0, 3 * 24 * 60), max_size=25)))
    rows: Logged = []
    for seq, minute in enumerate(minutes, start=1):
        kind = draw(st.sampled_from(["message", "message", "message", "edit", "join", "command"]))
        targets = [f"{GROUP}/{n}" for n in range(1, seq)]
        rows.append(
            ActivityRow(
                seq=seq,
                group=GROUP,
                at=START + timedelta(minutes=minute),
                kind=kind,
                member=draw(st.sampled_from(PEOPLE)),
                message=f"{GROUP}/{seq}",
                reply_to=draw(st.sampled_from([None, *targets])),
                text=f"words {seq}",
                question=draw(st.booleans()),
                links=tuple(draw(st.lists(st.sampled_from(["a.example", "b.example"]), max_size=2))),
                removed=kind == "message" and draw(st.integers(0, 4)) == 0,
            )
        )
    return rows


def by_hand(rows: Logged, since: datetime, until: datetime) -> dict[str, object]:
    said = {row.message: row for row in rows if row.kind == "message"}
    here = [row for row in rows if row.kind == "message" and since <= row.at < until]
    kept = [row for row in here if not row.removed]
    counts = Counter(row.member for row in kept)
    first_met = list(dict.fromkeys(sorted({row.member for row in rows if row.member})))
    replies = Counter(
        row.reply_to
        for row in kept
        if row.reply_to in said and not said[row.reply_to].removed and said[row.reply_to].member != row.member
    )
    answered = {
        row.reply_to
        for row in rows
        if row.kind == "message"
        and not row.removed
        and row.at < until
        and row.reply_to in said
        and said[row.reply_to].member != row.member
    }
    hours = Counter(row.at.astimezone(since.tzinfo).hour for row in kept)
    return {
        "messages": len(kept),
        "active_members": len(counts),
        "removed_messages": len(here) - len(kept),
        "top": sorted(counts.items(), key=lambda item: (-item[1], first_met.index(item[0] or "")))[:TOP],
        "most_replied": [
            (m, n) for m, n in sorted(replies.items(), key=lambda i: (-i[1], said[i[0]].at, said[i[0]].seq))
        ][:QUOTED],
        "links": list(dict.fromkeys(link for row in kept for link in row.links))[:LINKS],
        "unanswered": [row.message for row in kept if row.question and row.message not in answered][:QUOTED],
        "busiest_hour": min(hours, key=lambda hour: (-hours[hour], hour)) if hours else None,
    }


def shown(found: Digest) -> dict[str, object]:
    return {
        "messages": found.messages,
        "active_members": found.active_members,
        "removed_messages": found.removed_messages,
        "top": [(ranked.member, ranked.count) for ranked in found.top],
        "most_replied": [(quoted.message, quoted.count) for quoted in found.most_replied],
        "links": list(found.links),
        "unanswered": [quoted.message for quoted in found.unanswered],
        "busiest_hour": found.busiest_hour,
    }


def empty(db: Database) -> None:
    def work(conn) -> None:
        for table in ("activity", "activity_hours", "activity_days"):
            conn.execute(text(f"DELETE FROM {table}"))

    db.write_now(work)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=logs(),
    begin=st.integers(-60, 3 * 24 * 60),
    length=st.integers(1, 3 * 24 * 60),
    zone=st.sampled_from([UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")]),
)
def test_the_figures_are_those_of_a_count_by_hand(
    db: Database, rows: Logged, begin: int, length: int, zone: ZoneInfo
) -> None:
    empty(db)
    since = (START + timedelta(minutes=begin)).astimezone(zone)
    until = since + timedelta(minutes=length)
    db.write_now(lambda c: states.save(c, [], {(GROUP, id_): MemberState(id=id_) for id_ in PEOPLE}))
    # Half of what is removed was logged as removed, the other half is taken away afterwards.
    db.write_now(lambda c: activity.log(c, [_kept(row) if row.seq % 2 else row for row in rows]))
    for row in rows:
        if row.removed and row.seq % 2 and row.message is not None:
            assert db.write_now(lambda c, m=row.message: activity.mark_removed(c, GROUP, m))
            assert not db.write_now(lambda c, m=row.message: activity.mark_removed(c, GROUP, m))
    assert shown(db.read_now(lambda c: digest(c, GROUP, since, until))) == by_hand(rows, since, until)


def _kept(row: ActivityRow) -> ActivityRow:
    return ActivityRow(**{f: getattr(row, f) for f in row.__struct_fields__ if f != "removed"})


@given(since=st.integers(0, 40 * DAY), length=st.integers(1, 40 * DAY))
def test_a_stretch_is_split_without_gap_or_overlap(since: int, length: int) -> None:
    until = since + length
    days, hours, edges = split(since, until)
    spans = [(a * DAY, b * DAY) for a, b in days] + [(a * HOUR, b * HOUR) for a, b in hours] + edges
    spans.sort()
    assert [spans[0][0], spans[-1][1]] == [since, until]
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert all(low < high for low, high in spans)
    assert sum(high - low for low, high in edges) < 2 * HOUR or not (hours or days)


def test_members_introductions_and_check_ins_are_counted_in_their_stretch(db: Database) -> None:
    day = timedelta(days=1)
    people = {
        (GROUP, "telegram:1"): MemberState(id="telegram:1", name="Ann", first_seen=START - day),
        (GROUP, "telegram:2"): MemberState(id="telegram:2", name="Bo", first_seen=START, left_at=START + day),
        (GROUP, "telegram:3"): MemberState(id="telegram:3", name="Cy", first_seen=START + day),
    }
    db.write_now(lambda c: states.save(c, [], people))

    def record(at: datetime, member: str) -> None:
        changes = [
            MarkIntroduced(member=member, text="I read " + "much " * 60, message=f"{GROUP}/9"),
            CheckIn(member=member, day="2026-10-05", streak=1, points=2),
        ]
        db.write_now(lambda c: history.record(c, GROUP, "e", at, changes))

    record(START - timedelta(seconds=1), "telegram:1")
    record(START, "telegram:2")
    found = db.read_now(lambda c: digest(c, GROUP, START, START + day))
    assert (found.new_members, found.left_members, found.members, found.checkins) == (1, 0, 2, 1)
    assert [(q.name, q.message, len(q.text)) for q in found.introductions] == [("Bo", f"{GROUP}/9", 120)]
    assert db.read_now(lambda c: digest(c, GROUP, START, START + 2 * day)).left_members == 1


def test_who_speaks_as_the_group_or_its_channel_is_ranked_with_nobody(db: Database) -> None:
    people = {
        (GROUP, "telegram:1"): MemberState(id="telegram:1", name="Ann"),
        (GROUP, "telegram:-77"): MemberState(id="telegram:-77", name="News", role=PlatformRole.GROUP),
    }
    rows = [
        ActivityRow(seq=n, group=GROUP, at=START, kind="message", member=who, message=f"{GROUP}/{n}")
        for n, who in enumerate(["telegram:-77", "telegram:-77", "telegram:1", "telegram:2"])
    ]
    db.write_now(lambda c: (states.save(c, [], people), activity.log(c, rows)))
    found = db.read_now(lambda c: digest(c, GROUP, START, START + timedelta(days=1)))
    assert [(one.member, one.count) for one in found.top] == [("telegram:1", 1), ("telegram:2", 1)]
    assert found.messages == 4


def test_an_unknown_group_has_an_empty_digest(db: Database) -> None:
    until = START + timedelta(days=1)
    assert db.read_now(lambda c: digest(c, "telegram:-9", START, until)) == Digest(since=START, until=until)


def test_the_short_memory_is_rebuilt_from_the_log(db: Database) -> None:
    rows = [
        ActivityRow(seq=1, group=GROUP, at=START, kind="message", member="telegram:1", fingerprint=-(2**63)),
        ActivityRow(seq=2, group=GROUP, at=START + timedelta(seconds=1), kind="join", member="telegram:2"),
        ActivityRow(seq=3, group=GROUP, at=START + timedelta(seconds=2), kind="edit", member="telegram:1"),
        ActivityRow(seq=4, group=GROUP, at=START + timedelta(seconds=3), kind="message", member="telegram:2"),
        ActivityRow(seq=5, group="telegram:-2", at=START, kind="message", member="telegram:1"),
    ]
    db.write_now(lambda c: activity.log(c, rows))
    found = db.read_now(lambda c: activity.recent(c, GROUP, START - timedelta(seconds=1)))
    assert [(g.kind, g.member, g.fingerprint) for g in found] == [
        ("message", "telegram:1", -(2**63)),
        ("join", "telegram:2", 0),
        ("message", "telegram:2", 0),
    ]
    assert found[0].at == START
    assert len(db.read_now(lambda c: activity.recent(c, GROUP, START))) == 2
    assert db.read_now(lambda c: activity.recent(c, "telegram:-9", START)) == []


def test_a_breach_that_could_not_be_deleted_is_not_said_again(db: Database) -> None:
    said = {"group": GROUP, "kind": "message", "links": ("ads.example",), "question": True}
    rows = [
        ActivityRow(seq=1, at=START, member="telegram:1", message=f"{GROUP}/1", text="Buy?", **said),
        ActivityRow(seq=2, at=START, member="telegram:2", message=f"{GROUP}/2", text="What do you read?", **said),
        ActivityRow(
            seq=3, group=GROUP, at=START, kind="message", member="telegram:3", message="x", reply_to=f"{GROUP}/1"
        ),
    ]
    trace = TraceRow(event="e1", group=GROUP, message=f"{GROUP}/1", at=START, decided=True, trace=b"{}")
    db.write_now(lambda c: activity.log(c, rows))
    db.write_now(lambda c: traces.keep(c, [trace]))

    def read() -> tuple[list[str], list[str], tuple[str, ...]]:
        found = db.read_now(lambda c: digest(c, GROUP, START, START + timedelta(days=1)))
        return [q.text for q in found.most_replied], [q.text for q in found.unanswered], found.links

    assert read() == (["Buy?"], ["What do you read?"], ("ads.example",))
    climbed = [AddPoints(member="telegram:1", ladder="ads")]
    db.write_now(lambda c: history.record(c, GROUP, "e1", START, climbed))
    assert read()[0] == []
    db.write_now(lambda c: c.execute(text("DELETE FROM activity WHERE seq IN (2, 3)")))
    assert read() == ([], [], ())


def test_an_answer_that_comes_at_the_end_of_the_stretch_is_too_late(db: Database) -> None:
    until = START + timedelta(hours=1)
    rows = [
        ActivityRow(
            seq=1, group=GROUP, at=START, kind="message", member="telegram:1", message=f"{GROUP}/1", question=True
        ),
        ActivityRow(seq=2, group=GROUP, at=until, kind="message", member="telegram:2", reply_to=f"{GROUP}/1"),
    ]
    db.write_now(lambda c: activity.log(c, rows))
    found = db.read_now(lambda c: digest(c, GROUP, START, until))
    assert ([q.message for q in found.unanswered], found.most_replied, found.messages) == ([f"{GROUP}/1"], (), 1)
    later = db.read_now(lambda c: digest(c, GROUP, START, until + timedelta(microseconds=1)))
    assert ([*later.unanswered], later.most_replied[0].count, later.messages) == ([], 1, 2)
