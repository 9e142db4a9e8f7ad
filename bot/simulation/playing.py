"""Playing every role: who speaks where, and what the orders of a chat do."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from adapters.simulated import NotAllowed, SimulatedPlatform
from bot.simulation.labels import Labels
from bot.simulation.orders import Order, role_named
from bot.simulation.stage import Stage
from rules.durations import parse_duration
from rules.errors import GroupkeeperError
from rules.facts import GroupSettings
from rules.values import PlatformRole


class NotThere(GroupkeeperError):
    """An order about something that is not there; the message says what there is."""


class Playing:
    """One person who is everybody. ``numbers`` are the numbers under which messages were shown."""

    def __init__(self, stage: Stage, labels: Labels, numbers: Mapping[str, int], tell: Callable[[str], None]) -> None:
        self.stage = stage
        self.settings: GroupSettings = next(iter(stage.setup.rulebook.groups.values())).settings
        self.who = labels("chat_you")
        self._labels = labels
        self._numbers = numbers
        self._tell = tell
        self._seat(self.who)

    @property
    def platform(self) -> SimulatedPlatform:
        """The platform of the group in which is spoken."""
        return self.stage.platforms[self.settings.platform]

    @property
    def chat(self) -> str:
        """The platform-qualified id of that group."""
        return self.settings.chat

    async def obey(self, order: Order) -> None:
        """Carry an order out. Raises ``NotThere``."""
        try:
            await _ORDERS[order.name](self, *order.parts)
        except NotAllowed:
            return  # the transcript shows it

    async def say(self, text: str) -> None:
        """Say something."""
        self.platform.post(self.chat, self.who, text)

    async def reply(self, number: str, text: str) -> None:
        """Answer a message."""
        self.platform.post(self.chat, self.who, text, reply_to=self._message(number))

    async def why(self, number: str | None = None) -> None:
        """Ask why, of a message or the last one."""
        own = [known for message, known in self._numbers.items() if message.startswith(f"{self.chat}/")]
        self.platform.post(self.chat, self.who, "/why", reply_to=self._message(number or str(max(own, default=0))))

    async def edit(self, number: str, text: str) -> None:
        """Change a message, whoever wrote it (but the bot)."""
        message = self._message(number)
        if self.platform.room(self.chat).posts[message].by_bot:
            raise NotThere(self._labels("chat_not_yours", number=number))
        self.platform.edit(self.chat, message, text)

    async def press(self, number: str, button: str = "1") -> None:
        """Press a button of a message."""
        message = self._message(number)
        buttons = self.platform.room(self.chat).posts[message].buttons
        if not 1 <= int(button) <= len(buttons):
            raise NotThere(self._labels("chat_no_button", number=number, count=len(buttons)))
        pressed = buttons[int(button) - 1]
        self.platform.press(self.chat, self.who, message, pressed.data or pressed.text)

    async def private(self, text: str) -> None:
        """Write to the bot alone; from then on it may answer alone."""
        self.platform.write_privately(self.who, text)

    async def become(self, name: str) -> None:
        """Speak as somebody else; who was not there is there without a join."""
        self._seat(name)
        self.who = name

    async def join(self, names: str) -> None:
        """Let people come in."""
        for name in names.split():
            self._account(name)
            self.platform.join(self.chat, name)

    async def leave(self, name: str | None = None) -> None:
        """Let somebody go."""
        gone = name or self.who
        if self.platform.qualified(gone) not in self.platform.room(self.chat).seats:
            raise NotThere(self._labels("chat_no_person", name=gone))
        self.platform.leave(self.chat, gone)

    async def role(self, name: str, role: str) -> None:
        """Make somebody an admin, the owner or a member on the platform."""
        self._seat(name)
        self.platform.promote(self.chat, name, role_named(role))

    async def go(self, group: str) -> None:
        """Go to another group."""
        for book in self.stage.setup.rulebook.groups.values():
            if group in (book.settings.key, book.settings.name, book.settings.chat):
                self.settings = book.settings
                self._seat(self.who)
                return
        raise NotThere(self._labels("chat_no_group", group=group, groups=self.groups()))

    async def later(self, duration: str) -> None:
        """Let time pass."""
        await self._to(self.stage.clock.now() + parse_duration(duration))

    async def at(self, when: str) -> None:
        """Let time pass until a wall time, today or tomorrow, or on a date."""
        now = self.settings.local(self.stage.clock.now())
        day, _, clock = when.replace("：", ":").rpartition(" ")
        try:
            moment = datetime.fromisoformat(f"{day.strip() or now.date().isoformat()} {clock:0>5}")
        except ValueError:
            raise NotThere(self._labels("chat_no_time", when=when)) from None
        moment = moment.replace(tzinfo=now.tzinfo)
        if moment <= now and not day:
            moment += timedelta(days=1)
        if moment <= now:
            raise NotThere(self._labels("chat_past", when=when))
        await self._to(moment)

    async def people(self) -> None:
        """Tell who is here."""
        for seat in self.platform.room(self.chat).seats.values():
            role = "" if seat.role is PlatformRole.MEMBER else f" · {self._labels(f'role_{seat.role.value}')}"
            gone = "" if seat.present else f" · {self._labels('chat_gone')}"
            self._tell(f"{seat.person.name} ({seat.person.id}){role}{gone}")

    def groups(self) -> str:
        """The groups there are."""
        return ", ".join(book.settings.key for book in self.stage.setup.rulebook.groups.values())

    def prompt(self) -> str:
        """When, where and who."""
        now = self.settings.local(self.stage.clock.now())
        return f"{self._labels.day(now)} {now:%H:%M} {self.settings.key} · {self.who}> "

    async def _to(self, moment: datetime) -> None:
        await self.stage.advance_to(moment)
        local = self.settings.local(moment)
        self._tell(f"{self._labels.day(local)} {local:%Y-%m-%d %H:%M}")

    def _seat(self, name: str) -> None:
        if self._account(name) not in self.platform.room(self.chat).seats:
            self.platform.seat(self.chat, name).present = True

    def _account(self, name: str) -> str:
        id_ = self.platform.qualified(name)
        if id_ not in self.platform.people:
            self.platform.add_person(name)
        return id_

    def _message(self, number: str) -> str:
        posts = self.platform.room(self.chat).posts
        for message, known in self._numbers.items():
            if known == int(number) and message in posts:
                return message
        raise NotThere(self._labels("chat_no_message", number=number))


_ORDERS: Mapping[str, Callable[..., Awaitable[None]]] = {
    "say": Playing.say,
    "reply": Playing.reply,
    "why": Playing.why,
    "edit": Playing.edit,
    "press": Playing.press,
    "private": Playing.private,
    "as": Playing.become,
    "join": Playing.join,
    "leave": Playing.leave,
    "role": Playing.role,
    "in": Playing.go,
    "later": Playing.later,
    "at": Playing.at,
    "who": Playing.people,
}
