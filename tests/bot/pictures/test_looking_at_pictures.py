"""What is found in pictures of every kind: codes, and how they look."""

import random

import pytest
from PIL import Image, ImageDraw

from bot.pictures.findings import Trouble
from bot.pictures.frames import FRAMES
from bot.pictures.looking import look_at
from tests.bot.pictures.making import code, moving, png_of, saved
from tools.detection.posters import poster

SAID = "https://t.me/+AbCdEfGh12345678"


def apart(one: str | None, other: str | None) -> int:
    assert one is not None
    assert other is not None
    return (int(one, 16) ^ int(other, 16)).bit_count()


def motif(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of some coloured things, another for every seed."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, (chance.randint(0, 255),) * 3)
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        x, y = chance.randint(-100, size[0]), chance.randint(-100, size[1])
        box = (x, y, x + chance.randint(60, 300), y + chance.randint(60, 300))
        draw.rectangle(box, fill=tuple(chance.randint(0, 255) for _ in range(3)))
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_code_is_read_in_files_of_every_kind(kind: str) -> None:
    found = look_at(saved(code(SAID), kind))
    assert (found.codes, found.frames, found.trouble) == ((SAID,), 1, None)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_a_code_is_read_in_colours_of_every_kind(mode: str) -> None:
    shown = code(SAID)
    if mode == "I;16":
        shown = shown.convert("L").convert("I").point(lambda light: light * 257).convert("I;16")
    else:
        shown = shown.convert(mode)
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    assert look_at(saved(shown, kind)).codes == (SAID,)


@pytest.mark.parametrize(
    ("dark", "light"), [("black", None), ("white", None), ("white", "black"), ("#205080", "#e0f0ff")]
)
def test_a_code_is_read_that_can_be_seen_through_or_is_light_on_dark(dark: str, light: str | None) -> None:
    assert look_at(png_of(SAID, dark=dark, light=light)).codes == (SAID,)


@pytest.mark.parametrize("way", range(1, 9))
def test_a_picture_is_looked_at_the_way_up_that_it_is_shown(way: int) -> None:
    upright = motif(7)
    exif = Image.Exif()
    exif[0x0112] = way
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(back[way]) if way in back else upright
    found = look_at(saved(stored, "JPEG", quality=95, exif=exif))
    assert apart(found.looks, look_at(saved(upright, "PNG")).looks) <= 2


@pytest.mark.parametrize(("kind", "more"), [("GIF", {}), ("PNG", {}), ("WEBP", {"lossless": True})])
def test_a_code_that_a_moving_picture_shows_last_is_read(kind: str, more: dict[str, bool]) -> None:
    found = look_at(moving(kind, 40, 39, SAID, **more))
    assert found.codes == (SAID,)
    assert found.frames <= FRAMES


def test_small_codes_in_badly_compressed_posters_are_read() -> None:
    posters = [poster(seed, share=0.1, quality=40) for seed in range(30)]
    assert [made.code in look_at(made.data).codes for made in posters] == [True] * 30


def test_several_codes_are_each_told_once() -> None:
    page = Image.new("RGB", (900, 400), "white")
    for place, said in enumerate((SAID, "second", SAID)):
        page.paste(code(said, 6).resize((250, 250)), (20 + 290 * place, 60))
    assert sorted(look_at(saved(page, "PNG")).codes) == sorted((SAID, "second"))


def test_an_ordinary_picture_has_no_codes() -> None:
    assert [look_at(saved(motif(seed), "JPEG")).codes for seed in range(10)] == [()] * 10


@pytest.mark.parametrize("seed", range(12))
def test_a_copy_looks_alike_and_another_picture_does_not(seed: int) -> None:
    shown = motif(seed)
    looks = look_at(saved(shown, "PNG")).looks
    smaller = look_at(saved(shown.resize((320, 240)), "JPEG", quality=40)).looks
    other = look_at(saved(motif(seed + 100), "PNG")).looks
    assert apart(looks, smaller) <= 6
    assert apart(looks, other) > 12


def test_an_empty_page_looks_like_nothing() -> None:
    assert look_at(saved(Image.new("RGB", (300, 300), "#fafafa"), "PNG")).looks is None


def test_words_are_read_in_the_first_picture_by_who_is_given_to_read_them() -> None:
    seen: list[str] = []

    def words(image: Image.Image) -> str:
        seen.append(image.mode)
        return "加微信"

    found = look_at(moving("GIF", 9, 3, SAID), words)
    assert (found.text, found.codes, found.read, seen) == ("加微信", (SAID,), True, ["RGB"])
    assert not look_at(png_of(SAID)).read


def test_what_is_no_picture_is_told_as_such() -> None:
    assert look_at(b"<svg xmlns='http://www.w3.org/2000/svg'/>").trouble is Trouble.NO_PICTURE
