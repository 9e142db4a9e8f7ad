"""What is done to members and channels: muting, removing, letting in."""

from datetime import datetime, timedelta

from telegram.error import BadRequest

from adapters.errors import Rejected, Unsupported
from adapters.telegram.ids import STAND_INS
from adapters.telegram.sending.api import Api
from rules import effects as fx

SHORTEST = timedelta(seconds=35)
"""Telegram takes an end less than 30 s ahead for "never"; some seconds are lost on the way."""
KICKED_FOR = timedelta(seconds=90)
"""A kick is a ban that is lifted at once. Should nobody come to lift it, it ends by itself."""

_VOICE = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"),
)


async def mute(effect: fx.MuteMember, api: Api, now: datetime) -> None:
    """Take their voice. A channel has none to take: its owners may no longer speak by it."""
    chat, member = _concerned(effect.group, effect.member, api)
    if member < 0:
        if effect.until is not None:
            # banChatSenderChat knows no end, and for ever is not what was decided.
            raise Unsupported("a channel cannot be muted for a time, only banned until somebody lifts it")
        await _ban_channel(chat, member, api)
        return
    await api(
        "restrictChatMember",
        chat_id=chat,
        user_id=member,
        permissions=dict.fromkeys(_VOICE, False),
        until_date=_end(effect.until, now),
    )


async def unmute(effect: fx.UnmuteMember, api: Api) -> None:
    """Give them their voice back.

    All permissions are what Telegram's documentation says lifts a restriction. They give nobody more than the group
    allows everybody; the group's own set would leave them restricted when the group later allows more.
    """
    chat, member = _concerned(effect.group, effect.member, api)
    if member < 0:
        await api("unbanChatSenderChat", chat_id=chat, sender_chat_id=member)
        return
    await api("restrictChatMember", chat_id=chat, user_id=member, permissions=dict.fromkeys(_VOICE, True))


async def kick(effect: fx.KickMember, api: Api, now: datetime) -> None:
    """Remove them; they may come back. Who is banned stays banned.

    Where the process ends between the two calls, the effect is repeated: the ban has an end then, and is lifted.
    """
    chat, member = _concerned(effect.group, effect.member, api)
    if member < 0:
        raise Unsupported("a channel is no member, so it cannot be removed; it can be banned")
    who = await api("getChatMember", chat_id=chat, user_id=member)
    status = who.get("status")
    if status == "left":
        return
    if status != "kicked":
        await api("banChatMember", chat_id=chat, user_id=member, until_date=_stamp(now + KICKED_FOR))
    elif not _ends_soon(int(who.get("until_date") or 0), now):
        return
    try:
        await api("unbanChatMember", chat_id=chat, user_id=member, only_if_banned=True)
    except BadRequest as error:
        if "available for supergroup" not in str(error).casefold():
            raise  # a basic group keeps nobody out: there is nothing to lift


async def ban(effect: fx.BanMember, api: Api, now: datetime) -> None:
    """Remove them and keep them out."""
    chat, member = _concerned(effect.group, effect.member, api)
    if member < 0:
        if effect.until is not None:
            raise Unsupported("a channel cannot be banned for a time, only until somebody lifts it")
        await _ban_channel(chat, member, api)
        return
    await api("banChatMember", chat_id=chat, user_id=member, until_date=_end(effect.until, now))


async def unban(effect: fx.UnbanMember, api: Api) -> None:
    """Let them come back. Who is in the group stays there."""
    chat, member = _concerned(effect.group, effect.member, api)
    if member < 0:
        await api("unbanChatSenderChat", chat_id=chat, sender_chat_id=member)
        return
    await api("unbanChatMember", chat_id=chat, user_id=member, only_if_banned=True)


async def answer_join_request(effect: fx.AnswerJoinRequest, api: Api) -> None:
    """Let them in, or turn them down."""
    method = "approveChatJoinRequest" if effect.approve else "declineChatJoinRequest"
    chat, member = _concerned(effect.group, effect.member, api)
    await api(method, chat_id=chat, user_id=member)


async def _ban_channel(chat: int, channel: int, api: Api) -> None:
    place = await api("getChat", chat_id=chat)
    if place.get("linked_chat_id") == channel:
        raise Rejected("this is the channel that the group belongs to: it is never acted on")
    await api("banChatSenderChat", chat_id=chat, sender_chat_id=channel)


def _concerned(group: str, member: str, api: Api) -> tuple[int, int]:
    """The group and whom it concerns: never the group itself, nor an account that only stands in for others."""
    chat, number = api.chat(group), api.person(member)
    if number in (chat, api.person(group)):
        raise Rejected("this is the group itself (an anonymous admin): it is never acted on")
    if number in STAND_INS:
        raise Rejected("this account only stands in for admins and channels: it is never acted on")
    return chat, number


def _end(until: datetime | None, now: datetime) -> int | None:
    """``until_date``: nothing for ever, and never so soon that Telegram takes it for that."""
    return None if until is None else _stamp(max(until, now + SHORTEST))


def _ends_soon(until: int, now: datetime) -> bool:
    """Whether a ban is a kick's first half: one for ever has no end."""
    return 0 < until <= _stamp(now + KICKED_FOR)


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())
