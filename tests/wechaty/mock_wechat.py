"""What happens on a made-up WeChat behind a real Wechaty gateway, and what the bot did there.

Everything is named by keys that stay: people `bot`, `ann`, `bo`, `cy`, `sam` (and those of `new_contact`), rooms
`r1@chatroom` "Reading" (bot, ann, bo) and `r2@chatroom` "Writing" (bot, ann), `ROOM` and `OTHER_ROOM`, the bot's own.
A key is the id on the wire until `change_ids()`; `id(key)` is the id now. Friends of the account: ann, bo, sam; not cy.

    async def test_a_newcomer_is_greeted(gateway: Gateway) -> None:
        ...  # a bot on gateway.endpoint with gateway.token
        await gateway.connected()
        await gateway.join("cy")
        await gateway.until(lambda: gateway.texts() == ["Welcome, Cy!"])
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from tests.wechaty.deeds import OTHER_ROOM, ROOM, Call, Deeds, Room
from tests.wechaty.gateway_process import GatewayProcess
from tests.wechaty.happenings import (
    AUDIO,
    CONTACT,
    EMOTICON,
    FILE,
    HISTORY,
    IMAGE,
    LINK,
    LOCATION,
    MINI_PROGRAM,
    NOTE,
    RECALLED,
    RED_ENVELOPE,
    TEXT,
    TRANSFER,
    VIDEO,
    Life,
    Messages,
)

__all__ = [
    "AUDIO",
    "CONTACT",
    "EMOTICON",
    "FILE",
    "GUARD",
    "HISTORY",
    "IMAGE",
    "LINK",
    "LOCATION",
    "MINI_PROGRAM",
    "NOTE",
    "OTHER_ROOM",
    "RECALLED",
    "RED_ENVELOPE",
    "ROOM",
    "TEXT",
    "TRANSFER",
    "VIDEO",
    "Call",
    "Gateway",
    "Room",
]

GUARD = 30.0


class Gateway(Messages, Life, Deeds):
    """A gateway and the WeChat behind it: make things happen there (`Messages`, `Life`), see what was done (`Deeds`).

    What makes things happen is awaited and has happened when it returns. What the bot did is read at once
    (`calls`, `texts`, `members`, ...) and waited for with `until`; it comes by another way than the bot's answers,
    so what a call did may be seen a moment later than its answer: `until`, or `settled` before.
    """

    def __init__(self, process: GatewayProcess) -> None:
        super().__init__()
        self.process = process
        process.heard = self._hear

    @property
    def endpoint(self) -> str:
        """host:port, for the adapter's setting."""
        return self.process.endpoint

    @property
    def token(self) -> str:
        return self.process.token

    # The process.

    async def start(self) -> None:
        """Start a gateway that is not running (private ones only); after a kill it begins anew, on the same port."""
        self._forget()
        await asyncio.to_thread(self.process.start)

    async def kill(self) -> None:
        await asyncio.to_thread(self.process.kill)

    async def restart(self) -> None:
        """As a crashed gateway comes back: everything on WeChat is at the beginning again."""
        await self.kill()
        await self.start()

    def freeze(self) -> None:
        """Connections stay open and nothing comes; nothing here may be awaited until `thaw`."""
        self.process.freeze()

    def thaw(self) -> None:
        self.process.thaw()

    async def close(self) -> None:
        """Break every connection and refuse new ones; WeChat lives on behind, and what happens is not heard."""
        await self._ask("close")

    async def open(self) -> None:
        """Accept connections again."""
        await self._ask("open")

    async def cut(self) -> None:
        """Break every connection; new ones are accepted."""
        await self.close()
        await self.open()

    async def reset(self) -> None:
        """Everything as at the beginning: people, rooms, messages, recorded calls, faults, connections."""
        await self._ask("reset")

    async def listening(self) -> bool:
        """Whether a bot holds the stream of events."""
        return bool((await self._ask("listening"))["on"])

    async def connected(self) -> None:
        """Until a bot holds the stream of events: what happens before is heard by nobody."""
        async with asyncio.timeout(GUARD):
            while not await self.listening():  # noqa: ASYNC110 - what happens is in another process
                await asyncio.sleep(0.02)

    async def disconnected(self) -> None:
        """Until no bot holds the stream of events."""
        async with asyncio.timeout(GUARD):
            while await self.listening():  # noqa: ASYNC110 - what happens is in another process
                await asyncio.sleep(0.02)

    async def queries(self) -> dict[str, int]:
        """How often the bot asked for what, e.g. contactPayload, roomMemberList, messagePayload."""
        counts: dict[str, int] = (await self._ask("queries"))["counts"]
        return counts

    async def settled(self) -> None:
        """Every call that the bot has its answer to can be seen: before one says that something was *not* done."""
        await self._ask("listening")

    async def until(self, true: Callable[[], object], *, guard: float = GUARD) -> None:
        """Until it is true, looked at on every call of the bot and often besides; fails after `guard` s."""
        loop = asyncio.get_running_loop()
        stirred = asyncio.Event()

        def stir() -> None:
            with suppress(RuntimeError):  # the loop closed between a test and its last call
                loop.call_soon_threadsafe(stirred.set)

        self._stirred = stir
        deadline = loop.time() + guard
        try:
            while not true():
                if not self.process.running:
                    raise AssertionError("the gateway has ended")
                if loop.time() > deadline:
                    raise AssertionError(
                        "it did not become true; the bot called:\n" + "\n".join(map(str, self.calls()))
                    )
                stirred.clear()
                try:
                    async with asyncio.timeout(0.05):
                        await stirred.wait()
                except TimeoutError:
                    continue
        finally:
            self._stirred = lambda: None

    # The account and the wire.

    async def scan(self, status: int = 2, qrcode: str = "https://login.example/l/abc") -> None:
        """A login code: 2 waiting, 3 scanned, 4 confirmed, 1 cancelled, 5 timed out."""
        await self._ask("scan", status=status, qrcode=qrcode)

    async def set_clock(self, at: float) -> None:
        """WeChat's time, as Unix seconds; it goes on from there. What happens is told with it."""
        await self._ask("clock", at=at)

    async def logout(self, reason: str = "logged out on the phone") -> None:
        await self._ask("logout", reason=reason)

    async def login(self) -> None:
        await self._ask("login")

    async def dirty(self, kind: int, key: str) -> None:
        """A payload changed: 1 message, 2 contact, 3 room, 4 members of a room, 5 friendship."""
        await self.emit("dirty", {"payloadType": kind, "payloadId": self._ids.get(key, key)})

    async def error(self, text: str) -> None:
        await self.emit("error", {"data": text, "gerror": text})

    async def heartbeat(self, data: str = "beat") -> None:
        await self.emit("heartbeat", {"data": data})

    async def emit(self, event: str, payload: dict[str, Any]) -> None:
        """Any event of the puppet: scan, login, message, room-join, dirty, ready, reset, ..."""
        await self._ask("emit", event=event, payload=payload)

    async def fail(
        self, name: str, error: str = "the puppet could not", *, times: int = 1, delivered: bool = False
    ) -> None:
        """The next `times` calls of `name` fail; with `delivered` they did what they should first."""
        await self._ask("fault", name=name, error=error, times=times, delivered=delivered)

    async def hang(self, name: str, *, times: int = 1, delivered: bool = False) -> None:
        """The next `times` calls of `name` are never answered."""
        await self._ask("fault", name=name, hang=True, times=times, delivered=delivered)

    async def slow(self, name: str, ms: int, *, times: int = 1) -> None:
        await self._ask("fault", name=name, ms=ms, times=times)

    async def no_ids(self, on: bool = True) -> None:
        """What is sent returns no message id, as with some puppets."""
        await self._ask("answers_ids", on=not on)

    async def echo(self, on: bool) -> None:
        """Whether the account's own messages come as events, too; at first they do."""
        await self._ask("echo", on=on)

    def _ask(self, op: str, **command: Any) -> Awaitable[dict[str, Any]]:
        return _within(self.process.ask(op, **command))


async def _within(answer: Future[dict[str, Any]]) -> dict[str, Any]:
    async with asyncio.timeout(GUARD):
        return await asyncio.wrap_future(answer)
