"""Chats: asking about them, changing them, leaving them."""

from adapters.botapi.call import Call
from adapters.botapi.errors import bad_request
from adapters.botapi.membership import go
from adapters.botapi.rights import PERMISSIONS
from adapters.botapi.state import Chat, Json


def get_chat(call: Call) -> Json:
    """getChat: ChatFullInfo."""
    chat = call.find_chat(call.params.get("chat_id"))
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.kind != "private" and not chat.username:
        call.own(chat)
    told: Json = {
        **chat.json,
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.username:
        told["active_usernames"] = [chat.username]
    if chat.kind == "private":
        _add_person(call, chat, told)
    else:
        _add_group(call, chat, told)
    if chat.pinned and (pinned := chat.messages.get(chat.pinned[-1])):
        told["pinned_message"] = pinned.nested()
    return told


def _add_person(call: Call, chat: Chat, told: Json) -> None:
    person = chat.user
    if person is None:
        return
    if person.username:
        told["active_usernames"] = [person.username]
    if person.bio:
        told["bio"] = person.bio
    if person.id in call.world.hidden_forwards:
        told["has_private_forwards"] = True
    if person.personal_chat is not None and (channel := call.world.chats.get(person.personal_chat)):
        told["personal_chat"] = channel.json
    if person.photos:
        told["photo"] = _photo(person.photos[0])


def _photo(sizes: list[Json]) -> Json:
    small, big = sizes[0], sizes[-1]
    return {
        "small_file_id": small["file_id"],
        "small_file_unique_id": small["file_unique_id"],
        "big_file_id": big["file_id"],
        "big_file_unique_id": big["file_unique_id"],
    }


def _add_group(call: Call, chat: Chat, told: Json) -> None:
    if chat.description:
        told["description"] = chat.description
    if chat.linked is not None:
        told["linked_chat_id"] = chat.linked
    if chat.hidden_members:
        told["has_hidden_members"] = True
    if chat.protected:
        told["has_protected_content"] = True
    if chat.kind in {"group", "supergroup"}:
        told["permissions"] = {name: name in chat.permissions for name in PERMISSIONS}
        told["join_to_send_messages"] = chat.join_to_send or chat.linked is None
        if chat.by_request:
            told["join_by_request"] = True
        if chat.slow_mode:
            told["slow_mode_delay"] = chat.slow_mode
    if chat.photo:
        told["photo"] = chat.photo
    member = call.world.member(chat, call.bot.user)
    if "can_invite_users" in member.rights:
        for link in chat.links.values():
            if link.primary and not link.revoked and link.creator.id == call.bot.id:
                told["invite_link"] = link.url


def leave_chat(call: Call) -> bool:
    """leaveChat."""
    chat = call.chat()
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    go(call.world, chat, call.bot.user, call.bot.user)
    return True


def _change_info(call: Call) -> Chat:
    chat = call.chat()
    if chat.kind == "private":
        raise bad_request("can't change private chat title")
    call.needs(chat, "can_change_info", "not enough rights to change chat info")
    return chat


def set_chat_title(call: Call) -> bool:
    """setChatTitle."""
    title = call.text("title").strip()
    if not title:
        raise bad_request("title can't be empty")
    chat = _change_info(call)
    chat.title = title[:128]
    chat.refresh()
    call.world.serve(chat, {"new_chat_title": chat.title}, call.bot.user)
    return True


def set_chat_description(call: Call) -> bool:
    """setChatDescription."""
    chat = _change_info(call)
    new = call.text("description").strip()[:255] or None
    if new == chat.description:
        raise bad_request("chat description is not modified")
    chat.description = new
    return True
