"""Bytes as pictures to look at: a few of each file, of bounded size, whatever is in the file.

What is too much is told by the head of the file, before anything is decoded: the decoders cannot be stopped.
"""

import io
from collections.abc import Iterator

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

from bot.pictures.findings import Trouble
from bot.pictures.gif import thinned
from bot.pictures.heads import Unfit, examine
from bot.pictures.meter import Meter

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
LARGEST = 20 * 1024 * 1024
"""Bytes of a file: what the largest platforms let bots have."""
PIXELS = 5_000_000
"""Of a picture that has to be decoded whole; a JPEG need not be (``heads.JPEG_COST``)."""
MOVING_PIXELS = 1_500_000
"""Of one picture of a moving one."""
FRAMES = 12
"""Pictures of a moving one that are looked at."""
SIDE = 1600
"""A JPEG is decoded at a fraction of its size as long as its sides stay as long as this."""
WORKING = 2_500_000
"""Pixels of what is looked at."""


def frames_of(data: bytes, meter: Meter, *, coloured: bool = False) -> Iterator[Image.Image]:
    """The pictures of a file, upright, in grey unless ``coloured``. Raises ``Unfit``, also behind some that could be
    read.
    """
    if len(data) > LARGEST:
        raise Unfit(Trouble.TOO_LARGE)
    examine(data)
    try:
        yield from _frames(_opened(data), meter, "RGB" if coloured else "L")
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Unfit(Trouble.TOO_LARGE) from None
    except UnidentifiedImageError:
        raise Unfit(Trouble.NO_PICTURE) from None
    except Exception:  # noqa: BLE001 - decoders raise whatever their damaged file makes them stumble over
        raise Unfit(Trouble.BROKEN) from None


def _opened(data: bytes) -> Image.Image:
    if data[:2] == b"\xff\xd8":
        # Behind an end that is given to it, a JPEG that was cut off shows what is there, as it does to people.
        data += b"\xff\xd9"
    return Image.open(io.BytesIO(thinned(data, FRAMES)), formats=FORMATS)


def _frames(image: Image.Image, meter: Meter, mode: str) -> Iterator[Image.Image]:
    if image.format in ("JPEG", "MPO"):
        image.draft(mode, (SIDE, SIDE))
        yield _plain(image, mode)
        return
    count = int(getattr(image, "n_frames", 1))
    if image.width * image.height > (PIXELS if count == 1 else MOVING_PIXELS):
        raise Unfit(Trouble.TOO_LARGE)
    wanted = {round(index * (count - 1) / (FRAMES - 1)) for index in range(FRAMES)}
    for index in range(count):
        if not meter.left:
            raise Unfit(Trouble.CUT_SHORT)
        image.seek(index)
        if index in wanted:
            yield _plain(image, mode)


def _plain(image: Image.Image, mode: str) -> Image.Image:
    """The picture upright, of a size to work with, and with nothing to be seen through."""
    image.load()
    if image.mode.startswith("I"):
        shown = image.convert("I").point(lambda light: light / 256).convert("L").convert(mode)
    else:
        shown = image.convert(mode)
    alpha = _alpha(image)
    shown = _reduced(shown)
    if alpha is not None:
        shown = _on_a_ground(shown, _reduced(alpha))
    return _upright(shown, image)


def _alpha(image: Image.Image) -> Image.Image | None:
    """How much of each point is to be seen, where anything can be seen through."""
    if "A" in image.getbands():
        alpha = image.getchannel("A")
    elif "transparency" in image.info:
        alpha = image.convert("RGBA").getchannel("A")
    else:
        return None
    return None if alpha.getextrema() == (255, 255) else alpha


def _reduced(image: Image.Image) -> Image.Image:
    share = (WORKING / (image.width * image.height)) ** 0.5
    if share >= 1:
        return image
    size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
    return image.resize(size, Image.Resampling.BILINEAR)


def _on_a_ground(shown: Image.Image, alpha: Image.Image) -> Image.Image:
    """In front of white, or of black where the picture itself is light."""
    light = ImageStat.Stat(shown.convert("L"), alpha.point([0] * 128 + [255] * 128))
    ground = Image.new(shown.mode, shown.size, "black" if light.count[0] and light.mean[0] > 160 else "white")
    ground.paste(shown, mask=alpha)
    return ground


def _upright(shown: Image.Image, image: Image.Image) -> Image.Image:
    try:
        way = image.getexif().get(0x0112)
    except Exception:  # noqa: BLE001 - a damaged note beside the picture is no reason not to look at it
        return shown
    if way not in range(2, 9):
        return shown
    exif = Image.Exif()
    exif[0x0112] = way
    shown.info["exif"] = exif.tobytes()
    return ImageOps.exif_transpose(shown)
