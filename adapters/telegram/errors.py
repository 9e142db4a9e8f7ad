"""What the Bot API's errors mean for an effect: what to do next, in words that an operator understands.

The descriptions are those of tdlib's telegram-bot-api, compared without regard to case, since a client library may
capitalise them. What is not known here is ``Rejected`` with Telegram's own words.
"""

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, RetryLater, Unsupported
from adapters.telegram.answers import Flooded, Intercepted, NotSent
from rules import effects as fx

TOKEN_PAUSE = timedelta(minutes=2)
"""How long everything waits where Telegram does not take the token: somebody must put another one in."""
MIGRATED_PAUSE = timedelta(seconds=1)

_ABSENT = ("user_not_participant", "participant_id_invalid", "user not found", "member not found", "user_id_invalid")
_ALREADY: tuple[tuple[type | tuple[type, ...], tuple[str, ...]], ...] = (
    ((fx.DeleteMessage, fx.DeleteMessages), ("message to delete not found", "message_id_invalid")),
    (fx.EditText, ("message is not modified",)),
    (fx.AnswerButton, ("query is too old", "query id is invalid", "query_id_invalid")),
    (fx.AnswerJoinRequest, ("user_already_participant", "hide_requester_missing")),
    # Who is gone says nothing any more. A ban is another matter: it is to keep them out.
    ((fx.MuteMember, fx.UnmuteMember, fx.KickMember, fx.UnbanMember), _ABSENT),
    (fx.PinMessage, ("chat_not_modified",)),
)
"""What says that the effect's end is reached already."""

_RIGHTS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    ((fx.DeleteMessage, fx.DeleteMessages), "Delete messages"),
    ((fx.MuteMember, fx.UnmuteMember, fx.KickMember, fx.BanMember, fx.UnbanMember), "Ban users"),
    (fx.PinMessage, "Pin messages"),
    (fx.AnswerJoinRequest, "Invite users via link"),
)
_NO_RIGHT = (
    "not enough rights",
    "chat_admin_required",
    "need administrator rights",
    "have no rights",
    "right_forbidden",
)

_BASIC = "this works in a supergroup only; “Edit”, “Chat history for new members”, “Visible” makes one"
_WORDS: tuple[tuple[str, str], ...] = (
    ("bot was kicked from", "the bot was removed from this group; open the group, tap its name, “Add”, choose the bot"),
    ("bot is not a member of", "the bot is not in this group; open the group, tap its name, “Add”, choose the bot"),
    ("bot was blocked by the user", "this person has blocked the bot"),
    ("bot can't initiate conversation", "this person never wrote to the bot, so it may not write to them"),
    ("user is deactivated", "this person's account was deleted"),
    ("bot can't send messages to bots", "this is a bot, and bots cannot write to one another"),
    ("group chat was deactivated", "this group no longer exists"),
    ("group chat was deleted", "this group no longer exists"),
    ("chat_write_forbidden", "the bot may not write in this group; look at its restrictions under “Permissions”"),
    ("chat_restricted", "Telegram has restricted this group"),
    ("peer_id_invalid", "Telegram knows no such person or group"),
    ("chat not found", "Telegram knows no such person or group"),
    ("user is an administrator", "this member is an admin, and a bot cannot act on admins"),
    ("can't remove chat owner", "this member owns the group"),
    ("can't restrict chat owner", "this member owns the group"),
    ("can't restrict self", "that would be the bot itself"),
    ("can't kick self", "that would be the bot itself"),
    ("user_creator", "this member owns the group"),
    ("only for supergroups", _BASIC),
    ("available for supergroup", _BASIC),
    ("topic_closed", "the topic is closed"),
    ("topic_deleted", "the topic was deleted"),
    ("message thread not found", "there is no such topic in this group"),
    ("message to edit not found", "the message is gone, so it cannot be changed"),
    ("message can't be edited", "Telegram lets nobody change this message any more"),
    ("message to pin not found", "the message is gone, so it cannot be pinned"),
    ("user_channels_too_much", "this person is in too many groups to be let in"),
    ("message text is empty", "there is nothing to say: the text is empty"),
    ("button_data_invalid", "a button carries more than Telegram takes"),
    ("button_url_invalid", "a button leads to an address that Telegram does not take"),
)
"""What the operator is told, by a part of what Telegram says."""


def next_step(error: TelegramError, effect: fx.Effect) -> AdapterError | None:
    """What dispatch is to be told of an error; None where the effect counts as done.

    ``RetryAfter`` and ``ChatMigrated`` concern the limiter and the ids, too: that is the caller's part.
    """
    said = str(error)
    match error:
        case RetryAfter():
            return RetryLater(said, wait_of(error))
        case ChatMigrated():
            return RetryLater(f"the group has the number {error.new_chat_id} now", MIGRATED_PAUSE)
        case NotSent() | Intercepted():
            return RetryLater(said or "there is no connection")
        case BadRequest():
            return _refusal(said, effect)
        case Forbidden():
            return Rejected(_in_words(said))
        case InvalidToken():
            return RetryLater("Telegram does not take the bot's token", TOKEN_PAUSE, whole_platform=True)
        case EndPointNotFound():
            return Unsupported("this Bot API server is too old for that")
        case Conflict():
            return RetryLater(said)
        case NetworkError():  # no answer, none in time, 5xx: it may have been carried out
            return OutcomeUnknown(said)
    return Rejected(said)


def wait_of(error: RetryAfter) -> timedelta:
    """For how long Telegram wants to hear nothing."""
    if isinstance(error, Flooded):
        return timedelta(seconds=error.seconds)
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def _refusal(said: str, effect: fx.Effect) -> AdapterError | None:
    words = said.casefold()
    for kinds, parts in _ALREADY:
        if isinstance(effect, kinds) and any(part in words for part in parts):
            return None
    if any(part in words for part in _NO_RIGHT):
        return Rejected(lacking(effect, said))
    if "message can't be deleted" in words:
        return Rejected(
            "Telegram does not let the bot delete this message: it is older than 48 hours, or "
            + lacking(fx.DeleteMessage("", ""), said)
        )
    return Rejected(_in_words(said))


def lacking(effect: fx.Effect, said: str) -> str:
    """Which right is missing for an effect, and what to tap."""
    for kinds, right in _RIGHTS:
        if isinstance(effect, kinds):
            return (
                f"the bot lacks the right “{right}” in this group: "
                f"open the group, tap its name, “Edit”, “Administrators”, the bot, and switch “{right}” on"
            )
    return f"the bot may not write this in the group ({said})"


def _in_words(said: str) -> str:
    words = said.casefold()
    return next((told for part, told in _WORDS if part in words), said)
