"""What the control API can read of the world."""

from typing import Any

from adapters.botapi.bots import Bot
from adapters.botapi.control_written import written
from adapters.botapi.membership import member_json
from adapters.botapi.server import BotApiServer
from adapters.botapi.state import Chat, Json


class State:
    """The world as JSON."""

    def __init__(self, server: BotApiServer) -> None:
        self.world = server.world
        self._server = server

    def chats(self) -> list[Json]:
        """Every chat but the private ones."""
        return [
            {**chat.json, "members": sum(member.present for member in chat.members.values())}
            for chat in self.world.chats.values()
        ]

    def people(self) -> list[Json]:
        """Every user, bots among them."""
        return [user.json for user in self.world.users.values()]

    def bots(self) -> list[Json]:
        """Every bot: who it is, its token, its webhook, how many updates wait."""
        return [
            {
                **written(bot),
                "pending_update_count": len(bot.queue.waiting),
                "allowed_updates": sorted(bot.queue.allowed),
                "webhook": bot.webhook.url,
                "buttons_pressed": [written(query) for query in bot.queries.values()],
            }
            for bot in self.world.bots.values()
        ]

    def messages(self, chat: Chat) -> list[Json]:
        """The messages that stand in a chat, in order."""
        return [chat.messages[number].body for number in sorted(chat.messages)]

    def transcript(self, chat: Chat) -> list[str]:
        """The chat as one would read it, a line a message."""
        return self._server.transcript.lines(chat)

    def members(self, chat: Chat) -> list[Json]:
        """Everybody who is or was in a chat, as ChatMember."""
        return [member_json(chat, self.world.member(chat, known.user)) for known in tuple(chat.members.values())]

    def updates(self, bot: Bot) -> list[Any]:
        """The updates that wait for a bot."""
        return list(bot.queue.waiting)

    def requests(self, method: str | None, chat: Chat | None) -> list[Any]:
        """What was asked of the server, oldest first; without ``method`` all but getUpdates."""
        return [written(one) for one in self._server.log.calls(method, chat.id if chat else None)]
