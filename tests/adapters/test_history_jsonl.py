"""Our own history format: one event a line, every fault with file:line:column."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.history import open_history
from rules.errors import HistoryError
from rules.events import Event, MemberJoined, MessageEdited, MessagePosted
from rules.values import PlatformRole

GOOD = '{"at": "2026-10-09T20:30:00+08:00", "group": "-1001", "from": {"id": 5, "name": "Ann"}, "text": "hi"}'


def read(folder: Path, text: str, name: str = "history.jsonl", **how: Any) -> list[Event]:
    path = folder / name
    path.write_text(text, "utf-8")
    return list(open_history(path, **how).events())


def test_a_line_is_an_event(tmp_path: Path) -> None:
    (event,) = read(tmp_path, GOOD)
    assert isinstance(event, MessagePosted)
    assert event.group.id == "telegram:-1001"
    assert event.message.author.id == "telegram:5"
    assert event.message.author.name == "Ann"
    assert event.at == datetime(2026, 10, 9, 12, 30, tzinfo=UTC)


def test_every_kind_of_line_is_read_and_lines_without_id_get_their_own(tmp_path: Path) -> None:
    lines = [
        '{"at": "2026-10-09T12:00:00Z", "group": "g", "type": "join", "from": {"id": "bo"}, "by": {"id": "ann"}}',
        '{"at": "2026-10-09T12:01:00Z", "group": "g", "from": {"id": "bo", "role": "admin"}, "text": "a", "id": "m1"}',
        "",
        '{"at": "2026-10-09T12:02:00Z", "group": "g", "type": "edit", "from": {"id": "bo"}, "message": "m1"}',
        '{"at": "2026-10-09T12:03:00Z", "group": "g", "type": "leave", "from": {"id": "bo"}}',
    ]
    joined, posted, edited, left = read(tmp_path, "\n".join(lines) + "\n", platform="wecom")
    assert isinstance(joined, MemberJoined)
    assert isinstance(posted, MessagePosted)
    assert isinstance(edited, MessageEdited)
    assert joined.inviter is not None
    assert joined.inviter.id == "wecom:ann"
    assert posted.message.author.role is PlatformRole.ADMIN
    assert posted.message.id == edited.message.id == "wecom:g/m1"
    assert len({event.id for event in (joined, posted, edited, left)}) == 4


def test_ids_may_name_their_platform_themselves(tmp_path: Path) -> None:
    line = GOOD.replace('"-1001"', '"wecom:wrOg"')
    (event,) = read(tmp_path, line)
    assert isinstance(event, MessagePosted)
    assert event.group.id == "wecom:wrOg"
    assert event.message.author.id == "wecom:5"


def test_a_time_without_offset_is_local_time(tmp_path: Path) -> None:
    line = GOOD.replace("+08:00", "")
    (event,) = read(tmp_path, line, zone=ZoneInfo("Asia/Shanghai"))
    assert event.at == datetime(2026, 10, 9, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["history.jsonl", "history.json", "history.txt"])
def test_the_kind_of_file_is_told_by_what_is_in_it(tmp_path: Path, name: str) -> None:
    assert len(read(tmp_path, GOOD + "\n" + GOOD, name)) == 2


def test_only_the_groups_that_are_wanted_are_read(tmp_path: Path) -> None:
    text = GOOD + "\n" + GOOD.replace("-1001", "-1002")
    (event,) = read(tmp_path, text, wanted=lambda group, whole: group.id == "telegram:-1002")
    assert event.group.id == "telegram:-1002"


@pytest.mark.parametrize(
    ("line", "column", "hint"),
    [
        (GOOD.replace('"text": "hi"', '"text": 3'), GOOD.index('"text"') + 1, "Expected `str`"),
        (GOOD.replace('"name": "Ann"', '"nmae": "安"'), GOOD.index('"name"') + 1, "nmae"),
        (GOOD.replace('"at": "2026-10-09T20:30:00+08:00", ', ""), 1, "at: is missing"),
        (GOOD.replace("2026-10-09T20:30:00+08:00", "yesterday"), 2, "`yesterday` is no moment"),
        (GOOD.replace('"from"', '"text": "中", "from"').replace('"hi"', "oops"), 110, "malformed"),
        (GOOD[:40], 41, "truncated"),
    ],
)
def test_a_faulty_line_is_told_with_its_place_after_what_came_before(
    tmp_path: Path, line: str, column: int, hint: str
) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text(GOOD + "\n" + line, "utf-8")
    events = open_history(path).events()
    assert next(events).kind == "message"
    with pytest.raises(HistoryError) as fault:
        next(events)
    assert str(fault.value).startswith(f"{path}:2:{column}: ")
    assert hint in str(fault.value)


def test_a_line_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(GOOD.replace("hi", "中").encode("gb18030"))
    with pytest.raises(HistoryError, match=r"history.jsonl:1:\d+: .*(UTF|utf)-8"):
        list(open_history(path).events())
