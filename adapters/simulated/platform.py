"""The simulated platform: people act here, and what they do waits as updates until an adapter has confirmed it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from adapters.entities import links_in, mentions_in
from adapters.errors import AdapterError
from adapters.simulated.record import Act, Entry, Migration
from adapters.simulated.room import Person, Post, Room, Seat
from rules import events as ev
from rules.capability import Capability
from rules.errors import GroupkeeperError
from rules.values import Button, Forward, Group, Media, Member, Message, PlatformRole

EVERYTHING = frozenset(Capability) - {Capability.ANNOUNCE, Capability.RENAME, Capability.INVITE}
WECHAT_LIKE = frozenset(
    {
        *(Capability.SEND, Capability.SEND_PRIVATE, Capability.MENTION, Capability.SEE_JOINS),
        *(Capability.KICK, Capability.INVITE, Capability.JOIN_REQUESTS, Capability.ANNOUNCE, Capability.RENAME),
    }
)
"""Like a WeChat group: nobody's message can be deleted, nobody muted, and the bot cannot write to strangers. It lets
people in by inviting them, and answers who asks to be its friend."""


class NotAllowed(GroupkeeperError):
    """A person tried what the platform does not let them do: write while muted, come in while banned."""


class SimulatedPlatform:
    """Groups, people and messages in memory. Ids begin with ``name:``; the time is whatever ``now`` says.

    People are told by handle (``ann``), groups by chat (``reading``). ``transcript`` lists all that happened.
    """

    def __init__(self, name: str, now: Callable[[], datetime], capabilities: Iterable[Capability] = EVERYTHING) -> None:
        self.name = name
        self.now = now
        self.capabilities = frozenset(capabilities)
        self.bot = Member(f"{name}:groupkeeper", "Groupkeeper", "groupkeeper_bot", is_bot=True, role=PlatformRole.ADMIN)
        self.people: dict[str, Person] = {}
        self.rooms: dict[str, Room] = {}
        self.transcript: list[Entry] = []
        self.faults: deque[tuple[AdapterError, bool]] = deque()
        self.something_new = asyncio.Event()
        self._updates: deque[tuple[int, ev.Event | Migration]] = deque()
        self._last_update = 0
        self._last_message: dict[str, int] = {}

    def qualified(self, bare: str) -> str:
        """The platform-qualified form of a handle or chat."""
        return bare if bare.startswith(f"{self.name}:") else f"{self.name}:{bare}"

    def add_group(self, chat: str, name: str = "") -> Room:
        """Make an empty group."""
        group = Group(self.qualified(chat), name or chat)
        return self.rooms.setdefault(group.id, Room(group))

    def add_person(
        self,
        handle: str,
        name: str = "",
        *,
        username: str | None = None,
        bio: str | None = None,
        reachable: bool = False,
        groups: Iterable[str] = (),
        role: PlatformRole = PlatformRole.MEMBER,
    ) -> Person:
        """Make an account, already a member of ``groups`` (without a join being told)."""
        person = Person(self.qualified(handle), name or handle, username or handle, bio, reachable)
        self.people[person.id] = person
        for chat in groups:
            self.room(chat).seats[person.id] = Seat(person, role, present=True)
        return person

    def room(self, chat: str) -> Room:
        """The group of this chat. Raises ``KeyError``."""
        return self.rooms[self.qualified(chat)]

    def seat(self, chat: str, handle: str) -> Seat:
        """A person's place in a group, empty if they never came."""
        person = self.people[self.qualified(handle)]
        return self.room(chat).seats.setdefault(person.id, Seat(person))

    def buttons(self, group: str, message: str) -> tuple[Button, ...]:
        """What can be pressed below a message; nothing where it is not there."""
        room = self.rooms.get(group)
        post = room.posts.get(message) if room is not None else None
        return post.buttons if post is not None else ()

    # What people do.

    def post(
        self,
        chat: str,
        handle: str,
        text: str,
        *,
        reply_to: str | None = None,
        media: tuple[Media, ...] = (),
        forward: Forward | None = None,
        album: str | None = None,
    ) -> str:
        """Write a message; its id. Raises ``NotAllowed`` for who is muted or not in."""
        room, seat = self._speaker(chat, handle, text)
        answered = room.posts.get(reply_to) if reply_to else None
        message = Message(
            id=self.new_message_id(room.group.id),
            author=seat.member(),
            text=text,
            at=self.now(),
            reply_to=reply_to,
            reply_to_author=answered.message.author if answered else None,
            links=links_in(text),
            mentions=mentions_in(text, self._find),
            media=media,
            forward=forward,
            album=album,
        )
        room.posts[message.id] = Post(message)
        self.note(Act.POST, room.group.id, seat.person.id, text=text, message=message.id, reply_to=reply_to)
        self._tell(lambda id_: ev.MessagePosted(id_, room.group, self.now(), message))
        return message.id

    def write_privately(self, handle: str, text: str) -> str:
        """Write to the bot alone; from then on it may answer. The message's id."""
        person = self.people[self.qualified(handle)]
        person.reachable = True
        room = self.private_room(person)
        return self.post(room.group.id, person.id, text)

    def edit(self, chat: str, message_id: str, text: str) -> None:
        """Change one's own message."""
        room = self.room(chat)
        post = room.posts[message_id]
        old = post.message
        self._speaker(chat, old.author.id, text)
        post.message = Message(
            id=old.id,
            author=old.author,
            text=text,
            at=old.at,
            reply_to=old.reply_to,
            reply_to_author=old.reply_to_author,
            links=links_in(text),
            mentions=mentions_in(text, self._find),
            media=old.media,
            forward=old.forward,
        )
        self.note(Act.EDIT, room.group.id, old.author.id, text=text, message=old.id)
        if Capability.SEE_EDITS in self.capabilities:
            self._tell(lambda id_: ev.MessageEdited(id_, room.group, self.now(), post.message))

    def join(self, chat: str, handle: str, *, inviter: str | None = None, source: str | None = None) -> None:
        """Come into a group. Raises ``NotAllowed`` for who is banned."""
        room, seat = self.room(chat), self.seat(chat, handle)
        if seat.is_banned(self.now()):
            self.note(Act.KEPT_OUT, room.group.id, seat.person.id, why="banned")
            raise NotAllowed(f"{seat.person.name} is banned from {room.group.name}")
        by = self.seat(chat, inviter).member() if inviter else None
        self.seat_member(room, seat)
        if Capability.SEE_JOINS in self.capabilities:
            self._tell(lambda id_: ev.MemberJoined(id_, room.group, self.now(), seat.member(), by, source))

    def ask_to_join(self, chat: str, handle: str, note: str = "") -> None:
        """Ask to be let in."""
        room, seat = self.room(chat), self.seat(chat, handle)
        seat.asking = True
        self.note(Act.ASK_IN, room.group.id, seat.person.id, text=note)
        if Capability.JOIN_REQUESTS in self.capabilities:
            self._tell(lambda id_: ev.JoinRequested(id_, room.group, self.now(), seat.member(), note))

    def ask_to_be_friends(self, handle: str, note: str = "") -> None:
        """Ask the bot's account to be a friend, which may write to them once it has said yes."""
        self._ask_alone(handle, note, "friendship")

    def invite_bot(self, handle: str, name: str) -> None:
        """Ask the bot's account to come into a group that is called ``name``."""
        self._ask_alone(handle, name, "invitation")

    def leave(self, chat: str, handle: str) -> None:
        """Go."""
        room, seat = self.room(chat), self.seat(chat, handle)
        seat.present = False
        self.note(Act.LEAVE, room.group.id, seat.person.id)
        self._tell_left(room, seat, None)

    def press(self, chat: str, handle: str, message_id: str, data: str) -> None:
        """Press a button below a message."""
        room, seat = self.room(chat), self.seat(chat, handle)
        self.note(Act.PRESS, room.group.id, seat.person.id, text=data, message=message_id)
        answered = Capability.ANSWER_BUTTONS in self.capabilities
        self._tell(
            lambda id_: ev.ButtonPressed(
                id_, room.group, self.now(), seat.member(), data, message_id, press=id_ if answered else None
            )
        )

    def promote(self, chat: str, handle: str, role: PlatformRole) -> None:
        """Give a person a role in a group."""
        self.seat(chat, handle).role = role
        self.note(Act.ROLE, self.qualified(chat), self.qualified(handle), text=role)

    def migrate(self, chat: str, new_chat: str) -> None:
        """Let a group go on under another id. What was written stays behind under the former one."""
        old = self.rooms.pop(self.qualified(chat))
        room = self.add_group(new_chat, old.group.name)
        room.seats = old.seats
        self.note(Act.MIGRATE, room.group.id, self.bot.id, text=old.group.id)
        self._tell(lambda _: Migration(old.group.id, room.group.id))

    # What an adapter asks for.

    def updates(self, after: int) -> list[tuple[int, ev.Event | Migration]]:
        """What happened after update number ``after``, oldest first. All up to ``after`` is confirmed and forgotten."""
        while self._updates and self._updates[0][0] <= after:
            self._updates.popleft()
        self.something_new.clear()
        return list(self._updates)

    def fail_next(self, error: AdapterError, *, after_effect: bool = False) -> None:
        """Let the next call of an adapter fail; with ``after_effect``, once what it asked for has been done."""
        self.faults.append((error, after_effect))

    # What both sides use.

    def note(self, act: Act, group: str, who: str, **details: Any) -> None:
        """Write an act into the transcript."""
        self.transcript.append(Entry(self.now(), act, group, who, **details))

    def new_message_id(self, group: str) -> str:
        """The id of a group's next message."""
        number = self._last_message[group] = self._last_message.get(group, 0) + 1
        return f"{group}/{number}"

    def private_room(self, person: Person) -> Room:
        """The talk of one person with the bot; its id is the person's."""
        room = self.rooms.get(person.id)
        if room is None:
            room = self.rooms[person.id] = Room(Group(person.id, person.name, "private"))
            room.seats[person.id] = Seat(person, present=True)
        return room

    def seat_member(self, room: Room, seat: Seat) -> None:
        """Let a person in."""
        seat.present, seat.asking = True, False
        self.note(Act.JOIN, room.group.id, seat.person.id)

    def unseat_member(self, room: Room, seat: Seat, by: Member) -> None:
        """Remove a person; the leaving is told."""
        if seat.present:
            seat.present = False
            self._tell_left(room, seat, by)

    def _ask_alone(self, handle: str, note: str, source: str) -> None:
        room = self.private_room(self.people[self.qualified(handle)])
        seat = room.seats[room.group.id]
        seat.asking = True
        self.note(Act.ASK_IN, room.group.id, seat.person.id, text=note, why=source)
        if Capability.JOIN_REQUESTS in self.capabilities:
            self._tell(lambda id_: ev.JoinRequested(id_, room.group, self.now(), seat.member(), note, source, id_))

    def _speaker(self, chat: str, handle: str, text: str) -> tuple[Room, Seat]:
        room, seat = self.room(chat), self.seat(chat, handle)
        why = "" if seat.present else "not a member"
        if seat.is_muted(self.now()):
            why = "muted"
        if why:
            self.note(Act.KEPT_OUT, room.group.id, seat.person.id, text=text, why=why, until=seat.muted_until)
            raise NotAllowed(f"{seat.person.name} cannot write in {room.group.name}: {why}")
        return room, seat

    def _tell_left(self, room: Room, seat: Seat, by: Member | None) -> None:
        if Capability.SEE_LEAVES in self.capabilities:
            self._tell(lambda id_: ev.MemberLeft(id_, room.group, self.now(), seat.member(), by))

    def _tell(self, event: Callable[[str], ev.Event | Migration]) -> None:
        self._last_update += 1
        self._updates.append((self._last_update, event(f"{self.name}:update-{self._last_update}")))
        self.something_new.set()

    def _find(self, name: str) -> str | None:
        for person in self.people.values():
            if name in (person.username, person.name):
                return person.id
        return None
