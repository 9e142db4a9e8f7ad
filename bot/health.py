"""Metrics and health over HTTP, on a port of the operator's choosing, inside the bot's own event loop.

``/healthz`` answers while the loop turns and the database's writer lives: a process that fails it is to be restarted.
``/readyz`` says whether all is well, part by part: the database answers, adapters feed events, rules are loaded.
``/metrics`` is for Prometheus.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn
from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import App
from bot.metrics import CONTENT_TYPE, Metrics
from rules.effects import Lane
from rules.errors import GroupkeeperError, StorageError
from storage import inbox, outbox

PATIENCE = 2.0
"""Seconds in which the database must answer."""
BEAT = 1.0
"""Seconds between two heartbeats of the loop."""


class PortTaken(GroupkeeperError):
    """The port cannot be opened; the message says why and what to do."""


def health_app(app: App, metrics: Metrics) -> Starlette:
    """The three pages about a running bot."""

    async def healthz(request: Request) -> Response:
        alive = app.database.alive
        return JSONResponse({"ok": alive, "loop": True, "writer": alive}, 200 if alive else 503)

    async def readyz(request: Request) -> Response:
        depths = await _depths(app)
        names = sorted(app.adapters)
        adapters = {name: metrics.adapters.get(name, False) for name in names}
        rulebook = app.setup.rulebook
        parts: dict[str, Any] = {
            "database": depths is not None,
            "adapters": adapters,
            "rulebook": {"version": rulebook.version, "rules": len(rulebook.rules), "groups": len(rulebook.groups)},
        }
        if depths is not None:
            parts["inbox"] = depths[0]
            parts["outbox"] = sum(depths[1].values())
        ready = depths is not None and all(adapters.values()) and app.database.alive
        return JSONResponse({"ok": ready, **parts}, 200 if ready else 503)

    async def exposition(request: Request) -> Response:
        depths = await _depths(app)
        if depths is not None:
            metrics.depths(*depths, app.database.waiting)
        return Response(metrics.exposition(app.setup.rulebook.version), media_type=CONTENT_TYPE)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", exposition)],
    )


@asynccontextmanager
async def served(app: App, metrics: Metrics, host: str, port: int) -> AsyncIterator[int]:
    """Serve the pages while inside; gives the port. Raises ``PortTaken``."""
    listening = _bind(host, port)
    config = uvicorn.Config(
        health_app(app, metrics),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]), name="health")
    beating = asyncio.create_task(_beat(metrics), name="heartbeat")
    try:
        yield listening.getsockname()[1]
    finally:
        beating.cancel()
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await serving
        listening.close()


class _Server(uvicorn.Server):
    """A server that leaves signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        why = error.strerror or str(error)
        raise PortTaken(f"port {port} of {host} cannot be opened ({why}): choose another with --port") from error
    return listening


async def _depths(app: App) -> tuple[int, dict[Lane, int]] | None:
    """How much waits in the inbox and the outbox; None where the database does not answer."""

    def look(conn: Connection) -> tuple[int, dict[Lane, int]]:
        return inbox.depth(conn), outbox.depth(conn)

    try:
        return await asyncio.wait_for(app.database.read(look), PATIENCE)
    except (StorageError, TimeoutError):
        return None


async def _beat(metrics: Metrics) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + BEAT
        await asyncio.sleep(BEAT)
        metrics.lag(max(loop.time() - due, 0.0))
