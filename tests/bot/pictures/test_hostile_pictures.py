"""Files that are made to hurt who opens them: findings or a plain trouble, and never more than a bounded effort."""

import io
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.findings import PictureFindings, Trouble
from bot.pictures.frames import FRAMES, LARGEST
from bot.pictures.gif import thinned
from bot.pictures.looking import look_at
from bot.pictures.meter import Meter
from tests.bot.pictures.making import code, moving, png_bomb, png_chunk, png_of, saved

HEAD = b"\x89PNG\r\n\x1a\n" + png_bomb(10, 10)[8:33]
END = png_chunk(b"IEND", b"")


def passes(times: int) -> bytes:
    """A JPEG that comes up gradually, its last pass again and again."""
    whole = saved(Image.new("RGB", (2_000, 2_000)), "JPEG", progressive=True)
    last = whole[whole.rfind(b"\xff\xda") : -2]
    return whole[:-2] + last * times + b"\xff\xd9"


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", Trouble.NO_PICTURE),
        (b"<html><script>alert(1)</script></html>", Trouble.NO_PICTURE),
        (b'<?xml version="1.0"?><svg width="100000" height="100000"/>', Trouble.NO_PICTURE),
        (b"%PDF-1.7", Trouble.NO_PICTURE),
        (bytes(1_000_000), Trouble.NO_PICTURE),
        (bytes(LARGEST + 1), Trouble.TOO_LARGE),
        (png_bomb(30_000, 30_000), Trouble.TOO_LARGE),
        (png_bomb(2**31 - 1, 2**31 - 1), Trouble.TOO_LARGE),
        (saved(Image.new("1", (60_000, 60_000)), "PNG"), Trouble.TOO_LARGE),
        (saved(Image.new("RGB", (16_000, 9_000)), "JPEG"), Trouble.TOO_LARGE),
        (saved(Image.new("RGB", (12_000, 12_000)), "WEBP", lossless=True, method=0), Trouble.TOO_LARGE),
        (passes(50), Trouble.TOO_LARGE),
        (b"\xff\xd8" + b"\xff\xfe\x00\x02" * 1_000_000, Trouble.BROKEN),
        (b"\xff\xd8\xff\xe0", Trouble.BROKEN),
        (HEAD + png_chunk(b"tEXt", b"a\0b") * 100_000 + END, Trouble.BROKEN),
        (HEAD + png_chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(80_000_000))) + END, Trouble.BROKEN),
        (png_of("x")[:60], Trouble.BROKEN),
        (moving("GIF", 3, 1, "x")[:-1] + b"\x21\xfe" + b"\x01a" * 1_000_000 + b"\0;", Trouble.BROKEN),
    ],
    ids=lambda value: value.name if isinstance(value, Trouble) else f"{len(value)} bytes",
)
def test_what_would_take_too_long_is_refused_by_its_head(data: bytes, trouble: Trouble) -> None:
    assert look_at(data) == PictureFindings(trouble=trouble)


def test_a_gif_of_ten_thousand_pictures_is_looked_at_in_a_few() -> None:
    found = look_at(moving("GIF", 10_000, 9_999, "at last"))
    assert (found.codes, found.frames, found.trouble) == (("at last",), FRAMES, None)


@pytest.mark.parametrize("most", [1, 2, 5, 12])
def test_a_thinned_gif_has_so_many_pictures_from_first_to_last(most: int) -> None:
    whole = moving("GIF", 30, 29, "last")
    with Image.open(_file(thinned(whole, most))) as thin:
        assert getattr(thin, "n_frames", 1) == most
    assert thinned(whole, 30) == whole
    assert thinned(png_of("x"), 1) == png_of("x")


def test_a_moving_picture_is_given_up_when_it_has_taken_enough() -> None:
    now = iter(range(1_000))
    found = look_at(moving("PNG", 200, 199, "late"), meter=Meter(6, lambda: next(now)))
    assert found.trouble is Trouble.CUT_SHORT
    assert 0 < found.frames < FRAMES


def test_of_a_jpeg_that_was_cut_off_the_upper_part_is_read() -> None:
    page = Image.new("RGB", (600, 1_200), "white")
    page.paste(code("above").resize((300, 300)), (100, 20))
    whole = saved(page, "JPEG", quality=90)
    assert look_at(whole[: len(whole) * 3 // 4]).codes == ("above",)


WHOLE = [
    *(png_of("code"), saved(code("code"), "JPEG"), saved(code("code"), "WEBP"), saved(code("code"), "BMP")),
    *(moving("GIF", 14, 3, "code"), moving("WEBP", 5, 3, "code"), saved(code("code"), "JPEG", progressive=True)),
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0), st.integers(1, 40), st.floats(0, 1))
def test_a_damaged_picture_gives_findings(whole: bytes, seed: int, wounds: int, kept: float) -> None:
    chance, data = random.Random(seed), bytearray(whole)
    for _ in range(wounds):
        data[chance.randrange(len(data))] = chance.randrange(256)
    found = look_at(bytes(data[: max(1, round(len(data) * kept))]))
    assert found.frames or found.trouble


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP", b"BM"]),
    st.binary(),
)
def test_any_bytes_give_findings(head: bytes, rest: bytes) -> None:
    assert look_at(head + rest).trouble


def _file(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)
