"""Made-up posters with a code in them: on any background, turned, styled, badly compressed."""

import io
import random
import string
from typing import NamedTuple

import segno
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

QUALITY = 40
SHARE = 0.10


class Poster(NamedTuple):
    """A picture and what the code in it says."""

    data: bytes
    code: str


def poster(seed: int, share: float = SHARE, quality: int = QUALITY, *, styled: bool = True) -> Poster:
    """The poster of this number. The code takes ``share`` of its width, margin included, as it would be pasted in.

    ``styled``: with a logo in its middle, in colours, light on dark or turned, as chance has it.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up pictures
    width = chance.choice((720, 800, 960, 1080, 1080, 1280))
    height = int(width * chance.choice((0.6, 0.75, 1.0, 1.33, 1.5, 1.78)))
    page = _background(chance, width, height)
    _words(chance, page)
    said = _address(chance)
    code = _code(chance, said, styled=styled)
    side = max(33, round(width * share))
    code = code.resize((side, side), Image.Resampling.LANCZOS)
    if styled and chance.random() < 0.5:
        mask = Image.new("L", code.size, 255)
        angle = chance.uniform(-15, 15) + chance.choice((0, 0, 90, 180, 270))
        code = code.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        mask = mask.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    else:
        mask = Image.new("L", code.size, 255)
    at = (chance.randint(0, width - code.width), chance.randint(0, height - code.height))
    page.paste(code, at, mask)
    if chance.random() < 0.5:
        page = _noisy(chance, page)
    if chance.random() < 0.2:
        page = page.filter(ImageFilter.GaussianBlur(0.6))
    return Poster(_jpeg(page, quality), said)


def _address(chance: random.Random) -> str:
    def word(length: int) -> str:
        return "".join(chance.choices(string.ascii_letters + string.digits, k=length))

    return chance.choice(
        (
            lambda: f"https://u.wechat.example/{word(22)}",
            lambda: f"https://qm.example/cgi-bin/qm/qr?k={word(16)}",
            lambda: f"https://t.example/+{word(16)}",
            lambda: f"http://{word(8).lower()}.example/?ref={word(4)}",
        )
    )()


def _code(chance: random.Random, said: str, *, styled: bool) -> Image.Image:
    drawn = segno.make(said, error=chance.choice("LMQ") if styled else "M", micro=False)
    written = io.BytesIO()
    dark, light = "black", "white"
    if styled and chance.random() < 0.3:
        dark, light = chance.choice((("#07335f", "#ffffff"), ("#7a0010", "#fff4e0"), ("#ffffff", "#102030")))
    drawn.save(written, kind="png", scale=12, border=chance.choice((2, 4)), dark=dark, light=light)
    code = Image.open(written).convert("RGB")
    if styled and drawn.error in ("M", "Q") and chance.random() < 0.4:
        part = code.width // 7
        logo = Image.new("RGB", (part, part), chance.choice(("white", "#1aad19", "#2aabee")))
        code.paste(logo, ((code.width - part) // 2, (code.height - part) // 2))
    return code


def _background(chance: random.Random, width: int, height: int) -> Image.Image:
    def colour() -> tuple[int, int, int]:
        return chance.randint(0, 255), chance.randint(0, 255), chance.randint(0, 255)

    slope = Image.linear_gradient("L").resize((width, height)).rotate(chance.choice((0, 180)))
    page = Image.composite(
        Image.new("RGB", (width, height), colour()), Image.new("RGB", (width, height), colour()), slope
    )
    draw = ImageDraw.Draw(page)
    for _ in range(chance.randint(0, 40)):
        x, y = chance.randint(-50, width), chance.randint(-50, height)
        w, h = chance.randint(5, width // 2), chance.randint(5, height // 2)
        shape = chance.choice((draw.rectangle, draw.ellipse))
        shape((x, y, x + w, y + h), fill=colour(), outline=colour())
    return page


def _words(chance: random.Random, page: Image.Image) -> None:
    draw = ImageDraw.Draw(page)
    for _ in range(chance.randint(0, 8)):
        words = " ".join("".join(chance.choices(string.ascii_letters, k=chance.randint(2, 9))) for _ in range(4))
        font = ImageFont.load_default(chance.randint(14, 60))
        at = (chance.randint(0, page.width // 2), chance.randint(0, page.height))
        draw.text(at, words, font=font, fill=chance.choice(("white", "black", "yellow", "red")))


def _noisy(chance: random.Random, page: Image.Image) -> Image.Image:
    noise = Image.effect_noise(page.size, chance.uniform(5, 25)).convert("RGB")
    grey = Image.new("RGB", page.size, (128, 128, 128))
    return ImageChops.add(ImageChops.subtract(page, ImageChops.subtract(grey, noise)), ImageChops.subtract(noise, grey))


def _jpeg(page: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    page.save(written, "JPEG", quality=quality)
    return written.getvalue()
