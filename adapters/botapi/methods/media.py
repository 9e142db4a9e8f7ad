"""Sending pictures, files, albums, polls and all the rest that is no text."""

from collections.abc import Callable
from typing import Any

from adapters.botapi import content as made
from adapters.botapi.call import Call, Upload, whole_number
from adapters.botapi.errors import bad_request
from adapters.botapi.methods.sending import caption, deliver, formatted, place, post
from adapters.botapi.state import Json, StoredFile

_ALBUM = {"photo", "video", "document", "audio", "live_photo"}


def input_file(call: Call, value: Any, what: str) -> Upload | StoredFile:
    """The file that a parameter means: an upload, an upload by ``attach://``, or one that the server has."""
    if isinstance(value, str) and value.startswith("attach://"):
        found = call.files.get(value[9:])
        if found is None:
            raise bad_request(f"wrong file identifier/HTTP URL specified: {value}")
        return found
    if not value:
        raise bad_request(f"there is no {what} in the request")
    known = call.world.files.get(str(value))
    if known is not None:
        return known
    if str(value).startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # there is no outside world
    raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")


def _bytes(call: Call, what: str, source: Json | None = None) -> Upload | StoredFile:
    if source is None:
        upload = call.files.get(what)
        if upload is not None:
            return upload
        return input_file(call, call.params.get(what), what)
    return input_file(call, source.get("media"), what)


def _shape(call: Call, what: str, file: Upload | StoredFile) -> Json:
    if isinstance(file, Upload) and not file.data:
        raise bad_request("file must be non-empty")
    data, name = file.data, file.name
    world = call.world
    match what:
        case "photo":
            if len(data) > 10_000_000:
                raise bad_request(
                    f"file of size {len(data)} bytes is too big for a photo; the maximum size is 10485760 bytes"
                )
            return made.photo(world, data)
        case "document":
            return made.document(world, data, name or "file", file.mime or "application/octet-stream")
        case "video":
            return made.video(world, data, name)
        case "animation":
            return made.animation(world, data, name or "animation.mp4")
        case "audio":
            return made.audio(world, data)
        case "voice":
            return made.voice(world, data)
        case "video_note":
            return made.video_note(world, data)
        case _:
            return made.sticker(world, set_name=None, data=data)


