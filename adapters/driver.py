"""What the contract suite drives an adapter with: a platform's other side, and an intake that can fail."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime

from adapters.protocol import Adapter, Broken, News
from rules.errors import StorageError
from rules.events import Event


class PlatformDriver(ABC):
    """One group on a platform (or a faithful fake of it) as its people have it: ann and bo are in it, cy is not.

    People are told by these names; messages by the platform-qualified ids that events carry. What a platform cannot
    do (its adapter does not declare the capability) is never asked for, so those methods need not be overridden.
    """

    group: str
    """The platform-qualified id of the group."""
    redelivers = True
    """Whether what was not kept is delivered again, to another process, too."""

    async def open(self) -> None:
        """Begin: called once, before everything else."""
        return

    @abstractmethod
    def adapter(self) -> Adapter:
        """A connection to the platform: the same as before, or, once that was closed, a new one."""

    def unknown_group(self) -> str:
        """The id of a group in which the adapter cannot do anything."""
        return f"{self.adapter().name}:no-such-group"

    def stranger(self) -> str | None:
        """The id of somebody whom the bot may not write to alone; None where there is no such person."""
        return f"{self.adapter().name}:nobody"

    @abstractmethod
    def now(self) -> datetime:
        """The platform's time, aware, UTC."""

    @abstractmethod
    def member(self, who: str) -> str:
        """The platform-qualified id of a person."""

    @abstractmethod
    async def post(self, who: str, text: str, *, reply_to: str | None = None) -> str:
        """Let a person write in the group; the message's id."""

    @abstractmethod
    async def bot_texts(self) -> list[str]:
        """What the bot has said in the group and can be read now, oldest first."""

    async def close(self) -> None:
        """Let go of the platform."""
        return

    async def deliver_again(self) -> None:
        """Let the platform deliver what it was not told to have arrived, if it does not do so by itself."""
        return

    async def edit(self, message: str, text: str) -> None:
        """Let a message's author change it."""
        raise NotImplementedError

    async def join(self, who: str) -> None:
        """Let a person come into the group."""
        raise NotImplementedError

    async def leave(self, who: str) -> None:
        """Let a person go."""
        raise NotImplementedError

    async def befriend(self, who: str) -> None:
        """Do what it takes that the bot may write to this person alone."""
        return

    async def is_visible(self, message: str) -> bool:
        """Whether a message can be read in the group."""
        raise NotImplementedError

    async def is_pinned(self, message: str) -> bool:
        """Whether a message is pinned."""
        raise NotImplementedError

    async def can_write(self, who: str) -> bool:
        """Whether a person has their voice in the group."""
        raise NotImplementedError

    async def is_member(self, who: str) -> bool:
        """Whether a person is in the group."""
        raise NotImplementedError

    async def may_come_in(self, who: str) -> bool:
        """Whether a person who is out would be let in."""
        raise NotImplementedError

    async def private_texts(self, who: str) -> list[str]:
        """What the bot has said to a person alone."""
        raise NotImplementedError


class MemoryIntake:
    """An intake that keeps events in a list. It can refuse the first calls, or be stuck for ever in its call."""

    def __init__(self, *, failures: int = 0, stuck: bool = False) -> None:
        self.events: list[Event] = []
        self.offered: list[list[Event]] = []
        self.broken: list[Broken] = []
        self.migrations: list[tuple[str, str]] = []
        self.standings: list[str] = []
        self.told: list[News] = []
        self.was_offered = asyncio.Event()
        self._failures = failures
        self._stuck = stuck
        self._seen: set[str] = set()
        self._cursors: dict[str, str] = {}
        self._more = asyncio.Condition()

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        """Keep events; repeated ids collapse."""
        self.offered.append(list(events))
        self.was_offered.set()
        if self._stuck:
            await asyncio.Event().wait()
        if self._failures:
            self._failures -= 1
            raise StorageError("the disk is full (as this test wants it)")
        async with self._more:
            for event in events:
                if event.id not in self._seen:
                    self._seen.add(event.id)
                    self.events.append(event)
            for one in broken:
                if one.id not in self._seen:
                    self._seen.add(one.id)
                    self.broken.append(one)
            if cursor is not None:
                self._cursors[cursor[0]] = cursor[1]
            self._more.notify_all()

    async def cursor(self, source: str) -> str | None:
        """The position that was kept last."""
        return self._cursors.get(source)

    async def migrated(self, old: str, new: str) -> None:
        """Note that a group has another id."""
        self.migrations.append((old, new))

    async def news(self, news: News) -> None:
        """Take note of what staff are told."""
        self.told.append(news)

    async def standing(self, group: str) -> None:
        """Note that what the bot may do in a group has changed."""
        self.standings.append(group)

    async def holds(self, count: int) -> None:
        """Wait until so many events are kept."""
        async with self._more:
            await self._more.wait_for(lambda: len(self.events) >= count)
