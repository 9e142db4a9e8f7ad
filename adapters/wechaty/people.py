"""The contacts, rooms and members of an account, as the gateway tells them; kept until it says that they changed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from msgspec import Struct

from adapters.errors import Rejected
from adapters.wechaty.wire.calls import Calls

K = TypeVar("K")
V = TypeVar("V")

MOST = 20_000
"""Entries that are kept of each sort."""
PERSON = 1
"""The type of a contact that is a person; others are official accounts and the like."""


class Contact(Struct, frozen=True, omit_defaults=True):
    """An account. ``alias`` is what the bot's own account calls it."""

    id: str
    name: str = ""
    alias: str = ""
    friend: bool = False
    person: bool = True


class Room(Struct, frozen=True, omit_defaults=True):
    """A group: its name, who owns it and who keeps it, who is in it."""

    id: str
    topic: str = ""
    owner: str = ""
    admins: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class People:
    """Asks the gateway, once for everything that it has not said to have changed. Raises adapter errors."""

    def __init__(self, calls: Callable[[], Calls]) -> None:
        self._calls = calls
        self._contacts: dict[str, Contact] = {}
        self._rooms: dict[str, Room] = {}
        self._names: dict[tuple[str, str], str] = {}

    async def contact(self, id_: str) -> Contact:
        """An account."""

        async def ask(wanted: str) -> Contact:
            told = await self._calls().contact(wanted)
            return Contact(wanted, told.name, told.alias, friend=told.friend, person=int(told.type) in (0, PERSON))

        return await _known(self._contacts, id_, ask)

    async def room(self, id_: str) -> Room:
        """A group, with its members."""

        async def ask(wanted: str) -> Room:
            calls = self._calls()
            told, members = await asyncio.gather(calls.room(wanted), calls.members(wanted))
            return Room(wanted, told.topic, told.owner_id, tuple(told.admin_ids), tuple(members))

        return await _known(self._rooms, id_, ask)

    async def name_in(self, room: str, contact: str) -> str:
        """What somebody calls themselves in a group; empty where they have no name of their own there."""

        async def ask(wanted: tuple[str, str]) -> str:
            try:
                return str((await self._calls().member(*wanted)).room_alias)
            except Rejected:  # a puppet that knows no names in rooms
                return ""

        return await _known(self._names, (room, contact), ask)

    def forget_contact(self, id_: str) -> None:
        """Ask anew about an account."""
        self._contacts.pop(id_, None)
        for key in [key for key in self._names if key[1] == id_]:
            del self._names[key]

    def forget_room(self, id_: str) -> None:
        """Ask anew about a group."""
        self._rooms.pop(id_, None)
        for key in [key for key in self._names if key[0] == id_]:
            del self._names[key]

    def forget_all(self) -> None:
        """Ask anew about everything: another account, or a time in which nothing was heard."""
        self._contacts.clear()
        self._rooms.clear()
        self._names.clear()


async def _known(kept: dict[K, V], key: K, ask: Callable[[K], Awaitable[V]]) -> V:
    found = kept.get(key)
    if found is None:
        if len(kept) >= MOST:
            kept.clear()
        found = kept[key] = await ask(key)
    return found
