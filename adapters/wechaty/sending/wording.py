"""Texts as WeChat takes them: nothing in them that breaks its format, links of buttons as lines, long ones in parts."""

import unicodedata
from collections.abc import Sequence

from adapters import splitting
from rules import effects as fx
from rules.values import Button


def length(text: str) -> int:
    """The length of a text: its bytes in UTF-8, a letter counting two."""
    return len(text) * 2 if text.isascii() else sum(max(2, _bytes(sign)) for sign in text)


def parts(text: str, longest: int) -> list[str]:
    """A text in parts that go into one message each."""
    return splitting.parts(text, longest, length)


def cleaned(text: str) -> str:
    """The text without what is no sign: WeChat's messages are XML, which holds no control characters."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_sign(sign) for sign in text)


def with_buttons(text: str, buttons: Sequence[Button]) -> str:
    """The text, and below it what its buttons would do, as far as it does not say so itself: WeChat has none."""
    lines = []
    for button in buttons:
        does = button.url or button.data or ""
        if does and does not in text:
            lines.append(f"{button.text}: {does}" if button.text and button.text != does else does)
    return "\n".join([text, *lines]) if text else "\n".join(lines)


def messages_of(effect: fx.Effect, longest: int) -> int:
    """How many messages an effect makes, for the pace."""
    if not isinstance(effect, (fx.SendText, fx.SendPrivate)):
        return 1
    text = with_buttons(effect.text.literal or "", effect.buttons)
    words = 1 if length(text) <= longest else len(parts(text, longest))
    if effect.picture is not None:
        return 1 + (words if text.strip() else 0)
    return words


def _bytes(sign: str) -> int:
    code = ord(sign)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def _sign(sign: str) -> str:
    if sign in "\n\t":
        return sign
    category = unicodedata.category(sign)
    if category == "Cs":
        return "\ufffd"
    return "" if category == "Cc" else sign
