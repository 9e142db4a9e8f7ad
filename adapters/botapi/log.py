"""What was asked of the server, for tests to look at."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from adapters.botapi.state import Json


@dataclass(slots=True)
class Request:
    """One request and its answer. ``error`` is the description of a refusal; ``fault`` names ordered trouble."""

    at: datetime
    bot: int
    method: str
    params: Json
    files: tuple[str, ...] = ()
    ok: bool = False
    code: int = 200
    error: str | None = None
    result: Any = None
    fault: str | None = None

    @property
    def args(self) -> Json:
        """The parameters with what was JSON in text made into lists, objects and so on."""
        return {name: _decoded(value) for name, value in self.params.items()}

    @property
    def chat(self) -> int | str | None:
        """``chat_id`` as a number where it is one."""
        found = self.params.get("chat_id")
        return int(found) if isinstance(found, str) and found.lstrip("-").isdigit() else found


def _decoded(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in {"[", "{"}:
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


@dataclass(slots=True)
class RequestLog:
    """The last requests, at most ``keep``; ``total`` counts all of them."""

    keep: int = 100_000
    total: int = 0
    requests: deque[Request] = field(default_factory=deque)

    def add(self, request: Request) -> None:
        """Note a request."""
        self.total += 1
        self.requests.append(request)
        if len(self.requests) > self.keep:
            self.requests.popleft()

    def calls(self, method: str | None = None, chat: int | None = None, *, ok: bool | None = None) -> list[Request]:
        """The requests of this method and chat; without ``method`` all but getUpdates."""
        return [
            one
            for one in self.requests
            if (one.method == method if method else one.method != "getUpdates")
            and (chat is None or one.chat == chat)
            and (ok is None or one.ok == ok)
        ]

    def clear(self) -> None:
        """Forget them; ``total`` goes on."""
        self.requests.clear()

    def __iter__(self) -> Iterator[Request]:
        return iter(self.requests)

    def __len__(self) -> int:
        return len(self.requests)
