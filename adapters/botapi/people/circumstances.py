"""What happens to accounts and groups, and what ought not to happen at all."""

from dataclasses import replace

from adapters.botapi.bots import Bot
from adapters.botapi.errors import NotAllowed
from adapters.botapi.people.base import Hands
from adapters.botapi.state import Chat, Json, User


class Circumstances(Hands):
    """New names, deleted accounts, migration; and updates of any content whatever."""

    def rename(
        self,
        user: User,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
        bio: str | None = None,
    ) -> None:
        """Change one's name, username or bio; no bot is told. An empty text removes it."""
        for name, value in (("first_name", first_name), ("last_name", last_name), ("username", username), ("bio", bio)):
            if value is not None:
                setattr(user, name, value or (None if name != "first_name" else user.first_name))
        if username is not None:
            self.world.usernames[username.lower()] = user.id
        user.refresh()
        for bot in self.world.bots_by_id.values():
            if chat := bot.privates.get(user.id):
                chat.refresh()

    def delete_account(self, user: User) -> None:
        """Delete one's account: what was said stays, with no name to it; memberships stay, too."""
        user.deleted = True
        user.first_name, user.last_name, user.username, user.bio = "", None, None, None
        user.photos.clear()
        user.refresh()

    def migrate(self, chat: Chat, by: User | None = None, *, new_id: int | None = None) -> Chat:
        """Turn a basic group into a supergroup: another id, the same people; messages are counted from 1 again."""
        if chat.kind != "group" or chat.migrated_to is not None:
            raise NotAllowed(f"{chat.title} cannot be upgraded")
        who = by or self._owner(chat)
        new = self.world.add_chat(chat.title, "supergroup", id=new_id, permissions=chat.permissions)
        new.members = {number: replace(member) for number, member in chat.members.items()}
        self.world.serve(chat, {"migrate_to_chat_id": new.id}, who)
        chat.migrated_to = new.id
        self.world.serve(new, {"migrate_from_chat_id": chat.id}, who)
        return new

    def raw(self, bot: Bot, update: Json) -> Json:
        """Put any update at all into a bot's queue, however wrong; without an ``update_id`` it gets one."""
        return bot.queue.put_raw(update)

    def hold_updates(self, bot: Bot) -> None:
        """Keep a bot's updates back from now on, until ``release_updates``."""
        bot.queue.hold()

    def release_updates(self, bot: Bot, *, reverse: bool = False) -> None:
        """Let them go; with ``reverse`` the last first, as a message may come before the join of who wrote it."""
        bot.queue.release(reverse=reverse)

    def announce_joins(self, chat: Chat, *, tells: bool) -> None:
        """Whether coming and going makes service messages; in large groups it does not."""
        chat.tells_joins = tells
