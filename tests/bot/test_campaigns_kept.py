"""The campaign memory of the running bot: over restarts and crashes, from several threads, while groups move."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.clock import VirtualClock
from bot.detection.campaigns import REMEMBERED, Campaigns
from bot.settle import Settled
from bot.taught import Said, said
from rules import changes as c
from rules.detectors.folding import view_of
from rules.detectors.recurrence import KNOWN, REMOVED, SPREADING, Recurrence
from rules.detectors.sketch import Sketch, sketch_of
from storage import history
from storage import migrate as migration
from storage.campaigns import count, load
from storage.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AD = "周末兼职招人啦,每天只要两小时,在家就能做,工资当天结清,想来的联系微信 nova5521"
LYRICS = "当我还是一个懵懂的女孩,遇到爱不懂爱从过去到现在"
A, B, NEW = "telegram:-100", "telegram:-200", "telegram:-100100"


def sketch(words: str) -> Sketch:
    return sketch_of(view_of(words))


@pytest.fixture
def database(tmp_path: Path):
    with Database.open(f"sqlite:///{tmp_path / 'groupkeeper.db'}") as opened:
        opened.upgrade()
        yield opened


async def begun(database: Database, at: datetime = NOON) -> Campaigns:
    campaigns = Campaigns(200)
    await campaigns.begin(database, VirtualClock(at))
    return campaigns


def post(
    campaigns: Campaigns, words: str, number: int, group: str = A, member: str = "telegram:1"
) -> Recurrence | None:
    at = NOON + timedelta(seconds=number)
    return campaigns.look(sketch(words), group, member, at, f"e{number}", message=f"{group}/{number}")


def kind(found: Recurrence | None) -> str | None:
    return None if found is None else found.kind


async def test_what_staff_said_holds_after_a_restart(database: Database) -> None:
    campaigns = await begun(database)
    post(campaigns, AD, 1)
    campaigns.label(sketch(AD), True, "telegram:9", A, NOON)
    await campaigns.keep()
    found = post(await begun(database), AD, 2, member="telegram:2")
    assert found is not None
    assert (found.kind, found.message) == (KNOWN, f"{A}/1")


async def test_what_a_rule_removed_is_known_again(database: Database) -> None:
    campaigns = await begun(database)
    post(campaigns, AD, 1)
    assert campaigns.removed(f"{A}/1", "ads", A, NOON)
    assert not campaigns.removed(f"{A}/77", "ads", A, NOON)
    await campaigns.keep()
    assert kind(post(await begun(database), AD, 2)) == REMOVED


async def test_what_was_settled_is_noted(database: Database) -> None:
    campaigns = await begun(database)
    post(campaigns, AD, 1)
    said = [Said(A, sketch(AD).packed(), True, "telegram:9", NOON), Said(A, b"of another version", True, "x", NOON)]
    campaigns.settled(Settled(said=said, forgotten=[(A, "telegram:1")]))
    await campaigns.keep()
    (known,) = database.read_now(lambda conn: load(conn, NOON, 10))
    assert [label.by for label in known.labels] == ["telegram:9"]
    assert known.posters == ()
    campaigns.settled(Settled(said=[Said(A, sketch(AD).packed(), None, "telegram:9", NOON)]))
    await campaigns.keep()
    (known,) = database.read_now(lambda conn: load(conn, NOON, 10))
    assert known.labels == ()


async def test_an_event_that_is_looked_at_again_after_a_crash_is_counted_once(database: Database) -> None:
    campaigns = await begun(database)
    post(campaigns, AD, 1)
    post(campaigns, AD, 2, B, "telegram:2")
    await campaigns.keep()
    post(campaigns, AD, 3, A, "telegram:3")  # and the process dies before it is written
    campaigns = await begun(database)
    for number, group, member in ((2, B, "telegram:2"), (3, A, "telegram:3")):
        post(campaigns, AD, number, group, member)
    await campaigns.keep()
    (known,) = database.read_now(lambda conn: load(conn, NOON, 10))
    assert known.copies == 3
    assert {(poster.group, poster.member, poster.copies) for poster in known.posters} == {
        (A, "telegram:1", 1),
        (B, "telegram:2", 1),
        (A, "telegram:3", 1),
    }


async def test_what_staff_said_holds_though_the_process_died_before_it_was_written(database: Database) -> None:
    def teach(number: int, words: str) -> None:
        label = c.LabelMessage(number, True, "telegram:9", "command", "1", b"", 0.0, sketch(words).packed())
        database.write_now(lambda conn: history.record(conn, A, f"command{number}", NOON, [label]))

    teach(1, AD)
    teach(2, LYRICS)
    database.write_now(lambda conn: history.record(conn, A, "undo", NOON, [c.WithdrawLabel(2, "telegram:9")]))
    campaigns = await begun(database)
    assert kind(post(campaigns, AD, 1, member="telegram:2")) == KNOWN
    assert post(campaigns, LYRICS, 2, member="telegram:2") is None
    await campaigns.keep()
    again = await begun(database)
    assert kind(post(again, AD, 3, member="telegram:2")) == KNOWN
    await again.keep()
    assert database.read_now(count) == 1


async def test_ordinary_words_are_not_written_until_they_are_repeated(database: Database) -> None:
    campaigns = await begun(database)
    post(campaigns, LYRICS, 1)
    post(campaigns, "早上好", 2)
    await campaigns.keep()
    assert database.read_now(count) == 0
    post(campaigns, LYRICS, 3, member="telegram:2")
    await campaigns.keep()
    (known,) = database.read_now(lambda conn: load(conn, NOON, 10))
    assert {poster.member for poster in known.posters} == {"telegram:1", "telegram:2"}
    assert known.message == f"{A}/1"


async def test_what_could_not_be_written_is_written_the_next_time(database: Database, tmp_path: Path) -> None:
    campaigns = await begun(database)
    post(campaigns, AD, 1)
    campaigns.label(sketch(AD), True, "telegram:9", A, NOON)
    database.write_now(lambda conn: conn.exec_driver_sql("ALTER TABLE campaigns RENAME TO elsewhere"))
    with pytest.raises(Exception, match="campaigns"):
        await campaigns.keep()
    database.write_now(lambda conn: conn.exec_driver_sql("ALTER TABLE elsewhere RENAME TO campaigns"))
    await campaigns.keep()
    (known,) = database.read_now(lambda conn: load(conn, NOON, 10))
    assert [label.ad for label in known.labels] == [True]
    assert [poster.member for poster in known.posters] == ["telegram:1"]


async def test_a_forgotten_member_is_not_written_again(database: Database) -> None:
    campaigns = await begun(database)
    post(campaigns, AD, 1, A, "telegram:1")
    post(campaigns, AD, 2, A, "telegram:2")
    await campaigns.keep()
    post(campaigns, AD, 3, A, "telegram:1")
    database.write_now(lambda conn: history.record(conn, A, "command", NOON, [c.ForgetMember("telegram:1")]))
    campaigns.forgotten(A, "telegram:1")
    post(campaigns, AD, 4, A, "telegram:2")
    await campaigns.keep()
    (known,) = database.read_now(lambda conn: load(conn, NOON, 10))
    assert [poster.member for poster in known.posters] == ["telegram:2"]
    assert known.copies == 4


async def test_what_was_being_written_while_somebody_was_forgotten_is_erased_the_next_time(database: Database) -> None:
    campaigns = await begun(database)
    post(campaigns, AD, 1, A, "telegram:1")
    post(campaigns, AD, 2, A, "telegram:2")
    database.write_now(lambda conn: history.record(conn, A, "command", NOON, [c.ForgetMember("telegram:1")]))
    await campaigns.keep()  # it was on its way when the bot forgot them
    campaigns.forgotten(A, "telegram:1")
    await campaigns.keep()
    (known,) = database.read_now(lambda conn: load(conn, NOON, 10))
    assert [poster.member for poster in known.posters] == ["telegram:2"]


async def test_what_is_taken_back_of_one_copy_still_holds_of_the_others(database: Database) -> None:
    campaigns = await begun(database)

    def settle(number: int, change: c.Change) -> None:
        def work(conn: Connection) -> list[Said]:
            found = list(said(conn, A, NOON, change))
            history.record(conn, A, f"command {number}", NOON, [change])
            return found

        campaigns.settled(Settled(said=database.write_now(work)))

    for number in (1, 2):
        post(campaigns, AD, number, A, f"telegram:{number}")
        packed = sketch(AD).packed()
        settle(
            number,
            c.LabelMessage(number, True, "telegram:9", "command", "1", b"\x01", 0.0, packed, message=f"{A}/{number}"),
        )
    settle(3, c.WithdrawLabel(1, "telegram:9"))
    assert kind(post(campaigns, AD, 5, A, "telegram:5")) == KNOWN
    settle(4, c.WithdrawLabel(2, "telegram:9"))
    assert kind(post(campaigns, AD, 6, A, "telegram:6")) != KNOWN


async def test_a_clock_that_was_wrong_does_not_keep_what_is_old(database: Database) -> None:
    wrong, right = VirtualClock(NOON + timedelta(days=4_000)), VirtualClock(NOON + timedelta(days=61))

    class SetRight(VirtualClock):
        def now(self) -> datetime:
            return wrong.now() if len(campaigns) == 0 else right.now()

    campaigns = Campaigns(200)
    await campaigns.begin(database, SetRight(NOON))
    post(campaigns, AD, 1)
    await campaigns.keep()
    assert len(campaigns) == 0


async def test_a_group_that_moved_while_it_ran_is_known_by_its_new_id(database: Database) -> None:
    campaigns = await begun(database)
    post(campaigns, AD, 1)
    campaigns.label(sketch(AD), True, "telegram:9", A, NOON)
    await campaigns.keep()
    database.write_now(lambda conn: migration.migrate(conn, A, NEW))
    post(campaigns, LYRICS, 2, NEW)
    post(campaigns, LYRICS, 3, NEW, "telegram:2")
    await campaigns.keep()  # finds out
    assert kind(post(campaigns, AD, 4, NEW, "telegram:2")) == KNOWN
    assert kind(post(await begun(database), AD, 5, NEW, "telegram:2")) == KNOWN


async def test_what_was_not_seen_for_sixty_days_is_let_go(database: Database) -> None:
    clock = VirtualClock(NOON)
    campaigns = Campaigns(200)
    await campaigns.begin(database, clock)
    post(campaigns, AD, 1)
    await campaigns.keep()
    clock.move_to(NOON + REMEMBERED + timedelta(hours=2))
    await campaigns.keep()
    assert len(campaigns) == 0
    assert len(await begun(database, clock.now())) == 0


async def test_a_look_alone_counts_nothing() -> None:
    campaigns = Campaigns(10)
    for number in range(3):
        campaigns.look(sketch(AD), A, "telegram:1", NOON, f"e{number}", count=False)
    assert len(campaigns) == 0
    await campaigns.keep()  # without a database there is nothing to do


async def test_several_threads_may_ask_at_once(database: Database) -> None:
    campaigns = await begun(database)
    texts = [
        AD,
        LYRICS,
        *(f"{chr(0x4E00 + 31 * i)}说的第{chr(0x5200 + 17 * i)}句话{chr(0x6100 + i)}{i}" for i in range(40)),
    ]

    def work(thread: int) -> None:
        for number in range(200):
            words = texts[(thread + number) % len(texts)]
            campaigns.look(sketch(words), A, f"telegram:{thread}", NOON, f"{thread}-{number}")
            if number % 50 == 0:
                campaigns.label(sketch(AD), True, f"telegram:{thread}", A, NOON)

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(work, thread) for thread in range(4)]
        while not all(job.done() for job in jobs):
            await campaigns.keep()
        for job in jobs:
            job.result()
    await campaigns.keep()
    known = database.read_now(lambda conn: load(conn, NOON - timedelta(days=1), 200))
    assert sum(campaign.copies for campaign in known) == 800
    assert kind(post(campaigns, AD, 900, member="telegram:77")) == KNOWN


async def test_a_wave_over_two_groups_is_told(database: Database) -> None:
    campaigns = await begun(database)
    found = [post(campaigns, AD, i, (A, B)[i % 2], f"telegram:{i}") for i in range(5)]
    assert [kind(one) for one in found] == [None, SPREADING, SPREADING, SPREADING, SPREADING]
