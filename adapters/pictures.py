"""Pictures to be sent: bytes as given, or letters drawn so that a person reads them and a program hardly does."""

import asyncio

from rules.effects import Picture

_WIDTH, _HEIGHT = 280, 100
_JPEG = b"\xff\xd8"


async def drawn(picture: Picture) -> tuple[str, bytes]:
    """The picture as a file: its name and its bytes. Drawing takes some milliseconds, so a thread does it."""
    content = picture.content or await asyncio.to_thread(_captcha, picture.captcha)
    return "picture.jpg" if content.startswith(_JPEG) else "picture.png", content


def _captcha(letters: str) -> bytes:
    from captcha.image import ImageCaptcha  # noqa: PLC0415 - the imaging library is large, and most groups draw nothing

    return ImageCaptcha(width=_WIDTH, height=_HEIGHT).generate(letters, format="png").getvalue()
