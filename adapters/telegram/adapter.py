"""The Telegram adapter: one bot, what it hears as events, what is asked of it as Bot API calls."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from telegram.error import TelegramError

from adapters.errors import Rejected
from adapters.protocol import Finding, Intake, Kept, OfferedCommand, Receipt
from adapters.telegram.acquaintance import Acquaintance
from adapters.telegram.answers import scrubbed
from adapters.telegram.calls import BotCalls
from adapters.telegram.examining import examine
from adapters.telegram.files import fetch_file
from adapters.telegram.keeping import AskBio, Keeper
from adapters.telegram.kind import CAPABILITIES
from adapters.telegram.me import Me, introduced
from adapters.telegram.menu import offer_commands
from adapters.telegram.polling import Polling
from adapters.telegram.reading import Known, Reader
from adapters.telegram.sending import Sender
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.transport import Transport
from adapters.telegram.trouble import Sleep, Trouble
from adapters.telegram.webhook import Webhook
from rules import effects as fx
from rules.capability import Capability
from rules.errors import StorageError
from rules.values import File

log = structlog.get_logger("groupkeeper.telegram")

BIOS = 2.0
"""Seconds that profile texts may keep a batch of updates waiting."""


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - who has a clock of their own gives it to the adapter


class TelegramAdapter:
    """A connection of one bot. Ids are ``<name>:<chat or user id>`` and ``<name>:<chat id>/<message id>``.

    ``transport``, ``now`` (the time), ``clock`` (seconds from anywhere), ``sleep`` and ``chance`` (0 to 1) are for who
    has their own: tests, simulated groups.
    """

    capabilities: frozenset[Capability] = CAPABILITIES

    def __init__(
        self,
        name: str,
        settings: TelegramSettings,
        *,
        transport: Transport | None = None,
        now: Callable[[], datetime] = _now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.settings = settings
        self.known = Known()
        self.me: Me | None = None
        self._transport = transport or Transport()
        self.call = BotCalls(settings.token, settings.api, self._transport)
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._trouble = Trouble(name, sleep=sleep, chance=chance, clock=clock)
        self._groups = Acquaintance(self.known, self.call, clock)
        self._pumped: Polling | None = None
        self._intake: Intake | None = None
        self._sender = Sender(name, self.call, on_migrated=self._migrated, pause=sleep, now=now)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def usernames(self) -> frozenset[str]:
        """The bot's user name, casefolded; nothing until Telegram has said it."""
        return frozenset({self.me.username.casefold()}) if self.me and self.me.username else frozenset()

    @property
    def trouble(self) -> str | None:
        """What stands between the bot and Telegram now, by its name in the log; None where nothing does."""
        return self._trouble.present

    async def run(self, intake: Intake) -> None:
        """Feed events until cancelled. Raises ``adapters.serving.PortTaken`` where a webhook cannot listen."""
        self._intake = intake
        keeper = await self._keeper()
        hook = self.settings.webhook
        if hook is not None:
            webhook = Webhook(hook, keeper, self.call, self._trouble, clock=self._clock, sleep=self._sleep)
            await webhook.run(intake)
            return
        await self._trouble.overcome(self._unhooked)
        await self._polling(keeper).run(intake)

    async def pump(self, intake: Intake) -> int:
        """Feed what waits now, by polling; how many updates that was. Trouble is waited for, as in ``run``."""
        self._intake = intake
        if self._pumped is None:
            self._pumped = self._polling(await self._keeper())
        return await self._pumped.pump(intake)

    def admit(self, key: str, effect: fx.Effect, now: datetime) -> datetime:
        """From when an effect may be performed."""
        return self._sender.admit(key, effect, now)

    async def perform(self, effect: fx.Effect) -> Receipt:
        """Carry one effect out."""
        return await self._sender.perform(effect)

    async def verify(self, effect: fx.Effect) -> Receipt | None:
        """Whether a text stands whose answer was lost."""
        return await self._sender.verify(effect)

    async def examine(self, groups: Sequence[Kept]) -> Sequence[Finding]:
        """Look what stands in the way, and change nothing."""
        return await examine(self.call, self.settings, groups)

    async def offer(self, commands: Sequence[OfferedCommand]) -> None:
        """Put commands into the menus. Raises an adapter error."""
        try:
            await offer_commands(self.call, commands)
        except TelegramError as error:
            raise Rejected(str(error)) from error

    async def fetch(self, file: File, most: int) -> bytes:
        """The bytes of a file that is attached to a message. Raises an adapter error."""
        return await fetch_file(self.call, file, most)

    async def close(self) -> None:
        """Let go of the connection. A webhook stays set: what comes meanwhile waits for the next start."""
        await self._transport.shutdown()

    async def _migrated(self, old: str, new: str) -> None:
        """Sending found out that a group has another number: the update that says so may come later, or never."""
        if self._intake is None:
            return
        try:
            await self._intake.migrated(old, new)
        except StorageError as error:  # the next call that fails there says it again
            log.error("group_not_moved", adapter=self.name, group=old, now=new, error=str(error))

    async def _keeper(self) -> Keeper:
        self.me = me = await introduced(self.call, self._trouble)
        log.info("telegram_connected", adapter=self.name, bot=f"@{me.username}", reads_all=me.reads_all)
        reader = Reader(self.name, me.id, now=self._now, known=self.known)
        return Keeper(
            reader,
            bios=self._bios if self.settings.read_bios else None,
            prepare=self._prepare,
            moved=self._sender.moved,
        )

    async def _prepare(self, updates: Sequence[Any]) -> None:
        """What is to be known of raw updates before they are read."""
        if self.me is not None:
            self._sender.standing.heard(updates, self.me.id)
        await self._groups.with_all_of(updates)

    def _polling(self, keeper: Keeper) -> Polling:
        return Polling(keeper, self.call, self._trouble, self._unhook)

    async def _unhooked(self) -> None:
        """Polling and a webhook exclude one another; the configuration says polling."""
        about = await self.call("getWebhookInfo", {})
        if url := about.get("url"):
            await self._unhook()
            advice = "the configuration has no `webhook:`, so the bot asks for updates; none is lost by that"
            log.warning("telegram_webhook_removed", adapter=self.name, url=scrubbed(str(url)), advice=advice)

    async def _unhook(self) -> None:
        await self.call("deleteWebhook", {"drop_pending_updates": False})

    def _bios(self) -> AskBio:
        """Asks for profile texts, for so long in all."""
        until = self._clock() + BIOS

        async def ask(user: int) -> str | None:
            left = until - self._clock()
            if left <= 0:
                return None
            try:
                async with asyncio.timeout(left):
                    about = await self.call("getChat", {"chat_id": user})
            except (TelegramError, TimeoutError):
                return None
            bio = about.get("bio") if isinstance(about, dict) else None
            return bio if isinstance(bio, str) else None

        return ask
