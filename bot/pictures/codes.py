"""Reading codes: QR, and the others that a telephone's camera follows. Codes on goods and tickets are none of those."""

import zxingcpp
from PIL import Image

from bot.pictures.meter import Meter

MOST = 16
"""Codes of a picture."""
LONGEST = 2_000
"""Characters of a code."""
ENLARGED = 6_000_000
"""Pixels of what is looked at once more, larger."""

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_OTHERS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.AztecCode, zxingcpp.BarcodeFormat.DataMatrix])
_SHORTEST = 4  # shorter ones than that are seen in noise


def codes_in(image: Image.Image, meter: Meter, *, closely: bool = True) -> tuple[str, ...]:
    """What the codes in a picture say, each once. ``closely``: look again, larger and for others, if none is seen."""
    grey = image.convert("L")
    found = _read(grey, _QR)
    if found or not closely or not meter.left:
        return found
    found = tuple(code for code in _read(grey, _OTHERS) if len(code) >= _SHORTEST)
    times = min(2.0, (ENLARGED / (grey.width * grey.height)) ** 0.5)
    if found or times < 1.2 or not meter.left:
        return found
    size = (round(grey.width * times), round(grey.height * times))
    return _read(grey.resize(size, Image.Resampling.BICUBIC), _QR)


def _read(grey: Image.Image, formats: zxingcpp.BarcodeFormats) -> tuple[str, ...]:
    codes = zxingcpp.read_barcodes(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    said = (code.text.replace("\x00", "")[:LONGEST] for code in codes)
    return tuple(dict.fromkeys(text for text in said if text.strip()))[:MOST]
