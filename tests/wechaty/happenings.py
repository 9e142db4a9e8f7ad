"""What happens on a made-up WeChat: messages, people and rooms."""

import base64
from abc import abstractmethod
from collections.abc import Awaitable, Sequence
from typing import Any

from tests.wechaty.deeds import ROOM

# Wechaty's numbers of kinds of messages, as they are on the wire.
FILE, AUDIO, CONTACT, HISTORY, EMOTICON, IMAGE, TEXT, LOCATION, MINI_PROGRAM = 1, 2, 3, 4, 5, 6, 7, 8, 9
NOTE, TRANSFER, RED_ENVELOPE, RECALLED, LINK, VIDEO = 10, 11, 12, 13, 14, 15


class Happenings:
    """Messages, people, rooms and requests; each has happened when it returns."""

    @abstractmethod
    def _ask(self, op: str, **command: Any) -> Awaitable[dict[str, Any]]: ...


class Messages(Happenings):
    """What people say; each returns the message's id.

    `alone`: to the account in private. `at`: Unix seconds; `seconds`: as puppets that give times in s, not ms.
    `heard=False`: it is there, but its event was lost.
    """

    async def say(
        self,
        who: str,
        text: str,
        *,
        room: str = ROOM,
        mentions: Sequence[str] = (),
        listed: bool = True,
        alone: bool = False,
        at: float | None = None,
        seconds: bool = False,
        heard: bool = True,
    ) -> str:
        """A text; "@Name" of each in `mentions` is put before it. `listed=False`: the puppet gives no ids of them."""
        return await self._message(
            "say", who=who, text=text, room=room, mentions=list(mentions), listed=listed, alone=alone,
            at=at, seconds=seconds, heard=heard,
        )  # fmt: skip

    async def burst(
        self, who: str, count: int, *, room: str = ROOM, text: str = "message", alone: bool = False
    ) -> list[str]:
        """`count` texts at once: "message 1", "message 2", ..."""
        told = await self._ask("burst", who=who, count=count, room=room, text=text, alone=alone)
        ids: list[str] = told["messages"]
        return ids

    async def image(
        self, who: str, data: bytes, *, name: str = "picture.png", room: str = ROOM, alone: bool = False
    ) -> str:
        return await self.raw(who, IMAGE, thing=_file(name, data), room=room, alone=alone)

    async def file(
        self, who: str, data: bytes, *, name: str = "paper.pdf", room: str = ROOM, alone: bool = False
    ) -> str:
        return await self.raw(who, FILE, text=name, filename=name, thing=_file(name, data), room=room, alone=alone)

    async def link(
        self, who: str, title: str, url: str, *, description: str = "", room: str = ROOM, alone: bool = False
    ) -> str:
        """A card with a link."""
        thing = {"title": title, "url": url, "description": description}
        return await self.raw(who, LINK, thing=thing, room=room, alone=alone)

    async def mini_program(self, who: str, title: str, *, room: str = ROOM, alone: bool = False, **more: str) -> str:
        """A card of a mini program; `more` are other fields of its payload: appid, description, pagePath, username."""
        return await self.raw(who, MINI_PROGRAM, thing={"title": title, **more}, room=room, alone=alone)

    async def card(self, who: str, contact: str, *, room: str = ROOM, alone: bool = False) -> str:
        """Somebody's visiting card."""
        return await self.raw(who, CONTACT, thing={"contact": contact}, room=room, alone=alone)

    async def raw(
        self,
        who: str,
        kind: int,
        *,
        text: str = "",
        room: str = ROOM,
        alone: bool = False,
        mentions: Sequence[str] = (),
        filename: str = "",
        thing: dict[str, Any] | None = None,
        message_id: str | None = None,
        at: float | None = None,
        seconds: bool = False,
        heard: bool = True,
    ) -> str:
        """A message of any kind, with the text or XML that a puppet gives of it; `who` may be `bot`."""
        return await self._message(
            "send", who=who, type=kind, text=text, room=room, alone=alone, mentions=list(mentions), filename=filename,
            thing=thing, message_id=message_id, at=at, seconds=seconds, heard=heard,
        )  # fmt: skip

    async def recall(self, message: str) -> str:
        """Its author takes a message back: a message of kind RECALLED comes whose text is the id."""
        return await self._message("recall", message=message)

    async def again(self, message: str) -> None:
        """The event of a message comes once more."""
        await self._ask("again", message=message)

    async def _message(self, op: str, **command: Any) -> str:
        return str((await self._ask(op, **command))["message"])


class Life(Happenings):
    """What becomes of people and rooms. `told=False`: it happened, but its event was lost."""

    async def join(self, who: str, *, room: str = ROOM, by: str = "ann", told: bool = True) -> None:
        await self._ask("join", who=who, room=room, by=by, told=told)

    async def leave(self, who: str, *, room: str = ROOM, by: str | None = None, told: bool = True) -> None:
        """Somebody leaves, or is removed `by` another."""
        await self._ask("leave", who=who, room=room, by=by or who, told=told)

    async def rename(self, topic: str, *, room: str = ROOM, by: str = "ann") -> None:
        await self._ask("rename", room=room, topic=topic, by=by)

    async def owner(self, who: str, *, room: str = ROOM) -> None:
        """The room belongs to `who`: where that is not `bot`, the bot can neither remove nor announce."""
        await self._ask("owner", room=room, who=who)

    async def alias(self, who: str, alias: str, *, room: str = ROOM) -> None:
        """Somebody's name in one room."""
        await self._ask("alias", room=room, who=who, alias=alias)

    async def new_contact(self, who: str, name: str, *, friend: bool = False) -> None:
        await self._ask("new_contact", who=who, name=name, friend=friend)

    async def new_room(self, room: str, topic: str, members: Sequence[str], *, owner: str = "bot") -> None:
        """A room that is there, without an event; its id should end in @chatroom."""
        await self._ask("new_room", room=room, topic=topic, members=list(members), owner=owner)

    async def rename_contact(self, who: str, name: str) -> None:
        await self._ask("contact", who=who, name=name)

    async def contact_type(self, who: str, number: int) -> None:
        """What sort of account somebody's is: 1 a person's, 2 an official one, 3 a person's of WeCom."""
        await self._ask("contact", who=who, type=number)

    async def befriend(self, who: str, friend: bool = True) -> None:
        """Whether somebody is a friend of the account: only friends can be written to and added to rooms."""
        await self._ask("contact", who=who, friend=friend)

    async def change_ids(self) -> None:
        """As wechat4u at a new login: logout, everybody and every room has another id, old messages are gone, login."""
        await self._ask("renumber")

    async def friend_request(self, who: str, hello: str = "") -> str:
        """Somebody asks for friendship; returns the request's id. Accepted, they are a friend; an event confirms it."""
        return str((await self._ask("friend_request", who=who, hello=hello))["friendship"])

    async def room_invitation(self, who: str, room: str = "r9@chatroom", topic: str = "Elsewhere") -> str:
        """Somebody invites the account; returns the invitation's id. Accepted, the account joins the room."""
        return str((await self._ask("room_invitation", who=who, room=room, topic=topic))["invitation"])


def _file(name: str, data: bytes) -> dict[str, str]:
    return {"name": name, "base64": base64.b64encode(data).decode()}
