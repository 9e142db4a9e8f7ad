"""How a platform of ``type: wechaty`` is checked and made."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from adapters.protocol import Adapter, Manners
from adapters.settings import checked
from adapters.wechaty.naming import TOPIC, id_of_topic, topic_of
from adapters.wechaty.puppets import PUPPETS
from adapters.wechaty.settings import WechatySettings
from rules.capability import Capability

_EXTRA = ("wechaty_grpc", "betterproto", "grpclib", "segno", "defusedxml")
_MISSING = "the packages for WeChat are not installed: in Groupkeeper's folder, run .venv/bin/pip install '.[wechat]'"


class WechatyType:
    """See ``adapters.protocol.AdapterType``."""

    def declared(self, settings: Mapping[str, Any]) -> frozenset[Capability]:
        """What the puppet behind the gateway can do. Raises ``ValueError`` on bad settings."""
        if any(find_spec(name) is None for name in _EXTRA):
            raise ValueError(_MISSING)
        return PUPPETS[checked(WechatySettings, settings).puppet].capabilities

    def manners(self, settings: Mapping[str, Any]) -> Manners:
        """See ``HasManners``: the bot is an account like a person's."""
        puppet = PUPPETS.get(str(settings.get("puppet")))
        return Manners(title=puppet.title if puppet is not None else "WeChat", human=True)

    def group_fault(self, chat: str, settings: Mapping[str, Any]) -> str | None:
        """See ``KnowsGroupIds``: by its name only where the puppet gives a group another id at each login."""
        puppet = PUPPETS.get(str(settings.get("puppet")))
        named = chat.startswith(TOPIC)
        if puppet is None:
            return None
        if puppet.stable_ids and named:
            return f"with this puppet groups keep their ids: send /id in the group while the bot runs, not `{chat}`"
        if not puppet.stable_ids and not (named and topic_of(chat)):
            return (
                "with this puppet a group's id changes at each login: write its name, such as `topic=Readers`, "
                f"not `{chat}`"
            )
        if named and (right := id_of_topic(topic_of(chat))) != chat:
            return f"write `{right}`, not `{chat}`: in the name of a group / is written as %2F and % as %25"
        return None

    def make(self, name: str, settings: Mapping[str, Any]) -> Adapter:
        """An adapter of one gateway, not yet connected."""
        from adapters.wechaty.adapter import WechatyAdapter  # noqa: PLC0415 - only who keeps a WeChat group needs it

        return WechatyAdapter(name, checked(WechatySettings, settings))


WECHATY = WechatyType()
