"""What stands in the way of a bot on WeChat: the gateway, its token, a login, and in each group its standing.

Where the bot does not run, the gateway is asked by calls alone: its stream of events, of which there is one, is taken
for a moment only where nobody holds it, as that alone says who is logged in.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing, suppress
from typing import Any

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from msgspec import Struct

from adapters.errors import AdapterError, Rejected, RetryLater
from adapters.protocol import Finding, Kept
from adapters.wechaty.identity import rooms_found
from adapters.wechaty.link import Link, read
from adapters.wechaty.naming import TOPIC, topic_of
from adapters.wechaty.people import People, Room
from adapters.wechaty.puppets import PUPPETS
from adapters.wechaty.rooms_told import rooms_told
from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.wire.calls import Calls
from adapters.wechaty.wire.channel import channel_to, mismatch
from adapters.wechaty.wire.faults import LOST, Unauthenticated, why
from rules.capability import Capability

KEEPERS_ALONE = (Capability.KICK, Capability.ANNOUNCE)
"""What WeChat lets nobody do but who owns or keeps a group."""
PATIENCE = 10.0
"""Seconds that a call may take."""
LISTEN = 3.0
"""Seconds within which a gateway says who is logged in."""
CONNECTS = 15.0
"""Seconds within which a bot that has just been started connects, and its account is logged in."""
AT_ONCE = 8
_MISSING = ("wechaty.not_in_room", "wechaty.room_missing")
"""Where a group's id may be written wrong."""


class Account(Struct, frozen=True):
    """The account behind the gateway: its ``id``, empty where nobody is logged in; ``known``: whether that is known."""

    id: str = ""
    known: bool = True


async def examine(settings: WechatySettings, groups: Sequence[Kept]) -> list[Finding]:
    """Look at everything and change nothing, from beside the bot."""
    try:
        channel = channel_to(settings)
    except OSError as error:
        return [Finding("error", "wechaty.unreachable", {"reason": str(error)})]
    calls = Calls(channel, settings.token, PATIENCE)
    try:
        await calls.alive()
        found = await behind(calls, groups, await _who(calls))
        missing = {each.group for each in found if each.code in _MISSING}
        if missing:
            wanted = [name for each in groups if each.group in missing for name in (each.name, topic_of(_id(each)))]
            found += await rooms_told(calls, wanted, by_name=not PUPPETS[settings.puppet].stable_ids)
        return found
    except Unauthenticated:
        return [Finding("error", "wechaty.token")]
    except (AdapterError, *LOST) as error:
        told = mismatch(settings, channel, error.__cause__ if isinstance(error, AdapterError) else error)
        return [Finding("error", "wechaty.unreachable", {"reason": told or why(error)})]
    finally:
        channel.close()


async def examine_running(link: Link, groups: Sequence[Kept], room_now: Callable[[str], str | None]) -> list[Finding]:
    """The same through the connection of a bot that runs. ``room_now`` gives a room's id as the gateway has it now."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CONNECTS):
            await link.up.wait()
            await link.logged_in.wait()
    try:
        calls = link.calls
    except RetryLater:
        if link.trouble == "wechaty_refused":
            return [Finding("error", "wechaty.token")]
        return [Finding("error", "wechaty.unreachable", {"reason": link.reason})]
    return await behind(calls, groups, Account(link.account or ""), room_now)


async def _who(calls: Calls) -> Account:
    """Who is logged in, as the stream of events says at its beginning, where it is free."""
    spoke = False  # gateways of 0.x need not
    try:
        async with asyncio.timeout(LISTEN), aclosing(calls.events()) as events:
            async for event in events:
                spoke = True
                heard = read(event)
                if heard is not None and heard.kind == "login":
                    return Account(str(heard.data.get("contactId") or ""))
    except TimeoutError:
        return Account(known=spoke)
    except GRPCError as error:
        if error.status is Status.ALREADY_EXISTS:
            return Account(known=False)
        if error.status is Status.UNAUTHENTICATED:
            raise Unauthenticated("the gateway does not know the token") from error
        raise RetryLater(str(error.message)) from error
    return Account()


async def behind(
    calls: Calls, groups: Sequence[Kept], account: Account, room_now: Callable[[str], str | None] | None = None
) -> list[Finding]:
    """What there is behind a gateway that answers."""
    if account.known and not account.id:
        return [Finding("error", "wechaty.nobody")]
    people = People(lambda: calls)
    try:
        found = [await _account(people, account)]
        named = {each.group: _id(each) for each in groups if _id(each).startswith(TOPIC)}
        places = {} if room_now is not None else await _named(calls, people, set(named.values()))
        there = frozenset(await calls.rooms())
    except AdapterError as error:
        return [Finding("error", "wechaty.unreachable", {"reason": str(error)})]
    side_by_side = asyncio.Semaphore(AT_ONCE)

    async def looked_at(group: Kept) -> Finding | None:
        place: str | None = _id(group)
        if group.group in named:
            place = places.get(_id(group), "wechaty.room_missing") if room_now is None else room_now(_id(group))
        if place is None:  # whoever looks for it says so
            return None
        if place.startswith("wechaty."):
            return _about(group, "error", place, name=topic_of(_id(group)))
        async with side_by_side:
            return await _group(people, group, place, account, there)

    return found + [each for each in await asyncio.gather(*map(looked_at, groups)) if each is not None]


async def _account(people: People, account: Account) -> Finding:
    if not account.known:
        return Finding("ok", "wechaty.held")
    return Finding("ok", "wechaty.account", {"name": (await people.contact(account.id)).name, "id": account.id})


async def _named(calls: Calls, people: People, named: set[str]) -> Mapping[str, str]:
    """Rooms that are known by their names: by that id the one of now, or the code of what is wrong."""
    if not named:
        return {}
    topics = {raw: (await people.room(raw)).topic for raw in await calls.rooms()}
    found = rooms_found(named, {}, topics)
    return {id_: raw for raw, id_ in found.ids.items()} | dict.fromkeys(found.several, "wechaty.room_twice")


async def _group(people: People, group: Kept, raw: str, account: Account, there: Collection[str]) -> Finding:
    try:
        room = await people.room(raw)
        inside = raw in there or account.id in await people.members(raw)
    except Rejected:
        inside = False
    except AdapterError as error:
        return _about(group, "warning", "wechaty.group_unknown", reason=str(error))
    if not inside:
        return _about(group, "error", "wechaty.not_in_room")
    wanting = dict.fromkeys(rule for need in KEEPERS_ALONE for rule in group.needs.get(need, ()))
    if wanting and _keeps(room, account) is False:
        return _about(group, "error", "wechaty.no_keeper", tuple(wanting))
    return _about(group, "ok", "wechaty.group_ok")


def _keeps(room: Room, account: Account) -> bool | None:
    """Whether the account owns or keeps a group; None where that is not told."""
    if not account.id or not room.owner:
        return None
    return account.id == room.owner or account.id in room.admins


def _id(group: Kept) -> str:
    return group.group.partition(":")[2]


def _about(group: Kept, level: Any, code: str, rules: tuple[str, ...] = (), **params: str) -> Finding:
    return Finding(level, code, params, group.group, rules)
