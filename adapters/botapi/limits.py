"""Telegram's flood limits, for those who want to be held to them."""

from collections import deque
from datetime import datetime, timedelta
from math import ceil

from adapters.botapi.call import Call
from adapters.botapi.errors import too_many_requests

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OVERALL, PER_GROUP_MINUTE = 30, 20
_SENDS = ("send", "copy", "forward")


class FloodLimits:
    """For each bot: 30 messages a second in all, in a chat one a second, in a group 20 a minute; beyond that 429.

    What counts is what sends a message. Times are those of the world's clock.
    """

    def __init__(self) -> None:
        self._sent: dict[tuple[int, object], deque[datetime]] = {}

    def check(self, call: Call) -> None:
        """Raises the error 429 with the seconds to wait; else the messages are counted."""
        name = call.method
        if not name.startswith(_SENDS) or name == "sendChatAction":
            return
        number = 1
        if name == "sendMediaGroup":
            items = call.structure("media")
            number = len(items) if isinstance(items, list) else 1
        elif name in {"copyMessages", "forwardMessages"}:
            items = call.structure("message_ids")
            number = len(items) if isinstance(items, list) else 1
        now = call.world.now()
        chat = str(call.params.get("chat_id"))
        overall = self._window(call.bot.id, None, now, _SECOND)
        here = self._window(call.bot.id, chat, now, _MINUTE)
        waits = [timedelta()]
        if len(overall) + 1 > OVERALL:
            waits.append(overall[-OVERALL] + _SECOND - now)
        if here and now - here[-1] < _SECOND:
            waits.append(here[-1] + _SECOND - now)
        if chat.startswith(("-", "@")) and len(here) + 1 > PER_GROUP_MINUTE:
            waits.append(here[-PER_GROUP_MINUTE] + _MINUTE - now)
        wait = max(waits)
        if wait > timedelta():
            raise too_many_requests(max(1, ceil(wait.total_seconds())))
        for _ in range(number):
            overall.append(now)
            here.append(now)

    def _window(self, bot: int, chat: object, now: datetime, length: timedelta) -> deque[datetime]:
        found = self._sent.get((bot, chat))
        if found is None:
            found = self._sent[bot, chat] = deque()
        while found and now - found[0] >= length:
            found.popleft()
        return found
