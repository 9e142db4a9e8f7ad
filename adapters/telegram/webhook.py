"""Telegram delivers: one POST an update, answered 200 when the update is kept on disk, and never before.

Whatever does not know the secret is refused before its body is read, and not told why. What cannot be kept is answered
503, upon which Telegram delivers it again; it delivers what belongs to one chat in order, one after another.
"""

import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import TelegramError

from adapters.protocol import Intake
from adapters.serving import bind, serving
from adapters.telegram.answers import decoded, scrubbed
from adapters.telegram.calls import Call
from adapters.telegram.keeping import Keeper
from adapters.telegram.reading import ALLOWED_UPDATES
from adapters.telegram.settings import WebhookSettings
from adapters.telegram.trouble import Kind, Sleep, Trouble
from rules.errors import StorageError

log = structlog.get_logger("groupkeeper.telegram")

MOST = 1_000_000
"""Bytes of an update. Telegram's own are some kilobytes."""
AT_ONCE = 40
"""Deliveries that Telegram makes at the same time: they share commits."""
LOOK_AGAIN = 300.0
"""Seconds after which it is looked whether the webhook still stands, and whether Telegram reaches it."""
QUIET = 60.0
"""Seconds between two lines in the log about calls that were refused."""

TAKEN_AWAY = Kind(
    "telegram_webhook_taken_away",
    "another program changed the webhook of this bot's token; it is set again. Stop that program, or give it its own",
)
NOT_REACHED = Kind(
    "telegram_webhook_not_reached",
    "Telegram cannot deliver: see that `url` leads to the proxy, and the proxy to the bot; see its certificate",
)


class Webhook:
    """The endpoint of one bot. ``refused`` counts calls with a wrong secret."""

    def __init__(
        self,
        settings: WebhookSettings,
        keeper: Keeper,
        call: Call,
        trouble: Trouble,
        *,
        clock: Callable[[], float],
        sleep: Sleep,
    ) -> None:
        self.refused = 0
        self._settings = settings
        self._secret = settings.secret.encode()
        self._keeper = keeper
        self._call = call
        self._trouble = trouble
        self._clock = clock
        self._sleep = sleep
        self._told_refused: tuple[int, float | None] = (0, None)
        self._told_error = 0

    async def run(self, intake: Intake) -> None:
        """Listen, tell Telegram where, and feed what comes until cancelled. The webhook is left set at the end.

        Raises ``adapters.serving.PortTaken``.
        """
        settings = self._settings
        advice = "give each bot, under `webhook:`, a `port` of its own that nothing else uses"
        listening = bind(settings.listen, settings.port, advice)
        async with serving(self.app(intake), listening, f"webhook {self._keeper.reader.name}"):
            await self._hook()
            while True:
                await self._sleep(LOOK_AGAIN)
                await self._look()

    def app(self, intake: Intake) -> Starlette:
        """The endpoint as an ASGI app."""

        async def deliver(request: Request) -> Response:
            return await self._delivered(request, intake)

        return Starlette(routes=[Route(path, deliver, methods=["POST"]) for path in paths(self._settings.url)])

    async def _delivered(self, request: Request, intake: Intake) -> Response:
        secret = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(secret.encode("utf-8", "replace"), self._secret):
            self._note_refused()
            return _closing(403)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return _closing(400)
        if body is None:
            log.warning("webhook_call_too_long", adapter=self._keeper.reader.name, most=MOST)
            return _closing(413)
        try:
            await self._keep(intake, body)
        except StorageError:  # the intake has said so
            return Response(status_code=503, headers={"Retry-After": "5"})
        return Response(status_code=200)

    async def _keep(self, intake: Intake, body: bytes) -> None:
        try:
            update = decoded(body)
        except (ValueError, RecursionError) as error:
            await self._keeper.keep_unreadable(intake, body, f"it is not JSON: {error}")
        else:
            await self._keeper.keep(intake, [update])

    def _note_refused(self) -> None:
        self.refused += 1
        count, at = self._told_refused
        now = self._clock()
        if at is None or now - at >= QUIET:
            self._told_refused = (self.refused, now)
            log.warning(
                "webhook_calls_refused",
                adapter=self._keeper.reader.name,
                count=self.refused - count,
                advice="they did not know the secret: somebody else found the address, or two bots share it",
            )

    async def _hook(self) -> None:
        await self._trouble.overcome(self._set)
        log.info("webhook_set", adapter=self._keeper.reader.name, listen=self._settings.listen)

    async def _set(self) -> None:
        params = {
            "url": self._settings.url,
            "secret_token": self._settings.secret,
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": AT_ONCE,
        }
        await self._call("setWebhook", params)

    async def _look(self) -> None:
        try:
            about: Any = await self._call("getWebhookInfo", {})
            if about.get("url") != self._settings.url:
                self._trouble.name(TAKEN_AWAY, f"the webhook is {scrubbed(about.get('url') or 'gone')}")
                await self._hook()
                return
        except TelegramError as error:
            await self._trouble.face(error)
            return
        failed = int(about.get("last_error_date") or 0)
        if failed > self._told_error and about.get("pending_update_count"):
            self._told_error = failed
            self._trouble.name(NOT_REACHED, str(about.get("last_error_message", "")))
        else:
            self._trouble.over()


def paths(url: str) -> list[str]:
    """The paths at which updates are taken: that of the address, and what proxies leave of it that cut its front."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return ["/" + "/".join(parts[cut:]) for cut in range(len(parts) + 1)]


async def _body(request: Request) -> bytes | None:
    """The body; None where it is too long, without having read it."""
    if int(request.headers.get("content-length", "0") or 0) > MOST:
        return None
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > MOST:
            return None
        parts.append(part)
    return b"".join(parts)


def _closing(status: int) -> Response:
    """An answer after which the connection is closed: its body, if there is more, is not wanted."""
    return Response(status_code=status, headers={"Connection": "close"})
