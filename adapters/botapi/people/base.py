"""What all that people do has in common: whether they may."""

from adapters.botapi.bots import Bot
from adapters.botapi.errors import NotAllowed
from adapters.botapi.state import Chat, Member, Message, User
from adapters.botapi.world import World


class Hands:
    """The world, and the questions that come before every act."""

    def __init__(self, world: World) -> None:
        self.world = world

    def _place(self, user: User, where: Chat | Bot) -> Chat:
        """Where something is said: a chat, or in private with a bot."""
        return self.world.private(where, user) if isinstance(where, Bot) else where

    def _owner(self, chat: Chat) -> User:
        for member in chat.members.values():
            if member.status == "creator":
                return member.user
        raise NotAllowed(f"{chat.title} has no owner")

    def _staff(self, chat: Chat, who: User, right: str) -> Member:
        """The standing of an administrator who has this right. Raises ``NotAllowed``."""
        member = self.world.member(chat, who)
        if member.status == "creator" or (member.status == "administrator" and right in member.rights):
            return member
        raise NotAllowed(f"{who.first_name} lacks {right} in {chat.title}")

    def _may_post(self, user: User, chat: Chat, permission: str, topic: int | None) -> None:
        """Raises ``NotAllowed`` where this person cannot post this here now."""
        if user.deleted:
            raise NotAllowed("a deleted account does nothing")
        if chat.migrated_to is not None:
            raise NotAllowed(f"{chat.title} has become a supergroup")
        if chat.kind == "private":
            self._may_write_to_bot(user, chat)
            return
        member = self.world.member(chat, user)
        name = f"{user.first_name} in {chat.title}"
        if chat.kind == "channel":
            if member.status != "creator" and "can_post_messages" not in member.rights:
                raise NotAllowed(f"{name}: only administrators post in a channel")
            return
        if member.status in {"creator", "administrator"}:
            return
        if not member.present:
            commenting = chat.linked is not None and not chat.join_to_send and member.status == "left"
            if not commenting:
                raise NotAllowed(f"{name}: {'is banned' if member.status == 'kicked' else 'is not a member'}")
        allowed = chat.permissions
        if member.status == "restricted":
            allowed = allowed & member.allowed
        if permission not in allowed or "can_send_messages" not in allowed:
            raise NotAllowed(f"{name}: may not ({permission})")
        if topic is not None and chat.is_forum and (found := chat.topics.get(topic)) and found.closed:
            raise NotAllowed(f"{name}: the topic is closed")
        self._slow_mode(user, chat)

    def _slow_mode(self, user: User, chat: Chat) -> None:
        if not chat.slow_mode:
            return
        now = self.world.now()
        last = chat.last_said.get(user.id)
        if last is not None and (now - last).total_seconds() < chat.slow_mode:
            raise NotAllowed(f"{user.first_name} in {chat.title}: slow mode")
        chat.last_said[user.id] = now

    def _may_write_to_bot(self, user: User, chat: Chat) -> None:
        bot = self.world.bots_by_id[chat.bot or 0]
        if user.id in bot.blocked_by:
            raise NotAllowed(f"{user.first_name} has blocked the bot")
        bot.started_by.add(user.id)

    def _own(self, user: User, message: Message) -> None:
        if message.author != user.id:
            raise NotAllowed(f"the message is not {user.first_name}'s")
        if message.id not in message.chat.messages:
            raise NotAllowed("the message is gone")
