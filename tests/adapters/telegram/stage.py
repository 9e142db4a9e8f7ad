"""A sender, and the simulated Bot API to which it talks over real HTTP; aiogram's models check every request."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from adapters.botapi.log import Request
from adapters.botapi.ready import Ready, ready_world
from adapters.botapi.server import BotApiServer
from adapters.botapi.state import Chat, Message, User
from adapters.telegram.calls import BotCalls
from adapters.telegram.sending import Sender
from adapters.telegram.transport import Transport
from rules.effects import SendText
from rules.text import Text
from tests.botapi.honesty import valid_request


class Stage:
    """The world, with Ann (owner), Bo (member) and the bot in the group.

    ``waited`` are the pauses that the sender made; ``meanwhile`` is called in each.
    """

    def __init__(self, ready: Ready, server: BotApiServer, transport: Transport) -> None:
        self.world, self.people, self.bot = ready.world, ready.people, ready.bot
        self.ann, self.bo, self.group = ready.ann, ready.bo, ready.group
        self.server = server
        self.waited: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.migrations: list[tuple[str, str]] = []
        self.sender = Sender(
            "telegram",
            BotCalls(ready.bot.token, server.url, transport),
            on_migrated=self._migrated,
            now=ready.world.now,
            pause=self._pause,
        )

    async def _pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.meanwhile()
        self.world.clock.advance(seconds)

    async def _migrated(self, old: str, new: str) -> None:
        self.migrations.append((old, new))

    @property
    def here(self) -> str:
        """The group's id."""
        return self.of(self.group)

    def of(self, what: Chat | User | Message) -> str:
        """The qualified id of somebody or something."""
        return f"telegram:{what.chat.id}/{what.id}" if isinstance(what, Message) else f"telegram:{what.id}"

    def text(self, words: str, **more: Any) -> SendText:
        """Words for the group."""
        return SendText(self.here, Text(literal=words), **more)

    def said(self, chat: Chat | None = None) -> list[Message]:
        """What the bot said in a chat and is still there."""
        found = (chat or self.group).messages.values()
        return [one for one in found if one.outgoing_of == self.bot.id and not one.service]

    def calls(self, method: str | None = None) -> list[Request]:
        """What was asked of the server."""
        return self.server.log.calls(method)


@asynccontextmanager
async def stage(*, limits: bool = False) -> AsyncIterator[Stage]:
    """Everything set up; at the end all that was asked must have been what the Bot API can be asked.

    ``limits``: the server refuses what is faster than Telegram allows.
    """
    transport = Transport()
    ready = ready_world()
    async with BotApiServer(ready.world, limits=limits) as server:
        try:
            yield Stage(ready, server, transport)
        finally:
            await transport.shutdown()
        for request in server.log.calls():
            valid_request(request.method, {**request.params, **dict.fromkeys(request.files, "a file")})
