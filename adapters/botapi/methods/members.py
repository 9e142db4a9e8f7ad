"""Who may do what: asking, muting, banning, promoting."""

from datetime import datetime, timedelta

from adapters.botapi.call import Call
from adapters.botapi.errors import bad_request
from adapters.botapi.membership import ban, change, go, member_json
from adapters.botapi.rights import ALL, PERMISSIONS, read_permissions
from adapters.botapi.state import Chat, Json, Member, User

_NO_RIGHTS = "not enough rights to restrict/unrestrict chat member"


def get_chat_member(call: Call) -> Json:
    """getChatMember."""
    chat = call.chat()
    user = call.user()
    own = user.id == call.bot.id
    if not own and chat.hidden_members and call.own(chat).status != "administrator":
        raise bad_request("member list is inaccessible")
    return member_json(chat, call.world.member(chat, user), call.bot.id)


def get_chat_administrators(call: Call) -> list[Json]:
    """getChatAdministrators: other bots only with ``return_bots``."""
    chat = call.chat()
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    bots = call.flag("return_bots")
    found = [member for member in chat.members.values() if member.status in {"creator", "administrator"}]
    found.sort(key=lambda member: member.status != "creator")
    return [
        member_json(chat, member, call.bot.id)
        for member in found
        if bots or not member.user.is_bot or member.user.id == call.bot.id
    ]


def get_chat_member_count(call: Call) -> int:
    """getChatMemberCount."""
    chat = call.chat()
    return sum(1 for member in chat.members.values() if member.present)


def until(call: Call) -> datetime | None:
    """``until_date``; under 30 seconds or over 366 days from now means for ever, which is None."""
    moment = call.moment("until_date")
    if moment is None:
        return None
    ahead = moment - call.world.now()
    if ahead < timedelta(seconds=30) or ahead > timedelta(days=366):
        return None
    return moment


def _target(call: Call, chat: Chat) -> tuple[User, Member]:
    """Whom a sanction is about; the errors of the real server for those whom it cannot be about."""
    user = call.user()
    if user.id == call.bot.id:
        raise bad_request("can't restrict self")
    call.needs(chat, "can_restrict_members", _NO_RIGHTS)
    member = call.world.member(chat, user)
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member.status == "administrator" and member.promoted_by != call.bot.id:
        raise bad_request("user is an administrator of the chat")
    return user, member


def restrict_chat_member(call: Call) -> bool:
    """restrictChatMember."""
    chat = call.chat()
    if chat.kind != "supergroup":
        raise bad_request("method is available only for supergroups")
    given = call.mapping("permissions")
    if given is None:
        given = {name: call.flag(name) for name in PERMISSIONS if name in call.params}
    allowed = read_permissions(given, independent=call.flag("use_independent_chat_permissions"))
    user, member = _target(call, chat)
    if allowed >= frozenset(PERMISSIONS):  # all permissions lift the restriction
        status = "member" if member.present else "left"
        change(call.world, chat, user, call.bot.user, status)
        return True
    change(
        call.world,
        chat,
        user,
        call.bot.user,
        "restricted",
        until=until(call),
        allowed=allowed,
        is_member=member.present,
    )
    return True


def ban_chat_member(call: Call) -> bool:
    """banChatMember. In a basic group nobody can be kept out: they are only removed."""
    chat = call.chat()
    if chat.kind == "private":
        raise bad_request("can't ban members in private chats")
    user, _ = _target(call, chat)
    ban(call.world, chat, user, call.bot.user, until=until(call))
    return True


def unban_chat_member(call: Call) -> bool:
    """unbanChatMember; without ``only_if_banned`` somebody who is in the chat is removed."""
    chat = call.chat()
    if chat.kind not in {"supergroup", "channel"}:
        raise bad_request("method is available for supergroup and channel chats only")
    user = call.user()
    member = call.world.member(chat, user)
    if call.flag("only_if_banned") and member.status != "kicked":
        return True
    _target(call, chat)
    go(call.world, chat, user, call.bot.user)
    return True


def _channel(call: Call) -> int:
    number = call.integer("sender_chat_id")
    if number is None:
        raise bad_request("sender_chat_id is empty")
    if number not in call.world.chats:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return number


def ban_chat_sender_chat(call: Call) -> bool:
    """banChatSenderChat: neither this channel nor its owner's others may speak."""
    chat = call.chat()
    number = _channel(call)
    call.needs(chat, "can_restrict_members", _NO_RIGHTS)
    if number in {chat.id, chat.linked}:
        raise bad_request("PARTICIPANT_ID_INVALID")
    chat.banned_channels.add(number)
    return True


def unban_chat_sender_chat(call: Call) -> bool:
    """unbanChatSenderChat."""
    chat = call.chat()
    number = _channel(call)
    call.needs(chat, "can_restrict_members", _NO_RIGHTS)
    chat.banned_channels.discard(number)
    return True


def promote_chat_member(call: Call) -> bool:
    """promoteChatMember; without any right it demotes."""
    chat = call.chat()
    if chat.kind not in {"supergroup", "channel"}:
        raise bad_request("method is available for supergroup and channel chats only")
    user = call.user()
    own = call.own(chat)
    member = call.world.member(chat, user)
    wanted = frozenset(name for name in ALL if call.flag(name) and name in chat.rights())
    if user.id == call.bot.id:
        raise bad_request("can't promote self")
    call.needs(chat, "can_promote_members", "not enough rights")
    if member.status == "creator":
        raise bad_request("can't promote chat owner")
    if member.status == "administrator" and member.promoted_by != call.bot.id:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    if not wanted <= own.rights:
        raise bad_request("RIGHT_FORBIDDEN")
    if not wanted and not call.flag("is_anonymous"):
        if member.status == "administrator":
            change(call.world, chat, user, call.bot.user, "member")
        return True
    if not member.present:
        raise bad_request("USER_NOT_MUTUAL_CONTACT")
    change(
        call.world,
        chat,
        user,
        call.bot.user,
        "administrator",
        rights=wanted | {"can_manage_chat"},
        anonymous=call.flag("is_anonymous"),
        title=member.title,
    )
    return True


def set_chat_administrator_custom_title(call: Call) -> bool:
    """setChatAdministratorCustomTitle."""
    chat = call.chat()
    if chat.kind != "supergroup":
        raise bad_request("method is available only for supergroups")
    member = call.world.member(chat, call.user())
    if member.status == "creator":
        raise bad_request("only creator can edit their custom title")
    if member.status != "administrator":
        raise bad_request("user is not an administrator")
    if member.promoted_by != call.bot.id:
        raise bad_request("not enough rights to change custom title of the user")
    member.title = call.text("custom_title")[:16] or None
    return True


def set_chat_permissions(call: Call) -> bool:
    """setChatPermissions."""
    chat = call.chat()
    if chat.kind not in {"group", "supergroup"}:
        raise bad_request("method is available only for groups and supergroups")
    given = call.mapping("permissions")
    if given is None:
        raise bad_request("can't parse permissions JSON object")
    call.needs(chat, "can_restrict_members", "not enough rights to change chat permissions")
    chat.permissions = read_permissions(given, independent=call.flag("use_independent_chat_permissions"))
    return True
