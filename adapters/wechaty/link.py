"""The supervised connection to a gateway: connected again whenever it is lost, until the bot ends.

A gateway gives its events to one client, as one endless answer. What happens while nobody listens is lost, and a
connection that is half open says nothing at all: so it is probed, and broken off when it does not answer.
"""

import asyncio
import json
import random
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from grpclib.client import Channel
from grpclib.config import Configuration
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from msgspec import Struct
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty import puppet as pb

from adapters.errors import RetryLater
from adapters.protocol import News
from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.wire.calls import LOST, PATIENCE, Calls

log = structlog.get_logger("groupkeeper.wechaty")

Sleep = Callable[[float], Awaitable[None]]

GREETING = 5.0
"""Seconds in which a gateway of 1.x begins to speak; one of 0.x may not."""
PROBE = 20.0
"""Seconds after which a connection is probed."""
FIRST, LONGEST = 0.5, 30.0
"""Seconds to wait before the first and before each later attempt to connect."""
REFUSED = 300.0
"""Seconds to wait where the gateway does not know our token: somebody has to change it."""
HELD = 60.0
"""Seconds for which a connection has to hold to count as good again, and within which it is not taken over twice."""


class Heard(Struct, frozen=True):
    """An event as a gateway gives it: its ``kind`` (``message``, ``room_join``, ...) and its payload."""

    kind: str
    data: dict[str, Any]


class TakenOver(ConnectionError):
    """Another client uses the gateway, and took it back."""


