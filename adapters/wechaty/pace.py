"""How fast the account writes: like somebody who reads, types, and has other things to do.

Pure and deterministic: the time is handed in, nothing sleeps, and chance is drawn from the seed and the delivery's own
key. What keeps order goes after less than a second, whatever else waits. Talk has a pause before it that grows with
its length, counted from what was said last in its room; a room, and the account as a whole, say only so much a minute,
and never two things at once. Announcements are put off by chance, so that what is due in twenty rooms at eight is said
in one after the other; they have half of what the account may say, and let talk pass until they have waited long.

Who asks for an effect gets a ticket. Nothing is reserved but the order: what goes, goes when it asks and there is room,
so that no minute holds more than it may, whoever asks when.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from adapters.wechaty.settings import PaceSettings
from rules import effects as fx
from rules.effects import Effect, Lane, lane_of

MINUTE = timedelta(minutes=1)
QUICK = (0.3, 1.0)
"""Seconds before what keeps order."""
TYPING = (1.5, 6.0)
"""Seconds before talk, at least and at most."""
A_SIGN = 0.03
"""Seconds of those for each sign of the text."""
SPREAD = 90.0
"""Seconds by which an announcement is put off at most."""
PATIENCE = timedelta(minutes=2)
"""From then on an announcement that could go lets nobody pass any more."""
APART = timedelta(seconds=1)
"""At least so far apart are two things that the account says anywhere."""
BETWEEN = timedelta(seconds=2)
"""So far apart are the parts of one text."""
RESOLUTION = timedelta.resolution
STALE = timedelta(seconds=10)
"""How long after the moment it was told a ticket keeps its place for who does not come; a leap of the clock, too."""


class Ticket:
    """One effect that wants to go: not before ``ready``, ``messages`` at once."""

    __slots__ = ("effect", "granted", "lane", "messages", "number", "ready", "room", "told")

    def __init__(self, effect: Effect, room: str, lane: Lane, messages: int, number: int, ready: datetime) -> None:
        self.effect = effect
        self.room = room
        self.lane = lane
        self.messages = messages
        self.number = number
        self.ready = ready
        self.told = ready
        self.granted = False

    def rank(self, now: datetime) -> tuple[Lane, int]:
        """Who goes first where both could go."""
        waited = self.lane is Lane.ANNOUNCEMENT and now - self.ready > PATIENCE
        return Lane.REPLY if waited else self.lane, self.number


class Said:
    """The moments at which something was said, or will be by what is under way; a minute holds ``most`` of them."""

    __slots__ = ("moments", "most")

    def __init__(self, most: int, moments: Iterable[datetime] = ()) -> None:
        self.most = most
        self.moments = list(moments)

    def free(self, at: datetime, messages: int) -> datetime:
        """From when so many fit. More than a minute holds fit where there are none: they are said more slowly."""
        left = self.moments[bisect_right(self.moments, at - MINUTE) :]
        over = len(left) + min(messages, self.most) - self.most
        return at if over <= 0 else left[over - 1] + MINUTE

    def add(self, moments: Iterable[datetime]) -> None:
        self.moments = sorted([*self.moments, *moments])

    def forget(self, now: datetime) -> None:
        """What is longer ago than a minute counts no more."""
        del self.moments[: bisect_right(self.moments, now - MINUTE)]

    def copy(self) -> "Said":
        return Said(self.most, self.moments)


class Budgets:
    """What was said of late: by the account, in announcements, and in each room."""

    def __init__(self, settings: PaceSettings) -> None:
        self._in_room = settings.per_room_per_minute
        self.account = Said(settings.per_minute)
        self.announced = Said(max(1, settings.per_minute // 2))
        self.rooms: dict[str, Said] = {}

    def copy(self, rooms: Iterable[str]) -> "Budgets":
        """What these rooms' tickets have to go by."""
        other = Budgets.__new__(Budgets)
        other._in_room = self._in_room
        other.account, other.announced = self.account.copy(), self.announced.copy()
        other.rooms = {room: self.rooms[room].copy() for room in rooms if room in self.rooms}
        return other

    def room(self, name: str) -> Said:
        """What was said in a room."""
        found = self.rooms.get(name)
        if found is None:
            found = self.rooms[name] = Said(self._in_room)
        return found

    def earliest(self, ticket: Ticket, at: datetime) -> datetime:
        """From when a ticket may go."""
        counted = [self.account, self.room(ticket.room)]
        if ticket.lane is Lane.ANNOUNCEMENT:
            counted.append(self.announced)
        while True:
            begin = at
            for said in counted:
                at = max(at, said.free(at, ticket.messages))
            at = self._apart(at, ticket)
            if at == begin:
                return at

    def spend(self, ticket: Ticket, at: datetime) -> None:
        """A ticket goes."""
        moments = [at + number * self.between(ticket.messages) for number in range(ticket.messages)]
        self.account.add(moments)
        self.room(ticket.room).add(moments)
        if ticket.lane is Lane.ANNOUNCEMENT:
            self.announced.add(moments)

    def between(self, messages: int) -> timedelta:
        """How far apart so many parts of one text are said: in a minute no more of them than it holds."""
        most = min(self._in_room, self.account.most)
        return BETWEEN if messages <= most else max(BETWEEN, MINUTE / most + RESOLUTION)

    def forget(self, now: datetime) -> None:
        """What is longer ago than a minute counts no more."""
        self.account.forget(now)
        self.announced.forget(now)
        for name in list(self.rooms):
            self.rooms[name].forget(now)
            if not self.rooms[name].moments:
                del self.rooms[name]

    def _apart(self, at: datetime, ticket: Ticket) -> datetime:
        """Two things in one room are never closer than two parts; elsewhere, ``APART``."""
        own = self.room(ticket.room).moments
        if own and at < own[-1] + APART:
            at = own[-1] + APART
        for moment in self.account.moments:
            if abs(at - moment) < APART:
                at = moment + APART
        return at


