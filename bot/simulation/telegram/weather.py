"""Trouble at random between the bot and a simulated Telegram, the same for the same seed."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from adapters.botapi import Bot, Fault, Faults, People
from adapters.botapi.errors import ApiError, too_many_requests

LATE, TROUBLED, TROUBLED_POLLS = 0.1, 0.3, 0.1
"""How likely a request is answered late, and how likely it meets trouble; less likely where it only asks for news."""
HELD, POISONED = 0.15, 0.1
"""How likely news of an act are held back, and how likely something comes along with it that nobody can read."""
LONGEST_HELD = 180
"""Seconds."""

_KINDS = {"flood": 5, "flooded": 1, "500": 2, "502": 2, "drop_before": 3, "drop_after": 3, "malformed": 2}
_BLOCKED = ApiError(403, "Forbidden: bot was blocked by the user")
_POISON: tuple[Mapping[str, Any], ...] = (
    {"message": {"message_id": "seven", "chat": 9}},
    {"message": 7},
    {"edited_message": {"message_id": 1, "date": "yesterday", "chat": {"id": -1, "type": "supergroup"}}},
    {"chat_member": {"chat": [], "date": None}},
)


class Weather(Faults):
    """Every request draws a lot of its own, by seed, method, chat and how often that was asked: not by the order in
    which requests come, which is not the same twice.

    Where Telegram asks for silence, it means it: until then every message for that chat (or, now and then, every
    request at all) is refused, and ``pestered`` counts those that came too early.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.pestered = 0
        self.poisoned = 0
        self.number = seed
        self._asked: Counter[tuple[str, str]] = Counter()
        self._silent: dict[str, datetime] = {}
        self._held: tuple[People, Bot, datetime, bool] | None = None

    def meet(self, method: str, params: Mapping[str, object], now: datetime) -> list[Fault]:
        """What this request meets."""
        chat = str(params.get("chat_id", ""))
        self._asked[method, chat] += 1
        lot = self._lot(method, chat, self._asked[method, chat])
        if method == "getUpdates":
            self._let_go(now)
        found = [Fault("delay", seconds=lot.uniform(0.5, 12))] if lot.random() < LATE else []
        trouble = self._silence(method, chat, now) or self._trouble(lot, method, chat, now)
        return [*found, trouble] if trouble is not None else found

    def act(self, people: People, bot: Bot, number: int, now: datetime) -> None:
        """Something happens now, the day's act of this number: its news may be held back, or not come alone."""
        lot = self._lot("act", "", number)
        if self._held is None and lot.random() < HELD:
            people.hold_updates(bot)
            self._held = people, bot, now + timedelta(seconds=lot.randrange(1, LONGEST_HELD)), lot.random() < 0.5
        if lot.random() < POISONED:
            people.raw(bot, dict(lot.choice(_POISON)))
            self.poisoned += 1

    def _lot(self, *of: object) -> Random:
        return Random(f"{self.number}/{of}")  # noqa: S311 - the weather, no secret

    def _let_go(self, now: datetime) -> None:
        if self._held is not None and now >= self._held[2]:
            people, bot, _, reverse = self._held
            self._held = None
            people.release_updates(bot, reverse=reverse)

    def _silence(self, method: str, chat: str, now: datetime) -> Fault | None:
        places = ("*", chat) if method.startswith("send") else ("*",)
        until = max((at for place in places if (at := self._silent.get(place)) is not None), default=now)
        if until <= now:
            return None
        self.pestered += 1 if "*" not in self._silent or self._silent["*"] <= now else 0
        return Fault("error", error=too_many_requests(-int((now - until).total_seconds() // 1)))

    def _trouble(self, lot: Random, method: str, chat: str, now: datetime) -> Fault | None:
        if method == "sendMessage" and not chat.startswith("-") and lot.random() < TROUBLED:
            return Fault("error", error=_BLOCKED)
        if lot.random() >= (TROUBLED_POLLS if method == "getUpdates" else TROUBLED):
            return None
        kind = lot.choices(list(_KINDS), list(_KINDS.values()))[0]
        match kind:
            case "flood" | "flooded":
                wait = lot.randrange(2, 31 if kind == "flood" else 6)
                place = chat if kind == "flood" and method.startswith("send") else "*" if kind == "flooded" else None
                if place is not None:
                    self._silent[place] = now + timedelta(seconds=wait)
                return Fault("error", error=too_many_requests(wait))
            case "500":
                return Fault("error", error=ApiError(500, "Internal Server Error"))
            case "502":
                return Fault("error", error=ApiError(502, "Bad Gateway"))
            case "drop_before" | "drop_after" | "malformed":
                return Fault(kind)
        return None