class Link:
    """The connection. ``heard`` takes what comes, in order, and may keep us waiting; ``tell`` is told the news."""

    def __init__(
        self,
        name: str,
        settings: WechatySettings,
        heard: Callable[[Heard], Awaitable[None]],
        tell: Callable[[News], Awaitable[None]],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),  # noqa: TID251 - who has a clock gives it
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        probe: float = PROBE,
        patience: float = PATIENCE,
    ) -> None:
        self.name = name
        self._settings = settings
        self._heard = heard
        self._tell = tell
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._probe_every = probe
        self._patience = patience
        self._calls: Calls | None = None
        self._attempts = 0
        self._took = float("-inf")
        self._since: datetime | None = None
        self.account: str | None = None
        """The id of the account that is logged in; None where none is."""
        self.up = asyncio.Event()
        """Set while events are heard."""
        self.trouble: str | None = None
        """What is in the way now, by its name in the log; None where nothing is."""

    @property
    def calls(self) -> Calls:
        """The gateway's calls. Raises ``RetryLater`` while it is not connected."""
        if self._calls is None:
            raise RetryLater("the gateway is not connected")
        return self._calls

    async def run(self) -> None:
        """Stay connected until cancelled."""
        while True:
            began = self._clock()
            wait: float | None = None
            try:
                await self._session()
                why = "the gateway ended the connection"
            except GRPCError as error:
                why = error.message or error.status.name
                if error.status is Status.UNAUTHENTICATED:
                    await self._refused(why)
                    wait = REFUSED
            except TakenOver as error:
                why = str(error)
                await self._taken(why)
            except LOST as error:
                why = str(error) or type(error).__name__
            except RetryLater as error:
                why = str(error)
            if self._clock() - began > HELD:
                self._attempts = 0
            await self._lost(why)
            await self._sleep(self._longer() if wait is None else wait)

    async def _session(self) -> None:
        """Listen for as long as it goes."""
        channel = self._channel()
        probe: asyncio.Task[None] | None = None
        listener: asyncio.Task[None] | None = None
        try:
            stream, first = await self._listening(channel)
            calls = Calls(channel, self._settings.token, self._patience)
            await calls.stub.start()  # a puppet that runs already stays as it is
            self._calls = calls
            await self._back()
            listener = asyncio.create_task(self._listen(stream, first), name=f"listen {self.name}")
            probe = asyncio.create_task(self._probe(calls), name=f"probe {self.name}")
            done, _ = await asyncio.wait({listener, probe}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.up.clear()
            self._calls = None
            for task in filter(None, (listener, probe)):
                task.cancel()
                with suppress(asyncio.CancelledError, GRPCError, RetryLater, *LOST):
                    await task
            channel.close()

    def _channel(self) -> Channel:
        host, _, port = self._settings.endpoint.rpartition(":")
        secure = self._tls()
        config = Configuration(ssl_target_name_override=self._server_name()) if secure is not None else None
        channel = Channel(host.strip("[]"), int(port), ssl=secure, config=config)
        channel._authority = self._settings.token
        return channel

    def _tls(self) -> ssl.SSLContext | None:
        tls = self._settings.tls
        if tls == "off":
            return None
        raise NotImplementedError

    def _server_name(self) -> str:
        return "insecure"

    async def _listening(self, channel: Channel) -> tuple[Any, "asyncio.Task[pb.EventResponse]"]:
        """The stream of events, and its first one, which may still have to come. A gateway that another client holds
        is taken over, once."""
        calls = Calls(channel, self._settings.token, self._patience)
        stream, first = self._events(channel)
        done, _ = await asyncio.wait({first}, timeout=GREETING)
        error = first.exception() if done else None
        if isinstance(error, GRPCError) and error.status is Status.ALREADY_EXISTS:
            if self._clock() - self._took < HELD:
                raise TakenOver("another program uses this gateway, and took it back")
            self._took = self._clock()
            log.warning("wechaty_taken_over", adapter=self.name, advice="another client held the gateway")
            await calls.stub.stop()
            stream, first = self._events(channel)
        elif error is not None:
            raise error
        return stream, first

    def _events(self, channel: Channel) -> tuple[Any, "asyncio.Task[pb.EventResponse]"]:
        stub = PuppetStub(channel, metadata={"authorization": f"Wechaty {self._settings.token}"})
        stream = stub.event()
        return stream, asyncio.ensure_future(anext(stream))

    async def _listen(self, stream: Any, first: "asyncio.Task[pb.EventResponse]") -> None:
        try:
            event = await first
            while True:
                await self._take(event)
                event = await anext(stream)
        except StopAsyncIteration:
            return
        finally:
            first.cancel()

    async def _probe(self, calls: Calls) -> None:
        while True:
            await self._sleep(self._probe_every)
            await calls.alive()

    async def _take(self, event: pb.EventResponse) -> None:
        heard = read(event)
        if heard is None:
            return
        if heard.kind == "login":
            self.account = str(heard.data.get("contactId") or "") or None
        elif heard.kind == "logout":
            self.account = None
        await self._heard(heard)

    async def _back(self) -> None:
        self.up.set()
        self.trouble = None
        log.info("wechaty_connected", adapter=self.name, gateway=self._settings.endpoint)
        since, self._since = self._since, None
        if since is not None:
            await self._tell(News(self.name, "back", self._now(), since=since))

    async def _lost(self, why: str) -> None:
        if self._since is None:
            self._since = self._now()
            await self._tell(News(self.name, "lost", self._since, detail=why, since=self._since))
        if self.trouble is None:
            self.trouble = "wechaty_lost"
            log.warning("wechaty_lost", adapter=self.name, gateway=self._settings.endpoint, error=why)

    async def _refused(self, why: str) -> None:
        self.trouble = "wechaty_refused"
        log.error("wechaty_refused", adapter=self.name, error=why, advice="is the token the gateway's own?")
        await self._tell(News(self.name, "refused", self._now(), detail=why))

    async def _taken(self, why: str) -> None:
        self.trouble = "wechaty_taken"
        log.error("wechaty_taken", adapter=self.name, error=why, advice="one gateway serves one bot")
        await self._tell(News(self.name, "taken", self._now(), detail=why))

    def _longer(self) -> float:
        self._attempts += 1
        wait: float = min(FIRST * 2 ** min(self._attempts - 1, 16), LONGEST)
        return wait * (0.5 + self._chance() / 2)


_KINDS = {int(kind): kind.name.removeprefix("EVENT_TYPE_").lower() for kind in pb.EventType}


def read(event: pb.EventResponse) -> Heard | None:
    """An event as it came; None where it is of a kind that nobody knows, or no object."""
    try:
        data = json.loads(event.payload or "{}")
    except ValueError:
        data = None
    kind = _KINDS.get(int(event.type))
    if kind is None or not isinstance(data, dict):
        log.warning("wechaty_unknown_event", type=int(event.type), payload=event.payload[:200])
        return None
    return Heard(kind, data)
