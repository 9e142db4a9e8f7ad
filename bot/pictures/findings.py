"""What was found in a picture."""

from enum import StrEnum

from msgspec import Struct


class Trouble(StrEnum):
    """Why a picture was not looked at, or not wholly."""

    NO_PICTURE = "no picture"  # it is none, or of a kind that is not read
    BROKEN = "broken"
    TOO_LARGE = "too large"
    CUT_SHORT = "cut short"  # it had to be looked at for longer than it is worth
    OUT_OF_REACH = "out of reach"  # the platform does not give it
    NOT_IN_TIME = "not in time"


class PictureFindings(Struct, frozen=True, omit_defaults=True):
    """``codes``: what the codes in it say; ``text``: the words in it, a line each; ``looks``: its perceptual hash.

    ``frames`` is how many of its pictures were looked at, ``read`` whether words were looked for. Where there was
    ``trouble``, the rest is what could be found all the same.
    """

    codes: tuple[str, ...] = ()
    text: str = ""
    looks: str | None = None
    frames: int = 0
    read: bool = False
    trouble: Trouble | None = None
