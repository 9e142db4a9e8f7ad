"""Metrics and health over HTTP, on a port of the operator's choosing, inside the bot's own event loop.

``/healthz`` answers while the loop turns and the database's writer lives: a process that fails it is to be restarted.
``/readyz`` says whether all is well, part by part: the database answers, adapters feed events, rules are loaded.
``/metrics`` is for Prometheus.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.protocol import Adapter, HasTrouble
from adapters.serving import bind, serving
from bot.app import App
from bot.metrics import CONTENT_TYPE, Metrics
from rules.effects import Lane
from rules.errors import StorageError
from storage import inbox, outbox, quarantine

PATIENCE = 2.0
"""Seconds in which the database must answer."""
BEAT = 1.0
"""Seconds between two heartbeats of the loop."""


def health_app(app: App, metrics: Metrics) -> Starlette:
    """The three pages about a running bot."""

    async def healthz(request: Request) -> Response:
        alive = app.database.alive
        return JSONResponse({"ok": alive, "loop": True, "writer": alive}, 200 if alive else 503)

    async def readyz(request: Request) -> Response:
        depths = await _depths(app)
        names = sorted(app.adapters)
        trouble = {name: why for name, one in sorted(app.adapters.items()) if (why := _trouble(one)) is not None}
        adapters = {name: metrics.adapters.get(name, False) and name not in trouble for name in names}
        rulebook = app.setup.rulebook
        parts: dict[str, Any] = {
            "database": depths is not None,
            "adapters": adapters,
            "rulebook": {"version": rulebook.version, "rules": len(rulebook.written), "groups": len(rulebook.groups)},
        }
        if trouble:
            parts["trouble"] = trouble
        if depths is not None:
            parts["inbox"] = depths.inbox
            parts["outbox"] = sum(depths.outbox.values())
            parts["quarantine"] = depths.quarantine
        ready = depths is not None and all(adapters.values()) and app.database.alive
        return JSONResponse({"ok": ready, **parts}, 200 if ready else 503)

    async def exposition(request: Request) -> Response:
        depths = await _depths(app)
        if depths is not None:
            metrics.depths(depths.inbox, depths.outbox, depths.quarantine, app.database.waiting)
        return Response(metrics.exposition(app.setup.rulebook.version), media_type=CONTENT_TYPE)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", exposition)],
    )


@asynccontextmanager
async def served(app: App, metrics: Metrics, host: str, port: int) -> AsyncIterator[int]:
    """Serve the pages while inside; gives the port. Raises ``PortTaken``."""
    listening = bind(host, port, "choose another with --port")
    async with serving(health_app(app, metrics), listening, "health"):
        beating = asyncio.create_task(_beat(metrics), name="heartbeat")
        try:
            yield listening.getsockname()[1]
        finally:
            beating.cancel()


class _Depths(NamedTuple):
    inbox: int
    outbox: dict[Lane, int]
    quarantine: int


def _trouble(adapter: Adapter) -> str | None:
    return adapter.trouble if isinstance(adapter, HasTrouble) else None


async def _depths(app: App) -> _Depths | None:
    """How much waits in the inbox and the outbox, and lies in quarantine; None where the database does not answer."""

    def look(conn: Connection) -> _Depths:
        return _Depths(inbox.depth(conn), outbox.depth(conn), quarantine.count(conn))

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
