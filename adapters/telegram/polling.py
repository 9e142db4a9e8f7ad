"""Asking Telegram for what is new, and confirming it when it is kept, never before.

``getUpdates`` with an offset confirms all updates below it, so the offset is a promise that they are safe. Here it is
given once, right after the batch that it confirms was kept, and never otherwise: not at the start, not after trouble,
not while nothing comes. Without one Telegram answers with whatever is not confirmed; what of that is known already is
recognised by its id and collapses in the inbox. Two ways to lose updates are closed by that:

- Ids begin anew, anywhere, when a bot heard nothing for a week, and another Bot API server (``api``) counts on its own.
  An old offset then is higher than the ids of what waits, and would confirm it unread.
- An offset that was sent before a crash or a lost connection may have arrived or not; it need not be known.

The position that is kept with each batch is for people who look into the database; nothing is read from it.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import TelegramError

from adapters.protocol import Intake
from adapters.telegram.answers import Garbled
from adapters.telegram.calls import Call
from adapters.telegram.keeping import Keeper, number_of
from adapters.telegram.reading import ALLOWED_UPDATES
from adapters.telegram.trouble import HOOKED, Trouble
from rules.errors import StorageError

TIMEOUT = 50
"""Seconds for which Telegram keeps a question open while there is nothing new."""
LIMIT = 100


class Polling:
    """Long polling for one bot. ``unhook`` removes a webhook, which Telegram does not let be beside it."""

    def __init__(self, keeper: Keeper, call: Call, trouble: Trouble, unhook: Callable[[], Awaitable[Any]]) -> None:
        self._keeper = keeper
        self._call = call
        self._trouble = trouble
        self._unhook = unhook
        self._source = f"{keeper.reader.name}:updates"
        self._confirm: int | None = None  # the offset of the next question, and of no later one

    async def run(self, intake: Intake) -> None:
        """Feed updates until cancelled."""
        while True:
            try:
                await self._answered(intake, TIMEOUT)
            except StorageError:  # the intake has said so
                await self._trouble.wait()

    async def pump(self, intake: Intake) -> int:
        """Ask for what waits now; how many updates came, which the next question confirms. Raises ``StorageError``."""
        return await self._answered(intake, 0)

    async def _answered(self, intake: Intake, seconds: int) -> int:
        """Ask until there is an answer."""
        while True:
            try:
                return await self._once(intake, seconds)
            except TelegramError as error:
                if await self._trouble.face(error) is HOOKED:
                    await self._remove_hook()

    async def _once(self, intake: Intake, seconds: int) -> int:
        offset, self._confirm = self._confirm, None
        updates = await self._call(
            "getUpdates",
            {"offset": offset, "limit": LIMIT, "timeout": seconds, "allowed_updates": ALLOWED_UPDATES},
            read_timeout=seconds + 5,
        )
        if not isinstance(updates, list):
            raise Garbled("the answer to getUpdates is no list")
        if not updates:
            self._trouble.over()
            return 0
        await self._keeper.keep(intake, updates, self._source)
        numbers = [number for update in updates if (number := number_of(update)) is not None]
        if not numbers:
            raise Garbled("updates came without their ids, so they cannot be confirmed")
        self._confirm = numbers[-1] + 1
        if self._confirm == offset:
            raise Garbled("updates that were confirmed come again")
        self._trouble.over()
        return len(updates)

    async def _remove_hook(self) -> None:
        try:
            await self._unhook()
        except TelegramError as error:
            await self._trouble.face(error)
