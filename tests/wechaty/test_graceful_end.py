"""At the end nothing that was heard is lost: a gateway delivers nothing twice."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.driver import MemoryIntake
from adapters.wechaty.link import Heard
from rules.events import MessagePosted
from tests.wechaty.adapter_beside import adapter_for
from tests.wechaty.listener import nothing_left
from tests.wechaty.mock_wechat import GUARD, Gateway


class Ending:
    """An adapter that runs until it is to end, and what it heard."""

    def __init__(self, gateway: Gateway, intake: MemoryIntake) -> None:
        self.adapter = adapter_for(gateway)
        self.intake = intake
        self.heard: list[str] = []
        self._put = self.adapter._inflow.put
        self.adapter._inflow.put = self._noted  # type: ignore[method-assign]
        self._running = asyncio.create_task(self.adapter.run(intake))

    async def end(self) -> None:
        self._running.cancel()
        async with asyncio.timeout(GUARD):
            with suppress(asyncio.CancelledError):
                await self._running
        await self.adapter.close()

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(GUARD):
            while not true():  # noqa: ASYNC110 - there is nothing that tells
                await asyncio.sleep(0.002)

    @property
    def kept(self) -> list[str]:
        return [each.id.removeprefix("wx:") for each in self.intake.events if isinstance(each, MessagePosted)]

    async def _noted(self, heard: Heard) -> None:
        if heard.kind == "message":
            self.heard.append(heard.data["messageId"])
        await self._put(heard)


async def begun(gateway: Gateway, intake: MemoryIntake | None = None) -> Ending:
    ending = Ending(gateway, intake or MemoryIntake())
    async with asyncio.timeout(GUARD):
        await ending.adapter.link.logged_in.wait()
    await ending.until(lambda: not ending.adapter._inflow._waiting)
    return ending


async def test_a_burst_that_the_end_comes_into_is_kept_as_far_as_it_was_heard(gateway: Gateway) -> None:
    with nothing_left():
        ending = await begun(gateway)
        await gateway.slow("messagePayload", 50, times=300)
        burst = asyncio.ensure_future(gateway.burst("ann", 300))
        await ending.until(lambda: len(ending.heard) >= 150)
        await ending.end()
        await burst
        assert len(ending.heard) >= 150
        assert ending.kept == ending.heard


async def test_what_a_gateway_does_not_tell_any_more_is_let_go_and_counted(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.wechaty.inflow.GRACE", 0.3)
    with nothing_left():
        ending = await begun(gateway)
        await gateway.hang("messagePayload", times=3)
        await gateway.burst("ann", 20)
        await ending.until(lambda: len(ending.heard) == 20)
        with capture_logs() as logged:
            await ending.end()
    assert ending.kept == ending.heard[3:]
    (line,) = [each for each in logged if each["log_level"] != "info"]
    assert (line["event"], line["unread"], line["unkept"]) == ("wechaty_let_go", 3, 0)


async def test_what_was_read_before_the_gateway_went_is_kept(private_gateway: Callable[..., Gateway]) -> None:
    gateway = private_gateway()
    await gateway.start()
    intake = MemoryIntake()
    hold = asyncio.Event()
    accept = intake.accept

    async def slowly(*given: Any, **more: Any) -> None:
        await hold.wait()
        await accept(*given, **more)

    ending = await begun(gateway, intake)
    intake.accept = slowly  # type: ignore[method-assign]
    await gateway.burst("ann", 50)
    waiting = ending.adapter._inflow._waiting
    await ending.until(lambda: len(ending.heard) == 50 and all(each.task.done() for each in waiting))
    await gateway.kill()
    await ending.until(lambda: not ending.adapter.link.up.is_set())
    asyncio.get_running_loop().call_later(0.1, hold.set)
    await ending.end()
    assert ending.kept == ending.heard
    assert len(ending.kept) == 50


async def test_it_ends_though_the_database_fails_and_though_there_is_no_gateway(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.wechaty.inflow.GRACE", 0.2)
    ending = await begun(gateway, MemoryIntake(failures=10**9))
    await gateway.burst("ann", 5)
    await ending.until(lambda: len(ending.heard) == 5)
    with capture_logs() as logged:
        await ending.end()
    (line,) = [each for each in logged if each["event"] == "wechaty_let_go"]
    assert line["unread"] + line["unkept"] == 5

    ending = Ending(gateway, MemoryIntake())
    await asyncio.sleep(0)
    await ending.end()
