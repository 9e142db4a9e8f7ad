"""How calls travel: a ``telegram.request.BaseRequest`` on aiohttp, with orjson, in place of PTB's on httpx.

Measured with a call an update, httpx costs three times as much, and fifteen times with 256 calls at once. What goes
wrong is told by the errors in ``answers.py``: above all ``NotSent`` (repeat it) against ``NoAnswer`` (it may have
happened). Addresses of calls contain the token, so no error, log line or representation made here has an address in
it, nor the exception of aiohttp that it came from.

Proxies are taken from the environment (``HTTPS_PROXY``, ``NO_PROXY``).
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.request import getproxies

import aiohttp
import orjson
from telegram import InputFile
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from adapters.telegram.answers import NoAnswer, NotSent, TooSlow, answered, refused

CONNECT, READ, WRITE = 10.0, 20.0, 20.0
"""Seconds, where a call does not say: until there is a connection, until the answer comes, for sending the request."""
UPLOAD = 60.0
"""Seconds for sending a request with files."""
CONNECTIONS = 100
KEPT_ALIVE = 15.0
"""Seconds without a call after which a connection is closed from here: before the server does, because a call on a
connection that is being closed is a call of which nobody knows whether it arrived."""

_JSON = {"Content-Type": "application/json"}
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,  # its words are the address without the token's path, see _told
)


class TooMuch(NetworkError):
    """What was asked for has more bytes than were wanted."""


class _Stale(NotSent):
    """The server had closed a connection that was kept for the next call, and it was noticed before writing."""


class Transport(BaseRequest):
    """Calls to a Bot API server, by one session with a bounded number of connections."""

    __slots__ = ("_closed", "_session")

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    async def call(
        self,
        url: str,
        params: Mapping[str, Any],
        files: Mapping[str, InputFile] | None = None,
        read_timeout: float | None = None,
    ) -> Any:
        """Call a method; the decoded result. ``read_timeout``: seconds for the answer. Raises what ``answers`` lists.

        This is what ``do_request`` is to ``telegram.Bot``, without its wrapping of every parameter.
        """
        body = _multipart(_as_texts(params), _parts(files)) if files else _encoded(params)
        timeout = _timeout(read_timeout or READ, UPLOAD if files else WRITE, CONNECT)
        _, payload = await self._send("POST", url, body, None if files else _JSON, timeout)
        return answered(payload)["result"]

    async def fetch(self, url: str, most: int) -> bytes:
        """The file at an address. Raises what ``answers`` lists, and ``TooMuch`` beyond so many bytes."""
        _, payload = await self._send("GET", url, None, None, _timeout(READ, WRITE, CONNECT), most)
        return payload

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send what ``telegram.Bot`` asks for; status and body of an answer that is no error."""
        body: Any = None
        heavy = request_data is not None and request_data.contains_files
        if request_data is not None:
            parts = request_data.multipart_data if heavy else {}
            body = _multipart(request_data.json_parameters, parts) if heavy else _encoded(request_data.parameters)
        timeout = _timeout(
            _seconds(read_timeout, READ),
            _seconds(write_timeout, UPLOAD if heavy else WRITE),
            _seconds(connect_timeout, CONNECT),
        )
        return await self._send(method, url, body, None if heavy or body is None else _JSON, timeout)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The body of an answer to ``telegram.Bot``. Raises ``Garbled``."""
        return answered(payload)

    @property
    def read_timeout(self) -> float | None:
        """Seconds until an answer must have come."""
        return READ

    async def initialize(self) -> None:
        """Open for calls again, after a ``shutdown``; the session is made by the first call."""
        self._closed = False

    async def shutdown(self) -> None:
        """Close all connections. Calls that come later are ``NotSent``."""
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _send(
        self,
        method: str,
        url: str,
        body: Any,
        headers: dict[str, str] | None,
        within: aiohttp.ClientTimeout,
        most: int | None = None,
    ) -> tuple[int, bytes]:
        try:
            return await self._send_once(method, url, body, headers, within, most)
        except _Stale:
            if isinstance(body, aiohttp.FormData):  # it can be sent only once
                raise
        return await self._send_once(method, url, body, headers, within, most)

    async def _send_once(
        self,
        method: str,
        url: str,
        body: Any,
        headers: dict[str, str] | None,
        within: aiohttp.ClientTimeout,
        most: int | None,
    ) -> tuple[int, bytes]:
        session, address = self._open(), _address(url)
        try:
            async with session.request(
                method, address, data=body, headers=headers, timeout=within, allow_redirects=False
            ) as response:
                payload, code = await _body(response, most), response.status
        except _NOT_SENT as error:
            trouble: Exception = NotSent(_told(error, url))
        except TimeoutError:
            trouble = TooSlow("the server did not answer in time")
        except (aiohttp.ClientError, OSError) as error:
            stale = isinstance(error.__cause__, aiohttp.ClientConnectionResetError)
            if stale and "closing transport" in str(error.__cause__):
                trouble = _Stale("the connection was closed before the call was sent")
            else:
                trouble = NoAnswer(_told(error, url))
        else:
            if code >= 300:
                raise refused(code, payload)
            return code, payload
        raise trouble  # here and not above: the exception of aiohttp is not to be found in this one's context

    def _open(self) -> aiohttp.ClientSession:
        if self._closed:
            raise NotSent("the connection was closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEPT_ALIVE, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=bool(getproxies()),  # looking into the environment at every call costs much of a call
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session


async def _body(response: aiohttp.ClientResponse, most: int | None) -> bytes:
    """All of an answer. Raises ``TooMuch`` as soon as there is more than was wanted."""
    if most is None:
        return await response.read()
    found = bytearray()
    async for part in response.content.iter_any():
        found += part
        if len(found) > most:
            raise TooMuch(f"the file has more than {most} bytes")
    return bytes(found)


def _parts(files: Mapping[str, InputFile]) -> dict[str, Any]:
    return {name: file.field_tuple for name, file in files.items()}


def _as_texts(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else _encoded(value).decode() for name, value in params.items()}


def _multipart(texts: Mapping[str, str], parts: Mapping[str, Any]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # file names go in UTF-8, as they are
    for name, value in texts.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in parts.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _encoded(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # half a surrogate pair, a very large number: for the server to judge
        return json.dumps(value).encode()


def _seconds(given: Any, otherwise: float) -> float | None:
    return otherwise if given is BaseRequest.DEFAULT_NONE else given


@lru_cache(maxsize=64)
def _timeout(read: float | None, write: float | None, connect: float | None) -> aiohttp.ClientTimeout:
    total = None if read is None or write is None or connect is None else read + write + connect
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_read=read)


@lru_cache(maxsize=512)
def _address(url: str) -> URL:
    with suppress(ValueError):
        return URL(url, encoded=True)
    raise NotSent("the address of the Bot API server (`api`) is not valid")


def _told(error: Exception, url: str) -> str:
    """What went wrong, without the address: that contains the token."""
    path = url.partition("://")[2].partition("/")[2]
    words = str(error).removeprefix("[Errno None] ") or type(error).__name__
    return words.replace(path, "...") if path else words
