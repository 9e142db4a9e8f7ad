"""Delivery to webhooks, by the rules of the real server.

Only 2xx acknowledges. A first failure is followed by another attempt at once, later ones by waits of 2, 4, 8, ...
seconds up to a minute; a ``Retry-After`` is honoured up to an hour. What was not taken for a day is dropped, and after
23 hours of 410 so is the webhook. Updates of one queue come one after another, queues side by side: chat members by
user, messages by chat, so a message may overtake the join of who wrote it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import islice
from typing import Any

import orjson

from adapters.botapi.bots import Bot, Webhook
from adapters.botapi.errors import ApiError
from adapters.botapi.state import Json
from adapters.botapi.webhook_post import Answer, HttpPost, Post, Undelivered
from adapters.botapi.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LONGEST_WAIT = 60
LONGEST_RETRY_AFTER = 3600
KEPT = timedelta(days=1)
GONE_FOR = timedelta(hours=23)
_NOT_IN_ANSWERS = frozenset({"deletewebhook", "setwebhook", "close", "logout"})


Execute = Callable[[Bot, str, Json], Awaitable[Any]]
"""Carries out the method that a webhook's answer named. Raises ``ApiError``."""


def queue_of(update: Json) -> Hashable:
    """Updates with the same one are delivered one after another."""
    for kind, content in update.items():
        match kind:
            case "message" | "edited_message" | "channel_post" | "edited_channel_post":
                return "chat", content["chat"]["id"]
            case "chat_member":
                return kind, content["new_chat_member"]["user"]["id"]
            case "my_chat_member" | "message_reaction" | "message_reaction_count":
                return kind, content["chat"]["id"]
            case "callback_query" | "chat_join_request" | "inline_query" | "chosen_inline_result":
                return kind, content["from"]["id"]
            case "poll_answer":
                return kind, content.get("user", content.get("voter_chat"))["id"]
            case "poll":
                return kind, content["id"]
    return "update", update["update_id"]


def _safe_queue_of(update: Json) -> Hashable:
    try:
        return queue_of(update)
    except (KeyError, TypeError, AttributeError):  # a malformed update, which nobody can put in order
        return "update", update["update_id"]


@dataclass(slots=True)
class _Attempts:
    """How the delivery of one update goes."""

    since: datetime
    due: datetime
    failed: int = 0
    wait: int = 1


@dataclass(slots=True)
class _Course:
    """How the deliveries to one webhook go."""

    hook: Webhook
    attempts: dict[int, _Attempts] = field(default_factory=dict)
    busy: set[Hashable] = field(default_factory=set)
    gone_since: datetime | None = None


