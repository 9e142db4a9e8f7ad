"""Makes events of what a gateway told. Pure but for what it remembers of each room: to know quotes and recalls."""

from datetime import UTC, datetime

from adapters.wechaty.people import Contact, Room
from adapters.wechaty.reading.kinds import MEDIA, Sort, sort_of
from adapters.wechaty.reading.told import Asked, Came, Posted, Told, Went
from rules.events import Event, JoinRequested, MemberJoined, MemberLeft, MessagePosted
from rules.values import File, Group, Media, Member, Mention, Message, PlatformRole

MILLISECONDS = 10_000_000_000
"""From here on a number counts milliseconds, not seconds (of the year 2286)."""


class Reader:
    """``name`` is the adapter's: ids begin with it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def events(self, told: Told) -> list[Event]:
        """The events that something comes to, in order."""
        match told:
            case Posted():
                return [self._posted(told)]
            case Came():
                return [self._came(told, member) for member in told.members]
            case Went():
                return [self._went(told, member) for member in told.members]
            case Asked():
                return [self._asked(told)]

    def _posted(self, told: Posted) -> MessagePosted:
        group = self._place(told)
        sort = sort_of(told.kind)
        author = self._member(told.author, told.room, told.name)
        media: tuple[Media, ...] = ()
        if sort is not Sort.TEXT:
            view = None
            if sort in (Sort.IMAGE, Sort.EMOTICON):
                view = File(id=told.id, unique=f"{self._name}/{told.id}")
            media = (Media(MEDIA[sort], file_name=told.file_name or None, text=None, view=view),)
        at = moment(told.at)
        message = Message(
            id=f"{group.id}/{told.id}",
            author=author,
            text=told.text if sort is Sort.TEXT else "",
            at=at,
            mentions=tuple(
                Mention(text=f"@{contact.name}", member=f"{self._name}:{contact.id}") for contact in told.mentioned
            ),
            media=media,
        )
        return MessagePosted(id=f"{self._name}:{told.id}", group=group, at=at, message=message)

    def _came(self, told: Came, member: Contact) -> MemberJoined:
        at = moment(told.at)
        return MemberJoined(
            id=f"{self._name}:join:{told.room.id}:{member.id}:{told.mark or int(at.timestamp())}",
            group=Group(f"{self._name}:{told.room.id}", told.room.topic),
            at=at,
            member=self._member(member, told.room),
            inviter=self._member(told.inviter, told.room) if told.inviter is not None else None,
        )

    def _went(self, told: Went, member: Contact) -> MemberLeft:
        at = moment(told.at)
        remover = told.remover if told.remover is not None and told.remover.id != member.id else None
        return MemberLeft(
            id=f"{self._name}:leave:{told.room.id}:{member.id}:{told.mark or int(at.timestamp())}",
            group=Group(f"{self._name}:{told.room.id}", told.room.topic),
            at=at,
            member=self._member(member, told.room),
            remover=self._member(remover, told.room) if remover is not None else None,
        )

    def _asked(self, told: Asked) -> JoinRequested:
        return JoinRequested(
            id=f"{self._name}:{told.sort}:{told.request}",
            group=Group(f"{self._name}:{told.person.id}", told.person.name, "private"),
            at=moment(told.at),
            member=self._member(told.person, None),
            note=told.note,
            source=told.sort,
            request=told.request,
        )

    def _place(self, told: Posted) -> Group:
        if told.room is not None:
            return Group(f"{self._name}:{told.room.id}", told.room.topic)
        return Group(f"{self._name}:{told.author.id}", told.author.name, "private")

    def _member(self, contact: Contact, room: Room | None, name: str = "") -> Member:
        role = PlatformRole.MEMBER
        if room is not None and contact.id == room.owner:
            role = PlatformRole.OWNER
        elif room is not None and contact.id in room.admins:
            role = PlatformRole.ADMIN
        return Member(id=f"{self._name}:{contact.id}", name=name or contact.name, is_bot=not contact.person, role=role)


def moment(number: int) -> datetime:
    """A moment as puppets tell it, in seconds or in milliseconds."""
    return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS else number, UTC)
