"""One request to a webhook, and what came back."""

import contextlib
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl

import aiohttp
import orjson

from adapters.botapi.state import Json

READ_TIMEOUT = 60.0
"""Real seconds after which an answer counts as missing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the webhook answered; ``retry_after`` in seconds, 0 where it did not say."""

    status: int
    reason: str = ""
    retry_after: int = 0
    body: Json = field(default_factory=dict)

    @property
    def problem(self) -> str:
        """What is wrong with it in the real server's words; empty for 2xx."""
        if 200 <= self.status <= 299:
            return ""
        return f"Wrong response from the webhook: {self.status} {self.reason}".rstrip()


class Undelivered(Exception):
    """No answer came; the message says why, in the real server's words."""


class Post(Protocol):
    """Makes one request to a webhook. Raises ``Undelivered``."""

    async def __call__(self, url: str, headers: dict[str, str], body: bytes) -> Answer: ...


class HttpPost:
    """Real requests over connections that are kept."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=READ_TIMEOUT)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                after = response.headers.get("Retry-After", "")
                seconds = int(after) if after.isdecimal() else 0
                return Answer(response.status, response.reason or "", seconds, await _told(response))
        except TimeoutError:
            raise Undelivered("Read timeout expired") from None
        except aiohttp.ServerDisconnectedError:
            raise Undelivered("Webhook connection closed") from None
        except (OSError, aiohttp.ClientError) as error:
            raise Undelivered(_of_network(error)) from None

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _told(response: aiohttp.ClientResponse) -> Json:
    """The parameters in the answer's body: a method to carry out may stand there."""
    if response.content_type == "application/json":
        with contextlib.suppress(orjson.JSONDecodeError):
            found = orjson.loads(await response.read() or b"{}")
            return found if isinstance(found, dict) else {}
    elif response.content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl((await response.read()).decode(errors="replace")))
    return {}


def _of_network(error: Exception) -> str:
    cause = getattr(error, "os_error", error)
    if isinstance(cause, ConnectionRefusedError):
        return "Connection refused"
    if isinstance(cause, ConnectionResetError):
        return "Connection reset by peer"
    return str(error) or type(error).__name__
