"""Coming and going."""

from datetime import timedelta

from adapters.botapi.bots import Bot
from adapters.botapi.errors import NotAllowed
from adapters.botapi.membership import come, go, member_json, settle_request
from adapters.botapi.methods.joining import approve
from adapters.botapi.people.base import Hands
from adapters.botapi.state import Chat, InviteLink, JoinRequest, Json, Member, Message, User

WRITE_TO_REQUESTER = timedelta(minutes=5)
"""How long a bot may write to somebody who asked to join, unless the request is settled before."""


class Coming(Hands):
    """Joining, asking to join, leaving; starting and blocking a bot."""

    def join(self, user: User, chat: Chat, *, link: InviteLink | None = None, added_by: User | None = None) -> Member:
        """Come in: by oneself, through a link, or added by somebody."""
        before = self.world.member(chat, user)
        if before.present:
            raise NotAllowed(f"{user.first_name} is in {chat.title} already")
        if before.status == "kicked":
            raise NotAllowed(f"{user.first_name} is banned from {chat.title}")
        if added_by is None and (chat.by_request or (link is not None and link.by_request)):
            raise NotAllowed(f"{user.first_name} has to ask to be let into {chat.title}")
        if link is not None:
            self._use(link)
        come(self.world, chat, user, added_by or user, link=link)
        return self.world.member(chat, user)

    def _use(self, link: InviteLink) -> None:
        if link.revoked or (link.expires is not None and link.expires <= self.world.now()):
            raise NotAllowed("the invite link is no longer good")
        if link.limit is not None and link.used >= link.limit:
            raise NotAllowed("the invite link has been used up")
        link.used += 1

    def request_to_join(self, user: User, chat: Chat, *, link: InviteLink | None = None) -> JoinRequest:
        """Ask to be let in: the bots that may invite people hear of it."""
        member = self.world.member(chat, user)
        if member.present or member.status == "kicked":
            raise NotAllowed(f"{user.first_name} cannot ask to join {chat.title}")
        if user.id in chat.requests:
            raise NotAllowed(f"{user.first_name} has asked already")
        if link is not None:
            if link.revoked:
                raise NotAllowed("the invite link is no longer good")
            link.pending += 1
        now = self.world.now()
        request = chat.requests[user.id] = JoinRequest(user, now, user.bio, link)
        told: Json = {
            "chat": chat.json,
            "from": user.json,
            "user_chat_id": user.id,
            "date": int(now.timestamp()),
        }
        if user.bio:
            told["bio"] = user.bio
        if link is not None:
            told["invite_link"] = link.json()
        for bot, standing in self.world.bots_in(chat):
            if "can_invite_users" in standing.rights:
                bot.may_write[user.id] = now + WRITE_TO_REQUESTER
                bot.queue.put("chat_join_request", told)
        return request

    def withdraw_request(self, user: User, chat: Chat) -> None:
        """Take one's request back; no bot is told."""
        self._waiting(user, chat)
        settle_request(self.world, chat, user)

    def approve(self, by: User, user: User, chat: Chat) -> None:
        """A human administrator lets somebody in."""
        self._staff(chat, by, "can_invite_users")
        self._waiting(user, chat)
        approve(self.world, chat, user, by)

    def decline(self, by: User, user: User, chat: Chat) -> None:
        """A human administrator turns somebody away."""
        self._staff(chat, by, "can_invite_users")
        self._waiting(user, chat)
        settle_request(self.world, chat, user)

    def _waiting(self, user: User, chat: Chat) -> None:
        if user.id not in chat.requests:
            raise NotAllowed(f"{user.first_name} has not asked to join {chat.title}")

    def leave(self, user: User, chat: Chat) -> None:
        """Go."""
        if not self.world.member(chat, user).present:
            raise NotAllowed(f"{user.first_name} is not in {chat.title}")
        go(self.world, chat, user, user)

    def start(self, user: User, bot: Bot, payload: str = "") -> Message:
        """Press Start in the private chat with a bot; ``payload`` comes from a deep link."""
        if user.id in bot.blocked_by:
            self.unblock(user, bot)
        bot.started_by.add(user.id)
        text = f"/start {payload}".strip()
        content = {"text": text, "entities": [{"offset": 0, "length": 6, "type": "bot_command"}]}
        return self.world.post(self.world.private(bot, user), content, sender=user)

    def block(self, user: User, bot: Bot) -> None:
        """Block a bot: it can write no more."""
        if user.id not in bot.blocked_by:
            bot.blocked_by.add(user.id)
            self._tell_blocking(user, bot, "member", "kicked")

    def unblock(self, user: User, bot: Bot) -> None:
        """Let a bot write again."""
        if user.id in bot.blocked_by:
            bot.blocked_by.discard(user.id)
            self._tell_blocking(user, bot, "kicked", "member")

    def _tell_blocking(self, user: User, bot: Bot, old: str, new: str) -> None:
        chat = self.world.private(bot, user)
        told: Json = {
            "chat": chat.json,
            "from": user.json,
            "date": int(self.world.now().timestamp()),
            "old_chat_member": member_json(chat, Member(bot.user, old)),
            "new_chat_member": member_json(chat, Member(bot.user, new)),
        }
        bot.queue.put("my_chat_member", told)

    def remove_bot(self, chat: Chat, bot: Bot, *, by: User | None = None, banned: bool = True) -> None:
        """Throw a bot out of a chat; with ``banned`` False it may be added again."""
        go(self.world, chat, bot.user, by or self._owner(chat), banned=banned)
