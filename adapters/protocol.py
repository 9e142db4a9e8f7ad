"""What the rest of Groupkeeper asks of a platform.

An adapter turns what happens on a platform into events and carries effects out there. It is given an ``Intake`` and
must not confirm anything to the platform before ``accept`` has returned: only then is it safely kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from rules.capability import Capability
from rules.effects import Effect
from rules.events import Event


class Receipt(Struct, frozen=True, omit_defaults=True):
    """What the platform answered: ``message`` is the platform-qualified id of a message that was sent."""

    message: str | None = None


class Intake(Protocol):
    """Where events go. Repeated ids collapse."""

    async def accept(self, events: Sequence[Event], cursor: tuple[str, str] | None = None) -> None:
        """Keep events for good (one transaction, with the ``(source, position)`` cursor where the platform has one)."""
        ...

    async def cursor(self, source: str) -> str | None:
        """The position that was kept last."""
        ...

    async def migrated(self, old: str, new: str) -> None:
        """The platform gave the group ``old`` the id ``new`` (both qualified): all that is known of it follows.

        To be told after the events from before, and before those that come for the new id. Telling it again does no
        harm.
        """
        ...


class Adapter(Protocol):
    """A connection to one platform. ``name`` is its name in the configuration; ids it makes begin with ``name:``."""

    name: str
    capabilities: frozenset[Capability]

    async def run(self, intake: Intake) -> None:
        """Feed events until cancelled, or until the source has ended. Reconnects by itself."""
        ...

    async def perform(self, effect: Effect) -> Receipt:
        """Carry one effect out. Its texts are rendered (``text.literal``). Raises an ``adapters.errors`` error."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class AdapterType(Protocol):
    """What the entry point ``groupkeeper.adapters`` of a platform names: how to check and make its adapter.

    ``settings`` are those under ``platforms:`` in the configuration, less ``type``.
    """

    def declared(self, settings: Mapping[str, Any]) -> frozenset[Capability]:
        """What an adapter with these settings can do, told before it connects. Raises ``ValueError`` on bad ones."""
        ...

    def make(self, name: str, settings: Mapping[str, Any]) -> Adapter:
        """An adapter with this name, not yet connected."""
        ...
