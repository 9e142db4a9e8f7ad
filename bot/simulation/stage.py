"""The stage: the real bot on a real database, simulated platforms around it, and a clock that is moved by hand."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Self

from adapters.simulated import SimulatedAdapter, SimulatedPlatform
from bot.app import App
from bot.clock import VirtualClock
from bot.observer import Observer
from bot.selfcheck import make_detectors
from bot.settle import Settled
from bot.setup import Setup
from bot.simulation.venue import Connect, Pumped
from rules.decision import SHADOW
from rules.effects import DeleteMessage
from rules.facts import GroupSettings
from storage.database import Database
from storage.outbox import Delivery

_PATIENCE = 1000


class Stage:
    """A bot that can be stopped and started again; the platforms and the database file outlive it.

    Each configured platform is simulated in memory with the capabilities that its adapter declares, unless ``connect``
    makes other adapters, which follow the clock that is ``start`` then. ``reasons`` tells for every deleted message by
    which rule it was, ``shadowed`` which shadow rules would have acted since it was emptied.
    """

    def __init__(
        self, setup: Setup, database_url: str, start: datetime | VirtualClock, connect: Connect | None = None
    ) -> None:
        self.setup = setup
        self.clock = start if isinstance(start, VirtualClock) else VirtualClock(start)
        self.platforms = simulated_platforms(setup, self.clock) if connect is None else {}
        self._connect = connect or self._in_memory
        self._detectors = make_detectors(setup)
        self.reasons: dict[str, str] = {}
        self.shadowed: list[str] = []
        self._url = database_url
        self._open: ExitStack | None = None
        self._app: App | None = None
        self._adapters: Mapping[str, Pumped] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def running(self) -> bool:
        """Whether the bot is there."""
        return self._app is not None

    @property
    def app(self) -> App:
        """The bot. Raises ``RuntimeError`` while it is stopped."""
        if self._app is None:
            raise RuntimeError("the bot is stopped")
        return self._app

    def settings(self, chat: str) -> GroupSettings:
        """A group's settings by its platform-qualified id. Raises ``KeyError``."""
        return self.setup.rulebook.groups[chat].settings

    async def start(self) -> None:
        """Open the database and start the bot, which picks up where the last run ended."""
        with ExitStack() as opened:
            database = Database.open(self._url)
            opened.callback(database.close)
            database.upgrade()
            self._adapters = self._connect()
            watcher = _Watcher(self.reasons, self.shadowed)
            self._app = App(
                self.setup, database, self._adapters, self.clock, detectors=self._detectors, observer=watcher
            )
            await self._app.start()
            self._open = opened.pop_all()
        await self.settle()

    async def stop(self) -> None:
        """Let the bot go: nothing of it is kept but what is in the database."""
        if self._app is not None:
            await self._app.close()
            self._app = None
        if self._open is not None:
            self._open.close()
            self._open = None

    async def settle(self) -> None:
        """Let the bot do all that is to be done at this moment."""
        if self._app is None:
            return
        for _ in range(_PATIENCE):
            fed = sum([await adapter.pump(self._app.intake) for adapter in self._adapters.values()])
            if not await self._app.settle_all() and not fed:
                return
        raise RuntimeError(f"the bot does not come to rest at {self.clock.now().isoformat()}")

    async def advance_to(self, moment: datetime) -> None:
        """Move time on; the bot does what falls due on the way, each thing at its own moment."""
        while self._app is not None:
            due = await self._app.next_moment()
            if due is None or due > moment or due <= self.clock.now():
                break
            self.clock.move_to(due)
            await self.settle()
        self.clock.move_to(moment)
        await self.settle()

    def _in_memory(self) -> Mapping[str, Pumped]:
        return {name: SimulatedAdapter(platform) for name, platform in self.platforms.items()}


class _Watcher(Observer):
    """Remembers by which rule each message was deleted, and which rules only watched."""

    def __init__(self, reasons: dict[str, str], shadowed: list[str]) -> None:
        self._reasons = reasons
        self._shadowed = shadowed

    def settled(self, settled: Settled) -> None:
        self._shadowed += [rule for rule, outcome in settled.rules if outcome == SHADOW]

    def delivered(self, delivery: Delivery, state: str) -> None:
        if state == "sent" and isinstance(delivery.effect, DeleteMessage):
            self._reasons[delivery.effect.message] = delivery.rule


def simulated_platforms(setup: Setup, clock: VirtualClock) -> dict[str, SimulatedPlatform]:
    """The platforms of a configuration, in memory, with their groups, and nobody in them yet."""
    platforms: dict[str, SimulatedPlatform] = {}
    for chat, book in setup.rulebook.groups.items():
        settings = book.settings
        name, _, bare = chat.partition(":")
        if name not in platforms:
            platforms[name] = SimulatedPlatform(name, clock.now, settings.capabilities)
        platforms[name].add_group(bare, settings.name or settings.key)
    return platforms
