"""Who watches the running bot: metrics implement this; by default nobody does."""

from bot.settle import Settled
from storage.outbox import Delivery


class Observer:
    """Told of what happens, in passing. Methods must be quick and must not raise."""

    def settled(self, settled: Settled) -> None:
        """A batch of events was settled."""

    def delivered(self, delivery: Delivery, state: str) -> None:
        """A delivery went to a new state: sent, retried, uncertain, failed or dropped."""

    def parked(self) -> None:
        """An event was put aside."""

    def quarantined(self, count: int) -> None:
        """So much came that could not be read."""

    def reloaded(self, *, ok: bool) -> None:
        """The configuration was read again, and taken over or refused."""

    def connected(self, adapter: str, *, up: bool) -> None:
        """An adapter began to feed events, or ended."""
