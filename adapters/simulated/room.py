"""What a simulated platform knows of people and groups."""

from dataclasses import dataclass, field
from datetime import datetime

from rules.values import Button, Group, Member, Message, PlatformRole


@dataclass
class Person:
    """Somebody with an account. ``reachable``: they once wrote to the bot, so it may write to them alone."""

    id: str
    name: str
    username: str | None = None
    bio: str | None = None
    reachable: bool = False


@dataclass
class Seat:
    """A person's place in one group."""

    person: Person
    role: PlatformRole = PlatformRole.MEMBER
    present: bool = False
    asking: bool = False
    muted: bool = False
    muted_until: datetime | None = None
    banned: bool = False
    banned_until: datetime | None = None

    def is_muted(self, now: datetime) -> bool:
        """Whether the person may not write now."""
        return self.muted and (self.muted_until is None or self.muted_until > now)

    def is_banned(self, now: datetime) -> bool:
        """Whether the person may not come in now."""
        return self.banned and (self.banned_until is None or self.banned_until > now)

    def member(self) -> Member:
        """The person as events name them."""
        person = self.person
        return Member(person.id, person.name, person.username, role=self.role, bio=person.bio)


@dataclass
class Post:
    """A message as it stands in a group."""

    message: Message
    by_bot: bool = False
    deleted: bool = False
    pinned: bool = False
    notified: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass
class Room:
    """A group, or the talk of one person with the bot."""

    group: Group
    seats: dict[str, Seat] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    notice: str = ""

    def texts(self) -> list[str]:
        """The words that can be read here now, oldest first."""
        return [post.message.text for post in self.posts.values() if not post.deleted]

    def present(self) -> list[Person]:
        """Who is in, in the order in which they came."""
        return [seat.person for seat in self.seats.values() if seat.present]
