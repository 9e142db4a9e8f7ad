"""Labels and samples: replaced, withdrawn, moved with their group, unlinked from who is forgotten."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from rules.changes import Change, ForgetMember, LabelMessage, WithdrawLabel
from rules.state import GroupState, MemberState
from storage import export, history, labels, migrate, retention, samples, states
from storage.database import Database
from storage.labels import Label
from storage.samples import Progress, Sample

AT = datetime(2026, 10, 5, 12, tzinfo=UTC)
OLD, NEW = "sim:old", "sim:new"
ANN, MO, MIA = "sim:ann", "sim:mo", "sim:mia"


def said(number: int, *, ad: bool = True, message: str | None = "sim:old/1", **more: Any) -> LabelMessage:
    values = {"by": MO, "features": b"\x01\x02", "features_version": "1", "logit": 1.5, "member": ANN, **more}
    return LabelMessage(number=number, ad=ad, source="command", sketch=b"\x07", message=message, **values)


def record(db: Database, *changes: Change, group: str = OLD, at: datetime = AT) -> None:
    def write(conn: Any) -> None:
        found = states.load_groups(conn, [group])[group]
        found.next_label = max([found.next_label, *(c.number + 1 for c in changes if isinstance(c, LabelMessage))])
        states.save(conn, [found], {(group, ANN): MemberState(id=ANN, name="Ann")})
        history.record(conn, group, "e", at, changes)

    db.write_now(write)


def in_force(db: Database, group: str = OLD) -> list[Label]:
    return db.read_now(lambda conn: labels.in_force(conn, group, "1"))


def sample(slot: int, **more: Any) -> Sample:
    return Sample(slot=slot, at=AT, event=f"e{slot}", features_version="1", features=b"\x01", logit=-4.0, **more)


def test_what_was_said_is_read_back_whole(db: Database) -> None:
    record(db, said(1))
    (label,) = in_force(db)
    assert (label.number, label.ad, label.by, label.member, label.message) == (1, True, MO, ANN, "sim:old/1")
    assert (label.features, label.sketch, label.logit, label.at) == (b"\x01\x02", b"\x07", 1.5, AT)


def test_the_other_word_on_a_message_takes_the_place_of_the_first(db: Database) -> None:
    record(db, said(1))
    record(db, said(2, ad=False, by=MIA, features=b"\x09"))
    assert [(label.number, label.ad) for label in in_force(db)] == [(2, False)]
    first = db.read_now(lambda conn: labels.find(conn, OLD, 1))
    assert first is not None
    assert (first.undone_at, first.undone_by) == (AT, MIA)


def test_others_are_heard_beside_it_and_ones_own_contrary_replaces_ones_own(db: Database) -> None:
    record(db, said(1))
    record(db, said(2, message="sim:old/2"), said(3, by=MIA))
    assert len(in_force(db)) == 3
    contrary = said(4, ad=False, message=None)
    assert len(db.read_now(lambda conn: labels.replaced(conn, OLD, contrary))) == 2
    record(db, contrary)
    assert [label.number for label in in_force(db)] == [4, 3]


def test_another_groups_labels_are_its_own(db: Database) -> None:
    record(db, said(1))
    record(db, said(1, ad=False, message="sim:new/1"), group=NEW)
    assert [label.ad for label in in_force(db)] == [True]
    assert db.read_now(labels.teaching_groups) == [OLD, NEW]
    record(db, WithdrawLabel(number=1, by=MIA))
    assert in_force(db) == []
    assert [label.ad for label in in_force(db, NEW)] == [False]
    assert db.read_now(labels.teaching_groups) == [NEW]


def test_labels_of_other_features_are_kept_and_not_learned_from(db: Database) -> None:
    record(db, said(1, features_version="0"))
    assert in_force(db) == []
    assert db.read_now(lambda conn: labels.stale(conn, "1")) == 1
    assert len(db.read_now(lambda conn: labels.latest(conn, OLD))) == 1


def test_who_is_forgotten_leaves_hashes_that_lead_to_nobody(db: Database) -> None:
    record(db, said(1))
    db.write_now(lambda conn: samples.put(conn, OLD, [sample(0, member=ANN), sample(1, member=MO)]))
    record(db, ForgetMember(member=ANN))
    (label,) = in_force(db)
    assert (label.member, label.message, label.features) == (None, None, b"\x01\x02")
    assert [one.slot for one in db.read_now(lambda conn: samples.of_group(conn, OLD, "1"))] == [1]


def test_who_asks_is_told_what_was_said_of_them(db: Database) -> None:
    record(db, said(1))
    db.write_now(lambda conn: samples.put(conn, OLD, [sample(0, member=ANN)]))
    (group,) = json.loads(db.read_now(lambda conn: export.member_data(conn, ANN)))["groups"]
    assert [(one["ad"], one["message"]) for one in group["labels"]] == [(True, "sim:old/1")]
    assert group["ordinary_samples"] == 1


def test_what_was_taken_back_long_ago_is_removed_and_what_holds_is_not(db: Database) -> None:
    record(db, said(1), said(2, message="sim:old/2"))
    record(db, WithdrawLabel(number=1, by=MIA))
    db.write_now(lambda conn: retention.purge(conn, AT + timedelta(days=500), retention.Keep()))
    assert [label.number for label in db.read_now(lambda conn: labels.latest(conn, OLD))] == [2]


def test_a_group_with_another_id_keeps_what_it_was_taught_but_not_its_messages(db: Database) -> None:
    record(db, said(1))
    db.write_now(lambda conn: migrate.migrate(conn, OLD, NEW))
    (label,) = in_force(db, NEW)
    assert label.message == "sim:old/1", "which no message of the new group is called"
    assert db.read_now(lambda conn: labels.of_message(conn, NEW, "sim:new/1")) is None


def test_two_groups_that_are_one_have_learned_both(db: Database) -> None:
    record(db, said(1), said(2, message="sim:old/2"))
    record(db, said(1, ad=False, message="sim:new/1"), group=NEW)
    come = Progress(ordinary=120, suspected=1, through_at=5, through_seq=9)
    later = Progress(ordinary=30, through_at=7, through_seq=2, told_at=AT)

    def write(conn: Any) -> None:
        samples.put(conn, OLD, [sample(0), sample(1)])
        samples.put(conn, NEW, [replace(sample(1), event="new"), sample(2)])
        samples.keep_progress(conn, OLD, come)
        samples.keep_progress(conn, NEW, later)
        migrate.migrate(conn, OLD, NEW)

    db.write_now(write)
    assert [(label.number, label.ad) for label in in_force(db, NEW)] == [(3, False), (2, True), (1, True)]
    state: GroupState = db.read_now(lambda conn: states.load_groups(conn, [NEW]))[NEW]
    assert state.next_label == 4
    assert [one.event for one in db.read_now(lambda conn: samples.of_group(conn, NEW, "1"))] == ["e0", "e1", "e2"]
    both = Progress(ordinary=150, suspected=1, through_at=7, through_seq=2, told_at=AT)
    assert db.read_now(lambda conn: samples.progress(conn, NEW)) == both


def test_progress_of_the_younger_group_alone_follows(db: Database) -> None:
    record(db, said(1))
    record(db, said(1, message="sim:new/1"), group=NEW)
    come = Progress(ordinary=30, through_at=7, through_seq=2, warm_at=AT)
    db.write_now(lambda conn: samples.keep_progress(conn, NEW, come))
    db.write_now(lambda conn: migrate.migrate(conn, OLD, NEW))
    assert db.read_now(lambda conn: samples.progress(conn, NEW)) == come


def test_a_slot_is_taken_over(db: Database) -> None:
    db.write_now(lambda conn: samples.put(conn, OLD, [sample(0), replace(sample(0), event="late")]))
    assert [one.event for one in db.read_now(lambda conn: samples.of_group(conn, OLD, "1"))] == ["late"]
    assert db.read_now(lambda conn: samples.known_events(conn, OLD)) == {"late"}
