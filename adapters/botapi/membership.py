"""How people's standing in a chat is told and changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.botapi.rights import PERMISSIONS
from adapters.botapi.state import Chat, InviteLink, JoinRequest, Json, Member, User
from adapters.botapi.world import World


def member_json(chat: Chat, member: Member, viewer: int | None = None) -> Json:
    """ChatMember, in the shape of its status; ``viewer`` is the bot that asks."""
    told: Json = {"user": member.user.json, "status": member.status}
    until = int(member.until.timestamp()) if member.until else 0
    match member.status:
        case "creator":
            told["is_anonymous"] = member.anonymous
            if member.title:
                told["custom_title"] = member.title
        case "administrator":
            told["can_be_edited"] = viewer is not None and member.promoted_by == viewer
            told["is_anonymous"] = member.anonymous
            for right in chat.rights():
                told[right] = right in member.rights
            if not chat.is_forum:
                told.pop("can_manage_topics", None)
            if member.title:
                told["custom_title"] = member.title
        case "restricted":
            told["is_member"] = member.is_member
            for permission in PERMISSIONS:
                told[permission] = permission in member.allowed
            told["until_date"] = until
        case "kicked":
            told["until_date"] = until
        case _:
            pass
    return told


def come(
    world: World, chat: Chat, user: User, by: User, *, link: InviteLink | None = None, via_request: bool = False
) -> None:
    """Somebody is in the chat from now on: by themselves, or because ``by`` added or approved them."""
    before = world.member(chat, user)
    if before.present:
        return
    settle_request(world, chat, user)
    why: dict[str, Any] = {"link": link, "via_request": via_request}
    if before.status == "restricted":  # who was muted and comes back is muted still
        change(world, chat, user, by, "restricted", until=before.until, allowed=before.allowed, **why)
    else:
        change(world, chat, user, by, "member", **why)
    if chat.kind != "channel" and (chat.tells_joins or user.id in world.bots_by_id):
        # that somebody was let in is told as said by them, whoever it was that approved
        world.serve(chat, {"new_chat_members": [user.json]}, user if via_request else by)


def go(world: World, chat: Chat, user: User, by: User, *, banned: bool = False, until: datetime | None = None) -> None:
    """Somebody is no longer in the chat: they left, or were removed or banned by ``by``."""
    before = world.member(chat, user)
    if banned:
        change(world, chat, user, by, "kicked", until=until)
    elif before.status == "restricted" and user.id == by.id:  # who leaves while muted is remembered as muted
        change(world, chat, user, by, "restricted", until=before.until, allowed=before.allowed, is_member=False)
    else:
        change(world, chat, user, by, "left")
    if before.present and chat.kind != "channel" and (chat.tells_joins or user.id in world.bots_by_id):
        world.serve(chat, {"left_chat_member": user.json}, by)


def ban(world: World, chat: Chat, user: User, by: User, *, until: datetime | None = None) -> None:
    """Somebody is kept out by ``by``. In a basic group nobody can be: they are only removed."""
    settle_request(world, chat, user)
    go(world, chat, user, by, banned=chat.kind != "group", until=until)


def settle_request(world: World, chat: Chat, user: User) -> JoinRequest | None:
    """Somebody waits no longer to be let in, and no bot may write to them for that; None where they did not wait."""
    request = chat.requests.pop(user.id, None)
    if request is None:
        return None
    if request.link is not None:
        request.link.pending -= 1
    for bot in world.bots_by_id.values():
        bot.may_write.pop(user.id, None)
    return request


def change(
    world: World,
    chat: Chat,
    user: User,
    by: User,
    status: str,
    *,
    until: datetime | None = None,
    is_member: bool = True,
    allowed: frozenset[str] = frozenset(),
    rights: frozenset[str] = frozenset(),
    anonymous: bool = False,
    title: str | None = None,
    link: InviteLink | None = None,
    via_request: bool = False,
) -> Member:
    """Give somebody a new standing, and tell the bots that may know: administrators, and the one it is about."""
    before = world.member(chat, user)
    after = replace(
        before,
        status=status,
        until=until,
        is_member=is_member,
        allowed=allowed,
        rights=rights,
        anonymous=anonymous,
        title=title,
        promoted_by=by.id if status == "administrator" else None,
    )
    if after.present and not before.present:
        after.joined = world.now()
    if after == before:
        return before
    chat.members[user.id] = after
    told: Json = {
        "chat": chat.json,
        "from": by.json,
        "date": int(world.now().timestamp()),
        "old_chat_member": member_json(chat, before),
        "new_chat_member": member_json(chat, after),
    }
    if link is not None:
        told["invite_link"] = link.json()
    if via_request:
        told["via_join_request"] = True
    for bot in world.bots_by_id.values():
        if bot.id == user.id:
            bot.queue.put("my_chat_member", told)
        elif (standing := chat.members.get(bot.id)) is not None and standing.status == "administrator":
            bot.queue.put("chat_member", told)
    return after
