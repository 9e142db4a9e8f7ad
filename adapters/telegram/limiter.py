"""How fast Telegram lets a bot go. Pure and deterministic: the time is handed in, nothing sleeps.

Sends: 30 a second over all, 20 of them for announcements at most, so that an answer never waits behind a thousand
posts; one a second in a chat, and 20 a minute in a group. What keeps order (deletes, mutes, bans, answers to buttons
and to join requests) has a lane of its own, which Telegram does not count with the sends. It documents no limit for
it, so the one here is only to keep a raid from filling all connections; where Telegram answers 429, that chat is left
alone, and everything goes slower where it answers so to several.

Who asks for an effect gets a ticket. Within a chat tickets go in the order of asking, replies before announcements;
over all chats, in the order in which their chats were ready for them. Nothing is planned ahead but places in that line:
what goes, goes when it asks and there is room, so that the windows are never exceeded, whoever asks when.
"""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from adapters.telegram.windows import ChatPace, Line, Rate
from rules import effects as fx
from rules.effects import Effect, Lane, lane_of

OVER_ALL, ANNOUNCEMENTS, IN_ORDER = 30, 20, 1_000
"""A second: sends, announcements among them, and what keeps order."""
A_MINUTE = 20
"""Sends in one group."""
SLOW = 3
"""By how much everything is slowed when Telegram complains of several chats at once."""
SLOW_FOR, COMPLAINTS, WITHIN = timedelta(seconds=30), 3, timedelta(seconds=5)
STALE = timedelta(seconds=10)
"""How long after the moment it was told a ticket keeps its place for who does not come."""
SWEEP = timedelta(minutes=1)
MOST_MESSAGES = 15


class Ticket:
    """One effect that wants to go."""

    __slots__ = ("effect", "granted", "lane", "messages", "promised", "told")

    def __init__(self, effect: Effect, lane: Lane, messages: int, now: datetime) -> None:
        self.effect = effect
        self.lane = lane
        self.messages = messages
        self.promised: datetime | None = None
        self.told = now
        self.granted = False


class Chat:
    """What is known of one chat: its pace, who waits, and until when Telegram wants silence."""

    __slots__ = ("pace", "quiet_until", "tickets")

    def __init__(self, *, is_group: bool, now: datetime) -> None:
        self.pace = ChatPace(A_MINUTE if is_group else None)
        self.tickets: dict[str, Ticket] = {}
        self.quiet_until = now

    def drop_stale(self, now: datetime) -> None:
        """Forget those who did not come for what they were told."""
        for key in [key for key, ticket in self.tickets.items() if ticket.told + STALE < now]:
            del self.tickets[key]

    def ahead(self, of: Ticket) -> int:
        """Messages of those who go before one: replies before announcements, else as they asked."""
        count = 0
        before = True
        for ticket in self.tickets.values():
            if ticket is of:
                before = False
            elif not ticket.granted and (ticket.lane < of.lane or (before and ticket.lane == of.lane)):
                count += 0 if ticket.lane is Lane.MODERATION else ticket.messages
        return count


