"""The control API: all that can be done in the world, over HTTP under ``/control/``, for callers on this machine.

``POST /control/<area>/<verb>`` with a JSON object of arguments answers ``{"result": ...}``; ``GET /control/...`` reads.
A refusal answers ``{"error": ...}``: 404 for what there is not, 400 for wrong arguments, 409 for what Telegram would
not let that person do, 403 for a caller from another machine.
"""

import contextlib
import inspect
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from aiohttp import web

from adapters.botapi.control_state import State
from adapters.botapi.control_values import Reader, Unreadable
from adapters.botapi.control_verbs import UnknownVerb, Verbs, WrongArguments
from adapters.botapi.control_written import written
from adapters.botapi.errors import ApiError, NotAllowed
from adapters.botapi.people import People
from adapters.botapi.people.talk import Talk
from adapters.botapi.server import BotApiServer
from adapters.botapi.state import Chat, Json

_READS = (
    "chats",
    "chats/<chat>/messages",
    "chats/<chat>/members",
    "chats/<chat>/transcript",
    "people",
    "bots",
    "updates",
    "requests",
)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def mount_control(server: BotApiServer, people: People | None = None) -> "ControlRoutes":
    """Add the control API to a server that has not started; returns it."""
    routes = ControlRoutes(server, people or People(server.world))
    routes.add_to(server.app)
    return routes


class ControlRoutes:
    """The areas of verbs and what can be read."""

    def __init__(self, server: BotApiServer, people: People) -> None:
        world = server.world
        self.world = world
        self.state = State(server)
        self.areas: dict[str, Verbs] = {
            "act": Verbs(world, people, more=Talk._send),
            "world": Verbs(world, world, only=("add_bot",)),
            "clock": Verbs(world, world.clock),
            "faults": Verbs(world, server.faults, but=("meet",)),
            "log": Verbs(world, server.log, only=("clear",)),
        }

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        get, post = app.router.add_get, app.router.add_post
        get("/control", _guarded(self._guide))
        get("/control/", _guarded(self._guide))
        post("/control/{area}/{verb}", _guarded(self._call))
        get("/control/chats", _guarded(self._read(lambda _: self.state.chats())))
        get("/control/chats/{chat}/messages", _guarded(self._of_chat(self.state.messages)))
        get("/control/chats/{chat}/members", _guarded(self._of_chat(self.state.members)))
        get("/control/chats/{chat}/transcript", _guarded(self._of_chat(self.state.transcript)))
        get("/control/people", _guarded(self._read(lambda _: self.state.people())))
        get("/control/bots", _guarded(self._read(lambda _: self.state.bots())))
        get("/control/updates", _guarded(self._read(self._updates)))
        get("/control/requests", _guarded(self._read(self._requests)))
        get("/control/{area}", _guarded(self._usages))

    async def _guide(self, _: web.Request) -> web.StreamResponse:
        areas = {
            area: [f"{one['verb']}({one['takes']})" for one in verbs.usages()] for area, verbs in self.areas.items()
        }
        return _answer({"post": areas, "get": [f"/control/{path}" for path in _READS]})

    async def _usages(self, request: web.Request) -> web.StreamResponse:
        return _answer(self._area(request).usages())

    async def _call(self, request: web.Request) -> web.StreamResponse:
        verbs = self._area(request)
        given = await _object(request)
        done = verbs.prepared(request.match_info["verb"], given)()
        return _answer(written(await done if inspect.isawaitable(done) else done))

    def _area(self, request: web.Request) -> Verbs:
        area = request.match_info["area"]
        if area not in self.areas:
            raise UnknownVerb(f"there is no area {area!r}; there are: {', '.join(self.areas)}")
        return self.areas[area]

    def _read(self, made: Callable[[web.Request], Any]) -> _Handler:
        async def read(request: web.Request) -> web.StreamResponse:
            return _answer(made(request))

        return read

    def _of_chat(self, made: Callable[[Any], Any]) -> _Handler:
        return self._read(lambda request: made(_named(self._chat, request.match_info["chat"])))

    def _chat(self, name: str) -> Chat:
        """The chat of this name; a person's name means the private chat with the only bot."""
        reader = Reader(self.world)
        try:
            return reader.chat_named(name)
        except Unreadable:
            with contextlib.suppress(Unreadable):
                return reader.chat_named({"user": name})
            raise

    def _updates(self, request: web.Request) -> list[Json]:
        return self.state.updates(_named(Reader(self.world).bot, request.query.get("bot")))

    def _requests(self, request: web.Request) -> list[Any]:
        chat = request.query.get("chat")
        return self.state.requests(request.query.get("method"), None if chat is None else _named(self._chat, chat))


def _named(read: Callable[[Any], Any], value: str | None) -> Any:
    """What a part of the address names; what is not there is 404."""
    try:
        return read(value)
    except Unreadable as error:
        raise UnknownVerb(str(error)) from None


async def _object(request: web.Request) -> Json:
    """The arguments, whatever type the request says they are: ``curl -d`` says a form."""
    raw = await request.read()
    try:
        given = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"the body is no JSON: {error}") from None
    if not isinstance(given, dict):
        raise Unreadable("the body must be a JSON object of arguments")
    return given


def _answer(result: Any) -> web.Response:
    return _json({"result": result}, 200)


def _json(body: Mapping[str, Any], status: int) -> web.Response:
    shown = orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)
    return web.Response(body=shown, status=status, content_type="application/json")


def _guarded(handler: _Handler) -> _Handler:
    """The handler for callers from this machine only, its errors in words."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if not _is_local(request):
            return _json({"error": "the control API answers to this machine only"}, 403)
        try:
            return await handler(request)
        except UnknownVerb as error:
            return _json({"error": str(error)}, 404)
        except WrongArguments as error:
            return _json({"error": str(error), "wrong": error.wrong, "takes": error.usage}, 400)
        except NotAllowed as error:
            return _json({"error": str(error)}, 409)
        except ApiError as error:
            return _json({"error": error.description}, 400)
        except (TypeError, ValueError, LookupError) as error:  # what a verb says of values that fit its types
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)

    return guarded


def _is_local(request: web.Request) -> bool:
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
