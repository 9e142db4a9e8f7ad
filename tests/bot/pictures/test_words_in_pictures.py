"""Words in pictures, read by the extra ``ocr`` where it is installed."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.pictures import words as reading
from bot.pictures.looking import look_at
from bot.pictures.words import CHARACTERS, Words, reader
from tests.bot.pictures.making import code, saved
from tools.detection.worded import CHINESE, fonts

pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")

LINES = ("Earn $300 daily from home", "Message @bookworm88 today")


@pytest.fixture(scope="module")
def words() -> Words:
    found = reader()
    assert isinstance(found, Words)
    return found


def page(*lines: str, size: int = 34, ink: str = "#301010", paper: str = "#f5efdc") -> Image.Image:
    image = Image.new("RGB", (900, 80 + 2 * size * max(1, len(lines))), paper)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((40, 40 + 2 * size * number), line, font=ImageFont.load_default(size), fill=ink)
    return image


def test_lines_are_read_from_top_to_bottom(words: Words) -> None:
    assert words(page(*LINES)).splitlines() == list(LINES)


@pytest.mark.parametrize(("ink", "paper"), [("white", "black"), ("#ffe000", "#b00000"), ("#606060", "#d0d0d0")])
def test_light_on_dark_and_faint_words_are_read(words: Words, ink: str, paper: str) -> None:
    assert words(page(*LINES, ink=ink, paper=paper)).splitlines() == list(LINES)


def test_codes_and_words_are_found_in_one_picture(words: Words) -> None:
    image = page(*LINES)
    whole = Image.new("RGB", (900, image.height + 300), "white")
    whole.paste(image)
    whole.paste(code("https://example.com/join").resize((250, 250)), (100, image.height + 20))
    found = look_at(saved(whole, "JPEG", quality=50), words)
    assert found.codes == ("https://example.com/join",)
    assert LINES[0] in found.text


@pytest.mark.skipif(not fonts(CHINESE), reason="there is no Chinese font on this machine")
def test_chinese_is_read(words: Words) -> None:
    image = Image.new("RGB", (900, 160), "#f5efdc")
    font = ImageFont.truetype(str(fonts(CHINESE)[0]), 40)
    ImageDraw.Draw(image).text((40, 50), "兼职日结，加微信 book88", font=font, fill="black")
    assert words(image).replace(" ", "").replace(",", "，") == "兼职日结，加微信book88"


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (10, 10), (64, 64), (2_500, 1_000)])
@pytest.mark.parametrize("paper", ["white", "black"])
def test_where_there_are_no_words_none_are_read(words: Words, size: tuple[int, int], paper: str) -> None:
    assert words(Image.new("RGB", size, paper)) == ""


def test_a_page_full_of_words_is_read_within_bounds(words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    full = page(*["all of this is only written to be read"] * 30, size=14)
    assert len(words(full)) <= CHARACTERS
    monkeypatch.setattr(reading, "PATIENCE", 0.0)
    assert words(full) == ""


def test_what_fails_has_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OSError("the models are gone")

    monkeypatch.setattr(reading, "_loaded", missing)
    assert Words()(page(*LINES)) == ""
