"""The process is killed at every step of the pipeline and started again: nothing lost, nothing decided twice."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.failpoints import POINTS
from rules import effects
from rules.events import MessagePosted, encode
from rules.values import Group, Member, Message
from storage import activity, inbox, outbox, schema, states
from storage.database import Database

CHILD = Path(__file__).with_name("crashing.py")
CHAT = "file:1"
MESSAGES = 60
KILLED = 137


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_at_any_step_loses_no_event_and_decides_none_twice(point: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'group.db'}"
    _write_events(tmp_path)
    kills = 0
    for death in (1, 2):
        kills += _run(url, tmp_path, f"{point}:{death}") == KILLED
    assert kills >= 1
    assert _run(url, tmp_path, "") == 0

    with Database.open(url) as database:
        settled = database.read_now(lambda conn: conn.scalar(select(func.count()).select_from(schema.inbox)))
        open_events = database.read_now(inbox.depth)
        traces = database.read_now(lambda conn: conn.scalar(select(func.count()).select_from(schema.traces)))
        logged = database.read_now(lambda conn: conn.scalar(select(func.count()).select_from(schema.activity)))
        counted = database.read_now(
            lambda conn: sum(
                state.messages
                for state in states.load_members(conn, [(CHAT, f"file:{person}") for person in range(5)]).values()
            )
        )
        sent = database.read_now(_states)
    assert (settled, open_events) == (MESSAGES, 0)
    assert traces == MESSAGES
    assert logged == MESSAGES
    assert counted == MESSAGES
    ads = {f"{CHAT}/{number}" for number in range(0, MESSAGES, 3)}
    performed = [effects.decode(line) for line in (tmp_path / "performed.jsonl").read_text().splitlines()]
    deleted = {effect.message for effect in performed if isinstance(effect, effects.DeleteMessage)}
    deleted.update(*(effect.messages for effect in performed if isinstance(effect, effects.DeleteMessages)))
    assert deleted == ads
    said = Counter(effect.reply_to for effect in performed if isinstance(effect, effects.SendText))
    uncertain = sent[outbox.State.UNCERTAIN]
    assert not [message for message, times in said.items() if times > 1]
    assert len(said) >= len(ads) - uncertain
    assert uncertain <= kills
    assert sum(sent.values()) == 2 * len(ads)


def test_a_process_killed_while_everything_is_held_leaves_nothing_uncertain(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'group.db'}"
    _write_events(tmp_path)
    assert _run(url, tmp_path, "held:2", HELD_FOR="3600") == KILLED
    with Database.open(url) as database:
        before = database.read_now(_states)
    assert set(before) == {outbox.State.WAITING}
    assert not (tmp_path / "performed.jsonl").read_text()
    assert _run(url, tmp_path, "") == 0
    with Database.open(url) as database:
        after = database.read_now(_states)
    assert after == {outbox.State.SENT: 2 * len(range(0, MESSAGES, 3))}


def _states(conn: activity.Connection) -> Counter[outbox.State]:
    codes = list(outbox.State)
    rows = conn.execute(select(schema.outbox.c.state, func.count()).group_by(schema.outbox.c.state))
    return Counter({codes[state]: count for state, count in rows})


def _run(url: str, folder: Path, die_at: str, **more: str) -> int:
    environ = {**os.environ, "GROUPKEEPER_DIE_AT": die_at, **more}
    child = subprocess.run(
        [sys.executable, str(CHILD), url, str(folder)], env=environ, check=False, capture_output=True, timeout=60
    )
    assert child.returncode in (0, KILLED), child.stderr.decode()
    return child.returncode


def _write_events(folder: Path) -> None:
    start = datetime(2026, 10, 5, 8, tzinfo=UTC)
    lines = []
    for number in range(MESSAGES):
        text = "buy now, cheap" if number % 3 == 0 else f"what about chapter {number}"
        message = Message(
            id=f"{CHAT}/{number}",
            author=Member(id=f"file:{number % 5}", name=f"P{number % 5}"),
            text=text,
        )
        event = MessagePosted(
            id=f"file:{number}", group=Group(CHAT), at=start + timedelta(seconds=number), message=message
        )
        lines.append(encode(event).decode())
    (folder / "events.jsonl").write_text("\n".join(lines) + "\n")
