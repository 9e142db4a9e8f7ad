from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Connection, text

from rules.state import GroupState, MemberState, Override, Points, WarningGiven
from rules.values import PlatformRole
from storage import keys, states
from storage.database import Database

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
READING = "telegram:-100"


def member(number: int, **more: object) -> MemberState:
    return MemberState(id=f"telegram:{number}", first_seen=NOW + timedelta(minutes=number), **more)  # type: ignore[arg-type]


def save(db: Database, *members: MemberState, group: str = READING) -> None:
    db.write_now(lambda c: states.save(c, [GroupState(id=group)], {(group, m.id): m for m in members}))


def find(db: Database, words: str) -> str | None:
    found = db.read_now(lambda c: states.find_member(c, READING, words))
    return found.id if found else None


def test_unknown_groups_and_members_are_fresh(db: Database) -> None:
    assert db.read_now(lambda c: states.load_groups(c, ["telegram:-9"])) == {
        "telegram:-9": GroupState(id="telegram:-9")
    }
    pair = ("telegram:-9", "telegram:1")
    assert db.read_now(lambda c: states.load_members(c, [pair])) == {pair: MemberState(id="telegram:1")}


def test_states_come_back_as_they_were_saved(db: Database) -> None:
    group = GroupState(id=READING, name="读书会", messages=7, rule_modes={"ads": Override("off", NOW, "telegram:1")})
    ann = member(
        1,
        name="Ann\x00 安",
        username="Ann",
        role=PlatformRole.ADMIN,
        messages=3,
        tags=["host"],
        points=[Points("ads", 2, NOW, None, "ads-rule")],
        warnings=[WarningGiven(NOW, "rule:ads", "an advert")],
        muted_until=datetime.max.replace(tzinfo=UTC),
        uses={"remind": [NOW]},
        profile={"city": "上海"},
    )
    here, there = (READING, ann.id), ("wecom:x", ann.id)
    elsewhere = member(1, name="other name")
    db.write_now(lambda c: states.save(c, [group], {here: ann, there: elsewhere}))
    assert db.read_now(lambda c: states.load_groups(c, [READING])) == {READING: group}
    assert db.read_now(lambda c: states.load_members(c, [here, there])) == {here: ann, there: elsewhere}


def test_saving_again_overwrites(db: Database) -> None:
    save(db, member(1, score=1))
    save(db, member(1, score=5))
    assert db.read_now(lambda c: states.load_members(c, [(READING, "telegram:1")])).popitem()[1].score == 5
    assert db.read_now(lambda c: c.execute(text("SELECT count(*) FROM members")).scalar()) == 1


def test_thousands_of_members_load_at_once(db: Database) -> None:
    everybody = [member(n, score=n) for n in range(2_300)]
    save(db, *everybody)
    loaded = db.read_now(lambda c: states.load_members(c, [(READING, m.id) for m in everybody]))
    assert [loaded[READING, m.id] for m in everybody] == everybody


def test_a_member_is_found_by_id_username_or_name(db: Database) -> None:
    save(db, member(1, name="Ann Lee", username="AnnLee"), member(2, name="李华"), member(3, name="annlee"))
    assert find(db, "telegram:2") == "telegram:2"
    assert find(db, "@annLEE") == "telegram:1"
    assert find(db, "ann lee") == "telegram:1"
    assert find(db, " 李华 ") == "telegram:2"
    assert find(db, "nobody") is None
    assert db.read_now(lambda c: states.find_member(c, "telegram:-9", "annlee")) is None


def test_a_name_that_several_have_finds_nobody_unless_one_of_them_is_here(db: Database) -> None:
    save(db, member(1, name="Ann"), member(2, name="Ann"))
    assert find(db, "ann") is None
    save(db, member(2, name="Ann", left_at=NOW))
    assert find(db, "ann") == "telegram:1"


def test_the_top_is_of_those_who_are_here_and_have_something(db: Database) -> None:
    save(db, member(1, score=5), member(2, score=9), member(3, score=5), member(4), member(5, score=99, left_at=NOW))
    top = db.read_now(lambda c: states.top(c, READING, "score", 10))
    assert [m.id for m in top] == ["telegram:2", "telegram:1", "telegram:3"]
    assert db.read_now(lambda c: states.top(c, READING, "messages", 10)) == []
    assert db.read_now(lambda c: states.member_count(c, READING)) == 4
    assert db.read_now(lambda c: states.member_count(c, "telegram:-9")) == 0


def test_every_group_is_known_in_order(db: Database) -> None:
    save(db, group="telegram:-2")
    save(db, group="telegram:-1")
    assert [g.id for g in db.read_now(states.known_groups)] == ["telegram:-2", "telegram:-1"]


def test_members_who_never_spoke_are_silent(db: Database) -> None:
    save(db, member(1, messages=2), member(2))
    ids = ["telegram:1", "telegram:2", "telegram:3"]
    assert db.read_now(lambda c: states.silent_members(c, READING, ids)) == {"telegram:2", "telegram:3"}


def test_keys_that_a_rolled_back_transaction_made_are_forgotten(db: Database) -> None:
    def fails(conn: Connection) -> None:
        keys.group_keys(conn, ["telegram:-1"], create=True)
        keys.person_keys(conn, ["telegram:1"], create=True)
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        db.write_now(fails)
    assert db.read_now(lambda c: keys.group_keys(c, ["telegram:-1"])) == {}
    db.write_now(lambda c: keys.group_keys(c, ["telegram:-2"], create=True))  # takes the key that was never given
    save(db, member(1), group="telegram:-1")
    assert db.check() == []
    assert [g.id for g in db.read_now(states.known_groups)] == ["telegram:-2", "telegram:-1"]


def test_a_key_made_by_another_process_is_found(url: str) -> None:
    with Database.open(url) as one, Database.open(url) as other:
        one.upgrade()
        first = one.write_now(lambda c: keys.person_keys(c, ["telegram:1"], create=True))
        assert other.write_now(lambda c: keys.person_keys(c, ["telegram:1"], create=True)) == first


def test_a_state_of_an_older_program_is_readable(db: Database) -> None:
    save(db, member(1))
    db.write_now(lambda c: c.execute(text("UPDATE members SET state = :s"), {"s": '{"id":"telegram:1","gone":[1]}'}))
    loaded = db.read_now(lambda c: states.load_members(c, [(READING, "telegram:1")]))
    assert loaded == {(READING, "telegram:1"): MemberState(id="telegram:1")}


def test_message_ids_are_kept_relative_to_their_group() -> None:
    assert keys.short(READING, f"{READING}/55") == "/55"
    assert keys.whole(READING, "/55") == f"{READING}/55"
    assert keys.short("telegram:-10", f"{READING}/55") == f"{READING}/55"
    assert keys.whole("wecom:x", "wecom:msg-9") == "wecom:msg-9"
    assert keys.short(READING, None) is None


def test_the_columns_say_what_the_state_says() -> None:
    state = member(1, name=" Ann ", username="ANN", banned=True, streak=4)
    columns = states.member_columns(state)
    assert (columns["name_folded"], columns["handle"], columns["banned"], columns["streak"]) == ("ann", "ann", True, 4)
    assert msgspec.json.decode(columns["state"], type=MemberState) == state