class Pace:
    """See above. ``weigh`` says how many messages an effect makes."""

    def __init__(self, settings: PaceSettings, weigh: Callable[[Effect], int] = lambda _: 1) -> None:
        self._settings = settings
        self._weigh = weigh
        self._forget()

    def _forget(self) -> None:
        self._budgets = Budgets(self._settings)
        self._tickets: dict[str, Ticket] = {}
        self._number = 0
        self._now: datetime | None = None

    def admit(self, key: str, effect: Effect, now: datetime) -> datetime:
        """From when an effect may be performed. See ``adapters.protocol.Paced``."""
        asked, now = now, self._advance(now)
        ticket = self._tickets.get(key)
        if ticket is None:
            ticket = self._tickets[key] = self._ticket(key, effect, now)
        ticket.effect = effect
        if ticket.granted:
            return asked
        at = ticket.ready if ticket.lane is Lane.MODERATION else self._turn(ticket, now)
        ticket.told = max(at, now)
        if at > now:
            return at
        ticket.granted = True
        if ticket.lane is not Lane.MODERATION:
            self._budgets.spend(ticket, now)
        return asked

    def performed(self, effect: Effect) -> None:
        """An effect is on its way: should the same key ask again, it asks anew."""
        for key, ticket in self._tickets.items():
            if ticket.granted and (ticket.effect is effect or ticket.effect == effect):
                del self._tickets[key]
                return

    def between(self, messages: int) -> float:
        """Seconds between the parts of one text."""
        return self._budgets.between(messages).total_seconds()

    def _ticket(self, key: str, effect: Effect, now: datetime) -> Ticket:
        chance = Random(f"{self._settings.seed}/{key}")  # noqa: S311 - to seem human, not to be secret
        lane, room = _lane_of(effect), _room_of(effect)
        self._number += 1
        if lane is Lane.MODERATION:
            return Ticket(effect, room, lane, 1, self._number, now + timedelta(seconds=chance.uniform(*QUICK)))
        least, most = TYPING
        typed = min(most, least + A_SIGN * _signs(effect))
        pause = timedelta(seconds=min(most, typed * chance.uniform(0.8, 1.2)))
        pause = max(pause, timedelta(seconds=least))
        if lane is Lane.ANNOUNCEMENT:
            pause += timedelta(seconds=chance.uniform(0, SPREAD))
        said = self._budgets.rooms.get(room)
        begin = max(now, said.moments[-1]) if said is not None and said.moments else now
        return Ticket(effect, room, lane, max(1, self._weigh(effect)), self._number, begin + pause)

    def _turn(self, ticket: Ticket, now: datetime) -> datetime:
        """When it is a ticket's turn, should all who go before it go as soon as they may."""
        if ticket.ready > now:
            return ticket.ready
        own = ticket.rank(now)
        ahead = [
            other
            for other in self._tickets.values()
            if not other.granted and other.lane is not Lane.MODERATION and other.ready <= now and other.rank(now) < own
        ]
        if not ahead:
            return self._budgets.earliest(ticket, now)
        plan = self._budgets.copy({other.room for other in (*ahead, ticket)})
        for other in sorted(ahead, key=lambda one: one.rank(now)):
            plan.spend(other, plan.earliest(other, now))
        return plan.earliest(ticket, now)

    def _advance(self, now: datetime) -> datetime:
        """The time, which never runs backwards. Where a clock is set back, nothing that was counted means anything."""
        if self._now is not None and now < self._now - STALE:
            self._forget()
        self._now = now = now if self._now is None else max(now, self._now)
        self._budgets.forget(now)
        for key in [key for key, ticket in self._tickets.items() if ticket.told + STALE < now]:
            del self._tickets[key]
        return now


def _lane_of(effect: Effect) -> Lane:
    """What keeps order is quick. To accept a friend is not: nobody does so within a second."""
    if isinstance(effect, fx.AnswerJoinRequest) and effect.group == effect.member:
        return Lane.REPLY
    return lane_of(effect)


def _signs(effect: Effect) -> int:
    """How much there is to be typed."""
    if isinstance(effect, (fx.SendText, fx.SendPrivate, fx.SetAnnouncement)):
        return len(effect.text.literal or "")
    return 0


def _room_of(effect: Effect) -> str:
    """The conversation in which an effect is counted: what is said to one member alone, in the talk with them."""
    if isinstance(effect, (fx.SendPrivate, fx.SendDocument)) and effect.member is not None:
        return effect.member
    return effect.group
