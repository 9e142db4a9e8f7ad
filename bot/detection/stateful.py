"""Detectors that remember: what the running bot does for them besides asking."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from bot.settle import Settled
from bot.setup import Setup
from schedules.clock import Clock
from storage.database import Database


@runtime_checkable
class Stateful(Protocol):
    """A detector that learns from its groups, and keeps in the database what it learned."""

    async def begin(self, database: Database, clock: Clock, setup: Callable[[], Setup]) -> None:
        """Read what was remembered. Called before it is asked anything, and again only in another process."""
        ...

    def settled(self, settled: Settled) -> None:
        """A batch of events was settled and is on disk: what staff taught by commands counts from now on."""
        ...

    async def keep(self) -> None:
        """Write down what is not yet in the database. Called every few seconds, after batches, and at the end."""
        ...
