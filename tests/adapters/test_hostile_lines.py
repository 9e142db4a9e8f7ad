"""Lines and exports that nobody would write by hand are complained of like any other mistake."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.console import StreamLines
from adapters.history.detect import open_history
from adapters.jsonl import parse_line
from rules.errors import HistoryError

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-05:00", 1e300, -1e18])
def test_a_moment_beyond_all_calendars_is_complained_of(at: object) -> None:
    line = json.dumps({"group": "a", "from": {"id": "ann"}, "at": at})
    with pytest.raises(ValueError, match=r"^at: .* is no moment"):
        parse_line(line, "t", NOON, "1")


@pytest.mark.parametrize("name", ["events.jsonl", "result.json"])
def test_a_history_that_is_nested_without_end_is_complained_of(tmp_path: Path, name: str) -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    inside = '{"at": "2026-10-05T12:00:00Z", "group": ' + deep + ', "from": {"id": "ann"}}'
    if name == "result.json":
        inside = '{"name": "x", "type": "private_supergroup", "id": 5, "messages": [{"id": 1, "text": ' + deep + "}]}"
    path = tmp_path / name
    path.write_text(inside)
    with pytest.raises(HistoryError, match=name):
        list(open_history(path).events())


@pytest.mark.parametrize("odd", [[1], {"a": 1}, True, 1.5, "x", None, 10**30], ids=str)
def test_a_message_with_odd_values_stops_no_export(tmp_path: Path, odd: object) -> None:
    whole = {
        "id": 2,
        "type": "message",
        "date": "2026-10-05T12:00:00",
        "date_unixtime": "1791201600",
        "from": "Ann",
        "from_id": "user1",
        "text": "hi",
        "reply_to_message_id": 1,
        "reply_to_peer_id": "channel5",
        "topic_id": 1,
        "via_bot": "@b",
        "media_type": "sticker",
        "file": "a.png",
        "file_name": "a.png",
        "forwarded_from": "x",
        "forwarded_from_id": "user4",
        "inline_bot_buttons": [[{"type": "url", "text": "t", "data": "d"}]],
        "poll": {"question": "q", "answers": [{"text": "a"}]},
        "contact_information": {"first_name": "x"},
        "rich_message": {"blocks": []},
    }
    joined = {
        **whole,
        "type": "service",
        "action": "invite_members",
        "actor": "A",
        "actor_id": "user1",
        "members": ["B"],
    }
    linked = {**joined, "action": "join_group_by_link", "inviter": "B"}
    messages = [{**kind, key: odd} for kind in (whole, joined, linked) for key in kind]
    export = {"name": "x", "type": "private_supergroup", "id": 5, "messages": [*messages, {**whole, "text": "last"}]}
    path = tmp_path / "result.json"
    path.write_text(json.dumps(export))
    assert list(open_history(path).events())[-1].message.text == "last"


async def test_input_that_fails_ends_like_input_that_is_over() -> None:
    lines = [b"ann: hello\n"]

    class Gone(io.RawIOBase):
        def read(self, count: int = -1) -> bytes:
            if lines:
                return lines.pop()
            raise OSError(5, "Input/output error")

    assert [line async for chunk in StreamLines(Gone()).chunks() for line in chunk] == [b"ann: hello"]
