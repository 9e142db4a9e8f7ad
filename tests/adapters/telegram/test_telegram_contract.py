"""Telegram keeps the contract of adapters, over real HTTP against the simulated server, by polling and by webhook."""

import socket
from datetime import datetime

from adapters.botapi import BotApiServer, NotAllowed
from adapters.botapi.ready import ready_world
from adapters.botapi.state import Chat, Message, User
from adapters.contract import AdapterContract, PlatformDriver
from adapters.protocol import Adapter
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings, WebhookSettings


class TelegramDriver(PlatformDriver):
    """Ann owns the group, Bo is in it, Cy is not; the bot is an administrator with all that its job needs."""

    def __init__(self, *, webhook: bool = False) -> None:
        ready = ready_world()
        self.world, self.people_, self.bot, self.chat = ready.world, ready.people, ready.bot, ready.group
        self.who = {"ann": ready.ann, "bo": ready.bo, "cy": ready.world.add_user("Cy", username="cy")}
        self.group = f"telegram:{ready.group.id}"
        self.server = BotApiServer(ready.world)
        self.webhook = webhook
        self.adapters: list[TelegramAdapter] = []

    async def open(self) -> None:
        await self.server.start()

    async def close(self) -> None:
        for adapter in self.adapters:
            await adapter.close()
        await self.server.stop()

    def adapter(self) -> Adapter:
        if not self.adapters or self.adapters[-1]._transport._closed:
            self.adapters.append(TelegramAdapter("telegram", self._settings(), now=self.world.now))
        return self.adapters[-1]

    def _settings(self) -> TelegramSettings:
        hook = None
        if self.webhook:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            hook = WebhookSettings(url=f"http://127.0.0.1:{port}/hook", secret="a-secret-of-both-of-us", port=port)
        return TelegramSettings(token=self.bot.token, api=self.server.url, webhook=hook)

    def unknown_group(self) -> str:
        return "telegram:-1009999999999"

    def stranger(self) -> str | None:
        return self.member("cy")

    def now(self) -> datetime:
        return self.world.now()

    def member(self, who: str) -> str:
        return f"telegram:{self.who[who].id}"

    async def post(self, who: str, text: str, *, reply_to: str | None = None) -> str:
        answered = None if reply_to is None else self._message(reply_to)
        said = self.people_.say(self.who[who], self.chat, text, reply_to=answered)
        return f"{self.group}/{said.id}"

    async def edit(self, message: str, text: str) -> None:
        found = self._message(message)
        self.people_.edit(self.world.users[found.author], found, text)

    async def join(self, who: str) -> None:
        self.people_.join(self.who[who], self.chat)

    async def leave(self, who: str) -> None:
        self.people_.leave(self.who[who], self.chat)

    async def befriend(self, who: str) -> None:
        self.people_.start(self.who[who], self.bot)

    async def deliver_again(self) -> None:
        self.world.clock.advance(120)

    async def bot_texts(self) -> list[str]:
        return self._said(self.chat)

    async def private_texts(self, who: str) -> list[str]:
        return self._said(self.world.private(self.bot, self.who[who]))

    async def is_visible(self, message: str) -> bool:
        return self._number(message) in self.chat.messages

    async def is_pinned(self, message: str) -> bool:
        return self._number(message) in self.chat.pinned

    async def can_write(self, who: str) -> bool:
        try:
            self.people_.say(self.who[who], self.chat, "may I?")
        except NotAllowed:
            return False
        return True

    async def is_member(self, who: str) -> bool:
        return self.world.member(self.chat, self._user(who)).present

    async def may_come_in(self, who: str) -> bool:
        try:
            self.people_.join(self._user(who), self.chat)
        except NotAllowed:
            return False
        return True

    def _user(self, who: str) -> User:
        return self.who[who]

    def _said(self, chat: Chat) -> list[str]:
        return [one.text for one in chat.messages.values() if one.outgoing_of == self.bot.id and not one.service]

    def _message(self, message: str) -> Message:
        return self.chat.messages[self._number(message)]

    def _number(self, message: str) -> int:
        return int(message.rpartition("/")[2])


class TestTelegramByPolling(AdapterContract):
    def make_driver(self) -> PlatformDriver:
        return TelegramDriver()


class TestTelegramByWebhook(AdapterContract):
    def make_driver(self) -> PlatformDriver:
        return TelegramDriver(webhook=True)
