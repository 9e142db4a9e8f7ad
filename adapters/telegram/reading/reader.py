"""An update, as decoded JSON, as events of ours."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from adapters.telegram.reading.joining import Comings, link_name
from adapters.telegram.reading.known import Known
from adapters.telegram.reading.message import message_of
from adapters.telegram.reading.people import People
from adapters.telegram.reading.reactions import reaction
from adapters.telegram.reading.twice import Twice
from adapters.telegram.reading.values import Json, mapping, moment, number, words
from rules.events import ButtonPressed, Event, JoinRequested, MessageEdited, MessagePosted

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "chat_member",
    "my_chat_member",
    "chat_join_request",
    "message_reaction",
    "poll_answer",
)
"""What Telegram is asked to tell: left to itself, it tells neither of who comes nor of reactions."""

_GROUPS = ("group", "supergroup")
_TALKS = (*_GROUPS, "private")


class Told(Struct, frozen=True):
    """What an update says: events; that a group has another id (``migrated``: the old and the new, qualified); that
    what the bot may do in a group has changed (``standing``: its qualified id)."""

    events: tuple[Event, ...] = ()
    migrated: tuple[str, str] | None = None
    standing: str | None = None


_NOTHING = Told()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - who has a clock of their own gives it to the reader


class Reader:
    """Reads the updates of one bot.

    ``now`` is asked for presses of buttons alone, the one thing that Telegram tells without a time. ``known`` is what
    the adapter found out about the groups by asking.
    """

    def __init__(
        self,
        name: str,
        bot_id: int,
        *,
        now: Callable[[], datetime] = _now,
        known: Known | None = None,
    ) -> None:
        self.name = name
        self.known = Known() if known is None else known
        self._bot = bot_id
        self._now = now
        self._people = People(name, self.known)
        self._twice = Twice()
        self._comings = Comings(self._people, bot_id, self._twice)
        self._readers: dict[str, Callable[[Json, int], Told]] = {
            "message": self._message,
            "edited_message": self._edited,
            "callback_query": self._press,
            "chat_member": self._member,
            "my_chat_member": self._standing,
            "chat_join_request": self._request,
            "message_reaction": self._reaction,
        }

    def read(self, update: dict[str, Any]) -> Told:
        """What an update says; nothing where it is of no interest. Raises where it cannot be read, whatever fits."""
        for key, reader in self._readers.items():
            if key in update:
                return reader(mapping(update[key]), number(update["update_id"]))
        number(update["update_id"])
        return _NOTHING

    def _message(self, x: Json, update: int) -> Told:
        chat = mapping(x["chat"])
        if chat["type"] not in _TALKS:
            return _NOTHING
        if "new_chat_members" in x or "left_chat_member" in x:
            return Told(self._comings.told(x, update))
        if "migrate_to_chat_id" in x:
            return self._moved(chat["id"], x["migrate_to_chat_id"], "to", x, update)
        if "migrate_from_chat_id" in x:
            return self._moved(x["migrate_from_chat_id"], chat["id"], "from", x, update)
        if self._is_own(x):
            return _NOTHING
        at = moment(x["date"])
        message = message_of(x, at, self._people)
        if message is None:
            return _NOTHING
        return Told((MessagePosted(self._id(update), self._people.group(chat), at, message),))

    def _edited(self, x: Json, update: int) -> Told:
        chat = mapping(x["chat"])
        if chat["type"] not in _TALKS or self._is_own(x) or ("location" in x and "venue" not in x):
            return _NOTHING  # a live location moves on all the time
        at = moment(x["edit_date"] if "edit_date" in x else x["date"])
        message = message_of(x, at, self._people)
        if message is None:
            return _NOTHING
        return Told((MessageEdited(self._id(update), self._people.group(chat), at, message),))

    def _press(self, x: Json, update: int) -> Told:
        below = x.get("message")
        data = words(x.get("data"))
        if type(below) is not dict or not data:
            return _NOTHING  # below a message that was sent through inline mode, or a game's
        chat = mapping(below["chat"])
        if chat["type"] not in _TALKS:
            return _NOTHING
        press = ButtonPressed(
            self._id(update),
            self._people.group(chat),
            self._now(),
            self._people.user(mapping(x["from"]), chat),
            data,
            f"{self.name}:{chat['id']}/{number(below['message_id'])}",
            words(x["id"]),
        )
        return Told((press,))

    def _member(self, x: Json, update: int) -> Told:
        return Told(self._comings.changed(x, update))

    def _standing(self, x: Json, update: int) -> Told:
        chat, after = mapping(x["chat"]), mapping(x["new_chat_member"])
        if chat["type"] not in _GROUPS:
            return _NOTHING
        self.known.changed(number(chat["id"]), self._bot, words(after["status"]))
        return Told(standing=f"{self.name}:{chat['id']}")

    def _request(self, x: Json, update: int) -> Told:
        chat = mapping(x["chat"])
        if chat["type"] not in _GROUPS:
            return _NOTHING
        member = self._people.user(mapping(x["from"]), chat, words(x.get("bio")) or None)
        group, at = self._people.group(chat), moment(x["date"])
        return Told((JoinRequested(self._id(update), group, at, member, source=link_name(x)),))

    def _reaction(self, x: Json, update: int) -> Told:
        event = reaction(x, self._id(update), self._people)
        return _NOTHING if event is None else Told((event,))

    def _moved(self, old: Any, new: Any, way: str, x: Json, update: int) -> Told:
        old, new = number(old), number(new)
        if self._twice.is_second(("moved", old, new), way, number(x["date"]), update):
            return _NOTHING
        self.known.moved(old, new)
        return Told(migrated=(f"{self.name}:{old}", f"{self.name}:{new}"))

    def _is_own(self, x: Json) -> bool:
        user = x.get("from")
        return type(user) is dict and user.get("id") == self._bot

    def _id(self, update: int) -> str:
        return f"{self.name}:update-{update}"
