"""The login code of an account: as a picture for staff, and in the terminal of who started the bot.

Whoever has the code may log in with it, so it is shown to those who run the bot and never written to the log.
"""

import io
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TextIO

import segno

from adapters.protocol import News

CARRY_A_CODE = frozenset({0, 2, 5})
"""Statuses of a ``scan`` event with a code to be scanned: none told, waiting, and timed out, which brings a new one.

1 is cancelled on the phone, 3 scanned, 4 confirmed there: the code has been used.
"""
PIXELS, MARGIN = 8, 4


class Scanning:
    """The login codes of one platform; ``title`` is what people call it."""

    def __init__(self, name: str, title: str, now: Callable[[], datetime], terminal: TextIO | None = None) -> None:
        self._name = name
        self._title = title
        self._now = now
        self._terminal = terminal
        self._shown = ""

    def asked(self, data: Mapping[str, Any]) -> News | None:
        """The news that a code has to be scanned, which is also shown in the terminal; None where none has to be."""
        code, status = str(data.get("qrcode") or ""), data.get("status", 0)
        if status not in CARRY_A_CODE:
            return None
        if code and code != self._shown:
            self._shown = code
            self._show(code)
        return News(self._name, "scan", self._now(), detail=code, picture=picture(code))

    def _show(self, code: str) -> None:
        out = self._terminal or sys.stderr
        if not out.isatty():
            return
        out.write(
            f"\n{self._title} ({self._name}): scan this code with the phone of the bot's account.\n"
            f"{self._title}（{self._name}）：请用机器人账号的手机扫描这个二维码登录。\n\n"
        )
        made = _made(code)
        if made is not None:
            made.terminal(out=out, border=2, compact=True)
        out.write(f"{code}\n\n")
        out.flush()


def picture(code: str) -> bytes:
    """A code as a PNG; empty where there is none, or it is too long for one."""
    made = _made(code)
    if made is None:
        return b""
    written = io.BytesIO()
    made.save(written, kind="png", scale=PIXELS, border=MARGIN)
    return written.getvalue()


def _made(code: str) -> segno.QRCode | None:
    if not code:
        return None
    try:
        return segno.make_qr(code, error="m")
    except segno.DataOverflowError:
        return None
