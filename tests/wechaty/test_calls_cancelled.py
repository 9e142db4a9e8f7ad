"""A call that is cancelled ends as cancelled, whatever grpclib says of it; one that grpclib ends is no cancellation."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from grpclib.exceptions import StreamTerminatedError
from grpclib.utils import DeadlineWrapper, Wrapper

from adapters.errors import AdapterError
from adapters.wechaty.wire.faults import done, read

WAYS: list[Callable[[Awaitable[Any]], Awaitable[Any]]] = [read, done]


@pytest.mark.parametrize("way", WAYS)
async def test_a_call_whose_stream_ends_while_it_is_cancelled_is_cancelled(way: Any) -> None:
    begun = asyncio.Event()
    wrapper = Wrapper()

    async def call() -> None:
        with wrapper:
            begun.set()
            await asyncio.Event().wait()

    going = asyncio.create_task(way(call()))
    await begun.wait()
    wrapper.cancel(StreamTerminatedError("Connection lost"))
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert going.cancelled()


@pytest.mark.parametrize("way", WAYS)
async def test_a_call_that_took_too_long_leaves_no_cancellation_behind(way: Any) -> None:
    wrapper = DeadlineWrapper()

    async def call() -> None:
        with wrapper:
            asyncio.get_running_loop().call_soon(wrapper.cancel, TimeoutError("Deadline exceeded"))
            await asyncio.Event().wait()

    with pytest.raises(AdapterError, match="did not answer in time"):
        await way(call())
    own = asyncio.current_task()
    assert own is not None
    assert own.cancelling() == 0
