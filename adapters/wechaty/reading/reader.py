"""Makes events of what a gateway told. Pure but for what it remembers: what was said of late, and who came."""

from collections.abc import Callable
from datetime import UTC, datetime

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.comings import Comings
from adapters.wechaty.reading.posts import Posts
from adapters.wechaty.reading.roles import member_of
from adapters.wechaty.reading.times import moment
from adapters.wechaty.reading.told import Asked, Came, Posted, Told, Went
from rules.events import Event, JoinRequested, MemberJoined, MemberLeft, MessagePosted
from rules.values import Group, MediaKind


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - who has a clock of their own gives it to the reader


class Reader:
    """``name`` is the adapter's: ids begin with it. ``now`` is for what is told without a time, or with a wrong one."""

    def __init__(self, name: str, now: Callable[[], datetime] = _now) -> None:
        self._name = name
        self._now = now
        self._posts = Posts(name)
        self._comings = Comings()

    def events(self, told: Told) -> list[Event]:
        """The events that something comes to, in order."""
        match told:
            case Posted():
                return self._posted(told)
            case Came():
                return [event for member in told.members if (event := self._came(told, member)) is not None]
            case Went():
                return [self._went(told, member) for member in told.members]
            case Asked():
                return [self._asked(told)]

    def _posted(self, told: Posted) -> list[Event]:
        line, at = told.body.line, self._moment(told.at)
        if told.room is None:
            if line is not None or told.own or told.author is None:
                return []
            group = Group(f"{self._name}:{told.author.id}", told.author.name, "private")
        else:
            group = Group(f"{self._name}:{told.room.id}", told.room.topic)
        if line is None:
            message = self._posts.said(told, group, at)
            return [MessagePosted(f"{self._name}:{told.id}", group, at, message)] if message is not None else []
        if told.own and line.kind is MediaKind.RECALL and line.by is None:
            return []  # the account took something of its own back
        events: list[Event] = []
        if line.joined and told.room is not None:
            people, complete = self._posts.came(told, line)
            came = Came(told.room, tuple(people), self._posts.inviter(told, line), int(at.timestamp()))
            events += self.events(came)
            if complete:
                return events
        posted = MessagePosted(f"{self._name}:{told.id}", group, at, self._posts.line(told, line, group, at))
        return [*events, posted]

    def _came(self, told: Came, member: Contact) -> MemberJoined | None:
        at = self._moment(told.at)
        if self._comings.is_second(told.room.id, member.id, at) and not told.mark:
            return None  # what was found by comparing was told, if at all, by what never came to be kept
        return MemberJoined(
            id=f"{self._name}:join:{told.room.id}:{member.id}:{told.mark or int(at.timestamp())}",
            group=Group(f"{self._name}:{told.room.id}", told.room.topic),
            at=at,
            member=member_of(self._name, member, told.room),
            inviter=member_of(self._name, told.inviter, told.room) if told.inviter is not None else None,
        )

    def _went(self, told: Went, member: Contact) -> MemberLeft:
        at = self._moment(told.at)
        self._comings.left(told.room.id, member.id)
        remover = told.remover if told.remover is not None and told.remover.id != member.id else None
        return MemberLeft(
            id=f"{self._name}:leave:{told.room.id}:{member.id}:{told.mark or int(at.timestamp())}",
            group=Group(f"{self._name}:{told.room.id}", told.room.topic),
            at=at,
            member=member_of(self._name, member, told.room),
            remover=member_of(self._name, remover, told.room) if remover is not None else None,
        )

    def _asked(self, told: Asked) -> JoinRequested:
        return JoinRequested(
            id=f"{self._name}:{told.sort}:{told.request}",
            group=Group(f"{self._name}:{told.person.id}", told.person.name, "private"),
            at=self._moment(told.at),
            member=member_of(self._name, told.person, None),
            note=told.note,
            source=told.sort,
            request=f"{told.sort}/{told.request}",
        )

    def _moment(self, told: float) -> datetime:
        return moment(told, int(self._now().timestamp()))
