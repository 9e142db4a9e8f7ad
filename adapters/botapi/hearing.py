"""Which messages a bot hears of."""

from collections.abc import Container

from adapters.botapi.bots import Bot
from adapters.botapi.state import Member, Message

# A bot is told of its own service messages only where the real server says so.
_OWN_SERVICE = (
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "left_chat_member",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
)


def hears(bot: Bot, standing: Member, message: Message, reply_to: Message | None, bots: Container[int]) -> bool:
    """Whether a bot that is in the chat is told of a message; ``bots`` are the ids of all bots."""
    if message.outgoing_of == bot.id:
        return message.service and any(kind in message.body for kind in _OWN_SERVICE)
    if message.service or message.chat.kind in {"private", "channel"}:
        return True
    if message.author in bots:
        return False  # bots do not see one another's messages
    if bot.reads_all or standing.status == "administrator":
        return True
    return _addressed(bot, message, reply_to)


def _addressed(bot: Bot, message: Message, reply_to: Message | None) -> bool:
    """Whether a bot in privacy mode gets this message: a command, a mention, an answer, or by way of itself."""
    if reply_to is not None and reply_to.author == bot.id:
        return True
    if message.body.get("via_bot", {}).get("id") == bot.id:
        return True
    text = message.text.lower()
    if bot.user.username and f"@{bot.user.username.lower()}" in text:
        return True
    return text.startswith("/") and "@" not in text.split(maxsplit=1)[0]
