"""What is to be counted as ordinary, read from the activity log on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rules.changes import LabelMessage
from rules.events import MessagePosted
from rules.values import Group, Member, Message
from rules.verdict import Verdict
from storage import activity, history, inbox, labels, samples, verdicts
from storage.activity import ActivityRow
from storage.database import Database
from storage.samples import Progress, Stood

AT = datetime(2026, 10, 5, 12, tzinfo=UTC)
GROUP = "sim:a"


def posted(db: Database, *texts: str, removed: tuple[str, ...] = (), score: float | None = None) -> None:
    """Messages a minute apart, as settling writes them."""

    def write(conn: Any) -> None:
        ann = Member(id="sim:ann")
        for number, text in enumerate(texts):
            at = AT + timedelta(minutes=number)
            message = Message(id=f"{GROUP}/{number}", author=ann, text=text)
            inbox.put(conn, [MessagePosted(id=f"m{number}", group=Group(GROUP), at=at, message=message)], at)
        rows = [
            ActivityRow(
                seq=waiting.seq,
                group=GROUP,
                at=AT + timedelta(minutes=number),
                kind="message",
                member="sim:ann",
                message=f"{GROUP}/{number}",
                text=text,
                fingerprint=len(text),
                removed=text in removed,
            )
            for number, (waiting, text) in enumerate(zip(inbox.waiting(conn, 100), texts, strict=True))
        ]
        activity.log(conn, rows)
        if score is not None:
            verdicts.keep(conn, [(f"m{number}", Verdict("ad", "1", score)) for number in range(len(texts))], AT)

    db.write_now(write)


def stood(db: Database, come: Progress | None = None, *, minutes: int = 60, newest: int = 50) -> list[Stood]:
    before = AT + timedelta(minutes=minutes)
    return db.read_now(lambda conn: samples.stood(conn, GROUP, come or Progress(), before, newest, 500))


def test_what_has_stood_is_read_in_order_with_what_the_detector_said(db: Database) -> None:
    posted(db, "one", "two", "", removed=("two",), score=0.25)
    first, second, third = stood(db)
    assert (first.event, first.message, first.member, first.text) == ("m0", f"{GROUP}/0", "sim:ann", "one")
    assert [row.removed for row in (first, second, third)] == [False, True, False]
    assert (first.score, third.text) == (0.25, "")


def test_only_what_is_old_enough_or_followed_by_enough(db: Database) -> None:
    posted(db, *(f"text {number}" for number in range(10)))
    assert len(stood(db, minutes=4)) == 5
    assert len(stood(db, minutes=-1)) == 0
    assert len(stood(db, minutes=-1, newest=3)) == 7


def test_reading_goes_on_behind_where_it_was(db: Database) -> None:
    posted(db, "one", "two", "three")
    second = stood(db)[1]
    assert [row.text for row in stood(db, Progress(through_at=second.at, through_seq=second.seq))] == ["three"]
    assert db.read_now(lambda conn: samples.latest_begin(conn, GROUP, 1)) == second.at
    assert db.read_now(lambda conn: samples.latest_begin(conn, GROUP, 50)) == 0


def test_nothing_is_known_of_a_strange_group(db: Database) -> None:
    assert stood(db) == []
    assert db.read_now(lambda conn: samples.progress(conn, GROUP)) == Progress()
    assert db.read_now(lambda conn: labels.labelled(conn, GROUP, [f"{GROUP}/1"], ad=True)) == set()


def test_which_messages_somebody_spoke_of(db: Database) -> None:
    label = LabelMessage(
        number=1,
        ad=True,
        by="sim:mo",
        source="command",
        features_version="1",
        features=b"",
        logit=0.0,
        message=f"{GROUP}/1",
    )
    db.write_now(lambda conn: history.record(conn, GROUP, "e", AT, [label]))
    asked = [f"{GROUP}/0", f"{GROUP}/1"]
    assert db.read_now(lambda conn: labels.labelled(conn, GROUP, asked, ad=True)) == {f"{GROUP}/1"}
    assert db.read_now(lambda conn: labels.labelled(conn, GROUP, asked, ad=False)) == set()


def test_progress_is_kept(db: Database) -> None:
    come = Progress(ordinary=7, suspected=1, through_at=5, through_seq=6, warm_at=AT, told_at=AT)
    db.write_now(lambda conn: samples.keep_progress(conn, GROUP, come))
    db.write_now(lambda conn: samples.keep_progress(conn, GROUP, come))
    assert db.read_now(lambda conn: samples.progress(conn, GROUP)) == come
