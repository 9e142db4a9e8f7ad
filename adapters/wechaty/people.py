"""The contacts and rooms of an account, as the gateway tells them; kept until it says that they changed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from adapters.errors import Rejected
from adapters.wechaty.wire.calls import Calls

K = TypeVar("K")
V = TypeVar("V")

MOST = 20_000
"""Entries that are kept of each sort; those that were asked for first go first."""
FRESH = 3600.0
"""Seconds after which something is asked anew: not every puppet says that somebody has another name."""
OFFICIAL = 2
"""The type of an account that nobody speaks with. People of WeCom have a type of their own, and are people."""


class Contact(Struct, frozen=True, omit_defaults=True):
    """An account. ``alias`` is what the bot's own account calls it."""

    id: str
    name: str = ""
    alias: str = ""
    friend: bool = False
    person: bool = True


class Room(Struct, frozen=True, omit_defaults=True):
    """A group: its name, who owns it and who keeps it."""

    id: str
    topic: str = ""
    owner: str = ""
    admins: tuple[str, ...] = ()


class People:
    """Asks the gateway, once for everything that it has not said to have changed. Raises adapter errors.

    Several who ask for the same at once share one question. What failed is asked again by the next who wants it.
    """

    def __init__(self, calls: Callable[[], Calls], clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._contacts = _Answers(self._ask_contact, clock)
        self._rooms = _Answers(self._ask_room, clock)
        self._names = _Answers(self._ask_name, clock)

    async def contact(self, id_: str) -> Contact:
        """An account."""
        return await self._contacts.of(id_)

    async def room(self, id_: str) -> Room:
        """A group."""
        return await self._rooms.of(id_)

    async def members(self, room: str) -> Sequence[str]:
        """Who is in a group now: always asked, since whoever wants to know wants to know of a change."""
        return await self._calls().members(room)

    async def name_in(self, room: str, contact: str) -> str:
        """What somebody calls themselves in a group; empty where they have no name of their own there."""
        return await self._names.of((room, contact))

    def forget_contact(self, id_: str) -> None:
        """Ask anew about an account."""
        self._contacts.forget(id_)
        self._names.forget_where(lambda key: key[1] == id_)

    def forget_room(self, id_: str) -> None:
        """Ask anew about a group, and about what its members call themselves there."""
        self._rooms.forget(id_)
        self._names.forget_where(lambda key: key[0] == id_)

    def forget_all(self) -> None:
        """Ask anew about everything: another account, or a time in which nothing was heard."""
        self._contacts.forget_where(lambda key: True)
        self._rooms.forget_where(lambda key: True)
        self._names.forget_where(lambda key: True)

    async def _ask_contact(self, id_: str) -> Contact:
        told = await self._calls().contact(id_)
        return Contact(id_, told.name, told.alias, friend=told.friend, person=int(told.type) != OFFICIAL)

    async def _ask_room(self, id_: str) -> Room:
        told = await self._calls().room(id_)
        return Room(id_, told.topic, told.owner_id, tuple(told.admin_ids))

    async def _ask_name(self, key: tuple[str, str]) -> str:
        try:
            return str((await self._calls().member(*key)).room_alias)
        except Rejected:  # a puppet that knows no names in rooms, or somebody who has left meanwhile
            return ""


class _Answers(Generic[K, V]):
    """What was answered to one sort of question."""

    def __init__(self, ask: Callable[[K], Awaitable[V]], clock: Callable[[], float]) -> None:
        self._ask = ask
        self._clock = clock
        self._kept: dict[K, tuple[float, V]] = {}
        self._asked: dict[K, asyncio.Task[V]] = {}

    async def of(self, key: K) -> V:
        kept = self._kept.get(key)
        if kept is not None and self._clock() - kept[0] < FRESH:
            return kept[1]
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = asyncio.create_task(self._answer(key))
            asked.add_done_callback(_seen)
        return await asyncio.shield(asked)  # one who gives up must not take the answer from the others

    def forget(self, key: K) -> None:
        """Also what is being asked just now: its answer may be from before."""
        self._kept.pop(key, None)
        self._asked.pop(key, None)

    def forget_where(self, true: Callable[[K], bool]) -> None:
        for key in [key for key in {**self._kept, **self._asked} if true(key)]:
            self.forget(key)

    async def _answer(self, key: K) -> V:
        me = asyncio.current_task()
        began = self._clock()
        try:
            found = await self._ask(key)
            if self._asked.get(key) is me:
                self._kept.pop(key, None)
                while len(self._kept) >= MOST:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = (began, found)
            return found
        finally:
            if self._asked.get(key) is me:
                del self._asked[key]


def _seen(task: "asyncio.Task[V]") -> None:
    """Those who asked may all have gone: a failure that nobody hears of is none."""
    if not task.cancelled():
        task.exception()
