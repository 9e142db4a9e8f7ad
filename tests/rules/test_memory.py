"""A group's memory without a database: what is known before an event, what after, and timers in their order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rules.changes import AddTag, CancelTimer, Change, SetTimer
from rules.decision import Decision
from rules.events import Event, MemberJoined, MessagePosted
from rules.facts import GroupSettings
from rules.memory import GroupMemory
from rules.values import Group, Member, Message

START = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
SETTINGS = GroupSettings("reading", "telegram:-1", "telegram")
GROUP = Group("telegram:-1", "Reading")
ANN = Member("telegram:5", "Ann")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def posted(minutes: float, text: str = "hi", author: Member = ANN) -> MessagePosted:
    id_ = f"telegram:-1/{int(minutes * 60)}"
    return MessagePosted(id_, GROUP, at(minutes), Message(id_, author, text, at(minutes)))


def settle(memory: GroupMemory, event: Event, *changes: Change) -> None:
    memory.facts_for(event, SETTINGS)
    memory.settle(event, Decision(changes=changes), SETTINGS)


def fired(memory: GroupMemory, minutes: float) -> list[tuple[str, str | None, datetime]]:
    return [(e.schedule, e.subject, e.due) for e in memory.due_before(at(minutes), SETTINGS)]


def test_facts_are_what_was_known_before_the_event() -> None:
    memory = GroupMemory("telegram:-1", timedelta(minutes=5))
    for number in range(3):
        event = posted(number)
        facts = memory.facts_for(event, SETTINGS)
        assert facts.member.messages == facts.group.messages == number
        assert facts.recent.messages_of(ANN.id, event.at, timedelta(minutes=5)) == number + 1  # the event counts
        assert facts.now == event.at
        memory.settle(event, Decision(), SETTINGS)
    assert memory.member(ANN.id).messages == 3
    assert memory.member(ANN.id).name == "Ann"


def test_changes_are_carried_out_before_the_event_is_taken_note_of() -> None:
    memory = GroupMemory("telegram:-1")
    joined = MemberJoined("telegram:-1/j", GROUP, at(0), ANN)
    settle(memory, joined, AddTag(ANN.id, "fresh"))
    assert memory.member(ANN.id).tags == ["fresh"]
    assert memory.member(ANN.id).joined_at == at(0)


def test_equal_texts_are_counted_however_they_are_written() -> None:
    memory = GroupMemory("telegram:-1", timedelta(minutes=5))
    bo = Member("telegram:6", "Bo")
    settle(memory, posted(0, "Buy NOW!"))
    event = posted(1, "buy, now", bo)
    facts = memory.facts_for(event, SETTINGS)
    from rules.folding import fingerprint, fold

    assert facts.recent.same_text(fingerprint(fold("buynow")), event.at, timedelta(minutes=5)) == (2, 2)


def test_timers_fire_once_in_the_order_of_their_time() -> None:
    memory = GroupMemory("telegram:-1")
    timers: Sequence[Change] = (
        SetTimer("late", at(9)),
        SetTimer("remind", at(5), "telegram:6"),
        SetTimer("remind", at(3), "telegram:5", "data"),
    )
    settle(memory, posted(0), *timers)
    assert memory.next_due() == at(3)
    assert fired(memory, 2) == []
    assert fired(memory, 5) == [("remind", "telegram:5", at(3)), ("remind", "telegram:6", at(5))]
    assert fired(memory, 8) == []
    assert fired(memory, 60) == [("late", None, at(9))]
    assert memory.next_due() is None


def test_a_timer_set_anew_fires_at_its_new_time_only() -> None:
    memory = GroupMemory("telegram:-1")
    settle(memory, posted(0), SetTimer("batch", at(2)))
    settle(memory, posted(1), SetTimer("batch", at(4)))
    assert fired(memory, 3) == []
    assert fired(memory, 9) == [("batch", None, at(4))]


def test_a_timer_put_forward_fires_once() -> None:
    memory = GroupMemory("telegram:-1")
    settle(memory, posted(0), SetTimer("batch", at(8)))
    settle(memory, posted(1), SetTimer("batch", at(4)))
    assert fired(memory, 9) == [("batch", None, at(4))]


def test_a_timer_set_while_timers_fire_comes_in_its_turn() -> None:
    memory = GroupMemory("telegram:-1")
    settle(memory, posted(0), SetTimer("first", at(1)), SetTimer("third", at(3)))
    seen = []
    for event in memory.due_before(at(9), SETTINGS):
        seen.append(event.schedule)
        again = (SetTimer("second", at(2)),) if event.schedule == "first" else ()
        settle(memory, event, *again)
    assert seen == ["first", "second", "third"]


def test_cancelled_timers_do_not_fire() -> None:
    memory = GroupMemory("telegram:-1")
    timers = [SetTimer(name, at(5), who) for name in ("ask/1", "ask/2", "bye") for who in ("telegram:5", "telegram:6")]
    settle(memory, posted(0), *timers, SetTimer("ask", at(5)))
    settle(memory, posted(1), CancelTimer("ask/*", "telegram:5"), CancelTimer("bye", "telegram:6"), CancelTimer("ask"))
    assert fired(memory, 9) == [
        ("ask/1", "telegram:6", at(5)),
        ("ask/2", "telegram:6", at(5)),
        ("bye", "telegram:5", at(5)),
    ]


def test_each_timer_event_has_an_id_of_its_own_and_the_local_time() -> None:
    memory = GroupMemory("telegram:-1")
    settle(memory, posted(0), SetTimer("a", at(5)), SetTimer("a", at(5), "telegram:5"), SetTimer("b", at(5)))
    events = list(memory.due_before(at(5), SETTINGS))
    assert len({event.id for event in events}) == 3
    assert {event.local for event in events} == {"2026-10-05T02:05"}
