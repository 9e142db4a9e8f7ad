"""One request to the Bot API: its parameters, read as the real server reads them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.botapi.bots import Bot
from adapters.botapi.errors import ApiError, bad_request, forbidden
from adapters.botapi.state import Chat, Json, Member, Message, User
from adapters.botapi.world import World

_TRUE = frozenset({"true", "yes", "1"})


def whole_number(value: Any) -> int | None:
    """As a whole number; None where it is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


@dataclass(slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    data: bytes
    mime: str = "application/octet-stream"


@dataclass(slots=True)
class Call:
    """A request in the name of a bot.

    Parameters come as JSON values or as text (urlencoded and multipart requests, where lists and objects are JSON in
    text); the readers take both.
    """

    world: World
    bot: Bot
    method: str
    params: Json
    files: dict[str, Upload] = field(default_factory=dict)

    # -- reading parameters

    def text(self, name: str, default: str = "") -> str:
        """A text; ``default`` when it is absent."""
        value = self.params.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int | None = None) -> int | None:
        """A whole number; ``default`` when it is absent or is none, as the real server does."""
        found = whole_number(self.params.get(name))
        return default if found is None else found

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self.params.get(name)
        if isinstance(value, str):
            return value.lower() in _TRUE
        return bool(value)

    def structure(self, name: str) -> Any:
        """A list or object; None when it is absent."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def mapping(self, name: str) -> Json | None:
        """An object; None when it is absent."""
        value = self.structure(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an Object")
        return value

    def identifiers(self, name: str) -> list[int]:
        """A list of message ids; 400 where it is absent, empty, or holds anything else."""
        found = self.structure(name)
        if not isinstance(found, list) or not found:
            raise bad_request("message identifiers are not specified")
        return [self.identifier(one) for one in found]

    def identifier(self, value: Any) -> int:
        """A message id in a list or object; 400 where it is none."""
        found = whole_number(value)
        if found is None:
            raise bad_request("can't parse message identifier as Number")
        return found

    def objects(self, values: Any, kind: str) -> list[Json]:
        """A list of objects of this ``kind``; 400 where it or one of them is none."""
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            raise bad_request(f"can't parse {kind}: expected an Object")
        return values

    def moment(self, name: str) -> datetime | None:
        """Unix time as a moment; None when absent, 0 or beyond all dates."""
        value = self.integer(name, 0)
        if not value or value <= 0:
            return None
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    # -- finding what they name

    def find_chat(self, value: object) -> Chat:
        """The chat with this id or ``@username``, whether or not the bot is in it."""
        if value is None or value == "":
            raise bad_request("chat_id is empty")
        if isinstance(value, str) and value.startswith("@"):
            number = self.world.usernames.get(value[1:].lower())
        else:
            number = whole_number(value)
        if number is None:
            raise bad_request("chat not found")
        chat = self.world.chats.get(number)
        if chat is not None:
            return chat
        user = self.world.users.get(number)
        if user is None or number < 0:
            raise bad_request("chat not found")
        return self.world.private(self.bot, user)

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat that the request is about, which the bot must be able to see."""
        chat = self.find_chat(self.params.get(name))
        if chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if chat.kind != "private":
            self.own(chat)
        return chat

    def own(self, chat: Chat) -> Member:
        """The bot's own standing; the errors 403 where it is not in the chat."""
        member = self.world.member(chat, self.bot.user)
        if not member.present:
            if member.status == "kicked":
                raise forbidden(f"bot was kicked from the {chat.kind} chat")
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return member

    def needs(self, chat: Chat, right: str, otherwise: str) -> None:
        """The error 400 ``otherwise`` unless the bot is an administrator with this right."""
        member = self.own(chat)
        if member.status != "creator" and (member.status != "administrator" or right not in member.rights):
            raise bad_request(otherwise)

    def user(self, name: str = "user_id") -> User:
        """The user named; 400 where there is none such."""
        number = self.integer(name)
        if number is None:
            raise bad_request(f"invalid {name} specified")
        found = self.world.users.get(number)
        if found is None:
            raise bad_request("PARTICIPANT_ID_INVALID" if name == "user_id" else "user not found")
        return found

    def message(self, chat: Chat, otherwise: str, name: str = "message_id") -> Message:
        """The message named; 400 ``otherwise`` where there is none."""
        number = self.integer(name)
        if number is None:
            raise bad_request("message identifier is not specified")
        found = chat.messages.get(number)
        if found is None:
            raise bad_request(otherwise)
        return found

    def may_write_to(self, chat: Chat, permission: str = "can_send_messages", named: str = "text messages") -> None:
        """The errors 400 and 403 where the bot may not send this there."""
        if chat.kind == "private":
            self._may_write_privately(chat)
            return
        member = self.own(chat)
        if chat.kind == "channel":
            if "can_post_messages" not in member.rights:
                raise bad_request("need administrator rights in the channel chat")
            return
        if member.status in {"administrator", "creator"}:
            return
        allowed = chat.permissions if member.status == "member" else member.allowed & chat.permissions
        if permission not in allowed:
            raise bad_request(f"not enough rights to send {named} to the chat")

    def _may_write_privately(self, chat: Chat) -> None:
        person = chat.user
        if person is None:
            raise bad_request("chat not found")
        if person.deleted:
            raise forbidden("user is deactivated")
        if person.id in self.bot.blocked_by:
            raise forbidden("bot was blocked by the user")
        if person.is_bot:
            raise forbidden("bot can't send messages to bots")
        if person.id in self.bot.started_by:
            return
        until = self.bot.may_write.get(person.id)
        if until is None or until < self.world.now():
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
