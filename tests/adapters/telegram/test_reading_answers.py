"""The words of the message that a command answers come along with it: it may be older than the bot."""

from typing import Any

import pytest

from adapters.telegram.reading import Reader
from rules.events import MessagePosted

CHAT = {"id": -1001234567890, "type": "supergroup", "title": "Reading room"}
ANN = {"id": 258319, "is_bot": False, "first_name": "Ann"}


def answering(text: str, answered: Any) -> str | None:
    message = {
        "message_id": 9,
        "date": 1_770_000_000,
        "chat": CHAT,
        "from": ANN,
        "text": text,
        "reply_to_message": {"message_id": 8, "date": 1_769_999_000, "chat": CHAT, "from": ANN, **answered},
    }
    (event,) = Reader("tg", 42).read({"update_id": 1, "message": message}).events
    assert isinstance(event, MessagePosted)
    return event.message.reply_to_text


@pytest.mark.parametrize("command", ["/spam", "／广告", " /ham", "@keeper_bot /spam"])
def test_a_command_has_the_words_it_answers(command: str) -> None:
    assert answering(command, {"text": "Limited places!"}) == "Limited places!"
    assert answering(command, {"caption": "Under a picture", "photo": []}) == "Under a picture"


def test_what_has_no_words_has_none() -> None:
    assert answering("/spam", {"sticker": {}}) is None


def test_ordinary_answers_do_not_carry_what_they_answer() -> None:
    assert answering("I think so, too", {"text": "Limited places!"}) is None
