from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from rules.effects import DeleteMessage, Effect, Lane, SendText, lane_of
from rules.text import say
from storage import outbox
from storage.database import Database
from storage.outbox import Delivery, State

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
READING, CHESS = "telegram:-100", "telegram:-200"


def delivery(event: str, effect: Effect, position: int = 0, not_before: datetime | None = None) -> Delivery:
    return Delivery(
        event=event, position=position, group=effect.group, lane=lane_of(effect), effect=effect, not_before=not_before
    )


def text_to(group: str, words: str = "hi", *, announcement: bool = False) -> SendText:
    return SendText(group=group, text=say(words), announcement=announcement)


def enqueue(db: Database, *deliveries: Delivery) -> None:
    db.write_now(lambda c: outbox.enqueue(c, deliveries, NOW))


def due(db: Database, now: datetime = NOW, blocked: tuple[str, ...] = ()) -> list[Delivery]:
    return db.read_now(lambda c: outbox.due(c, now, 100, blocked))


def names(found: list[Delivery]) -> list[str]:
    return [d.event for d in found]


def test_order_is_kept_before_talk_and_talk_before_announcements(db: Database) -> None:
    enqueue(
        db,
        delivery("news", text_to(READING, announcement=True)),
        delivery("answer", text_to(READING)),
        delivery("advert", DeleteMessage(READING, f"{READING}/5")),
        delivery("answer 2", text_to(READING)),
    )
    assert names(due(db)) == ["advert", "answer", "answer 2", "news"]
    assert db.read_now(outbox.depth) == {Lane.MODERATION: 1, Lane.REPLY: 2, Lane.ANNOUNCEMENT: 1}


def test_a_delivery_is_queued_once_per_event_and_position(db: Database) -> None:
    enqueue(db, delivery("e", text_to(READING, "first")), delivery("e", text_to(READING), position=1))
    enqueue(db, delivery("e", text_to(READING, "again")))
    found = due(db)
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


def test_what_is_for_later_waits_for_its_moment_and_holds_nobody_up(db: Database) -> None:
    later = NOW + timedelta(hours=1)
    enqueue(db, delivery("later", text_to(READING), not_before=later), delivery("now", text_to(READING)))
    assert names(due(db)) == ["now"]
    assert names(due(db, later)) == ["later", "now"]
    assert db.read_now(outbox.next_due) == NOW


def test_while_a_delivery_waits_for_another_try_those_behind_it_in_its_group_and_lane_wait(db: Database) -> None:
    enqueue(
        db,
        delivery("one", text_to(READING)),
        delivery("two", text_to(READING)),
        delivery("elsewhere", text_to(CHESS)),
        delivery("advert", DeleteMessage(READING, f"{READING}/5")),
    )
    one = due(db)[1]
    again = NOW + timedelta(seconds=30)
    db.write_now(lambda c: outbox.mark_sending(c, [one.id]))
    db.write_now(lambda c: outbox.retry_at(c, one.id, again, "flood control"))
    assert names(due(db)) == ["advert", "elsewhere"]
    assert names(due(db, again)) == ["advert", "one", "two", "elsewhere"]
    assert due(db, again)[1].error == "flood control"


def test_groups_can_be_blocked(db: Database) -> None:
    enqueue(db, delivery("a", text_to(READING)), delivery("b", text_to(CHESS)))
    assert names(due(db, blocked=(READING,))) == ["b"]


def test_what_was_in_flight_is_found_after_a_restart(db: Database) -> None:
    enqueue(db, delivery("a", text_to(READING)), delivery("b", text_to(READING)))
    first = due(db)[0]
    db.write_now(lambda c: outbox.mark_sending(c, [first.id]))
    assert names(due(db)) == ["b"]
    flying = db.read_now(outbox.in_flight)
    assert [(d.event, d.state, d.attempts) for d in flying] == [("a", State.SENDING, 1)]


@pytest.mark.parametrize("state", [State.SENT, State.UNCERTAIN, State.FAILED, State.DROPPED])
def test_a_delivery_that_is_over_is_not_sent_again(db: Database, state: State) -> None:
    enqueue(db, delivery("a", text_to(READING)))
    id_ = due(db)[0].id
    db.write_now(lambda c: outbox.mark_sending(c, [id_]))
    ends = {
        State.SENT: lambda c: outbox.mark_sent(c, id_, f"{READING}/77", NOW),
        State.UNCERTAIN: lambda c: outbox.mark_uncertain(c, id_, "timed out", NOW),
        State.FAILED: lambda c: outbox.mark_failed(c, id_, "forbidden", NOW),
        State.DROPPED: lambda c: outbox.drop(c, [id_], "too late", NOW),
    }
    db.write_now(ends[state])
    found = db.read_now(lambda c: outbox.of_event(c, "a"))[0]
    assert found.state is state
    assert found.receipt == (f"{READING}/77" if state is State.SENT else None)
    assert due(db) == []
    assert db.read_now(outbox.in_flight) == []
    assert db.read_now(outbox.next_due) is None


def test_a_delivery_of_a_newer_version_does_not_stop_the_others_and_is_told(db: Database) -> None:
    enqueue(db, delivery("a", text_to(READING)), delivery("b", text_to(READING)))
    newer = '{"type":"send_hologram","group":"telegram:-100"}'
    db.write_now(lambda c: c.execute(text("UPDATE outbox SET effect = :e WHERE event = 'a'"), {"e": newer}))
    assert names(due(db)) == ["b"]
    assert any("outbox: delivery" in problem and "send_hologram" in problem for problem in db.check())
