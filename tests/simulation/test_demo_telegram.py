"""The day on Telegram: played by the real adapter over HTTP, it is the same day as in memory."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from adapters.simulated import Entry
from bot.simulation.demo import Demo
from tests.botapi.honesty import all_valid
from tests.simulation.playing_telegram import OnTelegram

LANGUAGES = ("en", "zh-CN")


@pytest.fixture(scope="module", params=LANGUAGES)
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OnTelegram:
    return OnTelegram(request.param, tmp_path_factory.mktemp("telegram"))


def test_the_same_happens_on_telegram_as_in_memory(day: OnTelegram, tmp_path: Path) -> None:
    in_memory = Demo(day.language, tmp_path / "memory.db", 7, Console(file=StringIO(), width=100))
    asyncio.run(in_memory.play())
    theirs, ours = told(in_memory, in_memory.platform.transcript), told(day.demo, day.entries)
    assert [what for what, _ in ours] == [what for what, _ in theirs]
    # Telegram takes one message a second in a chat.
    assert all(abs(at - other) <= timedelta(seconds=5) for (_, at), (_, other) in zip(ours, theirs, strict=True))


def test_all_that_was_asked_of_telegram_is_what_its_api_takes(day: OnTelegram) -> None:
    assert all_valid(day.venue.server) > 100


def test_the_bot_is_never_told_to_go_slower(day: OnTelegram) -> None:
    assert [request.method for request in day.venue.server.log if request.code == 429] == []


def test_at_the_end_it_says_what_telegram_saw(day: OnTelegram) -> None:
    last = day.out.getvalue().splitlines()[-3:]
    sent = len(day.venue.server.log.calls("sendMessage"))
    assert f"sendMessage {sent}" in "".join(last)
    assert {"en": "none", "zh-CN": "无"}[day.language] in last[-1]


def told(demo: Demo, entries: Iterable[Entry]) -> list[tuple[tuple[Any, ...], datetime]]:
    """What happened, in words that do not depend on ids, each with its time."""
    handles = {id_: str(person.username) for id_, person in demo.platform.people.items()}
    texts: dict[str, str] = {}

    def named(words: str) -> str:
        for id_, handle in handles.items():
            words = words.replace(id_, f"sim:{handle}")
        return words.strip()  # as Telegram does with the ends of every text

    found = []
    for entry in entries:
        if entry.message is not None and entry.text:
            texts[entry.message] = named(entry.text)
        what = (
            entry.act,
            handles.get(entry.who, "bot"),
            demo.stage.settings(entry.group).key,
            texts.get(entry.message or "", named(entry.text)),
            texts.get(entry.reply_to or "", ""),
            handles.get(entry.whom or "", ""),
            str(entry.until and entry.until.timestamp()),
            entry.why,
        )
        found.append((what, entry.at))
    return sorted(found)
