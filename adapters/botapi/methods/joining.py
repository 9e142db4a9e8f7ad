"""Invite links and requests to join."""

from adapters.botapi.call import Call
from adapters.botapi.errors import bad_request
from adapters.botapi.membership import come, settle_request
from adapters.botapi.state import Chat, InviteLink, Json, User
from adapters.botapi.world import World

_NO_RIGHTS = "not enough rights to manage chat invite link"


def new_link(world: World, chat: Chat, creator: User, **more: object) -> InviteLink:
    """A new invite link; ``more`` are fields of ``InviteLink``."""
    link = InviteLink(f"https://t.me/+Sim{abs(chat.id) % 10_000:04d}Link{world.number('link'):08d}", creator, **more)  # type: ignore[arg-type]
    chat.links[link.url] = link
    return link


def _options(call: Call) -> dict[str, object]:
    limit = call.integer("member_limit")
    by_request = call.flag("creates_join_request")
    if limit is not None and not 1 <= limit <= 99_999:
        raise bad_request("USAGE_LIMIT_INVALID")
    if limit and by_request:
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    name = call.text("name")
    if len(name) > 32:
        raise bad_request("invite link name is too long")
    return {"name": name or None, "limit": limit, "by_request": by_request, "expires": call.moment("expire_date")}


def create_chat_invite_link(call: Call) -> Json:
    """createChatInviteLink."""
    chat = call.chat()
    call.needs(chat, "can_invite_users", _NO_RIGHTS)
    return new_link(call.world, chat, call.bot.user, **_options(call)).json()


def _link(call: Call, chat: Chat) -> InviteLink:
    found = chat.links.get(call.text("invite_link"))
    if found is None or found.creator.id != call.bot.id:
        raise bad_request("INVITE_HASH_INVALID" if found is None else "not enough rights to manage chat invite link")
    return found


def edit_chat_invite_link(call: Call) -> Json:
    """editChatInviteLink."""
    chat = call.chat()
    call.needs(chat, "can_invite_users", _NO_RIGHTS)
    link = _link(call, chat)
    if link.revoked or link.primary:
        raise bad_request("INVITE_HASH_EXPIRED" if link.revoked else "CHAT_INVITE_PERMANENT")
    for name, value in _options(call).items():
        setattr(link, name, value)
    return link.json()


def revoke_chat_invite_link(call: Call) -> Json:
    """revokeChatInviteLink; the primary one is replaced by another."""
    chat = call.chat()
    call.needs(chat, "can_invite_users", _NO_RIGHTS)
    link = _link(call, chat)
    link.revoked = True
    if link.primary:
        new_link(call.world, chat, call.bot.user, primary=True)
    return link.json()


def export_chat_invite_link(call: Call) -> str:
    """exportChatInviteLink: the bot's primary link anew; the former is revoked."""
    chat = call.chat()
    call.needs(chat, "can_invite_users", _NO_RIGHTS)
    for link in chat.links.values():
        if link.primary and link.creator.id == call.bot.id:
            link.revoked = True
    return new_link(call.world, chat, call.bot.user, primary=True).url


def _request(call: Call) -> tuple[Chat, User]:
    chat = call.chat()
    user = call.user()
    call.needs(chat, "can_invite_users", "not enough rights to manage chat join requests")
    if user.id not in chat.requests:
        if call.world.member(chat, user).present:
            raise bad_request("USER_ALREADY_PARTICIPANT")
        raise bad_request("HIDE_REQUESTER_MISSING")
    return chat, user


def approve_chat_join_request(call: Call) -> bool:
    """approveChatJoinRequest."""
    chat, user = _request(call)
    approve(call.world, chat, user, call.bot.user)
    return True


def approve(world: World, chat: Chat, user: User, by: User) -> None:
    """Let in somebody who asked."""
    request = settle_request(world, chat, user)
    link = request.link if request is not None else None
    if link is not None:
        link.used += 1
    come(world, chat, user, by, link=link, via_request=True)


def decline_chat_join_request(call: Call) -> bool:
    """declineChatJoinRequest: they may ask again."""
    chat, user = _request(call)
    settle_request(call.world, chat, user)
    return True
