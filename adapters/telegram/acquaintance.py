"""Getting to know groups: who their admins are and which channel is linked, which no message says.

A group is asked about when something comes from it and it is not known yet, before that is read: otherwise an admin's
first message would be taken for a member's. Where the bot is an admin, ``chat_member`` updates keep the answer true;
where it is not, they do not come, so it is asked again now and then.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from telegram.error import BadRequest, Forbidden, TelegramError

from adapters.telegram.answers import Flooded
from adapters.telegram.calls import Call
from adapters.telegram.reading import Known
from adapters.telegram.reading.known import ROLES
from rules.values import PlatformRole

AGAIN = 3600.0
"""Seconds after which a group is asked about again."""
AFTER_REFUSAL = 60.0
AFTER_TROUBLE = 2.0
"""The same where Telegram does not tell, and where it could not be asked: until then admins count as members."""
PATIENCE = 5.0
"""Seconds in which the answers must come. The updates that wait for them are read in any case."""
AT_ONCE = 10


class Acquaintance:
    """Fills ``known`` by asking. ``clock`` counts seconds from anywhere."""

    def __init__(self, known: Known, call: Call, clock: Callable[[], float]) -> None:
        self._known = known
        self._call = call
        self._clock = clock
        self._due: dict[int, float] = {}
        self._asking: dict[int, tuple[asyncio.Task[None], float]] = {}  # and until when they are waited for
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def with_all_of(self, updates: Sequence[Any]) -> None:
        """Get to know every group that these raw updates come from. Raises nothing.

        Deliveries by webhook come side by side: each waits for what another has asked for its group.
        """
        now = self._clock()
        chats = chats_of(updates)
        for chat in chats:
            if chat not in self._asking and self._due.get(chat, now) <= now:
                asking = asyncio.create_task(self._ask(chat), name=f"acquaintance {chat}")
                asking.add_done_callback(partial(self._asked, chat))
                self._asking[chat] = (asking, now + PATIENCE)
        waited_for = [self._asking[chat] for chat in chats if chat in self._asking]
        patience = max((until for _, until in waited_for), default=now) - now
        if patience > 0:
            await asyncio.wait([asking for asking, _ in waited_for], timeout=patience)

    def _asked(self, chat: int, _task: "asyncio.Task[None]") -> None:
        del self._asking[chat]

    async def _ask(self, chat: int) -> None:
        wait = AGAIN
        try:
            async with self._at_once:
                admins = await self._call("getChatAdministrators", {"chat_id": chat})
                self._known.admins(chat, dict(_roles(admins)))
                about = await self._call("getChat", {"chat_id": chat})
            linked = about.get("linked_chat_id") if isinstance(about, dict) else None
            self._known.links(chat, linked if type(linked) is int else None)
        except Flooded as error:
            wait = float(error.seconds)
        except (BadRequest, Forbidden):  # removed from it, most likely
            wait = AFTER_REFUSAL
        except TelegramError:
            wait = AFTER_TROUBLE
        self._due[chat] = self._clock() + wait


def chats_of(updates: Iterable[Any]) -> set[int]:
    """The numbers of the groups that updates come from; whatever is not as expected is left out."""
    found = set()
    for update in updates:
        if not isinstance(update, dict):
            continue
        for content in update.values():
            if type(content) is not dict:
                continue
            chat = content.get("chat")
            if chat is None and type(content.get("message")) is dict:
                chat = content["message"].get("chat")
            if type(chat) is dict and chat.get("type") in {"group", "supergroup"} and type(chat.get("id")) is int:
                found.add(chat["id"])
    return found


def _roles(admins: Any) -> Iterable[tuple[int, PlatformRole]]:
    for admin in admins if isinstance(admins, list) else ():
        if type(admin) is not dict or type(admin.get("user")) is not dict:
            continue
        role, user = ROLES.get(str(admin.get("status"))), admin["user"].get("id")
        if role is not None and type(user) is int:
            yield user, role
