"""``groupkeeper warm-up`` as operators run it, and ``doctor`` on what is no longer learned from."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.changes import LabelMessage
from storage import history, samples
from storage.database import Database
from storage.sole import sole

RULES = """
version: 1
platforms: { main: { type: console, json: true } }
storage: { database: "sqlite:///bot.db" }
groups:
  readers: { platform: main, chat: readers, name: Readers }
"""
AT = datetime(2026, 10, 5, 12, tzinfo=UTC)
TALK = "Which chapter of the book shall we read for Friday?"
AD = "加微信 vx12345678 兼职日赚500元，稳赚不赔，名额有限，速来"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return path


def lines(path: Path, *texts: str, group: str = "readers", first: int = 1) -> Path:
    path.write_text(
        "".join(
            json.dumps(
                {
                    "at": (AT + timedelta(minutes=number)).isoformat(),
                    "group": group,
                    "id": f"e{number}",
                    "from": {"id": f"m{number % 5}"},
                    "text": text,
                }
            )
            + "\n"
            for number, text in enumerate(texts, first)
        )
    )
    return path


def known(folder: Path) -> samples.Progress:
    with Database.open(f"sqlite:///{folder / 'bot.db'}") as database:
        return database.read_now(lambda conn: samples.progress(conn, "main:readers"))


def test_a_history_makes_a_group_known_but_for_its_ads(
    groupkeeper: Callable[..., Any], config: Path, tmp_path: Path
) -> None:
    past = lines(tmp_path / "past.jsonl", *(f"{TALK} {n}" for n in range(230)), AD, "/help", "")
    done = groupkeeper("warm-up", config, past, "--group", "readers")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "“Readers”: 233 messages read",
        "  ordinary, counted: 230",
        "  left out, likely advertisements: 1",
        f"    {AD}",
        "  passed over (commands, bots, no words, counted before): 2",
        "230 ordinary messages are known: the rules act (200 are wanted).",
    ]
    assert known(tmp_path).ordinary == 230


def test_the_same_history_twice_counts_once(groupkeeper: Callable[..., Any], config: Path, tmp_path: Path) -> None:
    past = lines(tmp_path / "past.jsonl", *(f"{TALK} {n}" for n in range(20)))
    groupkeeper("warm-up", config, past, "--group", "readers")
    done = groupkeeper("warm-up", config, past, "--group", "readers", "--lang", "zh")
    assert "正常消息，已计入：0" in done.stdout
    assert known(tmp_path).ordinary == 20


def test_an_export_of_telegram_desktop_is_read(groupkeeper: Callable[..., Any], config: Path, tmp_path: Path) -> None:
    messages = [
        {
            "id": number,
            "type": "message",
            "date_unixtime": str(1_791_000_000 + number),
            "from": "Ann",
            "from_id": "user5",
            "text": f"{TALK} {number}",
        }
        for number in range(1, 8)
    ]
    past = tmp_path / "result.json"
    past.write_text(json.dumps({"name": "Old", "type": "private_supergroup", "id": 77, "messages": messages}))
    done = groupkeeper("warm-up", config, past, "--group", "readers")
    assert done.returncode == 0, done.stderr
    assert "ordinary, counted: 7" in done.stdout


def test_other_groups_of_a_history_are_not_read(groupkeeper: Callable[..., Any], config: Path, tmp_path: Path) -> None:
    past = lines(tmp_path / "past.jsonl", TALK, group="garden")
    done = groupkeeper("warm-up", config, past, "--group", "readers")
    assert done.returncode == 1
    assert "name one with --chat" in done.stderr
    assert known(tmp_path).ordinary == 0
    done = groupkeeper("warm-up", config, past, "--group", "readers", "--chat", "garden")
    assert done.returncode == 0, done.stderr
    assert known(tmp_path).ordinary == 1


def test_while_the_bot_runs_it_is_refused_with_words(
    groupkeeper: Callable[..., Any], config: Path, tmp_path: Path
) -> None:
    past = lines(tmp_path / "past.jsonl", TALK)
    with sole(tmp_path / "bot.db"):
        done = groupkeeper("warm-up", config, past, "--group", "readers")
    assert done.returncode == 1
    assert "another Groupkeeper is running on this database" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_was_read_before_a_history_breaks_off_holds(
    groupkeeper: Callable[..., Any], config: Path, tmp_path: Path
) -> None:
    past = lines(tmp_path / "past.jsonl", TALK, f"{TALK} 2")
    past.write_text(past.read_text() + "{broken\n")
    done = groupkeeper("warm-up", config, past, "--group", "readers")
    assert done.returncode == 1
    assert "past.jsonl:3" in done.stderr
    assert known(tmp_path).ordinary == 2


def test_a_group_that_is_not_there_is_named(groupkeeper: Callable[..., Any], config: Path, tmp_path: Path) -> None:
    done = groupkeeper("warm-up", config, lines(tmp_path / "past.jsonl", TALK), "--group", "reader")
    assert done.returncode == 1
    assert "did you mean `readers`?" in done.stderr


def test_doctor_tells_of_labels_that_are_no_longer_learned_from(
    groupkeeper: Callable[..., Any], config: Path, tmp_path: Path
) -> None:
    label = LabelMessage(
        number=1, ad=True, by="main:mo", source="command", features_version="0", features=b"", logit=0.0
    )
    with Database.open(f"sqlite:///{tmp_path / 'bot.db'}") as database:
        database.upgrade()
        database.write_now(lambda conn: history.record(conn, "main:readers", "e", AT, [label]))
    done = groupkeeper("doctor", config)
    assert "1 labels were made by another version" in done.stdout
    assert done.returncode == 0
