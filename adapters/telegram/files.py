"""Fetching what is attached to messages, from the Bot API server and nowhere else."""

import re

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from adapters.errors import Rejected, RetryLater
from adapters.telegram.answers import scrubbed
from adapters.telegram.calls import BotCalls
from adapters.telegram.errors import wait_of
from adapters.telegram.transport import TooMuch
from rules.values import File

_PATH = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*", re.ASCII)


async def fetch_file(call: BotCalls, file: File, most: int) -> bytes:
    """The bytes of a file, of which there must be no more than ``most``. Raises an adapter error."""
    if file.size is not None and file.size > most:
        raise Rejected(f"the file has {file.size} bytes, more than {most}")
    try:
        told = await call("getFile", {"file_id": file.id})
        return await call.file(_path_of(told, most), most)
    except (TooMuch, BadRequest, Forbidden) as error:
        raise Rejected(scrubbed(str(error))) from None
    except RetryAfter as error:
        raise RetryLater(str(error), wait_of(error)) from None
    except TelegramError as error:
        raise RetryLater(scrubbed(str(error))) from None


def _path_of(told: object, most: int) -> str:
    """Where the file is. A server of one's own may tell a place on its disk: that is none for us to read."""
    answer = told if isinstance(told, dict) else {}
    size, path = answer.get("file_size"), answer.get("file_path")
    if isinstance(size, int) and size > most:
        raise Rejected(f"the file has {size} bytes, more than {most}")
    if not isinstance(path, str) or _PATH.fullmatch(path) is None:
        raise Rejected("the Bot API server does not give this file out")
    return path
