"""Who the bot is: asked of Telegram at the start, again and again until it says so."""

from typing import Any

from msgspec import Struct

from adapters.telegram.answers import Garbled
from adapters.telegram.calls import Call
from adapters.telegram.trouble import Trouble


class Me(Struct, frozen=True):
    """A bot's account. ``reads_all``: its privacy mode is off."""

    id: int
    username: str
    reads_all: bool = False


async def who(call: Call) -> Me:
    """Ask once."""
    found: Any = await call("getMe", {})
    if not isinstance(found, dict) or type(found.get("id")) is not int:
        raise Garbled("the answer to getMe is no account")
    return Me(found["id"], str(found.get("username", "")), bool(found.get("can_read_all_group_messages")))


async def introduced(call: Call, trouble: Trouble) -> Me:
    """Ask until there is an answer."""
    return await trouble.overcome(lambda: who(call))
