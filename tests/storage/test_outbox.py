from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from rules.effects import DeleteMessage, Effect, Lane, SendText, lane_of
from rules.text import say
from storage import outbox
from storage.database import Database
from storage.outbox import Delivery, State

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
READING = "telegram:-100"


def delivery(event: str, effect: Effect, position: int = 0, not_before: datetime | None = None) -> Delivery:
    return Delivery(
        event=event, position=position, group=effect.group, lane=lane_of(effect), effect=effect, not_before=not_before
    )


def text_to(group: str, words: str = "hi", *, announcement: bool = False) -> SendText:
    return SendText(group=group, text=say(words), announcement=announcement)


def enqueue(db: Database, *deliveries: Delivery) -> None:
    db.write_now(lambda c: outbox.enqueue(c, deliveries, NOW))


def waiting(db: Database) -> list[Delivery]:
    return db.read_now(lambda c: outbox.waiting(c, 0, 100)).found


def names(found: list[Delivery]) -> list[str]:
    return [d.event for d in found]


def test_what_waits_is_counted_by_lane(db: Database) -> None:
    enqueue(
        db,
        delivery("news", text_to(READING, announcement=True)),
        delivery("advert", DeleteMessage(READING, f"{READING}/5")),
        delivery("answer", text_to(READING)),
        delivery("answer 2", text_to(READING)),
    )
    assert db.read_now(outbox.depth) == {Lane.MODERATION: 1, Lane.REPLY: 2, Lane.ANNOUNCEMENT: 1}


def test_whoever_goes_on_from_the_last_id_reads_each_delivery_once(db: Database) -> None:
    enqueue(db, *(delivery(str(number), text_to(READING)) for number in range(5)))
    first = db.read_now(lambda c: outbox.waiting(c, 0, 3))
    assert (names(first.found), first.more) == (["0", "1", "2"], True)
    second = db.read_now(lambda c: outbox.waiting(c, first.last, 3))
    assert (names(second.found), second.more) == (["3", "4"], False)
    assert db.read_now(lambda c: outbox.waiting(c, second.last, 3)) == ([], second.last, False)


def test_reading_begins_with_the_oldest_that_waits_or_behind_all_that_is_over(db: Database) -> None:
    assert db.read_now(outbox.beginning) == 0
    enqueue(db, *(delivery(str(number), text_to(READING)) for number in range(3)))
    one, two, three = (d.id for d in waiting(db))
    db.write_now(lambda c: outbox.mark_sent(c, [(one, None, NOW)]))
    assert one <= db.read_now(outbox.beginning) < two
    db.write_now(lambda c: outbox.mark_sent(c, [(two, None, NOW), (three, None, NOW)]))
    assert db.read_now(outbox.beginning) == three


def test_what_is_read_again_by_id_is_as_it_is_now(db: Database) -> None:
    enqueue(db, *(delivery(str(number), text_to(READING)) for number in range(4)))
    ids = [d.id for d in waiting(db)]
    db.write_now(lambda c: outbox.drop(c, [ids[1]], "it is over", NOW))
    db.write_now(lambda c: outbox.mark_sending(c, [ids[2]]))
    assert names(db.read_now(lambda c: outbox.still_waiting(c, ids))) == ["0", "3"]


def test_a_delivery_is_queued_once_per_event_and_position(db: Database) -> None:
    enqueue(db, delivery("e", text_to(READING, "first")), delivery("e", text_to(READING), position=1))
    enqueue(db, delivery("e", text_to(READING, "again")))
    found = waiting(db)
    assert [(d.event, d.position) for d in found] == [("e", 0), ("e", 1)]
    assert found[0].effect == text_to(READING, "first")


def test_a_delivery_comes_back_with_all_that_is_known_of_it(db: Database) -> None:
    later = NOW + timedelta(minutes=1)
    queued = Delivery(
        event="e", position=3, group=READING, lane=Lane.REPLY, effect=text_to(READING), rule="ads", not_before=later
    )
    enqueue(db, queued)
    found = db.read_now(lambda c: outbox.of_event(c, "e"))[0]
    assert found.id > 0
    assert found == Delivery(
        **{f: getattr(queued, f) for f in queued.__struct_fields__} | {"id": found.id, "created_at": NOW}
    )


def test_what_is_to_be_tried_again_says_when_and_why(db: Database) -> None:
    enqueue(db, delivery("one", text_to(READING)))
    (one,) = waiting(db)
    again = NOW + timedelta(seconds=30)
    db.write_now(lambda c: outbox.mark_sending(c, [one.id]))
    db.write_now(lambda c: outbox.retry_at(c, one.id, again, "flood control"))
    (found,) = waiting(db)
    assert (found.not_before, found.error, found.attempts) == (again, "flood control", 1)


def test_what_was_in_flight_is_found_after_a_restart(db: Database) -> None:
    enqueue(db, delivery("a", text_to(READING)), delivery("b", text_to(READING)))
    first = waiting(db)[0]
    db.write_now(lambda c: outbox.mark_sending(c, [first.id]))
    assert names(waiting(db)) == ["b"]
    flying = db.read_now(outbox.in_flight)
    assert [(d.event, d.state, d.attempts) for d in flying] == [("a", State.SENDING, 1)]


@pytest.mark.parametrize("state", [State.SENT, State.UNCERTAIN, State.FAILED, State.DROPPED])
def test_a_delivery_that_is_over_is_not_sent_again(db: Database, state: State) -> None:
    enqueue(db, delivery("a", text_to(READING)))
    id_ = waiting(db)[0].id
    db.write_now(lambda c: outbox.mark_sending(c, [id_]))
    ends = {
        State.SENT: lambda c: outbox.mark_sent(c, [(id_, f"{READING}/77", NOW)]),
        State.UNCERTAIN: lambda c: outbox.mark_uncertain(c, id_, "timed out", NOW),
        State.FAILED: lambda c: outbox.mark_failed(c, id_, "forbidden", NOW),
        State.DROPPED: lambda c: outbox.drop(c, [id_], "too late", NOW),
    }
    db.write_now(ends[state])
    found = db.read_now(lambda c: outbox.of_event(c, "a"))[0]
    assert found.state is state
    assert found.receipt == (f"{READING}/77" if state is State.SENT else None)
    assert waiting(db) == []
    assert db.read_now(outbox.in_flight) == []


def test_a_delivery_of_a_newer_version_does_not_stop_the_others_and_is_told(db: Database) -> None:
    enqueue(db, delivery("a", text_to(READING)), delivery("b", text_to(READING)))
    newer = '{"type":"send_hologram","group":"telegram:-100"}'
    db.write_now(lambda c: c.execute(text("UPDATE outbox SET effect = :e WHERE event = 'a'"), {"e": newer}))
    assert names(waiting(db)) == ["b"]
    assert any("outbox: delivery" in problem and "send_hologram" in problem for problem in db.check())
