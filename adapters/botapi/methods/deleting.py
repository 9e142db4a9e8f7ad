"""Deleting messages, with the real limits."""

from datetime import timedelta

from adapters.botapi.call import Call
from adapters.botapi.errors import ApiError, bad_request
from adapters.botapi.state import Chat, Message

TOO_OLD = timedelta(hours=48)
_LASTING = ("supergroup_chat_created", "channel_chat_created", "migrate_from_chat_id", "forum_topic_created")


def _check(call: Call, chat: Chat, message: Message) -> None:
    if any(kind in message.body for kind in _LASTING):
        raise bad_request("message can't be deleted")
    if call.world.now() - message.sent >= TOO_OLD:
        raise bad_request("message can't be deleted for everyone")
    if chat.kind == "private":
        return
    member = call.own(chat)
    own = message.outgoing_of == call.bot.id
    if own and chat.kind != "channel":
        return
    if member.status != "administrator" or "can_delete_messages" not in member.rights:
        if own and "can_post_messages" in member.rights:
            return
        raise bad_request("message can't be deleted")


def delete_message(call: Call) -> bool:
    """deleteMessage."""
    chat = call.chat()
    message = call.message(chat, "message to delete not found")
    _check(call, chat, message)
    call.world.delete(message)
    return True


def delete_messages(call: Call) -> bool:
    """deleteMessages: up to 100 at once; those that are gone are passed over."""
    chat = call.chat()
    numbers = call.identifiers("message_ids")
    if len(numbers) > 100:
        raise bad_request("too many message identifiers specified")
    deleted = 0
    refused: ApiError | None = None
    for number in numbers:
        message = chat.messages.get(number)
        if message is None:
            continue
        try:
            _check(call, chat, message)
        except ApiError as error:
            refused = error
            continue
        call.world.delete(message)
        deleted += 1
    if refused is not None and not deleted:
        raise refused
    return True
