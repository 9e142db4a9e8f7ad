"""What a file of a picture says of itself, read in a bounded number of steps before a decoder is let loose on it.

Decoders follow a file wherever it leads. One of a few megabytes can lead them through millions of empty segments, or
over the same large picture a thousand times.
"""

from bot.pictures.findings import Trouble

SEGMENTS = 2_000
"""Of a JPEG in front of the picture."""
CHUNKS = 20_000
"""Of a PNG."""
JPEG_COST = 130.0
"""Of a JPEG: its megapixels times what each pass over them takes, and the picture itself."""

_START_OF_FRAME, _START_OF_SCAN = range(0xC0, 0xD0), 0xDA
_NO_FRAME = (0xC4, 0xC8, 0xCC)
_USUAL = (0xC0, 0xC1, 0xC2)
_PNG = b"\x89PNG\r\n\x1a\n"


class Unfit(Exception):
    """There is no picture to look at, for the ``trouble``."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def examine(data: bytes) -> None:
    """Raise ``Unfit`` for a JPEG or PNG that it would take too long to decode, or that is built like none."""
    if data[:2] == b"\xff\xd8":
        _examine_jpeg(data)
    elif data[:8] == _PNG:
        _examine_png(data)


def _examine_jpeg(data: bytes) -> None:
    at, pixels = 2, 0
    for _ in range(SEGMENTS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 9 > len(data):
            raise Unfit(Trouble.BROKEN)
        kind = data[at + 1]
        if kind in (0x00, 0x01, 0xFF) or 0xD0 <= kind <= 0xD8:  # padding, and signs with nothing behind them
            at += 1 if kind == 0xFF else 2
            continue
        if kind == _START_OF_SCAN:
            passes = data.count(b"\xff\xda", at)
            if pixels / 1e6 * (3 + passes) > JPEG_COST:
                raise Unfit(Trouble.TOO_LARGE)
            return
        if kind in _START_OF_FRAME and kind not in _NO_FRAME:
            if kind not in _USUAL:
                raise Unfit(Trouble.NO_PICTURE)
            pixels = int.from_bytes(data[at + 5 : at + 7]) * int.from_bytes(data[at + 7 : at + 9])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise Unfit(Trouble.BROKEN)


def _examine_png(data: bytes) -> None:
    at = 8
    for _ in range(CHUNKS):
        if at + 8 > len(data) or data[at + 4 : at + 8] == b"IEND":
            return
        at += 12 + int.from_bytes(data[at : at + 4])
    raise Unfit(Trouble.BROKEN)
