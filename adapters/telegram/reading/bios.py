"""The profile texts of those who come: advertisements hide there, and no update carries them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from rules.events import Event, MemberJoined

MOST = 5
"""Joins of a batch that are asked about: in a raid, hundreds of questions would keep everything else waiting."""


async def with_bios(events: Sequence[Event], ask: Callable[[int], Awaitable[str | None]]) -> Sequence[Event]:
    """The events, with the profile text of who joined; ``ask`` is given Telegram's id, and says None where it fails.

    ``ask`` keeps to a time limit of its own. What it raises is as good as no answer: a join is not kept waiting for it.
    """
    joins = [i for i, event in enumerate(events) if isinstance(event, MemberJoined) and not event.member.is_bot][:MOST]
    if not joins:
        return events
    bios = await asyncio.gather(*(_bio(events[i], ask) for i in joins))
    filled = list(events)
    for i, bio in zip(joins, bios, strict=True):
        event = filled[i]
        if bio and isinstance(event, MemberJoined):
            filled[i] = replace(event, member=replace(event.member, bio=bio))
    return filled


async def _bio(event: Event, ask: Callable[[int], Awaitable[str | None]]) -> str | None:
    member = event.member if isinstance(event, MemberJoined) else None
    if member is None:
        return None
    try:
        return await ask(int(member.id.rpartition(":")[2]))
    except Exception:  # noqa: BLE001 - a profile that cannot be had must cost nobody their welcome
        return None
