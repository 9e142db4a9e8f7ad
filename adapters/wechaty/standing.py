"""Whether a gateway is heard: since when it is not, and who is told of it, once in every outage."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

import structlog

from adapters.protocol import News

log = structlog.get_logger("groupkeeper.wechaty")

Trouble = Literal["lost", "taken", "refused"]

ADVICE = {
    "lost": "is the gateway running, and `endpoint:` its address?",
    "taken": "one gateway serves one bot: end the other program, or give each a gateway of its own",
    "refused": "`token:` has to be the one that the gateway was started with",
}


class Standing:
    """The state of one connection, for the log, for the staff and for ``trouble``."""

    def __init__(
        self, name: str, gateway: str, tell: Callable[[News], Awaitable[None]], now: Callable[[], datetime]
    ) -> None:
        self._name = name
        self._gateway = gateway
        self._tell = tell
        self._now = now
        self._heard = now()
        self._since: datetime | None = None
        self._told: set[Trouble] = set()
        self.reason = ""
        """Why it is not heard, in words; empty while it is."""
        self.trouble: str | None = None
        """What is in the way now, by its name in the log; None where nothing is."""

    def heard(self) -> None:
        """Something came: up to now nothing was missed."""
        if self._since is None:
            self._heard = self._now()

    async def lost(self, trouble: Trouble, why: str) -> None:
        """It is not heard. An outage began when something was heard last, not when that was found out."""
        since = self._since = self._since or self._heard
        self.trouble = f"wechaty_{trouble}"
        if why != self.reason:
            self.reason = why
            write = log.warning if trouble == "lost" else log.error
            write(self.trouble, adapter=self._name, gateway=self._gateway, error=why, advice=ADVICE[trouble])
        if trouble in self._told or (trouble == "lost" and self._told):
            return
        self._told.add(trouble)
        await self._tell(News(self._name, trouble, self._now(), detail=why, since=since))

    async def back(self) -> None:
        """It is heard."""
        since, self._since = self._since, None
        self._heard = self._now()
        self._told.clear()
        self.reason = ""
        """Why it is not heard, in words; empty while it is."""
        self.trouble = None
        log.info("wechaty_connected", adapter=self._name, gateway=self._gateway)
        if since is not None:
            await self._tell(News(self._name, "back", self._heard, since=since))
