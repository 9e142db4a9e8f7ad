"""Values of the control API: what is named in JSON, as the world's own objects."""

import base64
import binascii
import types
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin

from adapters.botapi.bots import Bot
from adapters.botapi.state import Chat, InviteLink, Message, Poll, User
from adapters.botapi.world import World


class Unreadable(ValueError):
    """A value that does not name what it should; the message says why."""


class Reader:
    """Reads JSON values as what a parameter's type says.

    People and chats are named by id, ``@username``, or name (in any case); a message by its number in the attribute
    ``chat``, or by the JSON that the API gave for it. Bytes are base64, moments ISO 8601 or Unix seconds.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.chat: Chat | None = None

    def read(self, value: Any, kind: Any) -> Any:
        """The value as ``kind``, a type or annotation. Raises ``Unreadable``."""
        if kind is Any or kind is object:
            return value
        origin = get_origin(kind)
        if origin in {Union, types.UnionType}:
            return self._one_of(value, get_args(kind))
        if origin is Literal:
            if value not in get_args(kind):
                raise Unreadable(f"one of {', '.join(map(repr, get_args(kind)))} is expected")
            return value
        if origin in {list, Iterable}:
            return self.read_all(value, *get_args(kind))
        if origin is dict:
            if not isinstance(value, dict):
                raise Unreadable("an object is expected")
            return value
        return self._single(value, kind)

    def read_all(self, value: Any, kind: Any) -> list[Any]:
        """A list of values that are each a ``kind``. Raises ``Unreadable``."""
        if not isinstance(value, list):
            raise Unreadable("a list is expected")
        return [self.read(each, kind) for each in value]

    def _one_of(self, value: Any, kinds: tuple[Any, ...]) -> Any:
        if value is None and type(None) in kinds:
            return None
        reasons = []
        for kind in kinds:
            if kind is type(None):
                continue
            try:
                return self.read(value, kind)
            except Unreadable as error:
                reasons.append(str(error))
        raise Unreadable("; or ".join(dict.fromkeys(reasons)))

    def _single(self, value: Any, kind: Any) -> Any:
        if kind is User:
            return self.user(value)
        if kind is Chat:
            return self.chat_named(value)
        if kind is Message:
            return self.message(value)
        if kind is Bot:
            return self.bot(value)
        if kind is bytes:
            return _bytes(value)
        if kind is datetime:
            return _moment(value)
        if kind is InviteLink:
            return self._link(value)
        if kind is Poll:
            return self._poll(value)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if kind in {str, int, float, bool}:
            if type(value) is not kind:
                names = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
                raise Unreadable(f"{names[kind]} is expected")
            return value
        raise Unreadable(f"a {getattr(kind, '__name__', kind)} cannot be given in JSON")

    # -- who and what is named

    def user(self, value: Any) -> User:
        """The person or bot named."""
        if isinstance(value, dict):
            value = value.get("id")
        number = _number(value)
        users = self.world.users
        if number is not None and number in users:
            return users[number]
        if isinstance(value, str):
            name = value.removeprefix("@").casefold()
            if not value.startswith("@"):
                called = [user for user in users.values() if user.first_name.casefold() == name]
                if len(called) > 1:
                    raise Unreadable(f"{len(called)} people are called {value!r}: name one by id or @username")
                if called:
                    return called[0]
            if name in self.world.usernames and self.world.usernames[name] in users:
                return users[self.world.usernames[name]]
        raise Unreadable(f"there is nobody {value!r}")

    def chat_named(self, value: Any) -> Chat:
        """The chat named; ``{"user": ..., "bot": ...}`` is the private chat of the two."""
        if isinstance(value, dict) and "user" in value:
            return self.world.private(self.bot(value.get("bot")), self.user(value["user"]))
        if isinstance(value, dict):
            value = value.get("id")
        chats = self.world.chats
        number = _number(value)
        if number is not None and number in chats:
            return chats[number]
        if isinstance(value, str):
            name = value.removeprefix("@").casefold()
            if self.world.usernames.get(name) in chats:
                return chats[self.world.usernames[name]]
            titled = [chat for chat in chats.values() if chat.title.casefold() == value.casefold()]
            if len(titled) > 1:
                raise Unreadable(f"{len(titled)} chats are called {value!r}: name one by id")
            if titled:
                return titled[0]
        raise Unreadable(f"there is no chat {value!r}")

    def message(self, value: Any) -> Message:
        """The message named."""
        chat = self.chat
        if isinstance(value, dict):
            if "chat" in value:
                chat = self.chat_named(value["chat"])
            value = value.get("message_id")
        if chat is None:
            raise Unreadable('its chat is missing: give "chat" too')
        number = _number(value)
        found = None if number is None else chat.messages.get(number)
        if found is None:
            raise Unreadable(f"there is no message {value!r} in {chat.title or 'the private chat'}")
        return found

    def bot(self, value: Any) -> Bot:
        """The bot named; None is the only one."""
        if value is None:
            if len(self.world.bots) != 1:
                raise Unreadable(f"there are {len(self.world.bots)} bots: say which")
            return next(iter(self.world.bots.values()))
        if isinstance(value, str) and value in self.world.bots:
            return self.world.bots[value]
        found = self.world.bots_by_id.get(self.user(value).id)
        if found is None:
            raise Unreadable(f"{value!r} is no bot")
        return found

    def _link(self, value: Any) -> InviteLink:
        url = value.get("invite_link") if isinstance(value, dict) else value
        for chat in self.world.chats.values():
            for link in chat.links.values():
                if link.url == url:
                    return link
        raise Unreadable(f"there is no invite link {url!r}")

    def _poll(self, value: Any) -> Poll:
        number = value.get("id") if isinstance(value, dict) else value
        if not isinstance(number, str) or number not in self.world.polls:
            raise Unreadable(f"there is no poll {value!r}")
        return self.world.polls[number]


def _number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Unreadable("bytes are given as text in base64") from None


def _moment(value: Any) -> datetime:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable("a moment is given like 2026-03-02T09:00:00Z, or in Unix seconds") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
