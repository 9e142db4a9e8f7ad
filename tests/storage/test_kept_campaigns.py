"""The campaign memory on disk: it comes back as it was, without a word of what was written."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, text

from rules import changes as c
from rules.detectors.campaigns import CampaignMemory
from rules.detectors.folding import view_of
from rules.detectors.sightings import Campaign
from rules.detectors.sketch import Sketch, sketch_of
from rules.state import GroupState, MemberState
from storage import campaigns, export, history, states
from storage import migrate as migration
from storage.campaigns import Changed
from storage.database import Database
from storage.retention import Keep, purge
from storage.schema import campaign_labels, sightings
from storage.schema import campaigns as table

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=1000)
AD = "周末兼职招人啦,每天只要两小时,在家就能做,工资当天结清,想来的联系微信 nova5521"
NOTICE = "群公告:本周六晚八点有分享会,欢迎大家来听"
A, B, NEW = "telegram:-100", "telegram:-200", "telegram:-100100"


def sketch(words: str) -> Sketch:
    return sketch_of(view_of(words))


def lived() -> CampaignMemory:
    memory = CampaignMemory(50)
    memory.see(sketch(AD), A, "telegram:1", NOON, "e1", message=f"{A}/1")
    memory.see(sketch(AD), B, "telegram:2", NOON + timedelta(minutes=1), "e2", message=f"{B}/7", newcomer=True)
    memory.see(sketch(AD), A, "telegram:2", NOON + timedelta(minutes=2), "e3")
    memory.see(sketch(NOTICE), A, "telegram:9", NOON + timedelta(minutes=3), "e4", staff=True)
    memory.see(sketch(NOTICE), A, "telegram:1", NOON + timedelta(minutes=4), "e5")
    memory.label(sketch(AD), True, "telegram:9", A, NOON + timedelta(minutes=5))
    memory.label(sketch(AD), True, "rule:ads", B, NOON + timedelta(minutes=6), bot=True)
    return memory


def whole(campaign: Campaign) -> Changed:
    posters = frozenset((poster.group, poster.member) for poster in campaign.posters)
    return Changed(campaign, posters, labels=True)


def keep(db: Database, memory: CampaignMemory) -> None:
    db.write_now(lambda conn: campaigns.keep(conn, [whole(campaign) for campaign in memory]))


def load(db: Database, most: int = 50) -> dict[int, Campaign]:
    return {campaign.id: campaign for campaign in db.read_now(lambda conn: campaigns.load(conn, LONG_AGO, most))}


def by_id(memory: CampaignMemory) -> dict[int, Campaign]:
    return {campaign.id: campaign for campaign in memory}


def test_campaigns_come_back_as_they_were(db: Database) -> None:
    memory = lived()
    keep(db, memory)
    assert load(db) == by_id(memory)
    assert db.check() == []


def test_writing_the_same_again_changes_nothing(db: Database) -> None:
    memory = lived()
    for _ in range(2):
        keep(db, memory)
    assert load(db) == by_id(memory)


def test_only_the_posters_that_changed_are_written(db: Database) -> None:
    memory = lived()
    keep(db, memory)
    (ad,) = memory.see(sketch(AD), B, "telegram:3", NOON + timedelta(hours=1), "e6")
    campaign = memory.get(ad)
    assert campaign is not None
    db.write_now(lambda conn: conn.execute(sightings.delete()))
    db.write_now(lambda conn: campaigns.keep(conn, [Changed(campaign, frozenset({(B, "telegram:3")}))]))
    found = load(db)[ad]
    assert [poster.member for poster in found.posters] == ["telegram:3"]
    assert found.labels == campaign.labels
    assert found.copies == 4


def test_a_label_that_was_taken_back_is_gone(db: Database) -> None:
    memory = lived()
    keep(db, memory)
    memory.label(sketch(AD), None, "telegram:9", A, NOON + timedelta(hours=1))
    keep(db, memory)
    (ad,) = [campaign for campaign in load(db).values() if campaign.labels]
    assert [label.by for label in ad.labels] == ["rule:ads"]


def test_what_was_seen_last_and_what_was_labelled_is_read_first(db: Database) -> None:
    memory = lived()
    keep(db, memory)
    (kept,) = load(db, most=1).values()
    assert kept.labels
    since = NOON + timedelta(minutes=5)
    assert len(db.read_now(lambda conn: campaigns.load(conn, since, 50))) == 1


def test_a_sketch_of_another_version_is_left_out(db: Database) -> None:
    keep(db, lived())
    db.write_now(lambda conn: conn.execute(table.update().values(sketch=b"\x63 of another version")))
    assert load(db) == {}


def test_no_word_of_a_message_is_stored(sqlite_db: Database) -> None:
    keep(sqlite_db, lived())
    assert sqlite_db.file is not None
    sqlite_db.write_now(lambda conn: None)
    rows = sqlite_db.read_now(lambda conn: repr(conn.execute(select(table)).all()))
    raw = b"".join(path.read_bytes() for path in sqlite_db.file.parent.iterdir())
    for words in ("兼职", "nova5521", "群公告"):
        assert words.encode() not in raw
        assert words not in rows


def test_ids_that_a_database_refuses_do_not_stop_the_rest(db: Database) -> None:
    memory = CampaignMemory(5)
    memory.label(sketch(AD), True, "staff\x00\ud800", A, NOON)
    keep(db, memory)
    (campaign,) = load(db).values()
    assert campaign.labels[0].by == "staff?"


def test_what_staff_said_is_read_in_order_and_as_it_holds(db: Database) -> None:
    def teach(number: int, ad: bool, words: str) -> c.LabelMessage:
        features = words.encode()[:4]
        return c.LabelMessage(number, ad, "telegram:9", "command", "1", features, 0.0, sketch(words).packed())

    def work(conn: Connection) -> None:
        history.record(conn, A, "c1", NOON, [teach(1, True, AD)])
        history.record(conn, A, "c2", NOON + timedelta(minutes=1), [teach(2, False, NOTICE)])
        history.record(conn, A, "c3", NOON + timedelta(minutes=2), [c.WithdrawLabel(1, "telegram:9")])

    db.write_now(work)
    found = db.read_now(lambda conn: campaigns.taught(conn, NOON))
    assert [(said.ad, said.group, said.at) for said in found] == [
        (None, A, NOON + timedelta(minutes=2)),
        (False, A, NOON + timedelta(minutes=1)),
    ]
    assert Sketch.unpacked(found[1].sketch).exact == sketch(NOTICE).exact
    later = NOON + timedelta(seconds=90)
    assert [said.ad for said in db.read_now(lambda conn: campaigns.taught(conn, later))] == [None]


def forget(db: Database, member: str, group: str = A) -> None:
    db.write_now(lambda conn: history.record(conn, group, "the command", NOON, [c.ForgetMember(member)]))


def test_a_forgotten_member_posted_nothing(db: Database) -> None:
    keep(db, lived())
    before = load(db)
    forget(db, "telegram:2")
    after = load(db)
    posters = {(p.group, p.member) for campaign in after.values() for p in campaign.posters}
    assert posters == {(A, "telegram:1"), (B, "telegram:2"), (A, "telegram:9")}
    assert {id_: campaign.copies for id_, campaign in after.items()} == {id_: x.copies for id_, x in before.items()}


def test_a_member_is_told_what_is_kept_of_them(db: Database) -> None:
    db.write_now(lambda conn: states.save(conn, [GroupState(id=A)], {(A, "telegram:2"): MemberState(id="telegram:2")}))
    keep(db, lived())
    told = db.read_now(lambda conn: export.member_data(conn, "telegram:2", A))
    assert b'"repeated_posts"' in told
    assert b'"copies": 1' in told


def test_what_was_not_seen_for_long_goes_with_all_that_belongs_to_it(db: Database) -> None:
    keep(db, lived())
    later = NOON + timedelta(days=30)
    memory = CampaignMemory(5)
    memory.see(sketch("一句谁也没说过的话,只有这里才会出现一次"), A, "telegram:5", later, "e9")
    keep(db, memory)
    purged = db.write_now(lambda conn: purge(conn, NOON + timedelta(days=61), Keep(), chunk=1))
    assert purged.more
    while purged.more:
        purged = db.write_now(lambda conn: purge(conn, NOON + timedelta(days=61), Keep(), chunk=1))
    assert load(db) == by_id(memory)

    def left(conn: Connection) -> tuple[int, int]:
        return (len(conn.execute(select(sightings)).all()), len(conn.execute(select(campaign_labels)).all()))

    assert db.read_now(left) == (1, 0)


def test_campaigns_kept_for_good_stay(db: Database) -> None:
    keep(db, lived())
    db.write_now(lambda conn: purge(conn, NOON + timedelta(days=4000), Keep(campaign_days=None)))
    assert len(load(db)) == 2


@pytest.mark.parametrize("met_before", [False, True])
def test_campaigns_follow_a_group_to_its_new_id(db: Database, met_before: bool) -> None:
    memory = lived()
    keep(db, memory)
    if met_before:  # its first messages overtook the news
        at = NOON + timedelta(hours=1)
        memory.see(sketch(AD), NEW, "telegram:1", at, "e20")
        memory.see(sketch(AD), NEW, "telegram:8", at, "e21")
        memory.label(sketch(AD), False, "telegram:9", NEW, at)
        keep(db, memory)
    db.write_now(lambda conn: migration.migrate(conn, A, NEW))
    memory.moved(A, NEW)
    found = load(db)
    assert {id_: set(x.posters) for id_, x in found.items()} == {x.id: set(x.posters) for x in memory}
    assert {id_: set(x.labels) for id_, x in found.items()} == {x.id: set(x.labels) for x in memory}
    assert {id_: (x.group, x.message) for id_, x in found.items()} == {x.id: (x.group, x.message) for x in memory}
    assert f"{A}/1" in {campaign.message for campaign in found.values()}
    counts = db.read_now(lambda conn: conn.execute(text("SELECT count(*) FROM groups")).scalar())
    assert counts == 2
    keep(db, memory)
    assert {id_: x.message for id_, x in load(db).items()} == {id_: x.message for id_, x in found.items()}
