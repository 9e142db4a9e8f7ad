"""The WeChat adapter: one gateway, what it tells as events, what is asked of it as calls."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from adapters.errors import Rejected
from adapters.protocol import Broken, Finding, Intake, Kept, News, Receipt
from adapters.wechaty.asking import Asking
from adapters.wechaty.examining import examine, examine_running
from adapters.wechaty.fetching import Fetching
from adapters.wechaty.identity import Identity
from adapters.wechaty.inflow import Fetched, Inflow, Outcome
from adapters.wechaty.link import PROBE, Heard, Link, Sleep
from adapters.wechaty.pace import Pace
from adapters.wechaty.people import Contact, People
from adapters.wechaty.puppets import PUPPETS
from adapters.wechaty.reading import Reader
from adapters.wechaty.reading.posts import AS_FILE
from adapters.wechaty.reading.told import Posted, Told
from adapters.wechaty.roster import Roster
from adapters.wechaty.scanning import Scanning
from adapters.wechaty.sending import Api, Sender
from adapters.wechaty.sending.wording import messages_of
from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.watch import LOOK, Watch
from adapters.wechaty.wire.calls import PATIENCE
from adapters.wechaty.wire.faults import plain
from rules import effects as fx
from rules.capability import Capability
from rules.events import Event
from rules.values import File

log = structlog.get_logger("groupkeeper.wechaty")

_ROOM, _MEMBER, _CONTACT = 4, 5, 2
"""What a ``dirty`` event is about: ``wechaty-puppet``'s ``types.Payload``."""


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - who has a clock of their own gives it to the adapter


