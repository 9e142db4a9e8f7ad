"""A reading group, a second one and a staff room on a real database: what people type, and what comes of it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from bot.commands import Command, Commands, built_in, command_names
from bot.configuration import builtin_copy
from bot.settle import Settler
from bot.setup import Setup
from rules.capability import Capability
from rules.commandline import expand
from rules.config import Config
from rules.copy import CopyBook
from rules.effects import Effect, SendPrivate, SendText
from rules.events import ButtonPressed, MemberJoined, MessagePosted
from rules.facts import GroupSettings
from rules.roles import RoleBook
from rules.rulebook import Rule, assemble
from rules.state import GroupState, MemberState
from rules.step import Library
from rules.values import Group, Member, Mention, Message, PlatformRole
from storage import audit, inbox, outbox, states, timers
from storage.database import Database

READING, GARDEN, STAFF = "telegram:-100111", "telegram:-100222", "telegram:-100999"
START = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai

OLGA = Member(id="telegram:10001", name="Olga", username="olga")  # owner
MO = Member(id="telegram:10002", name="Mo", username="mo_mod")  # moderator
MIA = Member(id="telegram:10003", name="Mia", username="mia_mod")  # moderator
BO = Member(id="telegram:10004", name="Bo Chen", username="bo")
XIAOBO = Member(id="telegram:10005", name="小波")
ADMIN = Member(id="telegram:10006", name="Ada", username="ada", role=PlatformRole.ADMIN)
SIS = Member(id="telegram:10007", name="Sis", username="sis_sec")  # secretary
BOT = Member(id="telegram:90001", name="Keeper", username="keeper_bot", is_bot=True)

CONFIG: dict[str, Any] = {
    "platforms": {"telegram": {"type": "console"}},
    "groups": {
        "reading": {"platform": "telegram", "chat": "-100111", "name": "Reading"},
        "garden": {"platform": "telegram", "chat": "-100222", "name": "Garden"},
        "staff": {"platform": "telegram", "chat": "-100999", "name": "Staff"},
    },
    "roles": {
        "owner": {"members": [OLGA.id], "can": ["everything"]},
        "moderator": {"members": [MO.id, MIA.id], "can": ["warn", "mute", "delete", "kick", "ban", "review", "stats"]},
        "secretary": {"members": [SIS.id], "can": ["post", "rules", "export"]},
    },
    "staff": {"room": "staff"},
}


@dataclass
class Room:
    """Groups to type in. Time goes on by a minute with every message, unless a test says otherwise."""

    olga: ClassVar = OLGA
    mo: ClassVar = MO
    mia: ClassVar = MIA
    bo: ClassVar = BO
    xiaobo: ClassVar = XIAOBO
    ada: ClassVar = ADMIN
    sis: ClassVar = SIS
    bot: ClassVar = BOT
    reading: ClassVar = READING
    garden: ClassVar = GARDEN
    staff: ClassVar = STAFF

    db: Database
    language: str = "en"
    rules: tuple[Rule, ...] = ()
    config: dict[str, Any] = field(default_factory=lambda: dict(CONFIG))
    library: Library = field(default_factory=Library)
    capabilities: frozenset[Capability] = frozenset(Capability)
    texts: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    more: tuple[Command, ...] = ()
    tells_sanctions: bool = False
    staff_capabilities: frozenset[Capability] = frozenset(Capability)
    now: datetime = START
    _count: int = 0

    def __post_init__(self) -> None:
        self.rebuild()

    def rebuild(self, **changes: Any) -> None:
        """Run with another configuration."""
        for name, value in changes.items():
            setattr(self, name, value)
        config = Config.model_validate(self.config)
        settings = [
            GroupSettings(
                key=key,
                chat=f"{group.platform}:{group.chat}",
                platform=group.platform,
                name=group.name,
                timezone=ZoneInfo("Asia/Shanghai"),
                language=self.language,
                staff_chat=STAFF if "staff" in self.config else None,
                tells_sanctions=self.tells_sanctions,
                staff_capabilities=self.staff_capabilities,
                capabilities=self.capabilities,
            )
            for key, group in config.groups.items()
        ]
        rulebook = assemble("v1", self.rules, settings, self.library, roles_of=RoleBook(config.roles).roles_of)
        copy = CopyBook(texts={**builtin_copy(), **self.texts}, fallback="en")
        commands = built_in(self.more)
        names = command_names(rulebook, ["keeper_bot"], commands)
        self.setup = Setup(rulebook=rulebook, copy=copy, config=config, commands=names)
        self.settler = Settler(lambda: self.setup, Commands(commands))

    def join(self, *members: Member, group: str = READING) -> None:
        """Members come in."""
        for member in members:
            self._count += 1
            self._settle(MemberJoined(id=f"join:{self._count}", group=Group(group), at=self.now, member=member))

    def post(
        self,
        author: Member,
        text: str,
        *,
        reply_to: Message | None = None,
        mentions: tuple[Mention, ...] = (),
        group: str = READING,
        private: bool = False,
        after: timedelta = timedelta(minutes=1),
    ) -> Message:
        """Somebody posts something; the message, to be replied to."""
        self.now += after
        self._count += 1
        place = Group(author.id, kind="private") if private else Group(group)
        message = Message(
            id=f"{place.id}/{self._count}",
            author=author,
            text=text,
            at=self.now,
            reply_to=reply_to.id if reply_to else None,
            reply_to_author=reply_to.author if reply_to else None,
            mentions=mentions,
        )
        self._settle(MessagePosted(id=f"telegram:{self._count}", group=place, at=self.now, message=message))
        return message

    def type(self, author: Member, text: str, **more: Any) -> list[Effect]:
        """Somebody types a command; what the bot does about it, texts rendered."""
        before = self._last_delivery()
        self.post(author, text, **more)
        return [delivery.effect for delivery in self._deliveries() if (delivery.id or 0) > before]

    def press(
        self, member: Member, data: str, *, group: str = STAFF, press: str | None = None, private: bool = False
    ) -> list[Effect]:
        """Somebody presses a button of the bot's; what the bot does about it."""
        before = self._last_delivery()
        self._count += 1
        place = Group(member.id, kind="private") if private else Group(group)
        self._settle(
            ButtonPressed(id=f"press:{self._count}", group=place, at=self.now, member=member, data=data, press=press)
        )
        return [delivery.effect for delivery in self._deliveries() if (delivery.id or 0) > before]

    def says(self, author: Member, text: str, **more: Any) -> str:
        """Somebody types a command; all the words of the bot's answers."""
        return words(self.type(author, text, **more))

    def member(self, member: Member, group: str = READING) -> MemberState:
        """What is remembered of a member."""
        return self.db.read_now(lambda conn: states.load_members(conn, [(group, member.id)]))[group, member.id]

    def state(self, group: str = READING) -> GroupState:
        """What is remembered of a group."""
        return self.db.read_now(lambda conn: states.load_groups(conn, [group]))[group]

    def acts(self, group: str = READING) -> list[tuple[str, str, str | None, str]]:
        """The audit log, latest first: who, what, whom, why."""
        rows = self.db.read_now(lambda conn: audit.history(conn, group))
        return [(row.actor, row.act, row.target, row.reason) for row in rows]

    def timers(self) -> list[tuple[str, str | None, datetime]]:
        """The timers that are set: name, subject, when."""
        found = self.db.read_now(lambda conn: timers.due(conn, self.now + timedelta(days=365)))
        return [(timer.name, timer.subject, timer.due) for timer in found]

    @staticmethod
    def words(effects: list[Effect]) -> str:
        """Every word in effects."""
        return words(effects)

    def settle(self, *events: MessagePosted) -> list[Effect]:
        """The platform tells of events at once; what the bot does about them."""
        before = self._last_delivery()
        self._settle(*events)
        return [delivery.effect for delivery in self._deliveries() if (delivery.id or 0) > before]

    def sent_as(self, message: str) -> None:
        """The latest delivery was sent, and is this message now."""
        last = max(self._deliveries(), key=lambda delivery: delivery.id or 0)
        self.db.write_now(lambda conn: outbox.mark_sent(conn, [(last.id or 0, message, self.now)]))

    def _settle(self, *events: MessagePosted | MemberJoined | ButtonPressed) -> None:
        parts = [part for event in events for part in expand(event, self.setup.commands)]
        self.db.write_now(lambda conn: inbox.put(conn, parts, self.now))
        while self.db.write_now(self._step):
            self.settler.committed()

    def _step(self, conn: Any) -> int:
        rows = inbox.waiting(conn, 100)
        if rows:
            self.settler.settle(conn, rows, self.now)
        return len(rows)

    def _deliveries(self) -> list[outbox.Delivery]:
        return self.db.read_now(lambda conn: outbox.waiting(conn, 0, 10_000)).found

    def _last_delivery(self) -> int:
        return max((delivery.id or 0 for delivery in self._deliveries()), default=0)


def words(effects: list[Effect]) -> str:
    """Every word in effects."""
    return "\n".join(effect.text.literal or "" for effect in effects if isinstance(effect, (SendText, SendPrivate)))


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which everybody is in the reading group and staff in their room, to be copied."""
    path = tmp_path_factory.mktemp("peopled") / "group.db"
    with Database.open(f"sqlite:///{path}") as database:
        database.upgrade()
        room = Room(database)
        room.join(OLGA, MO, MIA, BO, XIAOBO, ADMIN, SIS)
        room.join(OLGA, MO, MIA, SIS, group=STAFF)
    return path


@pytest.fixture
def room(peopled: Path, tmp_path: Path) -> Iterator[Room]:
    """The groups, with everybody in the reading group and staff in their room."""
    path = tmp_path / "group.db"
    shutil.copyfile(peopled, path)
    with Database.open(f"sqlite:///{path}") as database:
        yield Room(database, _count=100)
