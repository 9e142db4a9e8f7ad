"""Whether a text stands whose answer was lost, as far as Telegram lets one find out.

A supergroup numbers its messages, whoever they are from. So a text that stands has a number between the highest that
was known when it left and that of a message which was certainly written after it. A number there that is nobody's is
tried: the very same text is put there by ``editMessageText``, which Telegram refuses in any case. That it "is not
modified" says that the text stands there; all other numbers are somebody else's, or are gone.

That a text does *not* stand is said only when a later message is known, by its date, and no number before it is left:
"not found" above all that is known means nothing, since a bot is shown neither the messages of other bots nor those
that were deleted. Where nobody writes, nobody can know.

What remains possible: that Telegram carries a request out after it has dropped the connection, and so late that a
message written ``LATE`` seconds after that got a lower number; the text then stands twice. That somebody deleted the
text before it was looked for; it is then said again. And a program beside this one, with the same token, may have
written in the same seconds; its text would be replaced, which is logged.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from adapters.errors import OutcomeUnknown, Rejected, RetryLater, Unsupported
from adapters.protocol import Receipt
from adapters.telegram.errors import wait_of
from adapters.telegram.sending.api import Api
from adapters.telegram.sending.texts import as_one_message
from rules import effects as fx

LATE = 10.0
"""Seconds after the loss of an answer from which a message counts as written later."""
LOOK = timedelta(seconds=15)
SOON = timedelta(seconds=1)
LOOKS = 2
"""How often the numbers that come next are tried, while nobody writes."""
NEXT, MOST = 3, 10
"""How many of them; how many numbers are tried at most."""
REMEMBERED, MOST_LOST, MOST_CHATS = 512, 8, 5_000
FUTURE = 3_600.0
"""Seconds by which Telegram's clock may be ahead of ours; beyond that, a date is no date."""
_SUPERGROUP = -1_000_000_000_000
"""Numbers below are those of supergroups. A basic group's messages are not numbered by themselves."""

# Why it is not known: for the log. Staff are told why the text itself had no answer.
_NOWHERE = "where it would stand is not known"
_BUSY = "something else is on its way to the group"
_QUIET = "nobody has written in the group since"
_TOO_MANY = "it may be any of too many messages"
_REPLACED = "where it was looked for something else stood"

log = structlog.get_logger("groupkeeper.telegram")


class _Lost:
    """A message whose answer was lost ``at`` a moment (Unix time): its number is above ``after`` and, where that is
    known, below ``before``. ``crowded``: another's may be there, too. ``others``: numbers that are not it."""

    def __init__(self, effect: fx.Effect, after: int, at: float) -> None:
        self.effect = effect
        self.after = after
        self.at = at
        self.before: int | None = None
        self.crowded = False
        self.others: set[int] = set()
        self.looks = 0
        self.looked_to = 0


class _Chat:
    """The numbers of a supergroup. ``gate`` is shut while numbers are tried; ``leaving`` counts what is on its way."""

    def __init__(self) -> None:
        self.known: dict[int, None] = {}
        self.top = 0
        self.lost: deque[_Lost] = deque(maxlen=MOST_LOST)
        self.gate = asyncio.Lock()
        self.leaving = 0

    @property
    def idle(self) -> bool:
        return not self.lost and not self.leaving and not self.gate.locked()

    def note(self, number: int, date: float) -> None:
        """A message has this number, and was written then, by our clock."""
        if number not in self.known:
            self.known[number] = None
            if len(self.known) > REMEMBERED:
                del self.known[next(iter(self.known))]
        self.top = max(self.top, number)
        for lost in self.lost:
            if lost.before is None and number > lost.after and date >= lost.at + LATE:
                lost.before = number

    def lose(self, lost: _Lost) -> None:
        for other in self.lost:
            if other.before is None or other.before > lost.after:
                other.crowded = lost.crowded = True
        self.lost.append(lost)


