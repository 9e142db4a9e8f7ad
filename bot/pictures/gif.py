"""Thinning a GIF out: the decoder has to go through every picture before the one that is wanted."""

from itertools import pairwise

from bot.pictures.findings import Trouble
from bot.pictures.heads import Unfit

BLOCKS = 150_000
"""Of a GIF; one of 20 megabytes has 80,000 when they are full."""

_EXTENSION, _IMAGE = 0x21, 0x2C
_CONTROL = 0xF9  # the extension that belongs to the picture behind it


def thinned(data: bytes, most: int) -> bytes:
    """A GIF of at most so many of its pictures, spread evenly, the first and the last among them.

    What is cut off or damaged ends where it can no longer be followed. Anything that is no GIF comes back as it is.
    Raises ``Unfit`` where there are more blocks than anybody writes.
    """
    if data[:4] != b"GIF8" or len(data) < 13:
        return data
    head = 13 + _table(data[10])
    places = _places(data, head)
    count = len(places) - 1
    if count <= most:
        return data
    spans = list(pairwise(places))
    chosen = sorted({round(index * (count - 1) / (most - 1)) for index in range(most)}) if most > 1 else [0]
    return b"".join((data[:head], *(data[slice(*spans[index])] for index in chosen), b";"))


def _places(data: bytes, at: int) -> list[int]:
    """Where each picture begins, its control in front, and where the last one ends."""
    places: list[int] = []
    begins: int | None = None
    size, left = len(data), BLOCKS
    while at < size:
        kind = data[at]
        if kind == _EXTENSION and at + 1 < size:
            if data[at + 1] == _CONTROL:
                begins = at
            at, left = _behind(data, at + 2, left)
        elif kind == _IMAGE and at + 9 < size:
            places.append(at if begins is None else begins)
            begins = None
            at, left = _behind(data, at + 10 + _table(data[at + 9]) + 1, left)
        else:
            break
    places.append(min(at, size))
    return places


def _behind(data: bytes, at: int, left: int) -> tuple[int, int]:
    """The place behind a row of blocks, each led by its length, and how many blocks are ``left`` to read."""
    size = len(data)
    while at < size and (length := data[at]):
        at += length + 1
        left -= 1
        if not left:
            raise Unfit(Trouble.BROKEN)
    return at + 1, max(left - 1, 1)


def _table(flags: int) -> int:
    """The bytes of the colours that follow."""
    return 3 << (flags % 8 + 1) if flags & 0x80 else 0
