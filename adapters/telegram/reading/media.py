"""What is attached to a message: its kind, and every word that it carries."""

from collections.abc import Callable, Iterator
from typing import Any

from adapters.telegram.reading.texts import Marked
from adapters.telegram.reading.unknown import words_in
from adapters.telegram.reading.values import Json, joined, objects, words
from rules.values import File, Media, MediaKind

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of a file that Telegram lets bots have."""
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"})


def media_in(x: Json, marked: Marked) -> list[Media]:
    """All that is attached to a message, or to one that is shown along with it."""
    found: list[Media] = []
    for key in sorted(x.keys() & _READERS.keys()):
        if x[key] and not _told_otherwise(key, x):
            found += _READERS[key](x[key], marked)
    return found


def _told_otherwise(key: str, x: Json) -> bool:
    """For old programs some things are told twice, the second time as something simpler."""
    return any(fuller in x for fuller in _TWICE.get(key, ()))


_TWICE = {"document": ("animation",), "location": ("venue",), "photo": ("live_photo",), "video": ("live_photo",)}


def _photo(sizes: Any, marked: Marked) -> Iterator[Media]:
    largest = (objects(sizes) or [{}])[-1]
    yield Media(MediaKind.PHOTO, hash=_hash(largest), view=_as_file(largest))


def _file(kind: MediaKind, *, hashed: bool = False) -> Callable[[Any, Marked], Iterator[Media]]:
    def read(file: Any, marked: Marked) -> Iterator[Media]:
        x: Json = file if type(file) is dict else {}
        name = words(x.get("file_name")) or None
        text = joined(x.get("performer"), x.get("title"))
        yield Media(kind, name, text, hash=_hash(x) if hashed else None, view=_view(x))

    return read


def _sticker(sticker: Any, marked: Marked) -> Iterator[Media]:
    x: Json = sticker if type(sticker) is dict else {}
    still = not (x.get("is_animated") or x.get("is_video"))
    yield Media(
        MediaKind.STICKER, text=joined(x.get("emoji"), x.get("set_name")), view=_as_file(x) if still else _view(x)
    )


def _dice(dice: Any, marked: Marked) -> Iterator[Media]:
    yield Media(MediaKind.STICKER, text=joined(dice.get("emoji")) if type(dice) is dict else None)


def _contact(contact: Any, marked: Marked) -> Iterator[Media]:
    x: Json = contact if type(contact) is dict else {}
    name = joined(x.get("first_name"), x.get("last_name"))
    yield Media(MediaKind.CONTACT, text=joined(name, x.get("phone_number"), _card_words(x.get("vcard")), by="\n"))


def _card_words(card: Any) -> str | None:
    """What stands in an electronic business card behind the names of its fields."""
    told = []
    for line in words(card).replace("\r", "").replace("\n ", "").split("\n"):
        field, colon, value = line.partition(":")
        if field.upper() not in ("BEGIN", "END", "VERSION"):
            told.append(value if colon else field)
    return joined(*told, by="\n")


def _place(place: Any, marked: Marked) -> Iterator[Media]:
    x: Json = place if type(place) is dict else {}
    yield Media(MediaKind.LOCATION, text=joined(x.get("title"), x.get("address"), by="\n"))


def _poll(poll: Any, marked: Marked) -> Iterator[Media]:
    x: Json = poll if type(poll) is dict else {}
    told = [_text(x, "question", marked), _text(x, "description", marked)]
    inside = [x.get("media"), x.get("explanation_media")]
    for option in objects(x.get("options")):
        told.append(_text(option, "text", marked))
        inside.append(option.get("media"))
    told.append(_text(x, "explanation", marked))
    yield Media(MediaKind.POLL, text=joined(*told, by="\n"))
    for shown in objects(inside):
        yield from media_in(shown, marked)
        if type(link := shown.get("link")) is dict:
            marked.link(link.get("url"))


def _checklist(checklist: Any, marked: Marked) -> Iterator[Media]:
    x: Json = checklist if type(checklist) is dict else {}
    tasks = [_text(task, "text", marked) for task in objects(x.get("tasks"))]
    yield Media(MediaKind.CARD, text=joined(_text(x, "title", marked), *tasks, by="\n"))


def _game(game: Any, marked: Marked) -> Iterator[Media]:
    x: Json = game if type(game) is dict else {}
    told = (x.get("title"), x.get("description"), _text(x, "text", marked))
    yield Media(MediaKind.CARD, text=joined(*told, by="\n"))


def _paid(paid: Any, marked: Marked) -> Iterator[Media]:
    for item in objects(paid.get("paid_media") if type(paid) is dict else None):
        known = media_in(item, marked)
        yield from known or [Media(MediaKind.UNKNOWN)]  # shown to who pays


def _story(story: Any, marked: Marked) -> Iterator[Media]:
    yield Media(MediaKind.UNKNOWN)  # what it shows is out of a bot's reach


def _worded(kind: MediaKind) -> Callable[[Any, Marked], Iterator[Media]]:
    def read(value: Any, marked: Marked) -> Iterator[Media]:
        yield Media(kind, text=words_in(value, marked))

    return read


def _text(x: Json, key: str, marked: Marked) -> str:
    """A text that has its own entities beside it."""
    text = words(x.get(key))
    marked.add(text, x.get(f"{key}_entities"))
    return text


def _hash(x: Json) -> str | None:
    return words(x.get("file_unique_id")) or None


def _view(x: Json) -> File | None:
    """The file itself where it is a picture that bots may have; else the picture that stands for it."""
    size = x.get("file_size")
    if words(x.get("mime_type")) in _PICTURES and (type(size) is not int or size <= LARGEST_FILE):
        return _as_file(x)
    if covers := objects(x.get("cover")):
        return _as_file(covers[-1])
    small = x.get("thumbnail")
    return _as_file(small) if type(small) is dict else None


def _as_file(x: Json) -> File | None:
    id_, unique, size = words(x.get("file_id")), words(x.get("file_unique_id")), x.get("file_size")
    return File(id_, unique, size if type(size) is int else None) if id_ and unique else None


_READERS: dict[str, Callable[[Any, Marked], Iterator[Media]]] = {
    "photo": _photo,
    "live_photo": _file(MediaKind.PHOTO, hashed=True),
    "video": _file(MediaKind.VIDEO, hashed=True),
    "animation": _file(MediaKind.ANIMATION, hashed=True),
    "video_note": _file(MediaKind.VIDEO),
    "audio": _file(MediaKind.AUDIO),
    "voice": _file(MediaKind.VOICE),
    "document": _file(MediaKind.DOCUMENT, hashed=True),
    "sticker": _sticker,
    "dice": _dice,
    "contact": _contact,
    "location": _place,
    "venue": _place,
    "poll": _poll,
    "checklist": _checklist,
    "game": _game,
    "invoice": _worded(MediaKind.CARD),
    "giveaway": _worded(MediaKind.CARD),
    "giveaway_winners": _worded(MediaKind.CARD),
    "gift": _worded(MediaKind.CARD),
    "unique_gift": _worded(MediaKind.CARD),
    "paid_media": _paid,
    "story": _story,
    "rich_message": _worded(MediaKind.UNKNOWN),
}
KEYS = frozenset(_READERS)
"""The fields of a message that hold something attached."""
