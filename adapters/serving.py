"""A small web server inside the bot's own event loop: for what is asked of the bot, and for what is delivered to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn

from rules.errors import GroupkeeperError


class PortTaken(GroupkeeperError):
    """The port cannot be opened; the message says why and what to do."""


def bind(host: str, port: int, advice: str) -> socket.socket:
    """A socket that takes connections there. Raises ``PortTaken``, with ``advice`` on what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        why = error.strerror or str(error)
        raise PortTaken(f"port {port} of {host} cannot be opened ({why}): {advice}") from error
    return listening


@asynccontextmanager
async def serving(app: Any, listening: socket.socket, name: str) -> AsyncIterator[None]:
    """Serve an ASGI app on a socket while inside. What is being answered at the end has two seconds; then it closes."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]), name=name)
    try:
        yield
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await running
        listening.close()


class _Server(uvicorn.Server):
    """A server that leaves signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
