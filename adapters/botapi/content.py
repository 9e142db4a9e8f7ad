"""What messages are made of: pictures, documents, stickers and the like, in the shapes of the Bot API."""

import struct
from typing import Any

from adapters.botapi.state import Json, Poll
from adapters.botapi.world import World

ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
"""A picture, where it does not matter which."""


def _size_of(data: bytes) -> tuple[int, int]:
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    return 800, 600


def photo_sizes(world: World, data: bytes) -> list[Json]:
    """PhotoSize twice, the small one first, as Telegram lists them."""
    width, height = _size_of(data)
    found = []
    for share in (4, 1):
        kept = world.store(data if share == 1 else data[: max(1, len(data) // 4)], "photos")
        found.append(
            {
                "file_id": kept.id,
                "file_unique_id": kept.unique,
                "width": max(1, width // share),
                "height": max(1, height // share),
                "file_size": len(kept.data),
            }
        )
    return found


def photo(world: World, data: bytes = ONE_PIXEL) -> Json:
    """A picture."""
    return {"photo": photo_sizes(world, data)}


def _file(world: World, data: bytes, folder: str, name: str | None, mime: str | None) -> Json:
    kept = world.store(data, folder, name=name, mime=mime)
    told: Json = {"file_id": kept.id, "file_unique_id": kept.unique, "file_size": len(data)}
    if mime:
        told["mime_type"] = mime
    return told


def document(world: World, data: bytes, name: str = "file.pdf", mime: str = "application/pdf") -> Json:
    """A file with its name."""
    return {"document": {**_file(world, data, "documents", name, mime), "file_name": name}}


def video(world: World, data: bytes = b"video", name: str | None = None, seconds: int = 10) -> Json:
    """A video."""
    told = {**_file(world, data, "videos", name, "video/mp4"), "width": 640, "height": 360, "duration": seconds}
    if name:
        told["file_name"] = name
    return {"video": told}


def animation(world: World, data: bytes = b"gif", name: str = "cat.mp4") -> Json:
    """A GIF; for the sake of old clients it is a document too."""
    file = {**_file(world, data, "animations", name, "video/mp4"), "file_name": name}
    return {"animation": {**file, "width": 320, "height": 240, "duration": 3}, "document": file}


def audio(world: World, data: bytes = b"audio", title: str = "Song", performer: str = "Band") -> Json:
    """A piece of music."""
    file = _file(world, data, "music", "song.mp3", "audio/mpeg")
    return {"audio": {**file, "duration": 180, "title": title, "performer": performer, "file_name": "song.mp3"}}


def voice(world: World, data: bytes = b"voice", seconds: int = 5) -> Json:
    """A spoken message."""
    return {"voice": {**_file(world, data, "voice", None, "audio/ogg"), "duration": seconds}}


def video_note(world: World, data: bytes = b"round", seconds: int = 5) -> Json:
    """A round video."""
    return {"video_note": {**_file(world, data, "video_notes", None, None), "length": 240, "duration": seconds}}


def sticker(world: World, emoji: str = "👍", set_name: str | None = "Thumbs", data: bytes = b"sticker") -> Json:
    """A sticker."""
    told = {
        **_file(world, data, "stickers", None, None),
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": emoji,
    }
    if set_name:
        told["set_name"] = set_name
    return {"sticker": told}


def contact(phone: str, first_name: str, last_name: str | None = None, user_id: int | None = None) -> Json:
    """Somebody's card."""
    told: Json = {"phone_number": phone, "first_name": first_name}
    if last_name:
        told["last_name"] = last_name
    if user_id:
        told["user_id"] = user_id
    return {"contact": told}


def location(latitude: float = 52.52, longitude: float = 13.405) -> Json:
    """A point on the map."""
    return {"location": {"latitude": latitude, "longitude": longitude}}


def venue(title: str, address: str) -> Json:
    """A place; for the sake of old clients it is a location too."""
    where = location()["location"]
    return {"venue": {"location": where, "title": title, "address": address}, "location": where}


def dice(emoji: str = "🎲", value: int = 4) -> Json:
    """A die."""
    return {"dice": {"emoji": emoji, "value": value}}


def new_poll(world: World, question: str, options: list[str], **more: Any) -> Poll:
    """A poll, not yet in any message; ``more`` are fields of ``Poll``."""
    number = f"{5_000_000_000_000_000_000 + world.number('poll')}"
    poll = Poll(number, question, options, **more)
    world.polls[number] = poll
    return poll
