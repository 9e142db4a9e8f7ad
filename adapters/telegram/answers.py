"""What comes back from the Bot API: a result, or one of the errors of ``telegram.error``.

Besides PTB's own errors there are these, which say what PTB's leave open, whether a call may have been carried out:

| error | is also a | the call |
|---|---|---|
| ``NotSent`` | ``NetworkError`` | never left this machine: repeating it is safe |
| ``NoAnswer`` | ``NetworkError`` | left, and may have been carried out |
| ``TooSlow`` | ``NoAnswer``, ``TimedOut`` | the same: no answer came in time |
| ``Garbled`` | ``NoAnswer`` | the same: what came is no answer of the Bot API |
| ``Intercepted`` | ``NetworkError`` | was answered by something on the way (a proxy, a firewall): it never arrived |
| ``ServerFault`` | ``NetworkError`` | was answered with 5xx: may have been carried out; ``code`` |
| ``Flooded`` | ``RetryAfter`` | was refused: not before ``seconds`` have passed |

The rest is PTB's: ``BadRequest`` (400; mind that it is a ``NetworkError``, too), ``Forbidden`` (403), ``Conflict``
(409), ``ChatMigrated``, ``InvalidToken`` (401, and 404 where the token is malformed), ``EndPointNotFound`` (the server
does not know the method) and a plain ``TelegramError`` for what nobody has thought of. No message holds the token.
"""

import json
import re
from http import HTTPStatus
from typing import Any

import orjson
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

LONGEST = 300
"""Characters of a server's words that are told: what is no Bot API server may answer with a page."""

_TOKEN = re.compile(r"\d{3,}(:|%3A)[\w-]{20,}", re.IGNORECASE)


class NotSent(NetworkError):
    """No connection: the request never left."""


class NoAnswer(NetworkError):
    """The request left, or a part of it; no answer came."""


class TooSlow(NoAnswer, TimedOut):
    """The request left; no answer came in time."""


class Garbled(NoAnswer):
    """Something came that is no answer of the Bot API: from a proxy, a login page of a network."""


class Intercepted(NetworkError):
    """Something on the way refused the request, and not Telegram."""


class ServerFault(NetworkError):
    """The server has trouble of its own; ``code`` is the HTTP status."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Flooded(RetryAfter):
    """Too many calls. ``seconds`` is for how long there must be none."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)

    @property
    def retry_after(self) -> int:
        """The same as ``seconds``. PTB's own warns at every look that it will be something else one day."""
        return self.seconds


def decoded(payload: bytes) -> Any:
    """The JSON. Raises ``ValueError``.

    orjson refuses what JSON allows and the standard library reads: half a surrogate pair. One such name in a batch
    of updates must not keep all of them away.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return json.loads(payload.decode("utf-8", "replace"))


def answered(payload: bytes) -> dict[str, Any]:
    """The body of an answer to a call that succeeded. Raises ``Garbled``."""
    try:
        body = decoded(payload)
    except (ValueError, RecursionError):
        raise Garbled(f"the server's answer is not JSON: {_shortened(payload)}") from None
    if not isinstance(body, dict) or "result" not in body:
        raise Garbled(f"the server's answer has no result: {_shortened(payload)}")
    return body


def refused(code: int, payload: bytes) -> TelegramError:
    """The error that an answer with this status means."""
    try:
        body = decoded(payload)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        return _by_status(code, _phrase(code), from_api=False)
    parameters = body.get("parameters")
    if isinstance(parameters, dict):
        moved_to, wait = parameters.get("migrate_to_chat_id"), parameters.get("retry_after")
        if isinstance(moved_to, int):
            return ChatMigrated(moved_to)
        if isinstance(wait, int) and wait > 0:
            return Flooded(wait)
    description = body.get("description")
    known = isinstance(description, str) and bool(description)
    return _by_status(code, scrubbed(str(description))[:LONGEST] if known else _phrase(code), from_api=known)


def _by_status(code: int, message: str, *, from_api: bool) -> TelegramError:
    if code >= 500:
        return ServerFault(message, code)
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return Flooded(1)
    if not from_api:
        # A proxy or a firewall, not Telegram: its 403 says nothing about the group, its 401 nothing about the token.
        return Intercepted(f"{message}, and not from a Bot API server")
    if code == HTTPStatus.NOT_FOUND and "method not found" in message.lower():
        return EndPointNotFound(message)
    kind = _KINDS.get(code)
    return kind(message) if kind is not None else TelegramError(message)


_KINDS: dict[int, type[TelegramError]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: InvalidToken,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: InvalidToken,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BadRequest,
}


def _phrase(code: int) -> str:
    try:
        return f"{HTTPStatus(code).phrase} ({code})"
    except ValueError:
        return f"HTTP status {code}"


def _shortened(payload: bytes) -> str:
    return scrubbed(payload[:1000].decode("utf-8", "replace"))[:80]


def scrubbed(words: str) -> str:
    """Words without tokens: servers tell the address that was asked for, and many put one into their webhook's."""
    return _TOKEN.sub("...", words)
