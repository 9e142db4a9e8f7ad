"""Saying things: in a group, to one member alone, as a file; and changing what was said."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import structlog
from telegram import InputFile
from telegram.error import BadRequest, RetryAfter, TelegramError

from adapters.errors import OutcomeUnknown, Rejected
from adapters.pictures import drawn
from adapters.protocol import Receipt
from adapters.telegram.answers import NotSent
from adapters.telegram.errors import wait_of
from adapters.telegram.sending.api import Api
from adapters.telegram.sending.keyboard import keyboard
from adapters.telegram.sending.mentions import Named, entities, pinged
from adapters.telegram.splitting import LONGEST_CAPTION, LONGEST_TEXT, parts, shortened, units
from rules import effects as fx
from rules.values import Button

BETWEEN = 1.0
"""Seconds between the parts of one text: as between any two messages of a chat."""
LONGEST_WAIT, TRIES = 60.0, 4
"""How long, and how often, the rest of a text is waited for whose beginning was said."""
_NO_PREVIEW = {"is_disabled": True}

log = structlog.get_logger("groupkeeper.telegram")


class _Part:
    """One message of a text: a picture with or without words, or words."""

    def __init__(self, text: str, picture: fx.Picture | None = None) -> None:
        self.text = text
        self.picture = picture


async def send_text(effect: fx.SendText, api: Api) -> Receipt:
    """Say it in the group, pinned where that is asked for."""
    text, named = pinged(_words(effect.text), _people(effect.mentions, api), effect.mention_names)
    about: dict[str, Any] = {
        "chat_id": api.chat(effect.group),
        "message_thread_id": _topic(effect.topic),
        "disable_notification": True if effect.silent else None,
    }
    receipt = await _say(
        _divided(text, effect.picture), named, about, effect.buttons, api, _answering(effect, api), effect.announcement
    )
    if effect.pin and receipt.message is not None:
        await pin_what_was_said(receipt.message, api)
    return receipt


async def send_private(effect: fx.SendPrivate, api: Api) -> Receipt:
    """Say it to one member alone."""
    about = {"chat_id": _person(effect.member, api)}
    return await _say(_divided(_words(effect.text), effect.picture), [], about, effect.buttons, api)


async def send_document(effect: fx.SendDocument, api: Api) -> Receipt:
    """Send a text file."""
    chat = api.chat(effect.group) if effect.member is None else _person(effect.member, api)
    file = InputFile(effect.content.encode("utf-8", "replace"), filename=effect.name)
    return Receipt(api.id_of(await api("sendDocument", {"document": file}, chat_id=chat)))


async def edit_text(effect: fx.EditText, api: Api) -> Receipt:
    """Change what an own message says. It stays one message, so what is too long is cut."""
    chat, message = api.message(effect.message)
    text, named = pinged(_words(effect.text), _people(effect.mentions, api), effect.mention_names)
    where: dict[str, Any] = {"chat_id": chat, "message_id": message, "reply_markup": keyboard(effect.buttons)}
    pictured = effect.pictured
    try:
        await _edit(text, named, where, pictured, api)
    except BadRequest as error:
        said = str(error).casefold()
        if "there is no text in the message" not in said and "there is no caption in the message" not in said:
            raise
        await _edit(text, named, where, not pictured, api)
    return Receipt(effect.message)


async def _edit(text: str, named: list[Named], where: dict[str, Any], pictured: bool, api: Api) -> None:
    words = shortened(text, LONGEST_CAPTION if pictured else LONGEST_TEXT)
    marks = entities(words, list(named)) or None
    if pictured:
        await api("editMessageCaption", **where, caption=words, caption_entities=marks)
    else:
        await api("editMessageText", **where, text=words, entities=marks, link_preview_options=_NO_PREVIEW)


def as_one_message(effect: fx.SendText, api: Api) -> dict[str, Any] | None:
    """What an edit would have to say for a text to be as it was sent; None where that was not one message of words."""
    text, named = pinged(_words(effect.text), _people(effect.mentions, api), effect.mention_names)
    what = _divided(text, effect.picture)
    if len(what) != 1 or effect.picture is not None:
        return None
    return {
        "text": what[0].text,
        "entities": entities(what[0].text, named) or None,
        "reply_markup": keyboard(effect.buttons),
        "link_preview_options": None if effect.announcement else _NO_PREVIEW,
    }


async def pin_message(effect: fx.PinMessage, api: Api) -> Receipt:
    """Pin a message. Nobody is notified: a telephone that rings for the same thing twice is put on mute."""
    chat, message = api.message(effect.message)
    await api("pinChatMessage", chat_id=chat, message_id=message, disable_notification=True)
    return Receipt()


async def pin_what_was_said(message: str, api: Api) -> None:
    """Pin a text that was just said; where that fails, it is said all the same."""
    chat, number = api.message(message)

    pin = partial(api, "pinChatMessage", chat_id=chat, message_id=number, disable_notification=True)
    try:
        await _patiently(pin, api)
    except TelegramError as error:  # it was said: to say it again because of the pin would be worse
        log.warning("telegram_pin_refused", message=message, error=str(error))


async def _say(
    what: Sequence[_Part],
    named: list[Named],
    about: dict[str, Any],
    buttons: Sequence[Button],
    api: Api,
    answering: dict[str, Any] | None = None,
    preview: bool = False,
) -> Receipt:
    """Send the parts, one after the other. The buttons stand below the last one, where the reader ends."""
    said: list[str] = []
    for number, part in enumerate(what):
        more = {
            **about,
            "entities": entities(part.text, named) or None,
            "reply_parameters": None if said else answering,
            "reply_markup": keyboard(buttons) if number == len(what) - 1 else None,
        }
        send = partial(_send, part, more, api, preview)
        if not said:
            sent = await send()
        else:
            await api.pause(BETWEEN)
            try:
                sent = await _patiently(send, api)
            except TelegramError as error:
                # Trying it all again would say the beginning twice.
                raise OutcomeUnknown(f"only {len(said)} of {len(what)} parts of the text were said: {error}") from error
        said.append(api.id_of(sent))
    return Receipt(said[0], tuple(said[1:]))


async def _send(part: _Part, about: dict[str, Any], api: Api, preview: bool) -> Any:
    if part.picture is None:
        return await api("sendMessage", text=part.text, link_preview_options=None if preview else _NO_PREVIEW, **about)
    about = {**about, "caption_entities": about["entities"], "entities": None}
    name, content = await drawn(part.picture)
    file = {"photo": InputFile(content, filename=name)}
    return await api("sendPhoto", file, caption=part.text or None, **about)


async def _patiently(call: Callable[[], Awaitable[Any]], api: Api) -> Any:
    """What follows on something that was said: tried again while it certainly did not happen."""
    for left in reversed(range(TRIES)):
        try:
            return await call()
        except (RetryAfter, NotSent) as error:
            wait = wait_of(error).total_seconds() if isinstance(error, RetryAfter) else BETWEEN
            if not left or wait > LONGEST_WAIT:
                raise
            await api.pause(wait)
    raise AssertionError("unreachable")


def _divided(text: str, picture: fx.Picture | None) -> list[_Part]:
    """The messages that a text makes. What is too long to stand below a picture follows it."""
    if picture is not None and units(text) <= LONGEST_CAPTION:
        return [_Part(text.strip(), picture)]
    found = [_Part(part) for part in parts(text)]
    if picture is not None:
        return [_Part("", picture), *found]
    if not found:
        raise Rejected("there is nothing to say: the text is empty")
    return found


def messages_of(effect: fx.Effect) -> int:
    """How many messages an effect makes, for the pace."""
    if isinstance(effect, (fx.SendText, fx.SendPrivate)):
        text = _words(effect.text)
        if units(text) <= LONGEST_CAPTION:
            return 1
        return max(1, len(_divided(text, effect.picture)))
    return 1


def _words(text: Any) -> str:
    return text.literal or ""


def _people(members: Sequence[str], api: Api) -> list[int]:
    return [api.person(member) for member in members]


def _person(member: str, api: Api) -> int:
    number = api.person(member)
    if number <= 0:
        raise Rejected("a channel cannot be written to")
    return number


def _topic(topic: str | None) -> int | None:
    """The thread: none for General, which Telegram numbers 1 and takes no message for by that number."""
    if topic is None or not topic.strip():
        return None
    try:
        number = int(topic)
    except ValueError:
        raise Rejected(f"“{topic}” is no topic: write its number, which ends the link to it") from None
    return None if number <= 1 else number


def _answering(effect: fx.SendText, api: Api) -> dict[str, Any] | None:
    """To which message it is a reply. Where that is gone, or from another chat, it is said without."""
    if effect.reply_to is None:
        return None
    try:
        chat, message = api.message(effect.reply_to)
    except Rejected:
        return None
    if chat != api.chat(effect.group):
        return None
    return {"message_id": message, "allow_sending_without_reply": True}
