"""What human administrators do besides the bot."""

from collections.abc import Iterable
from datetime import datetime

from adapters.botapi.bots import Bot
from adapters.botapi.membership import ban, change, go
from adapters.botapi.people.base import Hands
from adapters.botapi.rights import MODERATOR, checked
from adapters.botapi.state import Chat, Message, User


def _user(who: User | Bot) -> User:
    return who.user if isinstance(who, Bot) else who


class Staff(Hands):
    """Promoting, demoting, muting, banning, renaming."""

    def promote(
        self,
        by: User,
        who: User | Bot,
        chat: Chat,
        rights: Iterable[str] = MODERATOR,
        *,
        anonymous: bool = False,
        title: str | None = None,
    ) -> None:
        """Make somebody an administrator with these rights, or give one others."""
        self._staff(chat, by, "can_promote_members")
        found = checked(rights)
        change(self.world, chat, _user(who), by, "administrator", rights=found, anonymous=anonymous, title=title)

    def demote(self, by: User, who: User | Bot, chat: Chat) -> None:
        """Make an administrator a member again."""
        self._staff(chat, by, "can_promote_members")
        change(self.world, chat, _user(who), by, "member")

    def be_anonymous(self, who: User, chat: Chat, *, anonymous: bool = True, title: str | None = None) -> None:
        """An administrator or owner hides behind the group, with a title as the signature."""
        member = self.world.member(chat, who)
        change(
            self.world,
            chat,
            who,
            who,
            member.status,
            rights=member.rights,
            anonymous=anonymous,
            title=title or member.title,
        )

    def restrict(
        self, by: User, who: User, chat: Chat, allowed: Iterable[str] = (), *, until: datetime | None = None
    ) -> None:
        """Leave somebody only these permissions; none at all mutes them. None for ``until`` is for ever."""
        self._staff(chat, by, "can_restrict_members")
        present = self.world.member(chat, who).present
        change(self.world, chat, who, by, "restricted", until=until, allowed=frozenset(allowed), is_member=present)

    def unrestrict(self, by: User, who: User, chat: Chat) -> None:
        """Give somebody all permissions back."""
        self._staff(chat, by, "can_restrict_members")
        change(self.world, chat, who, by, "member" if self.world.member(chat, who).present else "left")

    def ban(self, by: User, who: User, chat: Chat, *, until: datetime | None = None) -> None:
        """Ban somebody."""
        self._staff(chat, by, "can_restrict_members")
        ban(self.world, chat, who, by, until=until)

    def unban(self, by: User, who: User, chat: Chat) -> None:
        """Let somebody who was banned come back if they want to."""
        self._staff(chat, by, "can_restrict_members")
        if self.world.member(chat, who).status == "kicked":
            change(self.world, chat, who, by, "left")

    def remove(self, by: User, who: User, chat: Chat) -> None:
        """Remove somebody, who may come back."""
        self._staff(chat, by, "can_restrict_members")
        go(self.world, chat, who, by)

    def rename_chat(self, by: User, chat: Chat, title: str) -> None:
        """Give a chat another title."""
        self._staff(chat, by, "can_change_info")
        chat.title = title
        chat.refresh()
        self.world.serve(chat, {"new_chat_title": title}, by)

    def unpin(self, by: User, message: Message) -> None:
        """Take a pin away; no bot is told."""
        self._staff(message.chat, by, "can_pin_messages")
        if message.id in message.chat.pinned:
            message.chat.pinned.remove(message.id)
