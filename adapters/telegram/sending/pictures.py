"""Pictures to be sent: bytes as given, or letters drawn so that a person reads them and a program hardly does."""

import asyncio

from telegram import InputFile

from rules.effects import Picture

_WIDTH, _HEIGHT = 280, 100
_JPEG = b"\xff\xd8"


async def drawn(picture: Picture) -> InputFile:
    """The picture as a file. Drawing takes some milliseconds, so a thread does it."""
    content = picture.content or await asyncio.to_thread(_captcha, picture.captcha)
    return InputFile(content, filename="picture.jpg" if content.startswith(_JPEG) else "picture.png")


def _captcha(letters: str) -> bytes:
    from captcha.image import ImageCaptcha  # noqa: PLC0415 - the imaging library is large, and most groups draw nothing

    return ImageCaptcha(width=_WIDTH, height=_HEIGHT).generate(letters, format="png").getvalue()
