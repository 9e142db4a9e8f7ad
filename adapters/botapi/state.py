"""What the simulated world consists of: users, chats, members, messages, files, links and polls."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.botapi.rights import USUAL, rights_for

Json = dict[str, Any]
ACTIVE = frozenset({"creator", "administrator", "member"})


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot; ``json`` is what the Bot API tells of them."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    bio: str | None = None
    is_bot: bool = False
    is_premium: bool = False
    deleted: bool = False
    photos: list[list[Json]] = field(default_factory=list)
    personal_chat: int | None = None
    json: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Make ``json`` anew after a change; earlier messages keep what they said."""
        told: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                told[name] = value
        if self.is_premium:
            told["is_premium"] = True
        self.json = told


@dataclass(slots=True)
class Member:
    """One user's standing in one chat. ``until`` None means for ever."""

    user: User
    status: str = "left"  # creator, administrator, member, restricted, left, kicked
    until: datetime | None = None
    is_member: bool = True  # of somebody restricted: whether they are in the chat
    allowed: frozenset[str] = frozenset()  # permissions, while restricted
    rights: frozenset[str] = frozenset()  # while administrator
    anonymous: bool = False
    title: str | None = None
    promoted_by: int | None = None
    joined: datetime | None = None

    @property
    def present(self) -> bool:
        """Whether they are in the chat."""
        return self.status in ACTIVE or (self.status == "restricted" and self.is_member)

    def settle(self, now: datetime) -> None:
        """Let a restriction or ban that has run out end."""
        if self.until is None or now < self.until:
            return
        if self.status == "restricted":
            self.status = "member" if self.is_member else "left"
        elif self.status == "kicked":
            self.status = "left"
        self.until = None
        self.allowed = frozenset()


@dataclass(slots=True, eq=False)
class Message:
    """A message: ``body`` is its Bot API JSON, replaced and never changed, because updates refer to it."""

    id: int
    chat: "Chat"
    author: int  # the id of the user or chat that it came from
    sent: datetime
    body: Json
    service: bool = False
    outgoing_of: int | None = None  # the bot that sent it
    reactions: dict[int, list[Json]] = field(default_factory=dict)  # by user or chat
    topic: int | None = None
    deleted: datetime | None = None  # when it was taken away

    @property
    def text(self) -> str:
        """Its text or caption."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    def nested(self) -> Json:
        """Its body as it stands inside another message: without what it is itself an answer to."""
        return {name: value for name, value in self.body.items() if name != "reply_to_message"}


@dataclass(slots=True, eq=False)
class InviteLink:
    """An invite link of a chat."""

    url: str
    creator: User
    name: str | None = None
    by_request: bool = False
    expires: datetime | None = None
    limit: int | None = None
    primary: bool = False
    revoked: bool = False
    used: int = 0
    pending: int = 0

    def json(self) -> Json:
        """ChatInviteLink."""
        told: Json = {
            "invite_link": self.url,
            "creator": self.creator.json,
            "creates_join_request": self.by_request,
            "is_primary": self.primary,
            "is_revoked": self.revoked,
        }
        if self.name:
            told["name"] = self.name
        if self.expires:
            told["expire_date"] = int(self.expires.timestamp())
        if self.limit:
            told["member_limit"] = self.limit
        if self.pending:
            told["pending_join_request_count"] = self.pending
        return told


@dataclass(slots=True, eq=False)
class Topic:
    """A topic of a forum; General is number 1 and is never named in a message."""

    id: int
    name: str
    closed: bool = False
    icon_color: int = 7322096


@dataclass(slots=True, eq=False)
class JoinRequest:
    """Somebody who waits to be let in."""

    user: User
    asked: datetime
    bio: str | None
    link: InviteLink | None


@dataclass(slots=True, eq=False)
class Poll:
    """A poll: the votes by user, each a list of option numbers."""

    id: str
    question: str
    options: list[str]
    message: "Message | None" = None
    anonymous: bool = True
    multiple: bool = False
    kind: str = "regular"
    correct: list[int] = field(default_factory=list)
    closed: bool = False
    by_bot: int | None = None
    extra: Json = field(default_factory=dict)
    votes: dict[int, list[int]] = field(default_factory=dict)

    def json(self) -> Json:
        """Poll, as it stands."""
        counts = [0] * len(self.options)
        for chosen in self.votes.values():
            for number in chosen:
                counts[number] += 1
        options = [
            {"persistent_id": str(number), "text": text, "voter_count": count}
            for number, (text, count) in enumerate(zip(self.options, counts, strict=True))
        ]
        told: Json = {
            "id": self.id,
            "question": self.question,
            "options": options,
            "total_voter_count": len(self.votes),
            "is_closed": self.closed,
            "is_anonymous": self.anonymous,
            "type": self.kind,
            "allows_multiple_answers": self.multiple,
            "allows_revoting": self.kind == "regular",
            "members_only": False,
            **self.extra,
        }
        if self.kind == "quiz" and self.correct:
            told["correct_option_ids"] = self.correct
        return told


@dataclass(slots=True, eq=False)
class Chat:
    """A chat of any kind with its people and messages."""

    id: int
    kind: str  # private, group, supergroup, channel
    title: str = ""
    username: str | None = None
    description: str | None = None
    is_forum: bool = False
    user: User | None = None  # private: the person
    bot: int | None = None  # private: the bot
    permissions: frozenset[str] = USUAL
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0
    links: dict[str, InviteLink] = field(default_factory=dict)
    requests: dict[int, JoinRequest] = field(default_factory=dict)
    banned_channels: set[int] = field(default_factory=set)
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    linked: int | None = None
    by_request: bool = False
    slow_mode: int = 0
    hidden_members: bool = False
    protected: bool = False
    tells_joins: bool = True  # whether joining and leaving make service messages; large groups are silent
    join_to_send: bool = False  # of a discussion group: whether one has to join to comment
    migrated_to: int | None = None
    last_said: dict[int, datetime] = field(default_factory=dict)
    photo: Json | None = None
    json: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Make ``json`` anew after a change of the title or name."""
        told: Json = {"id": self.id, "type": self.kind}
        if self.kind == "private":
            person = self.user
            if person is not None:
                for name in ("first_name", "last_name", "username"):
                    if value := getattr(person, name):
                        told[name] = value
        else:
            told["title"] = self.title
            if self.username:
                told["username"] = self.username
            if self.is_forum:
                told["is_forum"] = True
                self.topics.setdefault(1, Topic(1, "General"))
        self.json = told

    def rights(self) -> tuple[str, ...]:
        """The administrator rights that exist here."""
        return rights_for(self.kind)


@dataclass(slots=True, eq=False)
class StoredFile:
    """A file whose bytes the world keeps."""

    id: str
    unique: str
    path: str
    data: bytes
    name: str | None = None
    mime: str | None = None

    def json(self) -> Json:
        """File."""
        return {"file_id": self.id, "file_unique_id": self.unique, "file_size": len(self.data), "file_path": self.path}
