"""What is done to messages, and to a press of a button."""

from typing import Any

from adapters.telegram.sending.api import Api
from adapters.telegram.splitting import LONGEST_ANSWER, shortened
from rules import effects as fx

AT_ONCE = 100
"""Messages that Telegram deletes in one call."""


async def delete(effect: fx.DeleteMessage, api: Api) -> None:
    """Remove a message."""
    chat, message = api.message(effect.message)
    await api("deleteMessage", chat_id=chat, message_id=message)


async def delete_many(effect: fx.DeleteMessages, api: Api) -> None:
    """Remove messages of one group. Telegram passes over those that are gone, and takes none where it refuses one."""
    by_chat: dict[int, list[int]] = {}
    for id_ in effect.messages:
        chat, message = api.message(id_)
        by_chat.setdefault(chat, []).append(message)
    for chat, numbers in by_chat.items():
        for start in range(0, len(numbers), AT_ONCE):
            await api("deleteMessages", chat_id=chat, message_ids=numbers[start : start + AT_ONCE])


async def answer_button(effect: fx.AnswerButton, api: Api) -> None:
    """Tell who pressed it what came of it."""
    about: dict[str, Any] = {"callback_query_id": effect.press}
    if effect.text is not None and effect.text.literal:
        about |= {"text": shortened(effect.text.literal, LONGEST_ANSWER), "show_alert": True if effect.alert else None}
    await api("answerCallbackQuery", **about)
