from datetime import UTC, datetime, timedelta

from storage import pictures
from storage.database import Database
from storage.retention import Keep, purge

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def test_what_was_read_in_a_picture_is_kept_by_file_the_last_time_counting(db: Database) -> None:
    db.write_now(lambda conn: pictures.keep(conn, {"t:a": '{"codes":["x"]}', "t:b": "{}"}, NOW))
    db.write_now(lambda conn: pictures.keep(conn, {"t:b": '{"text":"a\\u0000b\x00"}'}, NOW + timedelta(hours=1)))
    db.write_now(lambda conn: pictures.keep(conn, {}, NOW))
    assert db.read_now(lambda conn: pictures.load(conn, ["t:a", "t:b", "t:c"])) == {
        "t:a": ('{"codes":["x"]}', NOW),
        "t:b": ('{"text":"a\\u0000b"}', NOW + timedelta(hours=1)),
    }


def test_it_goes_with_the_texts_of_messages(db: Database) -> None:
    db.write_now(lambda conn: pictures.keep(conn, {"t:old": "{}"}, NOW - timedelta(days=31)))
    db.write_now(lambda conn: pictures.keep(conn, {"t:new": "{}"}, NOW - timedelta(days=29)))
    db.write_now(lambda conn: purge(conn, NOW, Keep(text_days=None)))
    assert len(db.read_now(lambda conn: pictures.load(conn, ["t:old", "t:new"]))) == 2
    db.write_now(lambda conn: purge(conn, NOW, Keep(text_days=30)))
    assert list(db.read_now(lambda conn: pictures.load(conn, ["t:old", "t:new"]))) == ["t:new"]
