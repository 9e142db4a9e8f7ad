"""Pictures to look at, made when a test asks for them."""

import io
import struct
import zlib
from typing import Any

import segno
from PIL import Image


def code(said: str, scale: int = 6) -> Image.Image:
    """A picture of a QR code and nothing else."""
    return Image.open(io.BytesIO(png_of(said, scale))).convert("RGB")


def png_of(said: str, scale: int = 6, **more: Any) -> bytes:
    """The same as the bytes of a PNG."""
    written = io.BytesIO()
    segno.make(said, micro=False).save(written, kind="png", scale=scale, **more)
    return written.getvalue()


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    """A picture as the bytes of a file."""
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def moving(kind: str, count: int, shows: int, said: str, side: int = 0, **more: Any) -> bytes:
    """A moving picture in grey, of which the one numbered ``shows`` is a code."""
    shown = code(said, 3).convert("L")
    size = (side, side) if side else shown.size
    frames = [Image.new("L", size, 90 + number % 100) for number in range(count)]
    if not side:
        frames[shows] = shown
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=40, **more)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of any size in a few bytes: it has a head, and only the beginning of what it promises."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(min(width * height * 3, 10_000_000)))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
