"""How a reaction is told."""

from adapters.botapi.bots import Bot
from adapters.botapi.state import Chat, Json, Message, User
from adapters.botapi.world import World


def react(
    world: World,
    message: Message,
    user: User | None,
    actor_chat: Chat | None,
    new: list[Json],
    by_bot: Bot | None = None,
) -> None:
    """Somebody's reactions to a message are these from now on; bots that are administrators hear of it.

    Reactions of bots are told to nobody, and a bot is not told of what it took away itself.
    """
    actor = user.id if user is not None else actor_chat.id if actor_chat is not None else 0
    old = message.reactions.get(actor, [])
    if old == new:
        return
    if new:
        message.reactions[actor] = new
    else:
        message.reactions.pop(actor, None)
    if user is not None and user.is_bot and actor_chat is None:
        return
    told: Json = {
        "chat": message.chat.json,
        "message_id": message.id,
        "date": int(world.now().timestamp()),
        "old_reaction": old,
        "new_reaction": new,
    }
    if actor_chat is not None:
        told["actor_chat"] = actor_chat.json
    elif user is not None:
        told["user"] = user.json
    for bot, standing in world.bots_in(message.chat):
        if bot is not by_bot and (standing.status == "administrator" or message.chat.kind == "private"):
            if message.chat.kind == "channel":
                bot.queue.put("message_reaction_count", reaction_count(world, message))
            else:
                bot.queue.put("message_reaction", told)


def reaction_count(world: World, message: Message) -> Json:
    """MessageReactionCountUpdated: in channels nobody sees whose they are."""
    counts: dict[str, tuple[Json, int]] = {}
    for several in message.reactions.values():
        for one in several:
            name = str(sorted(one.items()))
            counts[name] = (one, counts.get(name, (one, 0))[1] + 1)
    return {
        "chat": message.chat.json,
        "message_id": message.id,
        "date": int(world.now().timestamp()),
        "reactions": [{"type": kind, "total_count": count} for kind, count in counts.values()],
    }
