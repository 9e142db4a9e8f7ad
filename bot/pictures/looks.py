"""How a picture looks, in 64 bits: near copies differ in few of them."""

from functools import cache

import numpy as np
from PIL import Image

SIDE = 32
PARTS = 8
FLAT = 4.0
"""Below this spread of its light (of 255), a picture shows nothing by which it could be known again."""


def looks_of(image: Image.Image) -> str | None:
    """The signs of a picture's lowest frequencies, as 16 hexadecimal digits; None where it is next to empty."""
    small = np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float64)
    if small.std() < FLAT:
        return None
    waves = _waves()
    parts = (waves @ small @ waves.T).ravel()[1:]  # without the first: that is how light it is as a whole
    bits = np.concatenate(([False], parts > np.median(parts)))
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


@cache
def _waves() -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    frequency, place = np.mgrid[0:PARTS, 0:SIDE]
    waves: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    waves = np.cos(np.pi * frequency * (2 * place + 1) / (2 * SIDE))
    return waves