class Limiter:
    """See above. ``weigh`` says how many messages an effect makes."""

    def __init__(self, weigh: Callable[[Effect], int] = lambda _: 1) -> None:
        self._weigh = weigh
        self._forget()

    def _forget(self) -> None:
        self._chats: dict[str, Chat] = {}
        self._sends, self._announced, self._ordered = Rate(), Rate(), Rate()
        self._lines = {lane: Line() for lane in Lane}
        self._replies: dict[str, Ticket] = {}  # whose chat is ready, and which wait for the platform alone
        self._complaints: deque[tuple[datetime, str]] = deque(maxlen=16)
        self._slow_until: datetime | None = None
        self._swept: datetime | None = None
        self.now: datetime | None = None
        """The latest time that was told."""

    def admit(self, key: str, effect: Effect, now: datetime) -> datetime:
        """From when an effect may be performed. See ``adapters.protocol.Paced``."""
        asked, now = now, self._advance(now)
        chat = self._chat(effect, now)
        chat.drop_stale(now)
        ticket = chat.tickets.get(key)
        if ticket is None:
            lane = lane_of(effect)
            messages = 1 if lane is Lane.MODERATION else min(MOST_MESSAGES, max(1, self._weigh(effect)))
            ticket = chat.tickets[key] = Ticket(effect, lane, messages, now)
        if ticket.granted:
            return asked
        ticket.effect = effect  # several deletes may have become one since, or a text an edit
        at = self._earliest(key, ticket, chat, now)
        ticket.told = at
        if at > now:
            return at
        self._grant(key, ticket, chat, now)
        return asked

    def performed(self, effect: Effect) -> None:
        """An effect is on its way: should the same key ask again, it asks anew."""
        chat = self._chats.get(_chat_of(effect))
        if chat is None:
            return
        for key, ticket in chat.tickets.items():
            if ticket.granted and (ticket.effect is effect or ticket.effect == effect):
                del chat.tickets[key]
                return

    def penalise(self, effect: Effect, after: timedelta) -> None:
        """Telegram wants silence after an effect: its chat is left alone for so long, and no other.

        Where it complains of several chats at once, or of what belongs to none, it is the bot as a whole that is too
        fast, and everything goes slower for a while.
        """
        now = self.now
        if now is None:
            return
        name = _chat_of(effect)
        if not isinstance(effect, fx.AnswerButton):
            chat = self._chat(effect, now)
            chat.quiet_until = max(chat.quiet_until, now + after)
            self._complaints.append((now, name))
            if len({of for at, of in self._complaints if at > now - WITHIN}) < COMPLAINTS:
                return
        self._slow_until = max(self._slow_until or now, now + max(after, SLOW_FOR))

    def _earliest(self, key: str, ticket: Ticket, chat: Chat, now: datetime) -> datetime:
        ready = max(now, chat.quiet_until)
        if ready > now:
            return ready
        if ticket.lane is not Lane.MODERATION:
            ready = chat.pace.next(now, chat.ahead(ticket), ticket.messages)
            if ready > now:
                return ready
        # The chat is ready: a place before the platform. It is kept, should a reply take the chat's turn meanwhile.
        if ticket.promised is None:
            ticket.promised = self._lines[ticket.lane].promise(now, ticket.messages, self._limit(ticket.lane, now))
        if ticket.promised > now:
            return ticket.promised
        at = self._room(ticket, now)
        if at > now and ticket.lane is Lane.REPLY:
            self._replies[key] = ticket
        return at

    def _room(self, ticket: Ticket, now: datetime) -> datetime:
        limit = self._limit(ticket.lane, now)
        if ticket.lane is Lane.MODERATION:
            return self._ordered.room(now, limit)
        if ticket.lane is Lane.REPLY:
            return self._sends.room(now, limit)
        for key in [key for key, reply in self._replies.items() if reply.told + STALE < now]:
            del self._replies[key]
        left = self._limit(Lane.REPLY, now) - sum(reply.messages for reply in self._replies.values())
        return max(
            self._announced.room(now, limit),
            self._sends.room(now, left),
        )

    def _grant(self, key: str, ticket: Ticket, chat: Chat, now: datetime) -> None:
        ticket.granted = True
        self._replies.pop(key, None)
        if ticket.lane is Lane.MODERATION:
            self._ordered.add(now, 1)
            return
        chat.pace.add(now, ticket.messages)
        self._sends.add(now, ticket.messages)
        if ticket.lane is Lane.ANNOUNCEMENT:
            self._announced.add(now, ticket.messages)

    def _limit(self, lane: Lane, now: datetime) -> int:
        limit = {Lane.MODERATION: IN_ORDER, Lane.REPLY: OVER_ALL, Lane.ANNOUNCEMENT: ANNOUNCEMENTS}[lane]
        return limit // SLOW if self._slow_until is not None and now < self._slow_until else limit

    def _chat(self, effect: Effect, now: datetime) -> Chat:
        name = _chat_of(effect)
        chat = self._chats.get(name)
        if chat is None:
            chat = self._chats[name] = Chat(is_group=":-" in name, now=now)
        return chat

    def _advance(self, now: datetime) -> datetime:
        """The time, which never runs backwards. Where a clock is set back, nothing that was counted means anything."""
        if self.now is not None and now < self.now - STALE:
            self._forget()
        self.now = now = now if self.now is None else max(now, self.now)
        if self._swept is None or now - self._swept >= SWEEP:
            self._swept = now
            for name in list(self._idle(now)):
                del self._chats[name]
        return now

    def _idle(self, now: datetime) -> Iterator[str]:
        for name, chat in self._chats.items():
            chat.drop_stale(now)
            if not chat.tickets and chat.quiet_until <= now and chat.pace.is_idle(now):
                yield name


def _chat_of(effect: Effect) -> str:
    """The chat in which an effect is counted: what is said to one member alone, in the talk with them."""
    if isinstance(effect, (fx.SendPrivate, fx.SendDocument)) and effect.member is not None:
        return effect.member
    return effect.group
