"""The world over HTTP, as the real Bot API server answers."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Self

import orjson
from aiohttp import web

from adapters.botapi.bots import Bot
from adapters.botapi.call import Call, Upload
from adapters.botapi.errors import ApiError
from adapters.botapi.faults import Fault, Faults
from adapters.botapi.limits import FloodLimits
from adapters.botapi.log import Request, RequestLog
from adapters.botapi.methods import BY_LOWER, Method
from adapters.botapi.polling import Polling
from adapters.botapi.state import Json
from adapters.botapi.transcript import Transcript
from adapters.botapi.webhooks import WebhookDelivery
from adapters.botapi.world import World

MAX_BODY = 64 * 1024 * 1024


class BotApiServer:
    """The Bot API on a loopback port: ``async with BotApiServer(world) as server: server.url``.

    ``limits`` holds bots to Telegram's flood limits. ``faults`` takes orders for trouble, ``log`` has the requests (the
    last ``keep_requests``). ``sleep`` waits out the delays that were ordered; tests may put their own in its place.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: bool = False,
        keep_requests: int = 100_000,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.world = world or World()
        self.host = host
        self.port = port
        self.polling = Polling()
        self.faults = Faults()
        self.log = RequestLog(keep_requests)
        self.limits = FloodLimits() if limits else None
        self.transcript = Transcript(self.world)
        self.webhooks = WebhookDelivery(self.world, execute=self.execute)
        self._sleep = sleep
        self.app = web.Application(client_max_size=MAX_BODY)
        self.app.router.add_route("*", "/bot{token}/{method}", self._request)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it is: ``http://127.0.0.1:8081``; the API's base for a client is ``url + "/bot"``."""
        return f"http://{self.host}:{self.port}"

    async def start(self) -> None:
        """Listen."""
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        if self.port == 0:
            self.port = self._runner.addresses[0][1]
        for bot in self.world.bots.values():
            self.webhooks.watch(bot)

    async def stop(self) -> None:
        """Answer the long polls that still wait, and stop listening."""
        self.polling.wake_all()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.webhooks.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def wake(self) -> None:
        """Answer every open long poll now; with a virtual clock nothing else would end one without news."""
        self.polling.wake_all()

    # -- requests

    async def _request(self, request: web.Request) -> web.StreamResponse:
        try:
            bot = self._bot(request.match_info["token"])
            params, files = await _read(request)
        except ApiError as error:
            return _refusal(error)
        except web.HTTPRequestEntityTooLarge:
            return _refusal(ApiError(413, "Request Entity Too Large"))
        name, method = _known(request.match_info["method"])
        entry = Request(self.world.now(), bot.id, name, params, tuple(files))
        met = self.faults.meet(name, params, entry.at)
        try:
            result = await self._logged(entry, Call(self.world, bot, name, params, files), method, met)
        except _Dropped:
            return _drop(request)
        except ApiError as error:
            return _refusal(error)
        for fault in met:
            entry.fault = entry.fault or fault.kind
            if fault.kind == "drop_after":
                return _drop(request)
            if fault.kind == "malformed":
                return web.Response(body=b'{"ok":true,"result":{"mess', content_type="application/json")
        return _json({"ok": True, "result": result}, 200)

    async def execute(self, bot: Bot, method: str, params: Json) -> Any:
        """Carry out a method in the name of a bot without HTTP, as for the answer of a webhook. Raises ``ApiError``."""
        name, known = _known(method)
        entry = Request(self.world.now(), bot.id, name, params)
        return await self._logged(entry, Call(self.world, bot, name, params), known)

    async def _logged(self, entry: Request, call: Call, method: Method | None, met: Iterable[Fault] = ()) -> Any:
        """The result of a request, noted with what became of it."""
        self.log.add(entry)
        try:
            for fault in met:
                await self._suffer(fault, entry)
            result = await self._answer(call, method)
        except _Dropped:
            raise
        except ApiError as error:
            entry.code, entry.error = error.code, error.description
            raise
        except Exception:
            entry.code, entry.error = 500, "Internal Server Error"
            raise
        entry.ok = True
        if call.method != "getUpdates":
            entry.result = result
        return result

    async def _suffer(self, fault: Fault, entry: Request) -> None:
        """What a fault does before the effect."""
        entry.fault = fault.kind
        if fault.kind == "delay":
            await self._sleep(fault.seconds)
        elif fault.kind == "drop_before":
            raise _Dropped
        elif fault.error is not None:
            raise fault.error

    async def _answer(self, call: Call, method: Method | None) -> Any:
        if method is not None:
            if self.limits is not None:
                self.limits.check(call)
            if call.method == "setWebhook":
                self.webhooks.watch(call.bot)
            return method(call)
        if call.method == "getUpdates":
            return await self.polling.get_updates(call)
        raise ApiError(404, "Not Found: method not found")

    def _bot(self, token: str) -> Bot:
        bot = self.world.bots.get(token)
        if bot is None:
            raise ApiError(401, "Unauthorized")
        if bot.logged_out:
            raise ApiError(400, "Logged out")
        return bot

    async def _file(self, request: web.Request) -> web.StreamResponse:
        try:
            self._bot(request.match_info["token"])
        except ApiError as error:
            return _refusal(error)
        wanted = request.match_info["path"]
        for stored in self.world.files.values():
            if stored.path == wanted:
                return web.Response(body=stored.data, content_type="application/octet-stream")
        return _refusal(ApiError(404, "Not Found"))


class _Dropped(Exception):
    """The connection is to be cut."""


def _known(method: str) -> tuple[str, Method | None]:
    """The name of a method as the documentation writes it, and what carries it out; ``getUpdates`` is the server's."""
    if method.lower() == "getupdates":
        return "getUpdates", None
    return BY_LOWER.get(method.lower(), (method, None))


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _refusal(error: ApiError) -> web.Response:
    response = _json(error.body(), error.code)
    if error.parameters and "retry_after" in error.parameters:
        response.headers["Retry-After"] = str(error.parameters["retry_after"])
    return response


def _json(body: Json, status: int) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


async def _read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters from the address and the body, whatever form the body has."""
    params: Json = dict(request.query) if request.query_string else {}
    files: dict[str, Upload] = {}
    kind = request.content_type
    if not request.can_read_body:
        return params, files
    if kind == "application/json":
        raw = await request.read()
        if raw:
            try:
                body = orjson.loads(raw)
            except orjson.JSONDecodeError:
                raise ApiError(400, "Bad Request: can't parse JSON object") from None
            if isinstance(body, dict):
                params.update(body)
        return params, files
    if kind == "application/x-www-form-urlencoded":
        params.update(await request.post())
    elif kind == "multipart/form-data":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with contextlib.closing(value.file):
                    files[name] = Upload(value.filename, await asyncio.to_thread(value.file.read), value.content_type)
            else:
                params[name] = value
    return params, files
