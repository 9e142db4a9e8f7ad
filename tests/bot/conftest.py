"""A bot to test: a real database in a file, simulated platforms, a clock moved by hand, rules given as objects."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.simulated import SimulatedPlatform
from bot.configuration import builtin_copy
from bot.setup import Setup
from bot.simulation.stage import Stage
from rules.config import Config
from rules.copy import CopyBook
from rules.facts import GroupSettings
from rules.rulebook import Rule, assemble
from rules.step import Action, Condition, Library
from rules.timing import Timing

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
STAFF = "sim:staff"


class Bot(Stage):
    """A stage with one platform; Ann, Bo and Cy are in the groups ``a`` and ``b``."""

    @property
    def sim(self) -> SimulatedPlatform:
        return self.platforms["sim"]

    @property
    def acts(self) -> list[tuple[str, str]]:
        """What the bot did, in order: the act, and its words or the member it was done to."""
        return [(str(e.act), e.text or e.whom or "") for e in self.sim.transcript if e.who == self.sim.bot.id]

    def said_in(self, chat: str) -> list[str]:
        return [post.message.text for post in self.sim.room(chat).posts.values() if post.by_bot]

    async def says(self, chat: str, person: str, *texts: str) -> list[str]:
        """Somebody writes, and the bot does what it does about it. The ids of the messages."""
        ids = [self.sim.post(chat, person, text) for text in texts]
        await self.settle()
        return ids

    async def later(self, **delta: float) -> None:
        await self.advance_to(self.clock.now() + timedelta(**delta))

    async def restart(self) -> None:
        await self.stop()
        await self.start()


class World:
    """Makes setups of rules, and bots that run them."""

    now = NOON

    def __init__(self, folder: Path, opened: AsyncExitStack) -> None:
        self.url = f"sqlite:///{folder / 'bot.db'}"
        self._opened = opened

    def rule(
        self,
        id_: str,
        *actions: Action,
        condition: Condition | None = None,
        kinds: Iterable[str] = ("message",),
        groups: Iterable[str] = ("a", "b"),
        **more: Any,
    ) -> Rule:
        return Rule(
            id=id_,
            name="",
            kinds=frozenset(kinds),
            condition=condition,
            actions=actions,
            groups=frozenset(groups),
            **more,
        )

    def timed(self, rule: Rule, **timing: Any) -> Rule:
        """The rule as a schedule: at wall times (UTC), or after a silence."""
        when = Timing.model_validate(timing)
        return replace(rule, kinds=frozenset({"schedule"}), names=frozenset({rule.id}), timing=when)

    def setup(self, *rules: Rule, config: Config | None = None, library: Library | None = None, **more: Any) -> Setup:
        """Groups ``a`` and ``b`` and a staff room on one simulated platform."""
        settings = [
            GroupSettings(key=key, chat=f"sim:{key}", platform="sim", name=key.upper(), staff_chat=STAFF, **more)
            for key in ("a", "b", "staff")
        ]
        return Setup(assemble("1", rules, settings, library), CopyBook(builtin_copy()), config or Config())

    def bot(self, setup: Setup) -> Bot:
        """A bot that is not started yet."""
        bot = Bot(setup, self.url, NOON)
        for name in ("ann", "bo", "cy"):
            bot.sim.add_person(name, groups=["a", "b"], reachable=True)
        return bot

    async def start(self, *rules: Rule, setup: Setup | None = None, **more: Any) -> Bot:
        """A running bot; it is stopped at the end of the test."""
        return await self._opened.enter_async_context(self.bot(setup or self.setup(*rules, **more)))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as opened:
        yield World(tmp_path, opened)
