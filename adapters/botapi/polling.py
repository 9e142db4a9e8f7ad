"""Long polling."""

import asyncio
from dataclasses import dataclass

from adapters.botapi.bots import Bot
from adapters.botapi.call import Call
from adapters.botapi.errors import ApiError, conflict
from adapters.botapi.queue import remember_allowed
from adapters.botapi.state import Json

OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(slots=True, eq=False)
class _Poll:
    event: asyncio.Event
    ended: ApiError | None = None
    woken: bool = False


class Polling:
    """The long polls that are open, at most one a bot: a second one ends the first with 409."""

    def __init__(self) -> None:
        self._open: dict[int, _Poll] = {}
        self._awaited: list[asyncio.Event] = []

    async def get_updates(self, call: Call) -> list[Json]:
        """getUpdates: at once if there is news, else when there is, at the latest after ``timeout`` real seconds."""
        bot = call.bot
        if bot.webhook.url:
            raise conflict(WEBHOOK)
        limit = call.integer("limit", 100) or 100
        if not 1 <= limit <= 100:
            limit = 100
        seconds = min(max(call.integer("timeout", 0) or 0, 0), 50)
        remember_allowed(bot.queue, call.structure("allowed_updates"))
        found = bot.queue.take(call.integer("offset", 0) or 0, limit)
        if found or not seconds:
            return found
        self.end(bot.id, conflict(OTHER))
        poll = _Poll(asyncio.Event())
        self._open[bot.id] = poll
        for event in self._awaited:
            event.set()
        bot.queue.listeners.append(poll.event.set)
        try:
            await asyncio.wait_for(poll.event.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            bot.queue.listeners.remove(poll.event.set)
            if self._open.get(bot.id) is poll:
                del self._open[bot.id]
        if poll.ended is not None:
            raise poll.ended
        if bot.webhook.url:
            raise conflict("terminated by setWebhook request")
        return bot.queue.take(0, limit)

    def end(self, bot_id: int, error: ApiError) -> None:
        """End the open poll of a bot with an error."""
        poll = self._open.pop(bot_id, None)
        if poll is not None:
            poll.ended = error
            poll.event.set()

    async def opened(self, bot: Bot) -> None:
        """Wait until the bot has a long poll open."""
        event = asyncio.Event()
        self._awaited.append(event)
        try:
            while bot.id not in self._open:
                event.clear()
                await event.wait()
        finally:
            self._awaited.remove(event)

    def wake_all(self) -> None:
        """Answer every open poll now, with what there is."""
        for poll in tuple(self._open.values()):
            poll.event.set()
