"""Carries effects out by a gateway's calls."""

from collections.abc import Callable

from adapters.errors import Rejected, Unsupported
from adapters.protocol import Receipt
from adapters.wechaty.people import People
from adapters.wechaty.puppets import Puppet
from adapters.wechaty.wire.calls import Calls
from rules import effects as fx
from rules.capability import Capability
from rules.effects import Effect, kind_of

SEPARATOR = "\u2005"
"""What ends a mention in WeChat."""


class Sender:
    """The effects of one platform. ``calls`` raises ``RetryLater`` while the gateway is not connected."""

    def __init__(self, platform: str, puppet: Puppet, people: People, calls: Callable[[], Calls]) -> None:
        self._platform = platform
        self._puppet = puppet
        self._people = people
        self._calls = calls

    async def perform(self, effect: Effect) -> Receipt:
        """Carry one effect out. Raises an ``adapters.errors`` error."""
        own = isinstance(effect, fx.DeleteMessage) and Capability.DELETE_OWN in self._puppet.capabilities
        if effect.capability not in self._puppet.capabilities and not own:
            raise Unsupported(f"{self._puppet.title} cannot do this: {kind_of(effect)}")
        match effect:
            case fx.SendText():
                return await self._say(effect)
            case fx.SendPrivate():
                return await self._say_alone(effect)
            case fx.SendDocument():
                return await self._send_document(effect)
            case fx.DeleteMessage():
                return await self._recall(effect)
            case fx.KickMember():
                await self._calls().remove(self._id(effect.group), self._id(effect.member))
            case fx.SetAnnouncement():
                await self._calls().announce(self._id(effect.group), effect.text.literal or "")
            case fx.RenameGroup():
                await self._calls().rename(self._id(effect.group), effect.name.literal or "")
            case fx.InviteMember():
                await self._calls().add(self._id(effect.group), self._id(effect.member))
            case fx.AnswerJoinRequest():
                await self._answer(effect)
            case _:
                raise Unsupported(f"{self._puppet.title} cannot do this: {kind_of(effect)}")
        return Receipt()

    async def _say(self, effect: fx.SendText) -> Receipt:
        room = self._id(effect.group)
        text = effect.text.literal or ""
        mentions = [self._id(member) for member in effect.mentions]
        sent = await self._calls().send_text(room, text, mentions)
        return self._receipt(effect.group, sent)

    async def _say_alone(self, effect: fx.SendPrivate) -> Receipt:
        contact = self._id(effect.member)
        known = await self._people.contact(contact)
        if not known.friend:
            raise Rejected("they are no friend of the bot's account")
        sent = await self._calls().send_text(contact, effect.text.literal or "")
        return self._receipt(effect.member, sent)

    async def _send_document(self, effect: fx.SendDocument) -> Receipt:
        to = effect.member or effect.group
        sent = await self._calls().send_file(self._id(to), effect.name, effect.content.encode())
        return self._receipt(to, sent)

    async def _recall(self, effect: fx.DeleteMessage) -> Receipt:
        await self._calls().recall(effect.message.rpartition("/")[2])
        return Receipt()

    async def _answer(self, effect: fx.AnswerJoinRequest) -> None:
        if not effect.approve:
            return
        await self._calls().add(self._id(effect.group), self._id(effect.member))

    def _receipt(self, place: str, message: str | None) -> Receipt:
        return Receipt(f"{place}/{message}") if message else Receipt()

    def _id(self, qualified: str) -> str:
        return qualified.removeprefix(f"{self._platform}:")
