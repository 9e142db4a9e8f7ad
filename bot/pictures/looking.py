"""Looking at a picture: from its bytes to what is found in it."""

from collections.abc import Callable
from contextlib import suppress

from PIL import Image

from bot.pictures.codes import MOST, codes_in
from bot.pictures.findings import PictureFindings
from bot.pictures.frames import frames_of
from bot.pictures.heads import Unfit
from bot.pictures.looks import looks_of
from bot.pictures.meter import Meter

PATIENCE = 0.15
"""Seconds of processor time after which no further step is begun; a step takes up to 0.1."""

ReadWords = Callable[[Image.Image], str]
"""Reads the words in a picture, a line each, within bounds of its own."""


def look_at(data: bytes, words: ReadWords | None = None, meter: Meter | None = None) -> PictureFindings:
    """What is found in a picture. Any bytes will do; what is wrong with them is the ``trouble``.

    Words are read only where ``words`` are given to read them.
    """
    Image.init()  # finding the decoders takes longer than most pictures, the first time
    meter = meter or Meter(PATIENCE)
    codes: dict[str, None] = {}
    first: Image.Image | None = None
    frames, trouble = 0, None
    try:
        for frame in frames_of(data, meter):
            first = first or frame
            codes.update(dict.fromkeys(codes_in(frame, meter, closely=frame is first)))
            frames += 1
    except Unfit as unfit:
        trouble = unfit.trouble
    if first is None:
        return PictureFindings(read=words is not None, trouble=trouble)
    text = words_in(data, words) if words is not None else ""
    return PictureFindings(tuple(codes)[:MOST], text, looks_of(first), frames, words is not None, trouble)


def words_in(data: bytes, words: ReadWords) -> str:
    """The words in a picture, or in the first of several; nothing where there is no picture to look at."""
    with suppress(Unfit):
        for frame in frames_of(data, Meter(PATIENCE), coloured=True):
            return words(frame)
    return ""
