"""Whatever a test of the adapter asks of the simulated Bot API has to be a request that the real one takes."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.botapi import BotApiServer
from tests.botapi.honesty import all_valid


@pytest.fixture(autouse=True)
def honest_requests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After the test, hold every request that any simulator got against aiogram's models of the Bot API."""
    servers: list[BotApiServer] = []
    begin = BotApiServer.__init__

    def noted(self: BotApiServer, *args: Any, **more: Any) -> None:
        begin(self, *args, **more)
        servers.append(self)

    monkeypatch.setattr(BotApiServer, "__init__", noted)
    yield
    for server in servers:
        all_valid(server)
