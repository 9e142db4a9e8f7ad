"""A Bot API that costs next to nothing: updates made beforehand, every call answered at once or after a latency.

    python -m tools.bench.telegram.server UPDATES GROUPS LATENCY_MS

Prints its port. ``/go?to=N`` lets the first N updates out, ``/stats`` tells how many messages were deleted and by which
calls. Every message says ``buy now``; a bot that deletes each makes one call an update. The latency is that of every
call, ``getUpdates`` among them.
"""

import asyncio
import sys
from collections import Counter
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import web

TOKEN = "123456789:" + "A" * 35
ME: dict[str, Any] = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Bench",
    "username": "bench_bot",
    "can_read_all_group_messages": True,
}
EFFECTS = frozenset({"deleteMessage", "deleteMessages"})
RESULTS: dict[str, Any] = {
    "getMe": ME,
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getMyCommands": [],
    "getChatAdministrators": [],
    "getChatMember": {"status": "administrator", "user": ME, "can_delete_messages": True, "can_restrict_members": True},
}
EPOCH = 1_790_000_000
FIRST = 1_000
"""The id of the first update."""


def group_id(number: int) -> int:
    """The chat id of a group by its number."""
    return -1001000000000 - number


def update(number: int, groups: int) -> dict[str, Any]:
    """An ordinary message of somebody in one of the groups, in turn."""
    chat = {"id": group_id(number % groups), "type": "supergroup", "title": f"Group {number % groups}"}
    sender = {
        "id": 5_000_000 + number % 997,
        "is_bot": False,
        "first_name": "Ann",
        "last_name": "Bo",
        "language_code": "en",
    }
    text = f"buy now, number {number}, at https://win{number % 50}.example/offer"
    return {
        "update_id": FIRST + number,
        "message": {
            "message_id": 10 + number,
            "from": sender,
            "chat": chat,
            "date": EPOCH + number // 100,
            "text": text,
            "entities": [{"type": "url", "offset": text.index("https"), "length": len(text) - text.index("https")}],
        },
    }


class Server:
    """Serves ``getUpdates`` and counts calls, and what has an effect."""

    def __init__(self, updates: int, groups: int, latency: float) -> None:
        self._updates = [orjson.dumps(update(number, groups)) for number in range(updates)]
        self._latency = latency
        self._out = 0
        self._more = asyncio.Event()
        self.effects = 0
        self.calls: Counter[str] = Counter()

    @property
    def app(self) -> web.Application:
        """To be served by."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self.handle)
        app.router.add_get("/go", self.go)
        app.router.add_get("/stats", self.stats)
        return app

    async def handle(self, request: web.Request) -> web.Response:
        """One call."""
        method = request.match_info["method"]
        self.calls[method] += 1
        params = await self._params(request)
        if self._latency:
            await asyncio.sleep(self._latency)
        if method == "getUpdates":
            return await self._get_updates(params)
        if method in EFFECTS:
            ids = params.get("message_ids")
            ids = orjson.loads(ids) if isinstance(ids, str) else ids
            self.effects += len(ids) if ids else 1
        result: Any = RESULTS.get(method, True)
        if method == "getChat":
            result = {"id": int(params["chat_id"]), "type": "supergroup", "title": "Group"}
        return web.Response(body=orjson.dumps({"ok": True, "result": result}), content_type="application/json")

    async def go(self, request: web.Request) -> web.Response:
        """Let the updates out, up to the number ``to``."""
        self._out = min(int(request.query["to"]), len(self._updates))
        self._more.set()
        self._more = asyncio.Event()
        return web.json_response({})

    async def stats(self, request: web.Request) -> web.Response:
        """How many messages were deleted so far, and how many calls of each method were made."""
        return web.json_response({"effects": self.effects, "calls": self.calls})

    async def _get_updates(self, params: dict[str, Any]) -> web.Response:
        start = max(int(params.get("offset") or 0) - FIRST, 0)
        if start >= self._out:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._more.wait(), min(float(params.get("timeout") or 0), 5.0))
        part = self._updates[start : min(start + int(params.get("limit") or 100), self._out)]
        body = b'{"ok":true,"result":[' + b",".join(part) + b"]}"
        return web.Response(body=body, content_type="application/json")

    @staticmethod
    async def _params(request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            body = await request.read()
            return orjson.loads(body) if body else {}
        return {**request.query, **(await request.post())}


def main(arguments: list[str]) -> None:
    """Serve until ended."""
    updates, groups, latency = int(arguments[0]), int(arguments[1]), float(arguments[2]) / 1000

    async def serve() -> None:
        server = Server(updates, groups, latency)
        runner = web.AppRunner(server.app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main(sys.argv[1:])
