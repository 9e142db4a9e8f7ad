"""Long texts in parts that Telegram takes: lengths are in UTF-16 code units, as the Bot API counts."""

from adapters import splitting

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_ANSWER = 4096, 1024, 200


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def parts(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """The text in parts of at most ``longest`` units. See ``adapters.splitting``."""
    return splitting.parts(text, longest, units)


def shortened(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return splitting.shortened(text, longest, units)
