"""Beginning things: people, chats, links between them."""

from collections.abc import Iterable

from adapters.botapi.bots import Bot
from adapters.botapi.content import ONE_PIXEL, photo_sizes
from adapters.botapi.errors import NotAllowed
from adapters.botapi.membership import change
from adapters.botapi.methods.forum import new_topic, set_closed
from adapters.botapi.methods.joining import new_link
from adapters.botapi.people.base import Hands
from adapters.botapi.rights import MODERATOR, checked
from adapters.botapi.state import Chat, InviteLink, Topic, User


class Founding(Hands):
    """New people, groups, channels, topics and invite links, and bots in them."""

    def person(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002 - the field's name
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        bio: str | None = None,
        is_premium: bool = False,
        photo: bytes | None = None,
    ) -> User:
        """Somebody new."""
        user = self.world.add_user(
            first_name,
            id=id,
            last_name=last_name,
            username=username,
            language_code=language_code,
            bio=bio,
            is_premium=is_premium,
        )
        if photo is not None:
            user.photos.insert(0, photo_sizes(self.world, photo or ONE_PIXEL))
        return user

    def group(
        self,
        title: str,
        owner: User | None = None,
        *,
        kind: str = "supergroup",
        forum: bool = False,
        username: str | None = None,
        members: Iterable[User] = (),
        id: int | None = None,  # noqa: A002
    ) -> Chat:
        """A new group with its owner; ``members`` are in it already, and nobody is told."""
        chat = self.world.add_chat(title, kind, id=id, username=username, is_forum=forum)
        who = owner or self.world.add_user("Olga", last_name="Owner")
        change(self.world, chat, who, who, "creator")
        for member in members:
            change(self.world, chat, member, member, "member")
        return chat

    def channel(self, title: str, owner: User | None = None, *, username: str | None = None) -> Chat:
        """A new channel with its owner."""
        return self.group(title, owner, kind="channel", username=username)

    def link_channel(self, channel: Chat, group: Chat) -> None:
        """Make a group the place where a channel's posts are discussed."""
        channel.linked, group.linked = group.id, channel.id

    def add_bot_to(
        self, chat: Chat, bot: Bot, *, rights: Iterable[str] | None = MODERATOR, by: User | None = None
    ) -> None:
        """Put a bot into a chat: an administrator with these rights, or with None a plain member."""
        who = by or self._owner(chat)
        present = self.world.member(chat, bot.user).present
        if rights is not None:
            change(self.world, chat, bot.user, who, "administrator", rights=checked(rights))
        elif not present:
            change(self.world, chat, bot.user, who, "member")
        if not present and chat.kind != "channel":
            self.world.serve(chat, {"new_chat_members": [bot.user.json]}, who)

    def topic(self, chat: Chat, name: str, by: User | None = None) -> Topic:
        """Begin a topic in a forum."""
        if not chat.is_forum:
            raise NotAllowed(f"{chat.title} has no topics")
        return new_topic(self.world, chat, name, by or self._owner(chat))

    def close_topic(self, chat: Chat, topic: int, by: User | None = None) -> None:
        """Close a topic."""
        self._set_closed(chat, topic, by, closed=True)

    def reopen_topic(self, chat: Chat, topic: int, by: User | None = None) -> None:
        """Open a topic again."""
        self._set_closed(chat, topic, by, closed=False)

    def _set_closed(self, chat: Chat, topic: int, by: User | None, *, closed: bool) -> None:
        found = chat.topics.get(topic)
        if found is None or found.closed == closed:
            raise NotAllowed(f"there is no {'open' if closed else 'closed'} topic {topic} in {chat.title}")
        set_closed(self.world, chat, found, by or self._owner(chat), closed=closed)

    def invite_link(
        self, chat: Chat, by: User | None = None, *, name: str | None = None, by_request: bool = False
    ) -> InviteLink:
        """A new invite link; with ``by_request`` people who follow it have to be let in."""
        return new_link(self.world, chat, by or self._owner(chat), name=name, by_request=by_request)
