"""The groups an account is in, for whoever has to write one into the configuration."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import SequenceMatcher

from adapters.errors import AdapterError
from adapters.protocol import Finding
from adapters.wechaty.naming import id_of_topic
from adapters.wechaty.people import People, Room
from adapters.wechaty.wire.calls import Calls

MOST = 20
"""Groups that are told of."""
ASKED = 200
"""Groups whose names are asked for, a call for each."""
AT_ONCE = 8
ALIKE = 0.5
"""From which share of equal characters on two names are like one another."""


async def rooms_told(calls: Calls, wanted: Iterable[str], *, by_name: bool) -> list[Finding]:
    """A finding that lists them, those first whose names are like the ``wanted``. ``by_name``: ids change here."""
    people = People(lambda: calls)
    side_by_side = asyncio.Semaphore(AT_ONCE)

    async def asked(raw: str) -> Room | None:
        async with side_by_side:
            with suppress(AdapterError):  # the others are told all the same
                return await people.room(raw)
        return None

    found = await asyncio.gather(*map(asked, (await calls.rooms())[:ASKED]))
    rooms = [room for room in found if room is not None and (room.topic or not by_name)]
    if not rooms:
        return []
    names = [name.casefold() for name in wanted if name]
    in_order = sorted(rooms, key=lambda room: _order(room, names))
    lines = list(dict.fromkeys(_line(room, by_name=by_name) for room in in_order))
    more = ["…"] if len(lines) > MOST else []
    return [Finding("ok", "wechaty.rooms", {"rooms": "\n".join(lines[:MOST] + more)})]


def _line(room: Room, *, by_name: bool) -> str:
    if by_name:
        return id_of_topic(room.topic)
    return f"{room.id}  {' '.join(room.topic.split())}".rstrip()


def _order(room: Room, names: Sequence[str]) -> tuple[float, str, str]:
    topic = room.topic.casefold()
    likeness = max((SequenceMatcher(None, topic, name).ratio() for name in names), default=0.0)
    return -likeness if likeness >= ALIKE else 0.0, topic, room.id
