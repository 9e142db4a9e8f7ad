"""How a platform of ``type: simulated`` is checked and made."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.protocol import Adapter, Manners
from adapters.settings import checked
from adapters.simulated.adapter import SimulatedAdapter
from adapters.simulated.platform import EVERYTHING, WECHAT_LIKE, SimulatedPlatform
from rules.capability import Capability

_LIKE = {"everything": EVERYTHING, "wechat": WECHAT_LIKE}


class SimulatedSettings(BaseModel):
    """What can be set for a platform of ``type: simulated``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    like: Literal["everything", "wechat"] = Field(default="everything", description="What the platform can do.")


class SimulatedType:
    """See ``adapters.protocol.AdapterType``."""

    def declared(self, settings: Mapping[str, Any]) -> frozenset[Capability]:
        """What a platform like that can do. Raises ``ValueError`` on bad settings."""
        return _LIKE[checked(SimulatedSettings, settings).like]

    def manners(self, settings: Mapping[str, Any]) -> Manners:
        """One that is like WeChat goes by that name, and has an account like a person's for a bot."""
        wechat = checked(SimulatedSettings, settings).like == "wechat"
        return Manners("WeChat" if wechat else "a simulated platform", human=wechat)

    def make(self, name: str, settings: Mapping[str, Any]) -> Adapter:
        """An adapter of a new, empty platform that follows the machine's clock."""
        return SimulatedAdapter(SimulatedPlatform(name, _now, self.declared(settings)))


SIMULATED = SimulatedType()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - simulations with a clock of their own make the platform themselves
