"""``groupkeeper run`` beside a real gateway, ended by a signal in the middle of a burst."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from tests.wechaty.mock_wechat import GUARD, Gateway

CONFIG = """
platforms:
  wx: {{ type: wechaty, endpoint: "{endpoint}", token: "${{WX_TOKEN}}", puppet: mock, tls: "off" }}
groups:
  reading: {{ platform: wx, chat: r1@chatroom }}
rules:
  - {{ id: ads, when: message, if: {{ text_has_any: [never said] }}, then: {{ warn: "no" }} }}
"""
BURST = 300


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(2 * GUARD):
        while not await true():  # noqa: ASYNC110 - what happens is in other processes
            await asyncio.sleep(0.02)


async def test_a_signal_in_the_middle_of_a_burst_loses_nothing_that_was_heard(gateway: Gateway, tmp_path: Path) -> None:
    config = tmp_path / "groups.yaml"
    config.write_text(CONFIG.format(endpoint=gateway.endpoint))
    file = f"sqlite:///{tmp_path / 'group.db'}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "run", str(config), "--log", "json", "--database", file),
        env={**os.environ, "WX_TOKEN": gateway.token},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await until(gateway.listening)
        await gateway.slow("messagePayload", 100, times=BURST)
        await gateway.burst("ann", BURST)

        async def in_the_middle() -> bool:
            # Questions are answered behind the events on one connection: whoever asks again has heard all of those.
            return (await gateway.queries()).get("messagePayload", 0) >= BURST // 3

        await until(in_the_middle)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(2 * GUARD):
            _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    logged = [json.loads(line) for line in errors.splitlines()]
    assert process.returncode == 0
    assert logged[-1]["event"] == "stopped"
    assert [line for line in logged if line["level"] not in ("info", "debug")] == []
    with Database.open(file) as database:
        count = "SELECT count(*) FROM inbox WHERE group_id = 'wx:r1@chatroom'"
        assert database.write_now(lambda conn: conn.scalar(text(count))) == BURST
