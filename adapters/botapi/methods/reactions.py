"""Reactions."""

from adapters.botapi.call import Call
from adapters.botapi.errors import bad_request
from adapters.botapi.reacting import react
from adapters.botapi.state import Chat, Message


def set_message_reaction(call: Call) -> bool:
    """setMessageReaction: at most one, and never a paid one."""
    chat = call.chat()
    message = call.message(chat, "message to react not found")
    wanted = call.structure("reaction") or []
    if not isinstance(wanted, list):
        raise bad_request("can't parse reaction types JSON object")
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(one.get("type") == "paid" for one in call.objects(wanted, "ReactionType")):
        raise bad_request("bots can't use paid reactions")
    if message.service:
        raise bad_request("REACTION_INVALID")
    react(call.world, message, call.bot.user, None, [dict(one) for one in wanted])
    return True


def _actor(call: Call) -> int:
    found = call.integer("user_id") or call.integer("actor_chat_id")
    if not found:
        raise bad_request("user_id or actor_chat_id must be specified")
    return found


def _remove(call: Call, message: Message, actor: int) -> None:
    if actor in message.reactions:
        user = call.world.users.get(actor)
        react(call.world, message, user, None if user else call.world.chats.get(actor), [], by_bot=call.bot)


def _chat(call: Call) -> Chat:
    chat = call.chat()
    if chat.kind not in {"group", "supergroup"}:
        raise bad_request("method is available only for groups and supergroups")
    call.needs(chat, "can_delete_messages", "not enough rights to delete reactions")
    return chat


def delete_message_reaction(call: Call) -> bool:
    """deleteMessageReaction: somebody's reaction to one message."""
    chat = _chat(call)
    message = call.message(chat, "message to delete reaction from not found")
    _remove(call, message, _actor(call))
    return True


def delete_all_message_reactions(call: Call) -> bool:
    """deleteAllMessageReactions: all of somebody's reactions in the chat."""
    chat = _chat(call)
    actor = _actor(call)
    for message in tuple(chat.messages.values()):
        _remove(call, message, actor)
    return True