class Standing:
    """Knows the numbers of the supergroups' messages, and looks for what was lost. ``now`` says the time."""

    def __init__(self, api: Api, now: Callable[[], datetime]) -> None:
        self._api = api
        self._now = now
        self._chats: dict[int, _Chat] = {}
        self._ahead = 0.0  # by how many seconds Telegram's clock is ahead of ours, at least

    def heard(self, updates: Sequence[Any], bot: int) -> None:
        """Take note of others' messages in raw updates. Raises nothing, whatever they are like.

        Not of the bot's own, which come along when a button below them is pressed: that may be the one looked for.
        """
        for update in updates:
            for kind in ("message", "edited_message"):
                message = update.get(kind) if isinstance(update, dict) else None
                if isinstance(message, dict):
                    author = message.get("from")
                    if not isinstance(author, dict) or author.get("id") != bot:
                        self.answered(message)

    def answered(self, message: Mapping[str, Any]) -> None:
        """Take note of one message as Telegram tells it: somebody else's, or ours with its answer."""
        chat = message.get("chat")
        place = chat.get("id") if isinstance(chat, dict) else None
        number, date = message.get("message_id"), message.get("date")
        if type(place) is not int or type(number) is not int or type(date) is not int or place >= _SUPERGROUP:
            return
        now = self._now().timestamp()
        if number > 0 and date < now + FUTURE:
            self._ahead = max(self._ahead, date - now)
            self._chat(place).note(number, date - self._ahead)

    @asynccontextmanager
    async def leaving(self, effect: fx.Effect) -> AsyncIterator[None]:
        """While an effect is carried out: what may have made a message, without an answer, is remembered."""
        place = self._place(effect)
        if place is None:
            yield
            return
        chat = self._chat(place)
        async with chat.gate:
            chat.leaving += 1
            after = chat.top
        try:
            yield
        except (RetryLater, Rejected, Unsupported):
            raise  # it did not happen
        except BaseException:
            chat.lose(_Lost(effect, after, self._now().timestamp()))
            raise
        finally:
            chat.leaving -= 1

    async def verify(self, effect: fx.Effect) -> Receipt | None:
        """See ``adapters.protocol.Verifies``."""
        place = self._place(effect)
        chat = self._chats.get(place) if place is not None else None
        lost = next((one for one in chat.lost if one.effect is effect), None) if chat is not None else None
        words = as_one_message(effect, self._api) if isinstance(effect, fx.SendText) else None
        if place is None or chat is None or lost is None or words is None or not lost.after or lost.crowded:
            raise OutcomeUnknown(_NOWHERE)
        async with chat.gate:
            if chat.leaving:
                raise RetryLater(_BUSY, SOON)
            before = lost.before
            number = await self._find(place, chat, lost, before, words)
        if number is None and before is None:
            raise RetryLater(_QUIET, LOOK)
        chat.lost.remove(lost)
        if number is None:
            return None
        chat.note(number, lost.at)
        return Receipt(f"{self._api.platform}:{place}/{number}")

    async def _find(
        self, place: int, chat: _Chat, lost: _Lost, before: int | None, words: Mapping[str, Any]
    ) -> int | None:
        if before is None and lost.looked_to == chat.top and lost.looks >= LOOKS:
            return None
        top = chat.top
        end = before if before is not None else top + NEXT + 1
        if end - lost.after > REMEMBERED:
            raise OutcomeUnknown(_TOO_MANY)
        left = [n for n in range(lost.after + 1, end) if n not in chat.known and n not in lost.others]
        if len(left) > MOST:
            raise OutcomeUnknown(_TOO_MANY)
        for number in left:
            if await self._is_there(place, number, words):
                return number
            if number < top:
                lost.others.add(number)
        lost.looks, lost.looked_to = lost.looks + 1, top
        return None

    async def _is_there(self, place: int, number: int, words: Mapping[str, Any]) -> bool:
        try:
            await self._api("editMessageText", chat_id=place, message_id=number, **words)
        except BadRequest as error:
            said = str(error).casefold()
            if "message is not modified" in said:
                return True
            if "message can't be edited" in said or "message to edit not found" in said:
                return False
            raise OutcomeUnknown(str(error)) from None
        except RetryAfter as error:
            raise RetryLater(str(error), wait_of(error)) from None
        except NetworkError as error:  # whether or not it was carried out, it can be asked again
            raise RetryLater(str(error)) from None
        except TelegramError as error:
            raise OutcomeUnknown(str(error)) from None
        log.error("telegram_text_replaced", chat=place, message=number, advice="does another program use the token?")
        raise OutcomeUnknown(_REPLACED)

    def _place(self, effect: fx.Effect) -> int | None:
        """The supergroup in which an effect makes a message; None where it makes none, or somewhere else."""
        if not isinstance(effect, (fx.SendText, fx.SendDocument)):
            return None
        if isinstance(effect, fx.SendDocument) and effect.member is not None:
            return None
        place = self._api.chat(effect.group)
        return place if place < _SUPERGROUP else None

    def _chat(self, place: int) -> _Chat:
        chat = self._chats.get(place)
        if chat is None:
            if len(self._chats) >= MOST_CHATS:
                idle = next((old for old, one in self._chats.items() if one.idle), None)
                if idle is not None:
                    del self._chats[idle]
            chat = self._chats[place] = _Chat()
        return chat
