"""The control API from Python, for tests and demonstrations that run beside the simulator."""

from typing import Any, Self

import aiohttp


class ControlError(Exception):
    """A refusal: ``status`` as HTTP has it, the message in words, ``wrong`` the faulty arguments by name."""

    def __init__(self, status: int, message: str, wrong: dict[str, str]) -> None:
        super().__init__(message)
        self.status = status
        self.wrong = wrong


class ControlClient:
    """``async with ControlClient("http://127.0.0.1:8081") as control: await control.act("say", user="bo", ...)``.

    People, chats and messages are given by name, by id, or as the JSON that another call returned. Every call raises
    ``ControlError``.
    """

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/control"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def act(self, verb: str, **arguments: Any) -> Any:
        """Do what people do: ``act("join", user="cai", chat="Garden")``."""
        return await self.post("act", verb, **arguments)

    async def fault(self, kind: str, **arguments: Any) -> Any:
        """Order trouble: ``fault("error", code=429, retry_after=30, method="sendMessage")``."""
        return await self.post("faults", "add", kind=kind, **arguments)

    async def advance(self, seconds: float) -> str:
        """Move the world's clock; returns the new moment."""
        return str(await self.post("clock", "advance", seconds=seconds))

    async def messages(self, chat: int | str) -> list[dict[str, Any]]:
        """The messages that stand in a chat."""
        return list(await self.get(f"chats/{chat}/messages"))

    async def members(self, chat: int | str) -> dict[str, str]:
        """The status of everybody who is or was in a chat, by first name."""
        return {one["user"]["first_name"]: one["status"] for one in await self.get(f"chats/{chat}/members")}

    async def requests(self, method: str | None = None, chat: int | str | None = None) -> list[dict[str, Any]]:
        """What bots have asked of the server."""
        narrowed = {"method": method, "chat": None if chat is None else str(chat)}
        return list(
            await self.get("requests", **{name: value for name, value in narrowed.items() if value is not None})
        )

    async def get(self, path: str, **query: str) -> Any:
        """Read anything: ``get("bots")``."""
        return await self._answer("GET", path, params=query)

    async def post(self, area: str, verb: str, **arguments: Any) -> Any:
        """Do anything: ``post("clock", "now")``."""
        return await self._answer("POST", f"{area}/{verb}", json=arguments)

    async def _answer(self, method: str, path: str, **sent: Any) -> Any:
        if self._session is None:
            raise RuntimeError('use the client in "async with"')
        async with self._session.request(method, f"{self._url}/{path}", **sent) as answer:
            body = await answer.json()
        if answer.status >= 400:
            raise ControlError(answer.status, body["error"], body.get("wrong", {}))
        return body["result"]
