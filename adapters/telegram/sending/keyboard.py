"""Buttons below a message."""

from collections.abc import Sequence
from typing import Any

import structlog

from adapters.telegram.splitting import shortened, units
from rules.values import Button

LONGEST_DATA = 64
"""Bytes that a button can send back."""
LONGEST_COPY = 256
_ROW, _IN_ROW, _LABEL = 30, 4, 60
"""How much text stands beside one another on a telephone, in at most how many buttons; how long one label may be."""

log = structlog.get_logger("groupkeeper.telegram")


def keyboard(buttons: Sequence[Button]) -> dict[str, Any] | None:
    """The ``reply_markup`` of buttons, in rows that can be read on a telephone; None without any."""
    rows: list[list[dict[str, Any]]] = []
    room = 0
    for button in buttons:
        shown = _button(button)
        if shown is None:
            continue
        width = _width(shown["text"])
        if not rows or width > room or len(rows[-1]) == _IN_ROW:
            rows.append([])
            room = _ROW
        rows[-1].append(shown)
        room -= width
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button) -> dict[str, Any] | None:
    text = shortened(button.text, _LABEL)
    if button.url:
        return {"text": text or button.url, "url": button.url}
    if not button.data:
        return None
    text = text or button.data
    if len(button.data.encode()) <= LONGEST_DATA:
        return {"text": text, "callback_data": button.data}
    # Telegram would refuse the whole message. The command can still be copied, and pasted into the group.
    log.warning("telegram_button_too_long", data=button.data)
    return {"text": text, "copy_text": {"text": button.data}} if units(button.data) <= LONGEST_COPY else None


def _width(text: str) -> int:
    return 3 + sum(1 if sign.isascii() else 2 for sign in text)
