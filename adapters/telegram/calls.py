"""Calls of the Bot API: a method's name and its parameters as they are documented, the decoded JSON as it came.

What is called all the time goes this way, because making PTB's objects of parameters and results costs as much as all
the rest of a call. What is called at the start or now and then may as well use ``BotCalls.bot``, a ``telegram.Bot``.
"""

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from telegram import Bot, InputFile

from adapters.telegram.transport import Transport

logging.getLogger("telegram.Bot").setLevel(logging.INFO)  # for debugging, PTB logs addresses, and they hold the token


class Call(Protocol):
    """Calls a method. ``files`` are parts of the request by name: that of a parameter, or what ``attach://`` names."""

    async def __call__(
        self,
        method: str,
        params: Mapping[str, Any],
        files: Mapping[str, InputFile] | None = None,
        *,
        read_timeout: float | None = None,
    ) -> Any:
        """The decoded result. ``params`` are plain values, lists and dicts; those that are None are left out.

        ``read_timeout`` is in seconds. Raises the errors that ``answers`` lists.
        """
        ...


class BotCalls:
    """Calls of one bot, over a transport."""

    def __init__(self, token: str, api: str, transport: Transport) -> None:
        self.bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=transport,
            get_updates_request=transport,
        )
        self._transport = transport
        self._base = self.bot.base_url
        self._files = self.bot.base_file_url

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.bot.token.partition(':')[0]}>"

    async def __call__(
        self,
        method: str,
        params: Mapping[str, Any],
        files: Mapping[str, InputFile] | None = None,
        *,
        read_timeout: float | None = None,
    ) -> Any:
        """See ``Call``."""
        # Not Bot.do_api_request: it looks for a better method of Bot and warns of it at each call, and it cannot tell
        # a wrong token from a method that the server does not know.
        given = {name: value for name, value in params.items() if value is not None}
        return await self._transport.call(f"{self._base}/{method}", given, files, read_timeout)

    async def file(self, path: str, most: int) -> bytes:
        """The file at a path that ``getFile`` told. Raises as a call does, and ``TooMuch``."""
        return await self._transport.fetch(f"{self._files}/{path}", most)
