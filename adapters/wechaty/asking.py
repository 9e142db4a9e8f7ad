"""Asks the gateway for all that belongs to an event: who came, who went, who asks for what."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from adapters.errors import Rejected
from adapters.wechaty.fetching import Fetching
from adapters.wechaty.link import Heard
from adapters.wechaty.people import Contact, People, Room
from adapters.wechaty.reading.told import Asked, Came, Told, Went
from adapters.wechaty.wire.calls import Calls


class Asking:
    """See above. ``moved_itself`` is told of a room (raw id) that the account itself came into or left."""

    def __init__(
        self,
        people: People,
        calls: Callable[[], Calls],
        account: Callable[[], str | None],
        fetching: Fetching,
        moved_itself: Callable[[str], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._people = people
        self._calls = calls
        self._account = account
        self._fetching = fetching
        self._moved_itself = moved_itself
        self._now = now

    async def told(self, heard: Heard) -> Told | None:
        """What was heard, with what belongs to it; None where it is nothing. Raises adapter errors."""
        data = heard.data
        match heard.kind:
            case "message":
                return await self._fetching.posted(str(data["messageId"]))
            case "room_join":
                room, people, inviter = await self._moved(data, "inviteeIdList", "inviterId")
                return Came(room, people, inviter, self._time(data))
            case "room_leave":
                room, people, remover = await self._moved(data, "removeeIdList", "removerId")
                return Went(room, people, remover, self._time(data))
            case "friendship":
                request = str(data["friendshipId"])
                friendship = await self._calls().friendship(request)
                self._people.forget_contact(friendship.contact_id)
                if int(friendship.type) in (1, 3):  # confirm, verify: no request, but says its words once more
                    return None
                person = await self._people.contact(friendship.contact_id)
                return Asked("friendship", request, person, friendship.hello, self._time(data))
            case "room_invite":
                request = str(data["roomInvitationId"])
                invitation = await self._calls().invitation(request)
                person = await self._people.contact(invitation.inviter_id)
                return Asked("invitation", request, person, invitation.topic, invitation.timestamp or self._time(data))
        return None

    async def _moved(
        self, data: dict[str, Any], whom: str, by: str
    ) -> tuple[Room, tuple[Contact, ...], Contact | None]:
        """The room that people came into or left, they, and who let them in or out. The account itself is not told."""
        raw, ids = str(data["roomId"]), [str(id_) for id_ in data.get(whom) or ()]
        self._people.forget_room(raw)
        if self._account() in ids:
            await self._moved_itself(raw)
        mover = str(data.get(by) or "")
        people = await asyncio.gather(*(self._person(id_) for id_ in ids if id_ != self._account()))
        return await self._people.room(raw), tuple(people), await self._person(mover) if mover else None

    async def _person(self, id_: str) -> Contact:
        try:
            return await self._people.contact(id_)
        except Rejected:  # who has left may be known no longer
            return Contact(id_)

    def _time(self, data: dict[str, Any]) -> int:
        told = data.get("timestamp")
        return int(told) if isinstance(told, (int, float)) and told > 0 else int(self._now().timestamp())
