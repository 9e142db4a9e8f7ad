"""Whether a gateway still answers, and whether its stream of events is alive."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from adapters.errors import Rejected, RetryLater
from adapters.wechaty.wire.calls import Calls


class Pulse:
    """Probes a connection. A gateway may answer calls and have lost the stream of events: a ``ding`` has to come back
    by it as a ``dong``, once it is known that the puppet gives one. Where none comes, that costs one connection: on the
    next it is not known any more, so a puppet that gives none while nobody is logged in is no endless trouble.
    """

    def __init__(self, every: float, patience: float, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._every = every
        self._patience = patience
        self._sleep = sleep
        self._dong = asyncio.Event()
        self._arrived = 0
        self._gives = False
        self.busy = False
        """Whether what was heard last is still being taken: so long nothing more is listened to."""

    def arrived(self, *, dong: bool) -> None:
        """An event came."""
        self._arrived += 1
        if dong:
            self._dong.set()

    async def probe(self, calls: Calls, heard: Callable[[], None]) -> None:
        """Ask now and then, for ever. Raises ``RetryLater`` where nothing comes, or the stream of events is dead.

        ``heard`` is told of an answer where the stream gives no sign of itself.
        """
        asks = True
        while True:
            await self._sleep(self._every)
            await calls.alive()
            if asks:
                asks = await self._echoed(calls)
            else:
                heard()

    async def _echoed(self, calls: Calls) -> bool:
        """Whether to ask so again."""
        before = self._arrived
        self._dong.clear()
        try:
            await calls.ding()
        except Rejected:  # not every puppet can, and some only while they are logged in
            return self._gives
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await self._dong.wait()
            self._gives = True
            return True
        if self._gives and not self.busy and self._arrived == before:
            self._gives = False
            raise RetryLater("the gateway's stream of events is dead")
        return self._gives
