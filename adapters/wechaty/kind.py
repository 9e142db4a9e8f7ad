"""How a platform of ``type: wechaty`` is checked and made."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from adapters.protocol import Adapter, Manners
from adapters.settings import checked
from adapters.wechaty.puppets import PUPPETS
from adapters.wechaty.settings import WechatySettings
from rules.capability import Capability

_EXTRA = ("wechaty_grpc", "betterproto", "grpclib", "segno", "defusedxml")


class WechatyType:
    """See ``adapters.protocol.AdapterType``."""

    def declared(self, settings: Mapping[str, Any]) -> frozenset[Capability]:
        """What the puppet behind the gateway can do. Raises ``ValueError`` on bad settings."""
        if any(find_spec(name) is None for name in _EXTRA):
            raise ValueError("the packages for WeChat are not installed: pip install 'groupkeeper[wechat]'")
        return PUPPETS[checked(WechatySettings, settings).puppet].capabilities

    def manners(self, settings: Mapping[str, Any]) -> Manners:
        """See ``HasManners``: the bot is an account like a person's."""
        puppet = PUPPETS.get(str(settings.get("puppet")))
        return Manners(title=puppet.title if puppet is not None else "WeChat", human=True)

    def make(self, name: str, settings: Mapping[str, Any]) -> Adapter:
        """An adapter of one gateway, not yet connected."""
        from adapters.wechaty.adapter import WechatyAdapter  # noqa: PLC0415 - only who keeps a WeChat group needs it

        return WechatyAdapter(name, checked(WechatySettings, settings))


WECHATY = WechatyType()
