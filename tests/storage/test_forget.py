"""Forgetting a member erases their words wherever they were carried on to."""

from datetime import UTC, datetime
from pathlib import Path

from rules import changes as c
from rules.effects import Effect, Lane, SendDocument, SendText
from rules.events import MessagePosted
from rules.state import GroupState, MemberState
from rules.text import say
from rules.values import Group, Member, Message
from storage import activity, history, inbox, outbox, states
from storage.activity import ActivityRow
from storage.database import Database
from storage.outbox import Delivery

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
GROUP, STAFF, ANN, BO = "telegram:-100", "telegram:-9", "telegram:1", "telegram:2"


def post(db: Database, number: int, member: str, words: str) -> str:
    """A message that was settled; its event."""
    id_, event = f"{GROUP}/{number}", f"update-{number}"
    message = Message(id=id_, author=Member(id=member), text=words, at=NOW)

    def work(conn) -> None:
        inbox.put(conn, [MessagePosted(event, Group(GROUP), NOW, message)], NOW)
        seq = inbox.waiting(conn, 1)[0].seq
        row = ActivityRow(seq=seq, group=GROUP, at=NOW, kind="message", member=member, message=id_, text=words)
        activity.log(conn, [row])
        inbox.close(conn, [seq])

    db.write_now(work)
    return event


def sent(db: Database, event: str, effect: Effect) -> None:
    def work(conn) -> None:
        delivery = Delivery(event=event, position=0, group=effect.group, lane=Lane.REPLY, effect=effect)
        outbox.enqueue(conn, [delivery], NOW)
        outbox.mark_sent(conn, [(outbox.of_event(conn, event)[0].id, f"{effect.group}/bot-{event}", NOW)])

    db.write_now(work)


def forget_ann(db: Database) -> None:
    db.write_now(lambda conn: history.record(conn, GROUP, "the command", NOW, [c.ForgetMember(ANN)]))


def left(db: Database, *events: str) -> list[str]:
    """Those of the events whose deliveries are still there."""
    return db.read_now(lambda conn: [event for event in events if outbox.of_event(conn, event)])


def test_an_alert_in_the_staff_room_goes_with_the_words_that_it_quotes(db: Database) -> None:
    event = post(db, 1, ANN, "my secret number")
    sent(db, event, SendText(STAFF, say("Held for review: my secret number")))
    forget_ann(db)
    assert left(db, event) == []


def test_a_digest_that_quotes_the_member_goes_and_one_that_does_not_stays(db: Database) -> None:
    post(db, 1, ANN, '我的秘密是 "什么"？\n第二行')
    post(db, 2, BO, "an open word")
    sent(db, "schedule:mine", SendText(GROUP, say('没有人回答：我的秘密是 "什么"？')))
    sent(db, "schedule:others", SendText(GROUP, say("An open word, said Bo")))
    sent(db, "schedule:staff", SendDocument(STAFF, "day.txt", '安: 我的秘密是 "什么"？'))
    forget_ann(db)
    assert left(db, "schedule:mine", "schedule:others", "schedule:staff") == ["schedule:others"]


def test_a_post_that_names_the_member_goes_but_not_for_a_part_of_a_word(db: Database) -> None:
    ann = MemberState(id=ANN, name="Ann", username="ann_reads")
    db.write_now(lambda conn: states.save(conn, [GroupState(id=GROUP)], {(GROUP, ANN): ann}))
    sent(db, "timer:welcome", SendText(GROUP, say("Welcome, Ann, Cy and Di!")))
    sent(db, "timer:handle", SendText(GROUP, say("Thank you @ann_reads")))
    sent(db, "schedule:plan", SendText(GROUP, say("Planning the Annual meeting")))
    forget_ann(db)
    assert left(db, "timer:welcome", "timer:handle", "schedule:plan") == ["schedule:plan"]


def test_what_waits_to_be_sent_is_still_sent(db: Database) -> None:
    event = post(db, 1, ANN, "my secret number")
    delivery = Delivery(event=event, position=0, group=GROUP, lane=Lane.REPLY, effect=SendText(GROUP, say("Erased")))
    db.write_now(lambda conn: outbox.enqueue(conn, [delivery], NOW))
    forget_ann(db)
    assert left(db, event) == [event]


def test_a_parked_event_of_the_member_is_erased_and_one_of_another_stays(db: Database) -> None:
    def park(conn) -> None:
        for number, member in enumerate((ANN, BO)):
            message = Message(id=f"{GROUP}/{number}", author=Member(id=member), text="parked words", at=NOW)
            inbox.put(conn, [MessagePosted(f"parked-{member}", Group(GROUP), NOW, message)], NOW)
        for row in inbox.waiting(conn, 9):
            inbox.park(conn, row.seq, "cannot settle `parked words`")

    db.write_now(park)
    forget_ann(db)
    parked = db.read_now(inbox.parked)
    assert [row.id for row, _ in parked] == [f"parked-{BO}"]
    again = db.write_now(lambda conn: inbox.put(conn, [parked[0][0].event], NOW))
    assert again == [False]


def test_the_words_are_gone_from_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "groupkeeper.db"
    with Database.open(f"sqlite:///{path}") as database:
        database.upgrade()
        event = post(database, 1, ANN, "my secret number")
        sent(database, event, SendText(STAFF, say("Held: my secret number")))
        forget_ann(database)
    assert b"secret number" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
