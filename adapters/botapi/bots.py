"""A bot's account: its token, its updates, and what it has told the server."""

from dataclasses import dataclass, field
from datetime import datetime

from adapters.botapi.queue import UpdateQueue
from adapters.botapi.state import Chat, Json, User


@dataclass(slots=True)
class Webhook:
    """What ``setWebhook`` said, and how the deliveries go; an empty ``url`` means that there is none."""

    url: str = ""
    secret: str | None = None
    max_connections: int = 40
    ip_address: str | None = None
    has_certificate: bool = False
    last_error: tuple[datetime, str] | None = None


@dataclass(slots=True, eq=False)
class CallbackQuery:
    """A button that was pressed, and the answer it got."""

    id: str
    user: User
    chat: Chat
    message_id: int
    data: str
    pressed: datetime
    answer: Json | None = None  # text, show_alert, url, as the person sees them


@dataclass(slots=True, eq=False)
class Bot:
    """One bot of the world.

    ``reads_all`` is the opposite of privacy mode. ``queue.listeners`` are called at every new update and whenever the
    webhook was set or deleted: the delivery loop hangs there.
    """

    user: User
    token: str
    queue: UpdateQueue
    reads_all: bool = False
    webhook: Webhook = field(default_factory=Webhook)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    about: dict[tuple[str, str], str] = field(default_factory=dict)  # (name or description, language)
    started_by: set[int] = field(default_factory=set)
    blocked_by: set[int] = field(default_factory=set)
    may_write: dict[int, datetime] = field(default_factory=dict)  # to somebody who asks to join, until then
    queries: dict[str, CallbackQuery] = field(default_factory=dict)
    privates: dict[int, Chat] = field(default_factory=dict)
    last_private_id: int = 0
    logged_out: bool = False

    @property
    def id(self) -> int:
        """Its user id."""
        return self.user.id

    def me(self) -> Json:
        """What ``getMe`` answers."""
        return {
            **self.user.json,
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
