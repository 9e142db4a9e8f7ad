"""How a platform of ``type: telegram`` is checked and made."""

import re
from collections.abc import Mapping
from typing import Any

from adapters.protocol import Adapter, Manners
from adapters.settings import checked
from adapters.telegram.settings import TelegramSettings
from rules.capability import Capability

CAPABILITIES = frozenset(Capability) - {Capability.ANNOUNCE, Capability.RENAME, Capability.INVITE}
"""What the Bot API lets a bot do that has the rights; whether it has them is found out by ``examine``."""


class TelegramType:
    """See ``adapters.protocol.AdapterType``."""

    def declared(self, settings: Mapping[str, Any]) -> frozenset[Capability]:
        """What the Bot API can do. Raises ``ValueError`` on bad settings."""
        checked(TelegramSettings, settings)
        return CAPABILITIES

    def manners(self, settings: Mapping[str, Any]) -> Manners:
        """See ``HasManners``."""
        return Manners(title="Telegram")

    def group_fault(self, chat: str, settings: Mapping[str, Any]) -> str | None:
        """See ``KnowsGroupIds``. Updates only say numbers: a group written by its user name would never be seen."""
        if re.fullmatch(r"-?\d+", chat):
            return None
        return f"on Telegram a group is known by its number, not by `{chat}`: send /id in the group while the bot runs"

    def make(self, name: str, settings: Mapping[str, Any]) -> Adapter:
        """An adapter of one bot, not yet connected."""
        from adapters.telegram.adapter import TelegramAdapter  # noqa: PLC0415 - telegram is slow to import

        return TelegramAdapter(name, checked(TelegramSettings, settings))


TELEGRAM = TelegramType()
