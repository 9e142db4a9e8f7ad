"""A login code comes to staff as a picture, to the terminal as blocks, and to the log not at all."""

import io

import pytest
import zxingcpp
from PIL import Image
from structlog.testing import capture_logs

from adapters.driver import MemoryIntake
from adapters.wechaty.scanning import Scanning, picture
from tests.wechaty.adapter_beside import adapter_on
from tests.wechaty.listener import now
from tests.wechaty.mock_wechat import Gateway

CODE = "https://login.example/l/abcDEF0123=="


class Terminal(io.StringIO):
    """A terminal, or a file that the output goes to."""

    def __init__(self, *, terminal: bool = True) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def read_back(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return str(found.text)


def drawn(text: str) -> Image.Image:
    """What a terminal shows of half blocks, as a picture."""
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [line for line in text.splitlines() if line and set(line) <= set(halves)]
    shown = Image.new("L", (len(rows[0]), 2 * len(rows)))
    for y, row in enumerate(rows):
        for x, sign in enumerate(row):
            for half in (0, 1):
                shown.putpixel((x, 2 * y + half), halves[sign][half])
    return shown.resize((shown.width * 6, shown.height * 6), Image.Resampling.NEAREST)


def test_a_code_that_waits_comes_as_a_picture_that_a_phone_reads() -> None:
    asked = Scanning("wx", "WeChat", now, Terminal()).asked({"status": 2, "qrcode": CODE})
    assert asked is not None
    assert (asked.kind, asked.adapter, asked.detail) == ("scan", "wx", CODE)
    assert read_back(asked.picture) == CODE


@pytest.mark.parametrize(("status", "told"), [(0, True), (2, True), (5, True), (1, False), (3, False), (4, False)])
def test_only_what_has_to_be_scanned_is_news(status: int, told: bool) -> None:
    terminal = Terminal()
    asked = Scanning("wx", "WeChat", now, terminal).asked({"status": status, "qrcode": CODE})
    assert (asked is not None) is told
    assert (CODE in terminal.getvalue()) is told


def test_the_terminal_shows_each_code_once_and_says_what_to_do() -> None:
    terminal = Terminal()
    scanning = Scanning("wx", "WeChat", now, terminal)
    for _ in range(3):
        scanning.asked({"status": 2, "qrcode": CODE})
    shown = terminal.getvalue()
    assert shown.count(CODE) == 1
    assert "WeChat (wx): scan this code with the phone of the bot's account." in shown
    assert "请用机器人账号的手机扫描" in shown
    (found,) = zxingcpp.read_barcodes(drawn(shown))
    assert found.text == CODE
    scanning.asked({"status": 5, "qrcode": CODE + "2"})
    assert CODE + "2" in terminal.getvalue()


def test_where_there_is_no_terminal_nothing_is_shown() -> None:
    file = Terminal(terminal=False)
    assert Scanning("wx", "WeChat", now, file).asked({"status": 2, "qrcode": CODE}) is not None
    assert file.getvalue() == ""


@pytest.mark.parametrize("data", [{}, {"status": 2}, {"status": 2, "qrcode": "x" * 5000}, {"status": "2"}])
def test_odd_codes_do_no_harm(data: dict[str, object]) -> None:
    asked = Scanning("wx", "WeChat", now, Terminal()).asked(data)
    assert asked is None or asked.picture == b""
    assert picture("") == b""


async def test_staff_hear_of_a_code_and_of_the_login_after_it_and_the_log_has_no_code(gateway: Gateway) -> None:
    intake = MemoryIntake()
    with capture_logs() as lines:
        async with adapter_on(gateway, intake) as beside:
            await beside.until(lambda: [news.kind for news in intake.told] == ["login"])
            await gateway.logout("signed out on the phone")
            await gateway.scan(qrcode=CODE)
            await gateway.scan(status=3, qrcode=CODE)
            await gateway.scan(status=4, qrcode=CODE)
            await gateway.login()
            await beside.until(lambda: len(intake.told) == 4)
    assert [(news.kind, news.detail) for news in intake.told] == [
        ("login", "Bot"),
        ("logout", "signed out on the phone"),
        ("scan", CODE),
        ("login", "Bot"),
    ]
    assert CODE not in str(lines)
