"""Where a simulated group lives, as who plays a day there sees it: people act, what happened is listed.

``adapters.simulated.SimulatedPlatform`` is one, in memory; ``bot.simulation.telegram`` has another, behind real HTTP.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from adapters.protocol import Adapter, Intake
from adapters.simulated import Entry, Person
from rules.values import Button, Member


class Venue(Protocol):
    """A platform with people in it. Who tries what it does not allow gets ``adapters.simulated.NotAllowed``."""

    @property
    def bot(self) -> Member:
        """The bot, as members are told of."""
        ...

    @property
    def people(self) -> Mapping[str, Person]:
        """Everybody, by their qualified id."""
        ...

    @property
    def transcript(self) -> Sequence[Entry]:
        """All that happened so far, in order; it only grows."""
        ...

    def qualified(self, bare: str) -> str:
        """The qualified id of a group, by its name in the story."""
        ...

    def buttons(self, group: str, message: str) -> tuple[Button, ...]:
        """What can be pressed below a message."""
        ...

    def post(self, chat: str, handle: str, text: str, *, reply_to: str | None = None) -> str:
        """Somebody writes a message; its id."""
        ...

    def join(self, chat: str, handle: str) -> None:
        """Somebody comes in."""
        ...


class Pumped(Adapter, Protocol):
    """An adapter that can be asked for what waits now, and does not wait for more."""

    async def pump(self, intake: Intake) -> int:
        """Feed what waits now; how many events or updates that was."""
        ...


Connect = Callable[[], Mapping[str, Pumped]]
"""Makes new adapters for a bot that starts, by platform name."""