_PERMISSIONS = {
    "photo": ("can_send_photos", "photos"),
    "document": ("can_send_documents", "documents"),
    "video": ("can_send_videos", "videos"),
    "animation": ("can_send_other_messages", "animations"),
    "audio": ("can_send_audios", "audio files"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "video_note": ("can_send_video_notes", "video notes"),
    "sticker": ("can_send_other_messages", "stickers"),
}


def sender_of(what: str) -> Callable[[Call], Json]:
    """sendPhoto, sendDocument, ... for the kind of medium."""

    def send(call: Call) -> Json:
        chat = call.chat()
        content = _shape(call, what, _bytes(call, what))
        if what not in {"sticker", "video_note"}:
            content.update(caption(call))
        if call.flag("has_spoiler"):
            content["has_media_spoiler"] = True
        return deliver(call, chat, content, *_PERMISSIONS[what]).body

    send.__doc__ = f"Send one {what}."
    return send


def send_media_group(call: Call) -> list[Json]:
    """sendMediaGroup: 2 to 10 of a kind, told as so many messages with one ``media_group_id``."""
    chat = call.chat()
    items = call.structure("media")
    if not isinstance(items, list):
        raise bad_request("can't parse media JSON object")
    if not 1 <= len(items) <= 10:
        raise bad_request("group send failed: wrong number of media" if items else "media is empty")
    kinds = [str(item.get("type")) for item in call.objects(items, "InputMedia")]
    if not set(kinds) <= _ALBUM:
        raise bad_request("can't use the media of the specified type in the album")
    if len(set(kinds)) > 1 and set(kinds) & {"document", "audio"}:
        raise bad_request("document can't be mixed with other media types")
    made_items = [
        {**_shape(call, kind, _bytes(call, kind, item)), **caption(call, item)}
        for kind, item in zip(kinds, items, strict=True)
    ]
    topic, target, extra = place(call, chat, *_PERMISSIONS[kinds[0]])
    group = {"media_group_id": new_album(call.world.number("album"))} if len(items) > 1 else {}
    return [post(call, chat, {**content, **group, **extra}, topic, target).body for content in made_items]


def new_album(number: int) -> str:
    """The ``media_group_id`` of the album with this number."""
    return str(13_500_000_000_000_000 + number)


def send_poll(call: Call) -> Json:
    """sendPoll."""
    chat = call.chat()
    question, entities = formatted(call, "question", mode="question_parse_mode")
    if not question:
        raise bad_request("poll question must be non-empty")
    if len(question) > 300:
        raise bad_request("poll question length must not exceed 300")
    raw = call.structure("options")
    if not isinstance(raw, list):
        raise bad_request("can't parse options JSON object")
    options = [option if isinstance(option, str) else str(option.get("text", "")) for option in raw]
    if not 1 <= len(options) <= 12:
        raise bad_request(
            "poll must have at least 2 option" if len(options) < 2 else "poll can't have more than 12 options"
        )
    if any(not option or len(option) > 100 for option in options):
        raise bad_request(
            "poll options length must not exceed 100" if all(options) else "poll options must be non-empty"
        )
    kind = call.text("type", "regular") or "regular"
    given = call.structure("correct_option_ids")
    if given is None and call.integer("correct_option_id") is not None:
        given = [call.integer("correct_option_id")]
    correct = [number for one in given or () if (number := whole_number(one)) is not None]
    if len(correct) < len(given or ()) or (kind == "quiz" and not correct):
        raise bad_request("wrong poll correct option identifier specified")
    extra: Json = {"question_entities": entities} if entities else {}
    for name in ("explanation", "description", "open_period", "close_date"):
        if value := call.integer(name) if name in {"open_period", "close_date"} else call.params.get(name):
            extra[name] = value
    anonymous = call.flag("is_anonymous") if call.params.get("is_anonymous") is not None else True
    poll = made.new_poll(
        call.world,
        question,
        options,
        anonymous=anonymous,
        multiple=call.flag("allows_multiple_answers"),
        kind=kind,
        correct=correct,
        closed=call.flag("is_closed"),
        by_bot=call.bot.id,
        extra=extra,
    )
    message = deliver(call, chat, {"poll": poll.json()}, "can_send_polls", "polls")
    poll.message = message
    return message.body


def stop_poll(call: Call) -> Json:
    """stopPoll."""
    chat = call.chat()
    message = call.message(chat, "message with poll to stop not found")
    told = message.body.get("poll")
    if told is None:
        raise bad_request("message is not a poll")
    poll = call.world.polls[told["id"]]
    if message.outgoing_of != call.bot.id:
        raise bad_request("poll can't be stopped")
    if poll.closed:
        raise bad_request("poll has already been closed")
    poll.closed = True
    call.world.replace(message, {**message.body, "poll": poll.json()}, quiet=True)
    call.bot.queue.put("poll", poll.json())
    return poll.json()


def send_contact(call: Call) -> Json:
    """sendContact."""
    content = made.contact(call.text("phone_number"), call.text("first_name"), call.text("last_name") or None)
    return deliver(call, call.chat(), content).body


def send_location(call: Call) -> Json:
    """sendLocation."""
    try:
        content = made.location(float(call.text("latitude")), float(call.text("longitude")))
    except ValueError:
        raise bad_request("wrong latitude or longitude specified") from None
    return deliver(call, call.chat(), content).body


def send_venue(call: Call) -> Json:
    """sendVenue."""
    return deliver(call, call.chat(), made.venue(call.text("title"), call.text("address"))).body


def send_dice(call: Call) -> Json:
    """sendDice: the numbers come in turn."""
    value = call.world.number("dice") % 6 + 1
    return deliver(
        call, call.chat(), made.dice(call.text("emoji") or "🎲", value), "can_send_other_messages", "dice"
    ).body


def send_chat_action(call: Call) -> bool:
    """sendChatAction."""
    chat = call.chat()
    if not call.text("action"):
        raise bad_request("wrong parameter action in request")
    call.may_write_to(chat)
    return True
