"""The benchmark's Bot API lets out what it is told to and counts calls; the figures say what was counted."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from adapters.telegram.reading import Reader
from bot.clock import SystemClock
from bot.selfcheck import load_tested
from rules.engine import decide
from rules.events import MessagePosted
from rules.memory import GroupMemory
from tools.bench.telegram import figures, steps
from tools.bench.telegram.figures import Measured
from tools.bench.telegram.server import FIRST, ME, TOKEN, Server, group_id, update

GROUPS = 7


class Client:
    """A bot that calls, and whoever measures it."""

    def __init__(self, session: aiohttp.ClientSession, api: str) -> None:
        self.session = session
        self.api = api

    async def call(self, method: str, **params: Any) -> Any:
        """As Groupkeeper calls: JSON."""
        headers = {"Content-Type": "application/json"}
        return await self._result(method, data=orjson.dumps(params), headers=headers)

    async def form(self, method: str, **params: str) -> Any:
        """As the peers call: a form."""
        return await self._result(method, data=params)

    async def get(self, path: str) -> Any:
        async with self.session.get(f"{self.api}{path}") as answer:
            return await answer.json()

    async def _result(self, method: str, **sent: Any) -> Any:
        async with self.session.post(f"{self.api}/bot{TOKEN}/{method}", **sent) as answer:
            return (await answer.json())["result"]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    runner = web.AppRunner(Server(250, GROUPS, 0).app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Client(session, f"http://127.0.0.1:{runner.addresses[0][1]}")
    await runner.cleanup()


async def test_updates_come_out_as_far_as_they_were_let_out_and_each_once(client: Client) -> None:
    assert await client.call("getUpdates", timeout=0) == []
    await client.get("/go?to=120")
    first = await client.call("getUpdates", timeout=0, limit=100)
    then = await client.form("getUpdates", timeout="0", limit="100", offset=str(FIRST + 100))
    assert [each["update_id"] - FIRST for each in first + then] == list(range(120))
    assert await client.call("getUpdates", timeout=0, offset=FIRST + 120) == []
    await client.get("/go?to=1000")
    assert len(await client.call("getUpdates", timeout=0, limit=100, offset=FIRST + 200)) == 50


async def test_calls_are_counted_one_by_one_and_messages_as_many_as_they_are(client: Client) -> None:
    await client.call("deleteMessage", chat_id=group_id(1), message_id=1)
    await client.form("deleteMessage", chat_id=str(group_id(1)), message_id="2")
    await client.call("deleteMessages", chat_id=group_id(1), message_ids=[3, 4, 5])
    await client.form("deleteMessages", chat_id=str(group_id(1)), message_ids="[6,7]")
    assert await client.call("getMe") == ME
    assert await client.get("/stats") == {"effects": 7, "calls": {"deleteMessage": 2, "deleteMessages": 2, "getMe": 1}}


def test_every_update_is_a_message_that_the_configuration_deletes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_TOKEN", TOKEN)
    monkeypatch.setattr(figures, "GROUPS", GROUPS)
    rulebook = load_tested(figures.written(str(tmp_path), "http://127.0.0.1:1")).rulebook
    reader = Reader("main", ME["id"], now=SystemClock().now)
    seen = set()
    for number in range(2 * GROUPS):
        (event,) = reader.read(update(number, GROUPS)).events
        assert isinstance(event, MessagePosted)
        memory = GroupMemory(event.group.id, rulebook.horizon)
        decision = decide(event, memory.facts_for(event, rulebook.groups[event.group.id].settings), rulebook)
        assert [type(effect).__name__ for effect in decision.effects] == ["DeleteMessage"]
        seen.add(event.group.id)
    assert len(seen) == GROUPS


def test_the_least_of_the_rounds_counts_and_peers_are_told_in_times_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = iter([300.0, 900.0, 600.0, 200.0, 1000.0, 500.0, 5000.0, 700.0])  # ours, PTB, aiogram; again; 256; slow

    def measured(start: figures.Start, updates: int, latency: int = 0) -> Measured:
        return Measured(next(costs), 800.0 if latency else 2_000.0, {"getUpdates": 3, "deleteMessage": updates})

    monkeypatch.setattr(figures, "ROUNDS", 2)
    monkeypatch.setattr(figures, "_measured", measured)
    found = {figure.what: figure for figure in figures.figures()}
    assert found[figures.OURS].value == 200
    assert found[figures.OURS].note == f"{figures.UPDATES:,} deleteMessage, 3 getUpdates"
    assert found[figures.SEQUENTIAL].note.startswith("4.50 times ours")
    assert found["ours by aiogram's"].value == pytest.approx(0.4)
    assert found["ours by PTB's, one at a time"].met is True  # two ninths
    assert found[f"a second, calls taking {figures.LATENCY_MS} ms"].value == 800
    assert next(costs, None) is None


async def test_every_step_is_measured_and_everything_goes_through_it(
    tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_TOKEN", TOKEN)
    for module in (figures, steps):
        monkeypatch.setattr(module, "GROUPS", GROUPS)
    monkeypatch.setattr(steps, "BATCH", GROUPS)
    monkeypatch.setattr(steps, "BATCHES", 2)
    monkeypatch.setattr(steps, "spare_the_collector", lambda: None)
    spent = await steps.spent(figures.written(str(tmp_path), client.api), tmp_path / "bench.db", client.api)
    assert len(spent) == 5
    assert all(seconds > 0 for seconds in spent.values())
    assert (await client.get("/stats"))["calls"] == {"deleteMessage": 3 * GROUPS}
