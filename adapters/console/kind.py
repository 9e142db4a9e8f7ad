"""How a platform of ``type: console`` is checked and made."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.console.adapter import ConsoleAdapter, ConsoleSettings
from adapters.protocol import Adapter
from adapters.settings import checked
from rules.capability import Capability


class ConsoleType:
    """See ``adapters.protocol.AdapterType``."""

    def declared(self, settings: Mapping[str, Any]) -> frozenset[Capability]:
        """Everything: what an effect means is up to whoever reads it. Raises ``ValueError`` on bad settings."""
        checked(ConsoleSettings, settings)
        return ConsoleAdapter.capabilities

    def make(self, name: str, settings: Mapping[str, Any]) -> Adapter:
        """A console on the process's own streams and clock."""
        return ConsoleAdapter(name, _now, checked(ConsoleSettings, settings))


CONSOLE = ConsoleType()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - plain lines do not say when they were written: now
