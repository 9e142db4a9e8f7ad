import threading
from datetime import UTC, datetime

import pytest

from rules.verdict import Reason, Verdict
from storage import ledger, verdicts
from storage.database import Database

NOW = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
GROUP = "telegram:-100"


def test_a_schedule_fires_once_for_a_group_and_a_local_time(db: Database) -> None:
    def fire(schedule: str = "challenge", group: str = GROUP, local: str = "2026-10-25T02:30") -> bool:
        return db.write_now(lambda c: ledger.fire(c, schedule, group, local, NOW))

    assert fire()
    assert not fire()
    assert fire(group="telegram:-2")
    assert fire(schedule="digest")
    assert fire(local="2026-10-26T02:30")


def test_a_fire_whose_transaction_was_rolled_back_is_free_again(db: Database) -> None:
    def fails(conn) -> None:
        assert ledger.fire(conn, "challenge", GROUP, "2026-10-25T02:30", NOW)
        raise ValueError("crash")

    with pytest.raises(ValueError, match="crash"):
        db.write_now(fails)
    assert db.write_now(lambda c: ledger.fire(c, "challenge", GROUP, "2026-10-25T02:30", NOW))


def test_of_several_processes_exactly_one_fires(url: str) -> None:
    replicas = [Database.open(url) for _ in range(3)]
    replicas[0].upgrade()
    slots = [f"2026-10-{day:02}T08:00" for day in range(1, 29)]
    fired: list[list[str]] = [[] for _ in replicas]
    start = threading.Barrier(len(replicas))

    def run(number: int) -> None:
        start.wait()
        for local in slots:
            if replicas[number].write_now(lambda c, local=local: ledger.fire(c, "challenge", GROUP, local, NOW)):
                fired[number].append(local)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(replicas))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for replica in replicas:
        replica.close()
    assert sorted(local for each in fired for local in each) == slots


def test_how_far_a_schedule_was_checked_is_remembered(db: Database) -> None:
    assert db.read_now(lambda c: ledger.checked_through(c, "challenge", GROUP)) is None
    for minute in (1, 2):
        at = NOW.replace(minute=minute)
        db.write_now(lambda c, at=at: ledger.set_checked_through(c, "challenge", GROUP, at))
    assert db.read_now(lambda c: ledger.checked_through(c, "challenge", GROUP)) == NOW.replace(minute=2)


def test_an_event_that_is_tried_again_is_judged_alike(db: Database) -> None:
    first = Verdict("ads", "1", 0.75, (Reason("contact", 0.5, "加微信\x00"),))
    db.write_now(lambda c: verdicts.keep(c, [("e1", first), ("e2", Verdict("ads", "1", 0.0))], NOW))
    db.write_now(lambda c: verdicts.keep(c, [("e1", Verdict("ads", "1", 0.1)), ("e1", Verdict("ads", "2", 0.2))], NOW))
    found = db.read_now(lambda c: verdicts.load(c, ["e1", "e3"]))
    assert found == {"e1": [first, Verdict("ads", "2", 0.2)]}
