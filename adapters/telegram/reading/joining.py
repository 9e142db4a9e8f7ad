"""Who came and who went. Telegram tells of it up to twice: as a change of standing, and as a message in the chat."""

from typing import Any

from adapters.telegram.reading.people import People
from adapters.telegram.reading.twice import Twice
from adapters.telegram.reading.values import Json, mapping, moment, number, objects, words
from rules.events import Event, MemberJoined, MemberLeft
from rules.values import Member


class Comings:
    """Makes one event of the two tellings of a coming or going: the first counts, whichever it is."""

    def __init__(self, people: People, bot_id: int, twice: Twice) -> None:
        self._people = people
        self._bot = bot_id
        self._twice = twice

    def changed(self, x: Json, update: int) -> tuple[Event, ...]:
        """A ``chat_member`` update: a join, a leave, or neither."""
        before, after = mapping(x["old_chat_member"]), mapping(x["new_chat_member"])
        user, chat = mapping(after["user"]), mapping(x["chat"])
        self._people.known.changed(number(chat["id"]), number(user["id"]), words(after["status"]))
        was, is_ = _is_in(before), _is_in(after)
        if was is is_ or chat["type"] not in ("group", "supergroup") or user["id"] == self._bot:
            return ()
        if not is_:
            return self._left(x, user, "standing", update)
        approved = x.get("via_join_request") is True
        return self._joined(x, user, _source(x), "standing", update, invited=not approved)

    def told(self, x: Json, update: int) -> tuple[Event, ...]:
        """A message in the chat that says who came or went."""
        found: tuple[Event, ...] = ()
        for user in objects(x.get("new_chat_members")):
            if user["id"] != self._bot:
                found += self._joined(x, user, None, "message", update)
        gone = x.get("left_chat_member")
        if type(gone) is dict and gone["id"] != self._bot:
            found += self._left(x, gone, "message", update)
        return found

    def _joined(
        self, x: Json, user: Json, source: str | None, way: str, update: int, *, invited: bool = True
    ) -> tuple[Event, ...]:
        key = self._key("join", x, user)
        if self._twice.is_second(key, way, x["date"], update):
            return ()
        group, member = self._people.group(x["chat"]), self._people.user(user, x["chat"])
        inviter = self._actor(x, user) if invited else None
        return (MemberJoined(self._id(*key, x["date"]), group, moment(x["date"]), member, inviter, source),)

    def _left(self, x: Json, user: Json, way: str, update: int) -> tuple[Event, ...]:
        key = self._key("leave", x, user)
        if self._twice.is_second(key, way, x["date"], update):
            return ()
        group, member = self._people.group(x["chat"]), self._people.user(user, x["chat"])
        at = moment(x["date"])
        return (MemberLeft(self._id(*key, x["date"]), group, at, member, self._actor(x, user)),)

    def _key(self, kind: str, x: Json, user: Json) -> tuple[str, int, int]:
        number(x["date"])
        return kind, number(mapping(x["chat"])["id"]), number(user["id"])

    def _id(self, kind: str, chat: int, user: int, date: int) -> str:
        return f"{self._people.name}:{kind}/{chat}/{user}/{date}"

    def _actor(self, x: Json, user: Json) -> Member | None:
        """Who did it, where it was not the one whom it is about."""
        by: Any = x.get("from")
        return self._people.user(by, x["chat"]) if type(by) is dict and by["id"] != user["id"] else None


def _is_in(x: Json) -> bool:
    status = x["status"]
    return status in ("creator", "administrator", "member") or (status == "restricted" and x.get("is_member") is True)


def link_name(x: Json) -> str | None:
    """The name of the invitation link that was used, or that it was one without a name."""
    link = x.get("invite_link")
    return words(link.get("name")) or "link" if type(link) is dict else None


def _source(x: Json) -> str | None:
    """How somebody came in."""
    name = link_name(x)
    if name not in (None, "link"):
        return name
    if x.get("via_join_request") is True:
        return "request"
    if x.get("via_chat_folder_invite_link") is True:
        return "folder"
    return name
