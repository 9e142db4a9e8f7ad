"""Detectors that remember: what the running bot does for them besides asking."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from bot.settle import Settled
from bot.setup import Setup
from rules.events import Event
from rules.verdict import Verdict
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


@runtime_checkable
class Asks(Protocol):
    """A detector that asks somebody else where it is unsure: its verdict then says that an opinion is awaited."""

    def again(self, event: Event, verdict: Verdict) -> Verdict:
        """The verdict on a message that is looked at again, with the opinion or without, and awaiting none any more."""
        ...

    def wakes(self, wake: Callable[[], object]) -> None:
        """What is to be called when an opinion is there."""
        ...

    async def close(self) -> None:
        """Wait for nobody any more."""
        ...
