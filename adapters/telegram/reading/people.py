"""Who speaks or acts: people, channels, groups that speak as themselves."""

from typing import Any

from adapters.telegram.ids import STAND_INS
from adapters.telegram.reading.known import Known
from adapters.telegram.reading.values import Json, mapping, number, words
from rules.values import Group, Member, PlatformRole


class People:
    """Makes members and groups of what Telegram says of them, with ids that begin with the platform's name."""

    __slots__ = ("known", "name")

    def __init__(self, name: str, known: Known) -> None:
        self.name = name
        self.known = known

    def group(self, chat: Json) -> Group:
        """The place of an event; a talk with one person is named by that person."""
        id_ = f"{self.name}:{number(chat['id'])}"
        if chat["type"] == "private":
            return Group(id_, full_name(chat), "private")
        return Group(id_, words(chat.get("title")))

    def author(self, x: Json, chat: Json) -> Member:
        """Who wrote a message. Who speaks as a channel or as the group is that chat, whatever ``from`` says."""
        speaker = x.get("sender_chat")
        if speaker is not None:
            return self._speaking(mapping(speaker), chat, x)
        user = x.get("from")
        if user is None:
            return self.chat(chat, PlatformRole.GROUP)
        # What members write beside their names in a group is looked at like what they write about themselves.
        return self.user(mapping(user), chat, words(x.get("sender_tag")) or None)

    def user(self, user: Json, chat: Json, bio: str | None = None) -> Member:
        """A person or bot. Telegram's own stand-ins are nobody who could be acted on."""
        id_ = number(user["id"])
        if id_ in STAND_INS:
            return self.chat(chat, PlatformRole.GROUP)
        return Member(
            f"{self.name}:{id_}",
            full_name(user),
            words(user.get("username")) or None,
            user.get("is_bot") is True,
            self.known.role(chat["id"], id_),
            bio,
        )

    def chat(self, chat: Json, role: PlatformRole = PlatformRole.MEMBER, name: str = "") -> Member:
        """A channel or a group that speaks."""
        return Member(
            f"{self.name}:{number(chat['id'])}",
            name or words(chat.get("title")) or full_name(chat),
            words(chat.get("username")) or None,
            role=role,
            is_chat=True,
        )

    def _speaking(self, speaker: Json, chat: Json, x: Json) -> Member:
        here, id_ = chat["id"], speaker["id"]
        if id_ == here:
            return self.chat(speaker, PlatformRole.GROUP, words(x.get("author_signature")))
        if x.get("is_automatic_forward") is True:
            self.known.links(here, id_)
            return self.chat(speaker, PlatformRole.GROUP)
        if self.known.is_linked(here, id_):
            return self.chat(speaker, PlatformRole.GROUP)
        return self.chat(speaker)


def full_name(user: Json) -> str:
    """First and last name as Telegram shows them."""
    first, last = words(user.get("first_name")), words(user.get("last_name"))
    return f"{first} {last}".strip() if last else first


def qualified(name: str, id_: Any) -> str | None:
    """An id with the platform's name before it, where there is one."""
    return f"{name}:{id_}" if type(id_) is int else None
