"""What is done to members and to those who ask to come in."""

from contextlib import suppress

from adapters.errors import AdapterError, OutcomeUnknown, Rejected
from adapters.wechaty.sending.api import Api
from adapters.wechaty.sending.texts import friend
from rules import effects as fx

FRIENDSHIP, INVITATION = "friendship", "invitation"
"""What a request begins with: what is asked of the account."""


async def kick(effect: fx.KickMember, api: Api) -> None:
    """Remove them. Who is not in the room any more is removed already."""
    room, member = api.id(effect.group), api.id(effect.member)
    if await _is_out(room, member, api):
        return
    try:
        await api.calls().remove(room, member)
    except Rejected as error:
        if await _is_out(room, member, api):
            return
        raise await api.why(room, error) from error
    finally:
        api.people.forget_room(room)


async def invite(effect: fx.InviteMember | fx.AnswerJoinRequest, api: Api) -> None:
    """Bring them into a room, who have to be friends; into a large one they get a link from WeChat."""
    room, member = api.id(effect.group), api.id(effect.member)
    if member in await api.calls().members(room):
        return
    try:
        await friend(effect.member, api)
    except Rejected:
        raise Rejected(
            "this person is no friend of the bot's account on WeChat, so it cannot bring them into a group"
        ) from None
    try:
        await api.calls().add(room, member)
    except OutcomeUnknown:
        with suppress(AdapterError):
            if member in await api.calls().members(room):
                return
        raise
    except Rejected as error:
        if member in await api.calls().members(room):
            return
        raise await api.why(room, error) from error
    finally:
        api.people.forget_room(room)


async def answer(effect: fx.AnswerJoinRequest, api: Api) -> None:
    """Let them in. WeChat lets nobody be turned down: a request that is not answered passes away."""
    if not effect.approve:
        return
    if effect.group != effect.member:
        try:
            await invite(effect, api)
        except OutcomeUnknown as error:  # an answer to a request is repeated, an invitation is seen twice
            unknown = "nobody knows whether the invitation arrived, so it is not sent again: look whether they came"
            raise Rejected(f"{unknown} ({error})") from error
        return
    sort, _, request = (effect.request or "").partition("/")
    if not request or sort not in (FRIENDSHIP, INVITATION):
        raise Rejected("nobody asked for that: there is no request to be accepted")
    if sort == INVITATION:
        await api.calls().accept_invitation(request)
        return
    try:
        await api.calls().accept_friend(request)
    except Rejected:
        api.people.forget_contact(api.id(effect.member))
        if not (await api.people.contact(api.id(effect.member))).friend:
            raise
    finally:
        api.people.forget_contact(api.id(effect.member))


async def _is_out(room: str, member: str, api: Api) -> bool:
    """Whether somebody certainly is not in a room; a puppet that knows nobody in it says nothing by that."""
    members = await api.calls().members(room)
    return bool(members) and member not in members
