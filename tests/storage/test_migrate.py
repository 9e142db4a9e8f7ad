"""A Telegram group becomes a supergroup: its id changes and everything follows."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from rules import changes as c
from rules.effects import DeleteMessage, Lane, SendText
from rules.events import MessagePosted
from rules.state import GroupState, MemberState, Override, Review, WarningGiven
from rules.text import say
from rules.values import Group, Member, Message
from storage import activity, audit, cases, history, inbox, ledger, outbox, states, timers, traces
from storage import migrate as migration
from storage.activity import ActivityRow
from storage.database import Database
from storage.digest import digest
from storage.outbox import Delivery, State
from storage.renaming import follow, present_ids
from storage.traces import TraceRow

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
OLD, NEW = "telegram:-100", "telegram:-100123"
ANN, BO = "telegram:1", "telegram:2"


def posted(number: int, group: str) -> MessagePosted:
    message = Message(id=f"{group}/{number}", author=Member(id=ANN), text="hi", at=NOW, reply_to=f"{group}/1")
    return MessagePosted(f"{group}:{number}:update", Group(group), NOW, message)


def row(seq: int, group: str, member: str, minutes: int = 0, reply_to: str | None = None) -> ActivityRow:
    return ActivityRow(
        seq=seq,
        group=group,
        at=NOW + timedelta(minutes=minutes),
        kind="message",
        member=member,
        message=f"{group}/{seq}",
        reply_to=reply_to,
    )


def live_in_the_old_group(db: Database) -> None:
    group = GroupState(
        id=OLD,
        name="Readers",
        messages=2,
        rule_modes={"ads": Override("off")},
        reviews=[Review(1, "ads", ANN, "Ann", "buy", NOW, f"{OLD}/1")],
        next_review=2,
    )
    ann = MemberState(
        id=ANN,
        first_seen=NOW,
        messages=1,
        substantive=1,
        introduction_message=f"{OLD}/1",
        warnings=[WarningGiven(NOW, BO)],
    )
    deliveries = [
        Delivery(event="e1", position=0, group=OLD, lane=Lane.MODERATION, effect=DeleteMessage(OLD, f"{OLD}/1")),
        Delivery(event="e1", position=1, group=OLD, lane=Lane.REPLY, effect=SendText(OLD, say("said"))),
        Delivery(event="e1", position=2, group=OLD, lane=Lane.REPLY, effect=SendText(OLD, say("still"), f"{OLD}/1")),
    ]
    recorded = [
        c.AddWarning(ANN, by=BO),
        c.Audit(BO, "warn", ANN),
        c.SetTimer("intro", NOW, ANN, data=f"{OLD}/1"),
        c.MarkIntroduced(ANN, "I read", message=f"{OLD}/1"),
    ]

    def work(conn) -> None:
        inbox.put(conn, [posted(7, OLD)], NOW)
        states.save(conn, [group], {(OLD, ANN): ann})
        activity.log(conn, [row(1, OLD, ANN), row(2, OLD, BO, 1, reply_to=f"{OLD}/1")])
        outbox.enqueue(conn, deliveries, NOW)
        traces.keep(conn, [TraceRow(event="e1", group=OLD, message=f"{OLD}/1", at=NOW, decided=True, trace=b"{}")])
        history.record(conn, OLD, "e1", NOW, recorded)
        ledger.fire(conn, "challenge", OLD, "2026-10-05T08:00", NOW)
        ledger.set_checked_through(conn, "challenge", OLD, NOW)

    db.write_now(work)
    db.write_now(lambda conn: outbox.mark_sent(conn, [(2, f"{OLD}/3", NOW)]))


def migrate(db: Database) -> None:
    db.write_now(lambda conn: migration.migrate(conn, OLD, NEW))


def test_everything_of_a_group_follows_its_new_id(db: Database) -> None:
    live_in_the_old_group(db)
    migrate(db)
    read = db.read_now
    group = read(lambda conn: states.load_groups(conn, [NEW]))[NEW]
    assert (group.id, group.name, group.reviews[0].message) == (NEW, "Readers", f"{NEW}/1")
    assert group.rule_modes == {"ads": Override("off")}
    ann = read(lambda conn: states.load_members(conn, [(NEW, ANN)]))[NEW, ANN]
    assert (ann.introduction_message, len(ann.warnings)) == (f"{NEW}/1", 1)
    assert [w.event for w in read(lambda conn: inbox.waiting(conn, 9))] == [
        msgspec.structs.replace(
            posted(7, OLD),
            group=Group(NEW),
            message=msgspec.structs.replace(posted(7, OLD).message, id=f"{NEW}/7", reply_to=f"{NEW}/1"),
        )
    ]
    assert [w.group for w in read(lambda conn: inbox.waiting(conn, 9))] == [NEW]
    assert [(d.group, d.effect) for d in read(lambda conn: outbox.waiting(conn, 0, 9)).found] == [
        (NEW, SendText(NEW, say("still")))
    ]
    assert [(t.group, t.data) for t in read(lambda conn: timers.due(conn, NOW))] == [(NEW, f"{NEW}/1")]
    assert len(read(lambda conn: history.warnings_of(conn, NEW, ANN))) == 1
    assert [a.act for a in read(lambda conn: audit.history(conn, NEW))] == ["warn"]
    assert read(lambda conn: ledger.checked_through(conn, "challenge", NEW)) == NOW
    assert not db.write_now(lambda conn: ledger.fire(conn, "challenge", NEW, "2026-10-05T08:00", NOW))
    found = read(lambda conn: traces.of_message(conn, NEW, f"{NEW}/1"))
    assert found is not None
    assert (found.group, found.message) == (NEW, f"{NEW}/1")
    figures = read(lambda conn: digest(conn, NEW, NOW, NOW + timedelta(days=1)))
    assert (figures.messages, figures.most_replied[0].message) == (2, f"{NEW}/1")
    assert [g.id for g in read(states.known_groups)] == [NEW]
    assert db.check() == []


def test_no_message_of_the_new_group_is_deleted_for_one_that_stayed_behind(db: Database) -> None:
    live_in_the_old_group(db)
    migrate(db)
    deleting = db.read_now(lambda conn: outbox.of_event(conn, "e1"))[0]
    assert (deleting.state, deleting.error) == (State.DROPPED, "the message stayed behind under the group's former id")


def test_what_still_comes_for_the_old_id_belongs_to_the_group(db: Database) -> None:
    live_in_the_old_group(db)
    migrate(db)
    db.write_now(lambda conn: activity.log(conn, [row(9, OLD, BO, 9), row(10, NEW, BO, 10)]))
    group = db.read_now(lambda conn: states.load_groups(conn, [OLD]))[OLD]
    group.messages += 1
    assert group.id == NEW
    db.write_now(lambda conn: states.save(conn, [group], {(OLD, BO): MemberState(id=BO)}))
    assert db.read_now(lambda conn: states.load_groups(conn, [NEW]))[NEW].messages == 3
    assert db.read_now(lambda conn: states.member_count(conn, NEW)) == 2
    assert db.read_now(lambda conn: digest(conn, NEW, NOW, NOW + timedelta(days=1))).messages == 4
    assert [g.id for g in db.read_now(states.known_groups)] == [NEW]


def test_an_event_for_the_old_id_is_taken_in_under_the_new_one(db: Database) -> None:
    live_in_the_old_group(db)
    migrate(db)
    assert db.write_now(lambda conn: inbox.put(conn, [posted(8, OLD), posted(9, NEW)], NOW)) == [True, True]
    late, after = db.read_now(lambda conn: inbox.waiting(conn, 9))[1:]
    assert (late.group, late.event.group.id, late.event.message.id) == (NEW, NEW, f"{NEW}/8")
    assert after.event == posted(9, NEW)


def test_that_no_group_ever_moved_is_believed_only_until_one_does(db: Database) -> None:
    for _ in range(2):  # the second time it is remembered
        assert db.write_now(lambda conn: present_ids(conn, [OLD])) == {}
    migrate(db)
    assert db.read_now(lambda conn: present_ids(conn, [OLD])) == {OLD: NEW}
    assert db.write_now(lambda conn: present_ids(conn, [OLD])) == {OLD: NEW}


def test_a_move_that_was_rolled_back_leaves_nothing_behind(db: Database) -> None:
    def move_and_fail(conn: Connection) -> None:
        migration.migrate(conn, OLD, NEW)
        assert present_ids(conn, [OLD]) == {OLD: NEW}
        raise ValueError("after all not")

    db.write_now(lambda conn: present_ids(conn, [OLD]))
    with pytest.raises(ValueError, match="after all not"):
        db.write_now(move_and_fail)
    assert db.write_now(lambda conn: present_ids(conn, [OLD])) == {}
    migrate(db)
    assert db.write_now(lambda conn: present_ids(conn, [OLD])) == {OLD: NEW}


def test_the_same_news_twice_changes_nothing(db: Database) -> None:
    live_in_the_old_group(db)
    migrate(db)
    before = db.read_now(lambda conn: states.load_groups(conn, [NEW]))
    migrate(db)
    assert db.read_now(lambda conn: states.load_groups(conn, [NEW])) == before
    assert db.check() == []


def test_a_group_that_moves_twice_and_comes_back_is_still_one(db: Database) -> None:
    live_in_the_old_group(db)
    migrate(db)
    db.write_now(lambda conn: migration.migrate(conn, NEW, "telegram:-3"))
    db.write_now(lambda conn: migration.migrate(conn, "telegram:-3", OLD))
    assert [g.id for g in db.read_now(states.known_groups)] == [OLD]
    for id_ in (OLD, NEW, "telegram:-3"):
        assert db.read_now(lambda conn, id_=id_: states.member_count(conn, id_)) == 1
    assert db.read_now(lambda conn: states.load_groups(conn, [NEW]))[NEW].reviews[0].message == f"{OLD}/1"
    assert db.check() == []


def test_a_group_whose_first_messages_overtook_the_news_is_folded_in(db: Database) -> None:
    live_in_the_old_group(db)
    later = NOW + timedelta(hours=1)
    young = GroupState(id=NEW, name="Readers!", messages=1, rule_modes={"flood": Override("shadow")})
    ann = MemberState(id=ANN, name="Ann", first_seen=later, messages=1, substantive=1, score=3)

    def work(conn) -> None:
        states.save(conn, [young], {(NEW, ANN): ann, (NEW, BO): MemberState(id=BO, messages=5)})
        activity.log(conn, [row(20, NEW, ANN, 60), row(21, NEW, BO, 60)])
        history.record(conn, NEW, "e2", later, [c.AddWarning(ANN, by=BO), c.SetTimer("intro", later, ANN)])
        history.record(conn, NEW, "e2", later, [c.Audit(BO, "welcome"), c.SetTimer("other", later)])
        ledger.fire(conn, "challenge", NEW, "2026-10-05T08:00", later)
        ledger.fire(conn, "challenge", NEW, "2026-10-06T08:00", later)
        ledger.set_checked_through(conn, "challenge", NEW, later)
        inbox.put(conn, [posted(8, NEW)], later)

    db.write_now(work)
    migrate(db)
    read = db.read_now
    assert [(g.id, g.name, g.messages) for g in read(states.known_groups)] == [(NEW, "Readers!", 3)]
    assert set(read(states.known_groups)[0].rule_modes) == {"ads", "flood"}
    found = read(lambda conn: states.load_members(conn, [(NEW, ANN), (NEW, BO)]))
    assert (found[NEW, ANN].first_seen, found[NEW, ANN].messages, found[NEW, ANN].score) == (NOW, 2, 3)
    assert found[NEW, ANN].substantive == 2, "trust is earned in both"
    assert (found[NEW, ANN].name, len(found[NEW, ANN].warnings)) == ("Ann", 1)
    assert found[NEW, BO].messages == 5
    assert len(read(lambda conn: history.warnings_of(conn, NEW, ANN))) == 2
    assert [(t.name, t.due) for t in read(lambda conn: timers.due(conn, later))] == [("intro", later), ("other", later)]
    assert read(lambda conn: ledger.checked_through(conn, "challenge", NEW)) == later
    assert not db.write_now(lambda conn: ledger.fire(conn, "challenge", NEW, "2026-10-06T08:00", NOW))
    figures = read(lambda conn: digest(conn, NEW, NOW, NOW + timedelta(days=1)))
    assert (figures.messages, [ranked.count for ranked in figures.top]) == (4, [2, 2])
    assert {a.act for a in read(lambda conn: audit.history(conn, NEW))} == {"warn", "welcome"}
    assert [w.group for w in read(lambda conn: inbox.waiting(conn, 9))] == [NEW, NEW]
    db.write_now(lambda conn: activity.log(conn, [row(30, NEW, ANN, 90)]))  # with no key of the group that is gone
    assert db.check() == []


def test_ids_that_only_begin_alike_are_left_alone(db: Database) -> None:
    other = f"{OLD}9"
    db.write_now(lambda conn: states.save(conn, [GroupState(id=other, reviews=[])], {}))
    db.write_now(lambda conn: inbox.put(conn, [posted(1, other)], NOW))
    live_in_the_old_group(db)
    migrate(db)
    assert {w.group for w in db.read_now(lambda conn: inbox.waiting(conn, 9))} == {NEW, other}
    assert follow(f'{{"a":["{OLD}9/1","{OLD}/1","see {OLD}/1"]}}', OLD, NEW) == (
        f'{{"a":["{OLD}9/1","{NEW}/1","see {OLD}/1"]}}'
    )


def test_a_group_that_was_never_met_can_move(db: Database) -> None:
    migrate(db)
    assert [g.id for g in db.read_now(states.known_groups)] == [NEW]
    assert db.read_now(lambda conn: conn.execute(text("SELECT id FROM former_ids")).scalar()) == OLD


def test_a_process_that_still_knows_a_folded_group_by_its_old_key_learns_the_new_one(url: str) -> None:
    with Database.open(url) as one, Database.open(url) as other:
        one.upgrade()
        live_in_the_old_group(one)
        other.write_now(lambda conn: activity.log(conn, [row(20, NEW, ANN, 20)]))
        migrate(one)
        with pytest.raises(IntegrityError):  # the key that it remembers is of a group that is gone
            other.write_now(lambda conn: activity.log(conn, [row(21, NEW, ANN, 21)]))
        other.write_now(lambda conn: activity.log(conn, [row(21, NEW, ANN, 21)]))
        assert other.read_now(lambda conn: digest(conn, NEW, NOW, NOW + timedelta(days=1))).messages == 4
        assert one.check() == []


def test_a_decision_on_a_message_of_the_former_id_is_none_on_the_message_of_that_number_now(db: Database) -> None:
    live_in_the_old_group(db)
    opened = c.OpenCase(number=1, member=ANN, event="e1", message=f"{OLD}/7", acts=("mute_member",))
    db.write_now(lambda conn: cases.record(conn, OLD, NOW, [opened]))
    migrate(db)
    assert db.read_now(lambda conn: cases.of_message(conn, NEW, f"{NEW}/7")) is None
    case = db.read_now(lambda conn: cases.find(conn, NEW, 1))
    assert case is not None
    assert (case.group, case.message) == (NEW, f"{OLD}/7")


def test_the_decisions_of_a_group_that_is_folded_in_keep_their_numbers_and_are_given_to_no_other(db: Database) -> None:
    live_in_the_old_group(db)
    old, young = GroupState(id=OLD, next_case=2), GroupState(id=NEW, next_case=4)

    def work(conn) -> None:
        states.save(conn, [old, young], {})
        cases.record(conn, OLD, NOW, [c.OpenCase(number=1, member=ANN, event="e1")])
        found = [c.OpenCase(number=number, member=BO, event=f"n{number}", message=f"{NEW}/9") for number in (1, 3)]
        cases.record(conn, NEW, NOW, found)

    db.write_now(work)
    migrate(db)
    kept = [db.read_now(lambda conn, number=number: cases.find(conn, NEW, number)) for number in (1, 2, 3)]
    assert [case and case.event for case in kept] == ["e1", None, "n3"]
    assert db.read_now(lambda conn: states.load_groups(conn, [NEW]))[NEW].next_case == 4
    assert db.check() == []
