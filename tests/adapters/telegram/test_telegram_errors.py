"""What the Bot API's answers mean for an effect, in the real server's words."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from adapters.errors import OutcomeUnknown, Rejected, RetryLater
from adapters.telegram.answers import refused
from adapters.telegram.errors import next_step
from adapters.telegram.trouble import STRANGE, kind_of
from rules import effects as fx
from rules.text import Text

SAY = fx.SendText("telegram:-1", Text(literal="hello"))
DELETE = fx.DeleteMessage("telegram:-1", "telegram:-1/5")
MUTE = fx.MuteMember("telegram:-1", "telegram:5")
BAN = fx.BanMember("telegram:-1", "telegram:5")
JOIN = fx.AnswerJoinRequest("telegram:-1", "telegram:5", approve=True)


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        ("Bad Request: message to delete not found", DELETE),
        ("Bad Request: MESSAGE_ID_INVALID", fx.DeleteMessages("telegram:-1", ("telegram:-1/5",))),
        (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
            "same as a current content and reply markup of the message",
            fx.EditText("telegram:-1", "telegram:-1/5", Text(literal="x")),
        ),
        (
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
            fx.AnswerButton("telegram:-1", "1"),
        ),
        ("Bad Request: USER_ALREADY_PARTICIPANT", JOIN),
        ("Bad Request: HIDE_REQUESTER_MISSING", JOIN),
        ("Bad Request: PARTICIPANT_ID_INVALID", MUTE),
        ("Bad Request: USER_NOT_PARTICIPANT", fx.KickMember("telegram:-1", "telegram:5")),
        ("Bad Request: user not found", fx.UnbanMember("telegram:-1", "telegram:5")),
    ],
)
def test_what_is_so_already_counts_as_done(said: str, effect: fx.Effect) -> None:
    assert next_step(BadRequest(said), effect) is None


@pytest.mark.parametrize(
    ("error", "effect", "told"),
    [
        (BadRequest("Bad Request: message to delete not found"), SAY, "Message to delete"),
        (BadRequest("Bad Request: PARTICIPANT_ID_INVALID"), BAN, "invalid"),
        (BadRequest("Bad Request: HIDE_REQUESTER_MISSING"), MUTE, "missing"),
        (BadRequest("Bad Request: CHAT_ADMIN_REQUIRED"), BAN, "“Ban users”"),
        (BadRequest("Bad Request: not enough rights to send photos to the chat"), SAY, "may not write this"),
        (BadRequest("Bad Request: message can't be deleted for everyone"), DELETE, "older than 48 hours"),
        (BadRequest("Bad Request: TOPIC_CLOSED"), SAY, "topic is closed"),
        (BadRequest("Bad Request: chat not found"), SAY, "knows no such"),
        (Forbidden("Forbidden: the group chat was deleted"), SAY, "no longer exists"),
        (Forbidden("Forbidden: bot is not a member of the supergroup chat"), SAY, "not in this group"),
        (Forbidden("Forbidden: something new"), SAY, "something new"),
        (TelegramError("something else"), SAY, "something else"),
    ],
)
def test_a_no_is_told_in_words_that_an_operator_understands(error: TelegramError, effect: fx.Effect, told: str) -> None:
    step = next_step(error, effect)
    assert isinstance(step, Rejected)
    assert told.casefold() in str(step).casefold()


def test_what_a_proxy_refused_never_arrived_and_what_a_server_failed_at_may_have() -> None:
    assert isinstance(next_step(refused(403, b"<html>Forbidden</html>"), SAY), RetryLater)
    assert isinstance(next_step(refused(404, b"{}"), SAY), RetryLater)
    assert isinstance(next_step(refused(502, b"<html>Bad gateway</html>"), SAY), OutcomeUnknown)
    assert isinstance(next_step(NetworkError("lost"), SAY), OutcomeUnknown)


def test_what_a_proxy_refused_is_no_refusal_of_telegrams() -> None:
    assert kind_of(refused(403, b"<html>Forbidden</html>")) is STRANGE


def test_the_wait_is_the_one_that_telegram_names() -> None:
    step = next_step(refused(429, b'{"description": "Too Many Requests", "parameters": {"retry_after": 41}}'), SAY)
    assert isinstance(step, RetryLater)
    assert step.after == timedelta(seconds=41)
    step = next_step(RetryAfter(7), SAY)
    assert isinstance(step, RetryLater)
    assert step.after == timedelta(seconds=7)
