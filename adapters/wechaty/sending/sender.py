"""Carries effects out by a gateway's calls."""

from adapters.errors import Unsupported
from adapters.protocol import Receipt
from adapters.wechaty.sending import members, messages, rooms, texts
from adapters.wechaty.sending.api import Api
from rules import effects as fx
from rules.capability import Capability
from rules.effects import Effect, kind_of


class Sender:
    """The effects of one platform."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def perform(self, effect: Effect) -> Receipt:
        """Carry one effect out. Raises an ``adapters.errors`` error."""
        api = self._api
        can = api.puppet.capabilities
        own = isinstance(effect, fx.DeleteMessage) and Capability.DELETE_OWN in can
        if effect.capability not in can and not own:
            raise self._beyond(effect)
        match effect:
            case fx.SendText():
                return await texts.send_text(effect, api)
            case fx.SendPrivate():
                return await texts.send_private(effect, api)
            case fx.SendDocument():
                return await texts.send_document(effect, api)
            case fx.DeleteMessage():
                await messages.recall(effect, api)
            case fx.KickMember():
                await members.kick(effect, api)
            case fx.InviteMember():
                await members.invite(effect, api)
            case fx.AnswerJoinRequest():
                await members.answer(effect, api)
            case fx.SetAnnouncement():
                await rooms.announce(effect, api)
            case fx.RenameGroup():
                await rooms.rename(effect, api)
            case _:
                raise self._beyond(effect)
        return Receipt()

    async def verify(self, effect: Effect) -> Receipt | None:
        """Whether a text stands whose answer was lost. See ``adapters.protocol.Verifies``."""
        return self._api.echoes.verify(effect, lambda id_: self._api.note(effect.group, id_))

    def echoed(self, conversation: str, text: str | None, message: str) -> None:
        """A message of the account's own came back as an event; ``text`` is None where it is something else."""
        self._api.echoes.heard(conversation, text, message)

    def _beyond(self, effect: Effect) -> Unsupported:
        return Unsupported(f"{self._api.puppet.title} cannot do this: {kind_of(effect)}")
