"""The supervised connection to a gateway: connected again whenever it is lost, until the bot ends.

A gateway gives its events to one client, as one endless answer. What happens while nobody listens is lost, and a
connection that is half open says nothing at all: so it is probed, and broken off when it does not answer.
"""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import structlog
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from msgspec import Struct
from wechaty_grpc.wechaty import puppet as pb

from adapters.errors import AdapterError, RetryLater
from adapters.protocol import News
from adapters.wechaty.once import Once
from adapters.wechaty.pulse import Pulse
from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.standing import Standing
from adapters.wechaty.tasks import ended
from adapters.wechaty.wire.calls import PATIENCE, Calls
from adapters.wechaty.wire.channel import channel_to, mismatch
from adapters.wechaty.wire.faults import LOST, Unauthenticated, complaint, why

log = structlog.get_logger("groupkeeper.wechaty")

Sleep = Callable[[float], Awaitable[None]]

GREETING = 5.0
"""Seconds in which a gateway of 1.x begins to speak; one of 0.x may not."""
PROBE = 20.0
"""Seconds after which a connection is probed."""
FIRST, LONGEST = 0.5, 30.0
"""Seconds to wait before the first and before each later attempt to connect."""
BARRED = 60.0
"""Seconds to wait where somebody has to do something first: another token, or another program to be ended."""
HELD = 60.0
"""Seconds for which a connection has to hold to count as good again."""
CONTESTED = 600.0
"""Seconds after taking a gateway over in which a client that holds it took it back, and is left in peace."""


class Heard(Struct, frozen=True):
    """An event as a gateway gives it: its ``kind`` (``message``, ``room_join``, ...) and its payload.

    ``connected`` is one of ours: events may have been missed before it.
    """

    kind: str
    data: dict[str, Any]


class TakenOver(ConnectionError):
    """Another client uses the gateway, and took it back."""


