"""Adapters at the end of the bot: they hand over what they have heard, and none can keep it from ending."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.protocol import Intake
from adapters.simulated import SimulatedAdapter
from rules.actions import Reply


async def ended(app: Any) -> None:
    """Ask it to end as the command does: again and again."""
    running = asyncio.create_task(app.run())
    async with asyncio.timeout(30):
        while not running.done():
            app.drain()
            await asyncio.wait((running,), timeout=0.01)
    await running


def run_by(adapter: SimulatedAdapter, parting: Callable[[Intake], Any]) -> None:
    """Have an adapter that hears nothing, and does something when it is to end."""

    async def run(intake: Intake) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await parting(intake)

    adapter.run = run  # type: ignore[method-assign]


async def test_what_an_adapter_hands_over_at_its_end_is_decided_and_sent(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="heard {name}")))
    adapter = bot.app.adapters["sim"]
    pump = adapter.pump

    async def parting(intake: Intake) -> None:
        await asyncio.sleep(0.2)  # in which it is asked to end over and over
        await pump(intake)

    run_by(adapter, parting)
    bot.sim.post("a", "ann", "hi")
    await ended(bot.app)
    assert bot.said_in("a") == ["heard ann"]


@pytest.mark.parametrize("deaf_to", [1, 5])
async def test_an_adapter_that_does_not_end_does_not_keep_the_bot_from_sending(
    world: Any, monkeypatch: pytest.MonkeyPatch, deaf_to: int
) -> None:
    monkeypatch.setattr("bot.feeds.PARTING", 0.05)
    bot = await world.start(world.rule("echo", Reply(text="heard {name}")))
    adapter = bot.app.adapters["sim"]
    bot.sim.post("a", "ann", "hi")
    await adapter.pump(bot.app.intake)
    free = asyncio.Event()

    async def parting(intake: Intake) -> None:
        for _ in range(deaf_to):
            with suppress(asyncio.CancelledError):
                await free.wait()

    run_by(adapter, parting)
    with capture_logs() as logged:
        await ended(bot.app)
    free.set()
    assert bot.said_in("a") == ["heard ann"]
    (stuck,) = [line for line in logged if line["event"] == "adapter_stuck"]
    assert stuck["adapter"] == "sim"
