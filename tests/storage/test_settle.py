from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from rules.changes import AddWarning, Audit
from rules.effects import DeleteMessage, Lane
from rules.events import MessagePosted
from rules.state import GroupState, MemberState
from rules.values import Group, Member, Message
from storage import history, inbox, outbox, states, traces
from storage.activity import ActivityRow
from storage.database import Database
from storage.errors import AlreadySettled
from storage.outbox import Delivery
from storage.settle import Recorded, Settlement, settle
from storage.traces import TraceRow

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
GROUP, ANN = "telegram:-100", "telegram:1"
MESSAGE = f"{GROUP}/5"


def take_in(db: Database) -> int:
    message = Message(id=MESSAGE, author=Member(id=ANN), text="buy", at=NOW)
    db.write_now(lambda c: inbox.put(c, [MessagePosted("e1", Group(GROUP), NOW, message)], NOW))
    return db.read_now(lambda c: inbox.waiting(c, 1))[0].seq


def settlement(seq: int) -> Settlement:
    effect = DeleteMessage(GROUP, MESSAGE)
    return Settlement(
        seqs=[seq],
        groups=[GroupState(id=GROUP, messages=1)],
        members={(GROUP, ANN): MemberState(id=ANN, messages=1)},
        activity=[ActivityRow(seq=seq, group=GROUP, at=NOW, kind="message", member=ANN, message=MESSAGE, text="buy")],
        deliveries=[Delivery(event="e1", position=0, group=GROUP, lane=Lane.MODERATION, effect=effect, rule="ads")],
        traces=[TraceRow(event="e1", group=GROUP, message=MESSAGE, at=NOW, decided=True, trace=b'{"rules":[]}')],
        changes=[Recorded(GROUP, "e1", [AddWarning(ANN, "rule:ads"), Audit("rule:ads", "delete", ANN)])],
    )


def test_everything_that_a_decision_leads_to_is_recorded_together(db: Database) -> None:
    seq = take_in(db)
    db.write_now(lambda c: settle(c, settlement(seq), NOW))
    assert db.read_now(inbox.depth) == 0
    assert db.read_now(lambda c: states.load_groups(c, [GROUP]))[GROUP].messages == 1
    assert [d.rule for d in db.read_now(lambda c: outbox.waiting(c, 0, 9)).found] == ["ads"]
    assert len(db.read_now(lambda c: history.warnings_of(c, GROUP, ANN))) == 1
    trace = db.read_now(lambda c: traces.of_message(c, GROUP, MESSAGE))
    assert trace == TraceRow(event="e1", group=GROUP, message=MESSAGE, at=NOW, decided=True, trace=b'{"rules":[]}')
    assert db.read_now(lambda c: traces.of_event(c, "e1")) == trace
    assert db.read_now(lambda c: traces.of_event(c, "e2")) is None
    assert db.read_now(lambda c: traces.of_message(c, "telegram:-9", MESSAGE)) is None
    assert db.check() == []


def test_what_is_settled_twice_is_recorded_once(db: Database) -> None:
    seq = take_in(db)
    db.write_now(lambda c: settle(c, settlement(seq), NOW))
    with pytest.raises(AlreadySettled):
        db.write_now(lambda c: settle(c, settlement(seq), NOW))
    tables = ("activity", "outbox", "warnings", "audit")
    counts = db.read_now(lambda c: [c.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in tables])
    assert counts == [1, 1, 1, 1]


def test_the_trace_of_a_message_is_that_of_its_last_edit(db: Database) -> None:
    def trace(event: str, minutes: int) -> TraceRow:
        at = NOW + timedelta(minutes=minutes)
        return TraceRow(event=event, group=GROUP, message=MESSAGE, at=at, decided=False, trace=event.encode())

    db.write_now(lambda c: traces.keep(c, [trace("edit", 5), trace("post", 0)]))
    found = db.read_now(lambda c: traces.of_message(c, GROUP, MESSAGE))
    assert found is not None
    assert found.event == "edit"
