"""Asks the gateway for all that belongs to a message: itself, who is in it, the card that it carries."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from adapters.errors import Rejected
from adapters.wechaty.people import Contact, People, Room
from adapters.wechaty.reading.body import Body, By
from adapters.wechaty.reading.kinds import Sort, sort_of
from adapters.wechaty.reading.mentions import may_mention
from adapters.wechaty.reading.opening import opened
from adapters.wechaty.reading.told import Called, Posted
from adapters.wechaty.wire.calls import Calls

MANY = 20
"""Mentioned people from which on it is looked whether that is everybody: then puppets list the whole room."""
MOST = 100
"""Mentioned people who are asked for."""
LARGEST = 2_000
"""Members of a room whose names are asked for when a message names people by nothing else."""
AT_ONCE = 16

_SERVICES = frozenset(
    (
        *("filehelper", "weixin", "fmessage", "medianote", "floatbottle", "newsapp", "notifymessage", "qqmail"),
        *("tmessage", "qmessage", "mphelper", "weibo", "qqsync", "officialaccounts", "notification_messages"),
        *("brandsessionholder", "weixinreminder", "helper_entry", "lbsapp", "shakeapp", "blogapp", "masssendapp"),
    )
)
"""Accounts of WeChat's own, which talk to everybody and listen to nobody."""


class Fetching:
    """Puts messages together. ``account`` gives the id that is logged in. Raises adapter errors.

    ``echoed`` is told of the account's own messages: where they stand, their text where they are one, their id.
    """

    def __init__(
        self,
        people: People,
        calls: Callable[[], Calls],
        account: Callable[[], str | None],
        echoed: Callable[[str, str | None, str], None] = lambda place, text, id_: None,
    ) -> None:
        self._people = people
        self._calls = calls
        self._account = account
        self._echoed = echoed

    async def posted(self, id_: str) -> Posted | None:
        """A message with everything that belongs to it; None for what no person says to the account alone."""
        payload = await self._calls().message(id_)
        sort, text = sort_of(int(payload.type)), payload.text
        by = "" if payload.from_id in ("", payload.room_id) else payload.from_id
        own = by != "" and by == self._account()
        if own:
            self._echoed(payload.room_id or payload.to_id, text if sort is Sort.TEXT else None, id_)
        room = await self._people.room(payload.room_id) if payload.room_id else None
        body = opened(sort, text, payload.filename, author_of(by, room, own=own))
        author = await self._contact(by) if by else None
        if room is None and (author is None or own or _is_service(author)):
            return None
        ids = list(dict.fromkeys(payload.mention_ids))
        everybody = room is not None and len(ids) > MANY and await self._is_everybody(ids, by, room)
        nameless = _names_people(body) or (sort is Sort.TEXT and not (ids or own) and may_mention(body.text))
        return Posted(
            id=id_,
            sort=sort,
            at=payload.timestamp,
            author=author,
            body=body,
            room=room,
            name=await self._people.name_in(room.id, by) if room is not None and by else "",
            own=own,
            account=self._account() or "",
            mentioned=() if everybody else tuple(await self._called(ids[:MOST], room)),
            everybody=everybody,
            named=tuple(await self._named(body, room, by_name=nameless)),
            card=await self._card(id_, sort) if body.bare else None,
        )

    async def _contact(self, id_: str) -> Contact:
        try:
            return await self._people.contact(id_)
        except Rejected:  # somebody whom the puppet does not know has spoken all the same
            return Contact(id_)

    async def _is_everybody(self, ids: Sequence[str], by: str, room: Room) -> bool:
        return set(await self._people.members(room.id)) <= {*ids, by, self._account() or ""}

    async def _named(self, body: Body, room: Room | None, *, by_name: bool) -> list[Called]:
        ids = {person.id for person in body.people if person.id}
        if room is not None and by_name:
            members = await self._people.members(room.id)
            if len(members) <= LARGEST:
                ids.update(members)
        return await self._called(sorted(ids), room)

    async def _called(self, ids: Sequence[str], room: Room | None) -> list[Called]:
        slots = asyncio.Semaphore(AT_ONCE)

        async def ask(id_: str) -> Called:
            async with slots:
                alias = await self._people.name_in(room.id, id_) if room is not None else ""
                return Called(id_, await self._contact(id_), alias)

        return list(await asyncio.gather(*map(ask, ids)))

    async def _card(self, id_: str, sort: Sort) -> dict[str, Any] | Contact | None:
        calls = self._calls()
        try:
            if sort is Sort.CONTACT:
                return await self._contact(await calls.card_of(id_))
            if sort is Sort.MINI_PROGRAM:
                return await calls.mini_program(id_)
            return await calls.link_card(id_)
        except Rejected:  # the puppet cannot say; the message's own text may
            return None


def author_of(by: str, room: Room | None, *, own: bool) -> By:
    """Whom the puppet names as the author. Said alone, a line comes from whom it is about, and hides nothing."""
    if not by:
        return By.NOBODY
    return By.ACCOUNT if own or room is None else By.MEMBER


def _names_people(body: Body) -> bool:
    """Whether there are people in a line or a quote of whom only the names are known."""
    return any(not person.id for person in body.people)


def _is_service(contact: Contact) -> bool:
    return not contact.person or contact.id in _SERVICES or contact.id.startswith("gh_")
