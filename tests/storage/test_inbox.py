from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from rules.events import MessagePosted
from rules.values import Group, Member, Message
from storage import inbox
from storage.database import Database
from storage.errors import AlreadySettled

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
READING = "telegram:-100"


def posted(number: int, group: str = READING, words: str = "hello") -> MessagePosted:
    author = Member(id="telegram:7", name="Ann")
    message = Message(id=f"{group}/{number}", author=author, text=words, at=NOW)
    return MessagePosted(id=f"telegram:bot:{number}", group=Group(group), at=NOW, message=message)


def test_an_event_that_comes_again_is_not_new(db: Database) -> None:
    assert db.write_now(lambda c: inbox.put(c, [posted(1), posted(2)], NOW)) == [True, True]
    assert db.write_now(lambda c: inbox.put(c, [posted(2), posted(3), posted(3)], NOW)) == [False, True, False]
    assert db.read_now(inbox.depth) == 3


def test_events_wait_in_the_order_in_which_they_came(db: Database) -> None:
    events = [posted(n, words="一篇文章 " + "x" * n) for n in (5, 3, 9, 1)]
    db.write_now(lambda c: inbox.put(c, events, NOW))
    found = db.read_now(lambda c: inbox.waiting(c, 10))
    assert [waiting.event for waiting in found] == events
    assert [waiting.id for waiting in found] == [event.id for event in events]
    assert [w.event for w in db.read_now(lambda c: inbox.waiting(c, 2))] == events[:2]


def test_a_thousand_events_in_one_call_keep_their_order(db: Database) -> None:
    events = [posted(n) for n in range(2_500)]
    assert all(db.write_now(lambda c: inbox.put(c, events, NOW)))
    found = db.read_now(lambda c: inbox.waiting(c, 5_000))
    assert [waiting.id for waiting in found] == [event.id for event in events]


def test_groups_can_be_left_out_or_picked(db: Database) -> None:
    db.write_now(lambda c: inbox.put(c, [posted(1, "telegram:-1"), posted(2, "telegram:-2"), posted(3)], NOW))
    assert [w.id for w in db.read_now(lambda c: inbox.waiting(c, 9, excluded=["telegram:-2"]))] == [
        "telegram:bot:1",
        "telegram:bot:3",
    ]
    assert [w.group for w in db.read_now(lambda c: inbox.waiting(c, 9, groups=["telegram:-2"]))] == ["telegram:-2"]


def test_a_closed_event_is_still_known_but_its_words_are_gone(db: Database) -> None:
    db.write_now(lambda c: inbox.put(c, [posted(1, words="a secret")], NOW))
    seq = db.read_now(lambda c: inbox.waiting(c, 1))[0].seq
    db.write_now(lambda c: inbox.close(c, [seq]))
    assert db.read_now(inbox.depth) == 0
    assert db.write_now(lambda c: inbox.put(c, [posted(1)], NOW)) == [False]
    assert db.read_now(lambda c: c.execute(text("SELECT event FROM inbox")).scalars().all()) == [None]


def test_an_event_is_settled_once(db: Database) -> None:
    db.write_now(lambda c: inbox.put(c, [posted(1), posted(2)], NOW))
    one, two = (w.seq for w in db.read_now(lambda c: inbox.waiting(c, 2)))
    db.write_now(lambda c: inbox.close(c, [one]))
    with pytest.raises(AlreadySettled):
        db.write_now(lambda c: inbox.close(c, [one, two]))
    assert db.read_now(inbox.depth) == 1


def test_a_failing_event_stays_and_a_parked_one_does_not_wait(db: Database) -> None:
    db.write_now(lambda c: inbox.put(c, [posted(1), posted(2)], NOW))
    one, two = (w.seq for w in db.read_now(lambda c: inbox.waiting(c, 2)))
    db.write_now(lambda c: inbox.fail(c, one, "no such\x00luck", 1))
    assert [(w.seq, w.attempts) for w in db.read_now(lambda c: inbox.waiting(c, 9))] == [(one, 1), (two, 0)]
    db.write_now(lambda c: inbox.park(c, one, "three times over"))
    assert [w.seq for w in db.read_now(lambda c: inbox.waiting(c, 9))] == [two]
    waiting, error = db.read_now(inbox.parked)[0]
    assert (waiting.event, error) == (posted(1), "three times over")
    db.write_now(lambda c: inbox.reopen(c, [one, two]))
    assert [(w.seq, w.attempts) for w in db.read_now(lambda c: inbox.waiting(c, 9))] == [(one, 0), (two, 0)]


def test_a_cursor_is_remembered(db: Database) -> None:
    assert db.read_now(lambda c: inbox.cursor(c, "telegram:bot")) is None
    db.write_now(lambda c: inbox.set_cursor(c, "telegram:bot", "41"))
    db.write_now(lambda c: inbox.set_cursor(c, "telegram:bot", "42"))
    assert db.read_now(lambda c: inbox.cursor(c, "telegram:bot")) == "42"


def test_the_age_of_the_oldest_open_event_is_known(db: Database) -> None:
    assert db.read_now(inbox.oldest) is None
    db.write_now(lambda c: inbox.put(c, [posted(1)], NOW))
    db.write_now(lambda c: inbox.put(c, [posted(2)], NOW + timedelta(hours=1)))
    assert db.read_now(inbox.oldest) == NOW


def test_an_event_with_broken_characters_can_be_kept(db: Database) -> None:
    event = posted(1, words="nul \x00 in the middle")
    db.write_now(lambda c: inbox.put(c, [event], NOW))
    assert db.read_now(lambda c: inbox.waiting(c, 1))[0].event == posted(1, words="nul  in the middle")