class Link:
    """The connection. ``heard`` takes what comes, in order, and may keep us waiting; ``tell`` is told the news.

    At the end nothing more is listened to, and the gateway can be asked until ``finish`` is done.
    """

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
        greeting: float = GREETING,
        finish: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.name = name
        self._settings = settings
        self._heard = heard
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._patience = patience
        self._greeting = greeting
        self._finish = finish
        self._standing = Standing(name, settings.endpoint, tell, now)
        self._calls: Calls | None = None
        self._attempts = 0
        self._took = float("-inf")
        self._rival = False
        self._put_out = False
        self._pulse = Pulse(probe, patience, sleep)
        self._complaints = Once()
        self._unknown: set[int] = set()
        self.account: str | None = None
        """The id of the account that is logged in, or was when it was heard last; None where none is."""
        self.up = asyncio.Event()
        """Set while events are heard."""
        self.logged_in = asyncio.Event()
        """Set while it is known that an account is logged in."""

    @property
    def trouble(self) -> str | None:
        """What is in the way now, by its name in the log; None where nothing is."""
        return self._standing.trouble

    @property
    def reason(self) -> str:
        """Why that is, in words."""
        return self._standing.reason

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
            wait = await self._attempt()
            if self._clock() - began > HELD:
                self._attempts = 0
            await self._sleep(self._longer() if wait is None else wait)

    async def _attempt(self) -> float | None:
        """One session, from connecting to its end; for how long to stay away then, where that is certain."""
        try:
            await self._session()
        except TakenOver as error:
            await self._standing.lost("taken", str(error))
            return BARRED
        except Unauthenticated as error:
            await self._standing.lost("refused", str(error))
            return BARRED
        except GRPCError as error:
            if error.status is Status.UNAUTHENTICATED:
                await self._standing.lost("refused", why(error))
                return BARRED
            await self._standing.lost("lost", why(error))
        except (AdapterError, *LOST) as error:
            await self._standing.lost("lost", why(error))
        except Exception as error:  # an answer that no gateway gives: whatever it is, the bot stays
            if self._complaints.is_new(f"{type(error).__name__}: {error}"):  # it is tried again and again
                advice = "is this a Wechaty gateway, and one of 0.25 or 1.x?"
                log.error("wechaty_session_failed", adapter=self.name, advice=advice, exc_info=error)
            await self._standing.lost("lost", why(error))
        else:
            self._put_out = True
            await self._standing.lost("lost", "the gateway ended the connection")
        return None

    async def _session(self) -> None:
        """Listen for as long as it goes."""
        channel = channel_to(self._settings)
        calls = Calls(channel, self._settings.token, self._patience)
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._heard(Heard("connected", {}))
            listener = await self._listening(calls, tasks)
            await calls.start()
            self._calls = calls
            self.up.set()
            self._put_out = False
            await self._standing.back()
            probe = asyncio.create_task(self._pulse.probe(calls, self._standing.heard), name=f"probe {self.name}")
            tasks.append(probe)
            await asyncio.wait({listener, probe}, return_when=asyncio.FIRST_COMPLETED)
            for task in (listener, probe):
                if task.done():
                    task.result()
        except asyncio.CancelledError:
            await ended(tasks)
            if self.up.is_set() and self._finish is not None:
                await self._finish()
            raise
        except (AdapterError, *LOST) as error:
            cause = error.__cause__ if isinstance(error, AdapterError) else error
            if told := mismatch(self._settings, channel, cause):
                raise RetryLater(told) from error
            raise
        finally:
            self.up.clear()
            self._calls = None
            channel.close()
            await ended(tasks)
            channel.close()  # a connection that was made meanwhile

    async def _listening(self, calls: Calls, tasks: list[asyncio.Task[None]]) -> asyncio.Task[None]:
        """The task that listens. A gateway that another client holds is taken over, once."""
        listener, spoke = await self._opened(calls, tasks)
        error = listener.exception() if listener.done() else None
        if isinstance(error, GRPCError) and error.status is Status.ALREADY_EXISTS:
            # One who broke off unheard is still held to be there by the gateway: that may be ourselves a moment ago.
            if self._rival or (self._put_out and self._clock() - self._took < CONTESTED):
                self._rival = True
                raise TakenOver("another program uses this gateway")
            self._took = self._clock()
            log.warning("wechaty_took_over", adapter=self.name, advice="another client held the gateway")
        elif error is not None:
            raise error
        else:
            self._rival = False
            if spoke or self.account is not None:
                return listener
            # A gateway of 0.x says nothing at first, not even who is logged in: it does when its puppet starts.
        await calls.stop()
        listener, _ = await self._opened(calls, tasks)
        if listener.done() and (error := listener.exception()) is not None:
            raise error
        return listener

    async def _opened(self, calls: Calls, tasks: list[asyncio.Task[None]]) -> tuple[asyncio.Task[None], bool]:
        """A task that listens, and whether anything was heard within the time of a greeting."""
        spoke = asyncio.Event()
        listener = asyncio.create_task(self._listen(calls, spoke), name=f"listen {self.name}")
        greeted = asyncio.create_task(_set(spoke), name=f"greeting {self.name}")
        tasks += (listener, greeted)
        await asyncio.wait({listener, greeted}, timeout=self._greeting, return_when=asyncio.FIRST_COMPLETED)
        return listener, spoke.is_set()

    async def _listen(self, calls: Calls, spoke: asyncio.Event) -> None:
        async with aclosing(calls.events()) as events:
            async for event in events:
                spoke.set()
                self._standing.heard()
                heard = read(event)
                self._pulse.arrived(dong=heard is not None and heard.kind == "dong")
                if heard is None:
                    self._puzzled(event)
                else:
                    self._pulse.busy = True
                    await self._take(heard)
                    self._pulse.busy = False

    async def _take(self, heard: Heard) -> None:
        match heard.kind:
            case "dong" | "heartbeat":
                pass
            case "error":
                self._complained(heard)
            case _:
                if heard.kind == "login":
                    self.account = str(heard.data.get("contactId") or "") or None
                elif heard.kind == "logout":
                    self.account = None
                if self.account is None:
                    self.logged_in.clear()
                else:
                    self.logged_in.set()
                await self._heard(heard)

    def _complained(self, heard: Heard) -> None:
        """The puppet tells of an error of its own, often the same again and again; nothing ends by it."""
        told = complaint(heard.data)
        told = told.replace(self._settings.token, "***")
        if self._complaints.is_new(told):
            log.warning("wechaty_puppet_error", adapter=self.name, error=told)

    def _puzzled(self, event: pb.EventResponse) -> None:
        """Of what cannot be read once for each type: a newer gateway may give it all the time."""
        if int(event.type) not in self._unknown:
            self._unknown.add(int(event.type))
            log.warning("wechaty_unknown_event", adapter=self.name, type=int(event.type), letters=len(event.payload))

    def _longer(self) -> float:
        self._attempts += 1
        wait: float = min(FIRST * 2 ** min(self._attempts - 1, 16), LONGEST)
        return wait * (0.5 + self._chance() / 2)


_KINDS = {int(kind): kind.name.removeprefix("EVENT_TYPE_").lower() for kind in pb.EventType}


def read(event: pb.EventResponse) -> Heard | None:
    """An event as it came; None where it is of a kind that nobody knows, or no object."""
    try:
        data = json.loads(event.payload or "{}")
    except (ValueError, RecursionError):
        data = None
    kind = _KINDS.get(int(event.type))
    if kind is None or not isinstance(data, dict):
        return None
    return Heard(kind, data)


async def _set(event: asyncio.Event) -> None:
    await event.wait()
