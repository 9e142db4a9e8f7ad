"""Topics of a forum."""

from adapters.botapi.call import Call
from adapters.botapi.errors import bad_request
from adapters.botapi.state import Chat, Json, Topic, User
from adapters.botapi.world import OWN_TOPIC, World

_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


def new_topic(world: World, chat: Chat, name: str, by: User, color: int = _COLORS[0]) -> Topic:
    """Begin a topic: its number is that of the service message that tells of it."""
    message = world.serve(chat, {"forum_topic_created": {"name": name, "icon_color": color}}, by, topic=OWN_TOPIC)
    topic = chat.topics[message.id] = Topic(message.id, name, icon_color=color)
    return topic


def set_closed(world: World, chat: Chat, topic: Topic, by: User, *, closed: bool) -> None:
    """Close a topic or open it again, and say so."""
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    what = "forum_topic_closed" if closed else "forum_topic_reopened"
    world.serve(chat, {what: {}}, by, topic=topic.id)


def _forum(call: Call) -> Chat:
    chat = call.chat()
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    call.needs(chat, "can_manage_topics", "not enough rights to manage forum topics")
    return chat


def _topic(call: Call, chat: Chat) -> Topic:
    found = chat.topics.get(call.integer("message_thread_id") or 0)
    if found is None:
        raise bad_request("message thread not found")
    return found


def create_forum_topic(call: Call) -> Json:
    """createForumTopic."""
    chat = _forum(call)
    name = call.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    topic = new_topic(call.world, chat, name[:128], call.bot.user, call.integer("icon_color") or _COLORS[0])
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}


def edit_forum_topic(call: Call) -> bool:
    """editForumTopic."""
    chat = _forum(call)
    topic = _topic(call, chat)
    name = call.text("name").strip()
    if not name or name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name[:128]
    call.world.serve(chat, {"forum_topic_edited": {"name": topic.name}}, call.bot.user, topic=topic.id)
    return True


def close_forum_topic(call: Call) -> bool:
    """closeForumTopic."""
    chat = _forum(call)
    set_closed(call.world, chat, _topic(call, chat), call.bot.user, closed=True)
    return True


def reopen_forum_topic(call: Call) -> bool:
    """reopenForumTopic."""
    chat = _forum(call)
    set_closed(call.world, chat, _topic(call, chat), call.bot.user, closed=False)
    return True


def delete_forum_topic(call: Call) -> bool:
    """deleteForumTopic: with all that was said there."""
    chat = _forum(call)
    topic = _topic(call, chat)
    if topic.id == 1:
        raise bad_request("TOPIC_ID_INVALID")
    for message in [one for one in chat.messages.values() if topic.id in {one.topic, one.id}]:
        call.world.delete(message)
    del chat.topics[topic.id]
    return True


def close_general_forum_topic(call: Call) -> bool:
    """closeGeneralForumTopic."""
    chat = _forum(call)
    set_closed(call.world, chat, chat.topics[1], call.bot.user, closed=True)
    return True


def reopen_general_forum_topic(call: Call) -> bool:
    """reopenGeneralForumTopic."""
    chat = _forum(call)
    set_closed(call.world, chat, chat.topics[1], call.bot.user, closed=False)
    return True


def unpin_all_forum_topic_messages(call: Call) -> bool:
    """unpinAllForumTopicMessages."""
    chat = call.chat()
    call.needs(chat, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    topic = _topic(call, chat)
    chat.pinned = [one for one in chat.pinned if one in chat.messages and chat.messages[one].topic != topic.id]
    return True