class WebhookDelivery:
    """Brings updates to the webhooks that bots have set; times are the world's."""

    def __init__(self, world: World, *, post: Post | None = None, execute: Execute | None = None) -> None:
        self._world = world
        self._post = post or HttpPost()
        self._execute = execute
        self._keepers: dict[int, asyncio.Task[None]] = {}
        self._requests: set[asyncio.Task[None]] = set()

    def watch(self, bot: Bot) -> None:
        """Deliver to this bot whenever it has a webhook."""
        if bot.id not in self._keepers:
            self._keepers[bot.id] = asyncio.create_task(self._keep(bot), name=f"webhook of {bot.id}")

    async def close(self) -> None:
        """Let go of everything; what is under way counts as not delivered."""
        tasks = [*self._keepers.values(), *self._requests]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._keepers.clear()
        if isinstance(self._post, HttpPost):
            await self._post.close()

    async def _keep(self, bot: Bot) -> None:
        woken = asyncio.Event()
        with _listening(bot.queue.listeners, woken.set), _listening(self._world.clock.listeners, woken.set):
            course = _Course(bot.webhook)
            while True:
                woken.clear()
                if course.hook is not bot.webhook:
                    course = _Course(bot.webhook)
                soonest = self._begin(bot, course, woken.set) if bot.webhook.url else None
                await self._pause(woken, soonest)

    async def _pause(self, woken: asyncio.Event, until: datetime | None) -> None:
        """Until something happens or the moment has come; where the clock stands, only moving it brings the moment."""
        if until is None or not self._world.clock.runs:
            await woken.wait()
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), max(0.0, (until - self._world.now()).total_seconds()))

    def _begin(self, bot: Bot, course: _Course, done: Callable[[], None]) -> datetime | None:
        """Begin to deliver what is due, as many at once as the webhook allows; returns when more is due."""
        now = self._world.now()
        soonest: datetime | None = None
        met: set[Hashable] = set()
        most = course.hook.max_connections
        for update in list(islice(bot.queue.waiting, 2 * most)):  # the real server looks no further either
            queue = _safe_queue_of(update)
            if queue in met or queue in course.busy:
                met.add(queue)
                continue
            met.add(queue)
            attempts = course.attempts.get(update["update_id"])
            if attempts is not None and attempts.due > now:
                soonest = attempts.due if soonest is None else min(soonest, attempts.due)
                continue
            if len(course.busy) >= most:
                break
            course.busy.add(queue)
            task = asyncio.create_task(self._deliver(bot, course, queue, update))
            self._requests.add(task)
            task.add_done_callback(self._requests.discard)
            task.add_done_callback(lambda _: done())
        return soonest

    async def _deliver(self, bot: Bot, course: _Course, queue: Hashable, update: Json) -> None:
        hook = course.hook
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if hook.secret:
            headers[SECRET_HEADER] = hook.secret
        answer: Answer | None = None
        try:
            answer = await self._post(hook.url, headers, orjson.dumps(update))
            problem = answer.problem
        except Undelivered as error:
            problem = str(error)
        finally:
            course.busy.discard(queue)
        if hook is not bot.webhook:
            return  # deleted or set anew meanwhile: it counts as not delivered
        if not problem and answer is not None:
            self._taken(bot, course, update)
            await self._carry_out(bot, answer.body)
        else:
            self._refused(bot, course, update, problem, answer)

    def _taken(self, bot: Bot, course: _Course, update: Json) -> None:
        course.gone_since = None
        course.attempts.pop(update["update_id"], None)
        bot.queue.forget(update)

    def _refused(self, bot: Bot, course: _Course, update: Json, problem: str, answer: Answer | None) -> None:
        now = self._world.now()
        course.hook.last_error = (now, problem)
        if answer is not None and answer.status == HTTPStatus.GONE:
            course.gone_since = course.gone_since or now
            if now > course.gone_since + GONE_FOR:
                bot.webhook = Webhook()
                return
        else:
            course.gone_since = None
        attempts = course.attempts.setdefault(update["update_id"], _Attempts(now, now))
        asked = min(max(answer.retry_after, 0), LONGEST_RETRY_AFTER) if answer is not None else 0
        wait = asked
        if not asked and attempts.failed:
            wait = attempts.wait = min(LONGEST_WAIT, attempts.wait * 2)
        attempts.failed += 1
        attempts.due = now + timedelta(seconds=wait)
        if attempts.due > attempts.since + KEPT:
            course.attempts.pop(update["update_id"])
            bot.queue.forget(update)

    async def _carry_out(self, bot: Bot, body: Json) -> None:
        """A method that the answer names, as the Bot API allows; nobody learns how it went."""
        method = str(body.get("method") or "").lower()
        if not method or method in _NOT_IN_ANSWERS or method.startswith("get") or self._execute is None:
            return
        with contextlib.suppress(ApiError):
            await self._execute(bot, method, {name: value for name, value in body.items() if name != "method"})


@contextlib.contextmanager
def _listening(listeners: list[Callable[[], None]], listener: Callable[[], None]) -> Iterator[None]:
    listeners.append(listener)
    try:
        yield
    finally:
        listeners.remove(listener)