class WechatyAdapter:
    """A connection to one gateway. Ids are ``<name>:<room or contact id>`` and ``<name>:<room id>/<message id>``.

    ``now`` (the time), ``clock`` (seconds from anywhere), ``sleep`` and ``chance`` (0 to 1) are for who has their own;
    ``pause`` is the sleep between the parts of one text.
    """

    def __init__(
        self,
        name: str,
        settings: WechatySettings,
        *,
        now: Callable[[], datetime] = _now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        pause: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        probe: float = PROBE,
        patience: float = PATIENCE,
    ) -> None:
        self.name = name
        self.settings = settings
        self._puppet = PUPPETS[settings.puppet]
        self.capabilities: frozenset[Capability] = self._puppet.capabilities
        self._now = now
        self._intake: Intake | None = None
        self.link = Link(
            name,
            settings,
            self._heard,
            self._tell,
            now=now,
            clock=clock,
            sleep=sleep,
            chance=chance,
            probe=probe,
            patience=patience,
            finish=self._finish,
        )
        self._clock = clock
        calls, account = lambda: self.link.calls, lambda: self.link.account
        self._people = People(calls, clock)
        self._identity = Identity(name, stable=self._puppet.stable_ids)
        self._roster = Roster(name, self._identity)
        self._reader = Reader(name, now)
        self._inflow = Inflow(name, self._fetch, self.link.up, sleep)
        longest = self._puppet.longest
        self._pace = Pace(settings.pace, lambda effect: messages_of(effect, longest))
        self._sender = Sender(
            Api(
                name,
                self._puppet,
                self._people,
                calls,
                account=account,
                now=now,
                clock=clock,
                pause=pause,
                between=self._pace.between,
                raw=self._identity.raw,
            )
        )
        fetching = Fetching(self._people, calls, account, self._sender.echoed)
        self._asking = Asking(self._people, calls, account, fetching, self._moved_itself, now)
        self._watch = Watch(
            name,
            self._identity,
            self._roster,
            self._people,
            calls,
            up=self.link.up,
            put=self._inflow.put,
            read=self._reader.events,
            clock=clock,
            now=now,
            sleep=sleep,
        )
        self._me: Contact | None = None
        self._greeted: str | None = None
        self._scanning = Scanning(name, self._puppet.title, now)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def usernames(self) -> frozenset[str]:
        """What the bot's account is called, casefolded; nothing until it is logged in."""
        return frozenset({self._me.name.casefold()}) if self._me is not None and self._me.name else frozenset()

    @property
    def trouble(self) -> str | None:
        """What stands between the bot and the gateway now, by its name in the log; None where nothing does."""
        return self.link.trouble

    async def run(self, intake: Intake) -> None:
        """Feed events until cancelled."""
        self._intake = intake
        async with self._inflow.running(intake) as inflow, asyncio.TaskGroup() as group:
            group.create_task(_shielded(inflow))
            group.create_task(self._watch.run(intake), name=f"watch {self.name}")
            group.create_task(self.link.run(), name=f"link {self.name}")

    async def perform(self, effect: fx.Effect) -> Receipt:
        """Carry one effect out."""
        self._pace.performed(effect)
        return await self._sender.perform(effect)

    def admit(self, key: str, effect: fx.Effect, now: datetime) -> datetime:
        """From when an effect may be performed. See ``adapters.protocol.Paced``."""
        return self._pace.admit(key, effect, now)

    async def verify(self, effect: fx.Effect) -> Receipt | None:
        """Whether a text stands whose answer was lost. See ``adapters.protocol.Verifies``."""
        return await self._sender.verify(effect)

    @property
    def recalls_within(self) -> timedelta | None:
        """How long an own message can be taken back. See ``adapters.protocol.RecallsWithin``."""
        return self._puppet.recalls_within

    async def fetch(self, file: File, most: int) -> bytes:
        """The bytes of a picture that is attached to a message. Raises an adapter error."""
        picture = not file.id.startswith(AS_FILE)
        return await self.link.calls.file(file.id.removeprefix(AS_FILE), most, picture=picture)

    async def examine(self, groups: Sequence[Kept]) -> Sequence[Finding]:
        """Look what stands in the way, and change nothing. Which groups are kept is learned by that, too."""
        self._watch.want(group.group for group in groups)
        if self._intake is None:
            return await examine(self.settings, groups)
        found = await examine_running(self.link, groups, self._identity.room_now)
        return found + self._watch.findings([group.group for group in groups])

    async def close(self) -> None:
        """Let go of what has not been read yet."""
        await self._inflow.close()

    async def _finish(self) -> None:
        await self._inflow.kept()

    async def _tell(self, news: News) -> None:
        if self._intake is not None:
            await self._intake.news(news)

    async def _heard(self, heard: Heard) -> None:
        match heard.kind:
            case "dirty":
                self._forget(heard.data)
            case "connected" | "ready" | "reset":  # what was told before was not all there is
                self._people.forget_all()
                self._watch.stir()
            case "room_topic":
                self._people.forget_room(str(heard.data.get("roomId") or ""))
                self._watch.stir()
            case "message" | "room_join" | "room_leave" | "friendship" | "room_invite":
                await self._inflow.put(heard)
            case "login":
                self._people.forget_all()
                self._identity.logged_in(str(heard.data.get("contactId") or ""))
                self._watch.stir()
                await self._inflow.put(heard)
            case "logout":
                self._people.forget_all()
                self._identity.logged_out()
                self._greeted = None
                why = plain(str(heard.data.get("data") or "")).removesuffix("logout()")  # where it tells no reason
                await self._tell(News(self.name, "logout", self._now(), detail=why))
            case "scan":
                if news := self._scanning.asked(heard.data):
                    self._greeted = None
                    await self._tell(news)

    def _forget(self, data: dict[str, Any]) -> None:
        kind, id_ = data.get("payloadType"), str(data.get("payloadId") or "")
        if kind in (_ROOM, _MEMBER):
            self._people.forget_room(id_)
        elif kind == _CONTACT:
            self._people.forget_contact(id_)

    async def _fetch(self, heard: Heard) -> Fetched:
        """Ask for all that belongs to an event."""
        if heard.kind == LOOK:
            return await self._watch.look(heard)
        if heard.kind == "login":
            await self._logged_in(str(heard.data["contactId"]))
            return _nothing
        await self._identity.settled.wait()
        if (told := await self._asking.told(heard)) is None:
            return _nothing
        await self._watch.opened(told)
        return partial(self._events, told)

    def _events(self, told: Told) -> Outcome:
        """Called in the order in which things were heard. From here on ids are those that stay."""
        events: Sequence[Event] = self._reader.events(self._identity.renamed(told))
        if isinstance(told, Posted) and told.body.line is not None:
            # A line of WeChat's names who came, and names are not one's own: who is in the room tells who it was.
            sure = [event for event in events if not self._roster.is_in(event)]
            if len(sure) < len(events):
                events = sure
                self._watch.stir()
        return self._roster.noted(events, self._clock())

    async def _moved_itself(self, raw: str) -> None:
        if self._intake is not None:
            room = self._identity.room(raw)
            self._roster.entered(room)
            self._watch.stir()
            await self._intake.standing(f"{self.name}:{room}")

    async def _logged_in(self, account: str) -> None:
        """A gateway tells it anew whenever it is connected to: that is no news."""
        try:
            self._me = await self._people.contact(account)
        except Rejected:
            self._me = Contact(account)
        if self._greeted != account:
            self._greeted = account
            await self._tell(News(self.name, "login", self._now(), detail=self._me.name))


async def _shielded(task: asyncio.Task[None]) -> None:
    """Fails if the task does, and does not take it along when it is cancelled."""
    await asyncio.shield(task)


def _nothing() -> Sequence[Event | Broken]:
    return ()
