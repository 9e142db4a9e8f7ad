"""What stands between the bot and Telegram: named once in words that an operator understands, and waited for."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from msgspec import Struct
from telegram.error import Conflict, EndPointNotFound, InvalidToken, NetworkError, TelegramError

from adapters.telegram.answers import Flooded, Garbled, Intercepted, NoAnswer, NotSent, ServerFault

log = structlog.get_logger("groupkeeper.telegram")

T = TypeVar("T")

Sleep = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""

FIRST, LONGEST = 1.0, 60.0
"""Seconds between the first attempts, and at most, while something is in the way that goes away by itself."""
SLOW = 180.0
"""Seconds between attempts where somebody has to do something first."""
REMEMBERED = 3600.0
"""Seconds in which a trouble that comes back is not named again."""


class Kind(Struct, frozen=True):
    """One sort of trouble: its name in the log, what to do, and whether somebody has to do it."""

    event: str
    advice: str
    slow: bool = False


TOKEN = Kind(
    "telegram_token_refused",
    "Telegram does not know this token: copy it anew from @BotFather (/mybots, the bot, API Token), restart the bot",
    slow=True,
)
SHARED = Kind(
    "telegram_token_in_use",
    "another program uses this bot's token; stop it, or give one of them a token of its own",
)
HOOKED = Kind(
    "telegram_webhook_in_the_way",
    "another program set a webhook for this bot's token; it is removed. Stop that program, or give it its own token",
)
FLOODED = Kind("telegram_flooded", "Telegram wants fewer calls; the bot waits as long as it was told to")
UNREACHABLE = Kind("telegram_unreachable", "the bot tries again; see whether this machine reaches the internet")
FAULTY = Kind("telegram_has_trouble", "the server of Telegram has trouble of its own; the bot tries again")
STRANGE = Kind(
    "telegram_answers_strangely",
    "what answers is no Bot API server: see `api` in the configuration, a proxy, or a login page of the network",
)
OUTDATED = Kind("telegram_server_too_old", "this Bot API server does not know the call: bring it up to date", slow=True)
REFUSED = Kind("telegram_refuses", "Telegram does not take what it was asked", slow=True)


def kind_of(error: TelegramError) -> Kind:
    """Which sort of trouble an error means."""
    match error:
        case Conflict():
            return HOOKED if "webhook is active" in str(error) else SHARED
        case InvalidToken():
            return TOKEN
        case EndPointNotFound():
            return OUTDATED
        case Flooded():
            return FLOODED
        case NotSent():
            return UNREACHABLE
        case Garbled() | Intercepted():
            return STRANGE
        case NoAnswer():
            return UNREACHABLE
        case ServerFault():
            return FAULTY
    # BadRequest is a NetworkError, too; one that is nothing else comes from something that is not Telegram.
    return STRANGE if type(error) is NetworkError else REFUSED


class Trouble:
    """The present trouble of one connection, and how long to wait before each next attempt.

    ``sleep`` and ``chance`` (0 to 1) are injected by tests; ``clock`` counts seconds from anywhere.
    """

    def __init__(
        self,
        adapter: str,
        *,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._adapter = adapter
        self._sleep = sleep
        self._chance = chance
        self._clock = clock
        self._attempts = 0
        self._named: dict[str, float] = {}
        self.present: str | None = None
        """What is in the way now, by its name in the log; None where nothing is."""

    async def overcome(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Try something until it succeeds; what it gives then."""
        while True:
            try:
                found = await attempt()
            except TelegramError as error:
                await self.face(error)
            else:
                self.over()
                return found

    async def face(self, error: TelegramError) -> Kind:
        """Name the trouble, if it is news, and wait until it is time for another attempt."""
        kind = kind_of(error)
        wait = self._wait(error, kind)
        self.name(kind, str(error), again=round(wait, 1))
        await self._sleep(wait)
        return kind

    async def wait(self) -> None:
        """Wait a while, longer each time: for what others name."""
        await self._sleep(self._longer())

    def name(self, kind: Kind, error: str, **more: object) -> None:
        """Put a trouble into the log, unless it stands there since not long ago."""
        self.present = kind.event
        now = self._clock()
        if now - self._named.get(kind.event, -REMEMBERED) < REMEMBERED:
            return
        self._named[kind.event] = now
        log.error(kind.event, adapter=self._adapter, error=error, advice=kind.advice, **more)

    def over(self) -> None:
        """Something succeeded."""
        self._attempts = 0
        if self.present is not None:
            log.info("telegram_reached", adapter=self._adapter, after=self.present)
            self.present = None

    def _wait(self, error: TelegramError, kind: Kind) -> float:
        if isinstance(error, Flooded):
            return float(error.seconds)
        return SLOW if kind.slow else self._longer()

    def _longer(self) -> float:
        self._attempts += 1
        wait: float = min(FIRST * 2 ** min(self._attempts - 1, 16), LONGEST)
        return wait * (0.5 + self._chance() / 2)  # not everybody at the same moment
