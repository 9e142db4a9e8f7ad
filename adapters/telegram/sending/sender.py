"""Carries effects out by the Bot API."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from telegram.error import ChatMigrated, RetryAfter, TelegramError

from adapters.errors import Unsupported
from adapters.protocol import Receipt
from adapters.telegram.calls import Call
from adapters.telegram.errors import next_step, wait_of
from adapters.telegram.limiter import Limiter
from adapters.telegram.sending import members, messages, texts
from adapters.telegram.sending.api import Api
from adapters.telegram.sending.standing import Standing
from adapters.telegram.trouble import Sleep
from rules import effects as fx
from rules.effects import Effect, kind_of

Migrated = Callable[[str, str], Awaitable[None]]
"""Told that a group (qualified id) has another id now."""

log = structlog.get_logger("groupkeeper.telegram")


class Sender:
    """The effects of one platform. ``on_migrated`` is told of groups whose id turned out to have changed.

    ``pause`` waits for seconds, between the parts of one text. ``now`` is asked where nobody asked ``admit`` yet, which
    tells the time.
    """

    def __init__(
        self,
        platform: str,
        call: Call,
        *,
        on_migrated: Migrated,
        now: Callable[[], datetime],
        pause: Sleep = asyncio.sleep,
    ) -> None:
        self.limiter = Limiter(texts.messages_of)
        self._now = now
        self._api = Api(platform, call, pause)
        self.standing = Standing(self._api, now)
        self._api.on_sent = self.standing.answered
        self._on_migrated = on_migrated

    def admit(self, key: str, effect: Effect, now: datetime) -> datetime:
        """From when an effect may be performed. See ``adapters.protocol.Paced``."""
        return self.limiter.admit(key, effect, now)

    async def perform(self, effect: Effect) -> Receipt:
        """Carry one effect out. Raises an ``adapters.errors`` error."""
        self.limiter.performed(effect)
        async with self.standing.leaving(effect):
            try:
                return await self._carry_out(effect)
            except TelegramError as error:
                return await self._trouble(error, effect)

    async def verify(self, effect: Effect) -> Receipt | None:
        """Whether a text stands whose answer was lost. See ``adapters.protocol.Verifies``."""
        receipt = await self.standing.verify(effect)
        if isinstance(effect, fx.SendText) and effect.pin and receipt is not None and receipt.message is not None:
            await texts.pin_what_was_said(receipt.message, self._api)
        return receipt

    def moved(self, old: str, new: str) -> None:
        """A group has another id: what is still addressed to the former one goes to the new one."""
        self._api.moved[self._api.person(old)] = self._api.person(new)

    async def _carry_out(self, effect: Effect) -> Receipt:
        api = self._api
        now = self.limiter.now or self._now()
        match effect:
            case fx.SendText():
                return await texts.send_text(effect, api)
            case fx.SendPrivate():
                return await texts.send_private(effect, api)
            case fx.SendDocument():
                return await texts.send_document(effect, api)
            case fx.EditText():
                return await texts.edit_text(effect, api)
            case fx.PinMessage():
                await texts.pin_message(effect, api)
            case fx.DeleteMessage():
                await messages.delete(effect, api)
            case fx.DeleteMessages():
                await messages.delete_many(effect, api)
            case fx.AnswerButton():
                await messages.answer_button(effect, api)
            case fx.MuteMember():
                await members.mute(effect, api, now)
            case fx.UnmuteMember():
                await members.unmute(effect, api)
            case fx.KickMember():
                await members.kick(effect, api, now)
            case fx.BanMember():
                await members.ban(effect, api, now)
            case fx.UnbanMember():
                await members.unban(effect, api)
            case fx.AnswerJoinRequest():
                await members.answer_join_request(effect, api)
            case _:
                raise Unsupported(f"Telegram cannot do this: {kind_of(effect)}")
        return Receipt()

    async def _trouble(self, error: TelegramError, effect: Effect) -> Receipt:
        if isinstance(error, RetryAfter):
            self.limiter.penalise(effect, wait_of(error))
            log.warning("telegram_flood", group=effect.group, effect=kind_of(effect), seconds=wait_of(error).seconds)
        elif isinstance(error, ChatMigrated):
            platform = self._api.platform
            old, new = self._api.chat(effect.group), error.new_chat_id
            self._api.moved[old] = new
            await self._on_migrated(f"{platform}:{old}", f"{platform}:{new}")
        step = next_step(error, effect)
        if step is not None:
            raise step from None
        return Receipt(effect.message if isinstance(effect, fx.EditText) else None)
