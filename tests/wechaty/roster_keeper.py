"""An adapter before a real gateway, with a real database: ended, begun anew, and let hear nothing for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from adapters.protocol import Broken, Finding, Kept, News
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from bot.clock import SystemClock, VirtualClock
from bot.intake import DurableIntake
from rules.commandline import CommandNames
from rules.errors import StorageError
from rules.events import Event, MemberJoined, MemberLeft, MessagePosted
from storage.database import Database
from tests.wechaty.mock_wechat import GUARD, Gateway

SPEED = 200
"""The adapter's minutes are this much shorter; the gateway's are not."""


class Keeper:
    """Runs inside `async with`; `restart` is a new adapter on the same database, as after a crash of the bot.

    What was kept is there by its id: what is told twice under one id is there once, as in the inbox.
    """

    def __init__(self, gateway: Gateway, folder: Path, *, puppet: str = "mock", groups: Sequence[str] = ()) -> None:
        self.gateway = gateway
        self.kept: dict[str, Event] = {}
        self.broken: list[Broken] = []
        self.examined: list[str] = []
        self.news: list[News] = []
        self.written: list[tuple[str, str]] = []
        self.held: float | None = None
        """Where the adapter's clock stands still, if it does."""
        self.full = False
        """Whether the disk is full: nothing can be kept."""
        self.ahead = 0.0
        """Seconds by which the adapter's clocks were put forward."""
        self._puppet = puppet
        self._groups = [Kept(f"wx:{group}", group, {}) for group in groups]
        self._database = Database.open(f"sqlite:///{folder / 'groupkeeper.db'}")
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._database.__enter__()
        self._database.upgrade()
        await self.start()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.stop()
        self._database.__exit__(*error)

    async def start(self) -> None:
        """A new adapter and a new intake, on what was kept."""
        settings = {
            "endpoint": self.gateway.endpoint,
            "token": self.gateway.token,
            "puppet": self._puppet,
            "tls": "off",
        }
        self.adapter = WechatyAdapter(
            "wx",
            WechatySettings.model_validate(settings),
            now=lambda: SystemClock().now() + timedelta(seconds=self.ahead),
            clock=self.clock,
            sleep=lambda seconds: asyncio.sleep(seconds / SPEED),
        )
        if self._groups:
            await self.adapter.examine(self._groups)
        await self._run()

    async def begin_anew(self) -> None:
        """The same adapter runs again, as the bot lets it when it broke down."""
        assert self._running is not None
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self._run()

    async def _run(self) -> None:
        self._running = asyncio.create_task(self.adapter.run(_Recorded(self, self._intake())))
        await self.gateway.connected()

    def clock(self) -> float:
        return self.ahead + (time.monotonic() * SPEED if self.held is None else self.held)

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        await self.adapter.close()
        async with asyncio.timeout(GUARD):
            while self.gateway.process.running and await self.gateway.listening():  # noqa: ASYNC110 - in Node
                await asyncio.sleep(0.02)

    async def restart(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        await self.stop()
        if meanwhile is not None:
            await meanwhile()
        await self.start()

    async def away(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        """The connection is lost; what happens then is heard by nobody."""
        await self.gateway.close()
        await meanwhile()
        await self.gateway.open()

    async def findings(self) -> Sequence[Finding]:
        """What is wrong, as the bot would be told."""
        return [each for each in await self.adapter.examine(self._groups) if each.level != "ok"]

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(GUARD):
            while not true():
                assert self._running is not None
                assert not self._running.done(), self._running
                await asyncio.sleep(0.02)

    async def remembers(self, room: str, *members: str) -> None:
        """Until the room is known to have these members (as they are called where ids do not stay)."""
        await self.until(lambda: self.members(room) == set(members))

    def members(self, room: str) -> set[str]:
        record = self.adapter._roster.record(room)
        stable = self.adapter._identity.stable
        return {id_ if stable else entry.name for id_, entry in record.members.items()} if record.seen else set()

    async def rounds(self, count: int = 3) -> None:
        """Until rooms were looked at so many times more."""
        for _ in range(count):
            before = (await self.gateway.queries()).get("roomMemberList", 0)
            self.adapter._watch.stir()
            async with asyncio.timeout(GUARD):
                while (await self.gateway.queries()).get("roomMemberList", 0) == before:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.02)
        marker = await self.gateway.say("ann", "marker")
        await self.until(lambda: f"wx:{marker}" in self.kept)

    def joined(self, room: str | None = None) -> list[str]:
        """Who came, by name, in the order it was kept."""
        return self._names(MemberJoined, room)

    def left(self, room: str | None = None) -> list[str]:
        return self._names(MemberLeft, room)

    def author(self, message: str) -> str:
        """The id of who wrote a message that was heard."""
        event = self.kept[f"wx:{message}"]
        assert isinstance(event, MessagePosted)
        return event.message.author.id

    async def said(self, who: str, text: str = "hello", *, room: str = "r1@chatroom") -> MessagePosted:
        """Somebody says something; what is kept of it."""
        message = await self.gateway.say(who, text, room=room)
        await self.until(lambda: f"wx:{message}" in self.kept)
        event = self.kept[f"wx:{message}"]
        assert isinstance(event, MessagePosted)
        return event

    def _names(self, kind: type[MemberJoined | MemberLeft], room: str | None) -> list[str]:
        return [
            event.member.name
            for event in self.kept.values()
            if isinstance(event, kind) and room in (None, event.group.id.removeprefix("wx:"))
        ]

    def _intake(self) -> DurableIntake:
        async def never(old: str, new: str) -> None:
            raise AssertionError(f"{old} moved to {new}")

        async def told(news: News) -> None:
            self.news.append(news)

        return DurableIntake(
            self._database,
            VirtualClock(datetime(2026, 3, 1, tzinfo=UTC)),
            lambda: CommandNames({}),
            lambda: None,
            never,
            self.examined.append,
            tell=told,
        )


class _Recorded:
    """Writes down what another intake has kept."""

    def __init__(self, keeper: Keeper, inner: DurableIntake) -> None:
        self._keeper = keeper
        self._inner = inner
        self.cursor = inner.cursor
        self.migrated = inner.migrated
        self.standing = inner.standing
        self.news = inner.news

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        if self._keeper.full:
            raise StorageError("the disk is full (as this test wants it)")
        await self._inner.accept(events, cursor, broken)
        for event in events:
            self._keeper.kept.setdefault(event.id, event)
        self._keeper.broken += broken
        if cursor is not None:
            self._keeper.written.append(cursor)
