"""A command is no talk: it is in the log as what it is, and in no figure of messages."""

from datetime import UTC, datetime
from pathlib import Path

from bot.app import App
from bot.clock import VirtualClock
from bot.setup import Setup
from rules.actions import Delete
from rules.commandline import CommandNames
from rules.conditions.text import TextHasAny
from rules.config import Config
from rules.copy import CopyBook
from rules.events import MessageEdited, MessagePosted
from rules.facts import GroupSettings
from rules.rulebook import Rule, assemble
from rules.values import Group, Member, Message
from storage import states
from storage.database import Database
from storage.digest import digest

CHAT = "sim:1"
NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
SINCE, UNTIL = NOW.replace(hour=0), NOW.replace(hour=23)


async def test_a_typed_command_does_not_count_as_a_message(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'a.db'}") as database:
        app = _app(database)
        await app.intake.accept([_posted(1, "/help"), _posted(2, "hello")])
        await app.settle_all()
        figures = database.read_now(lambda conn: digest(conn, CHAT, SINCE, UNTIL))
        ann = database.read_now(lambda conn: states.load_members(conn, [(CHAT, "sim:ann")]))[CHAT, "sim:ann"]
    assert (figures.messages, ann.messages) == (1, 1)


async def test_a_message_that_is_edited_into_an_advert_counts_as_removed(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'a.db'}") as database:
        app = _app(database)
        await app.intake.accept([_posted(1, "hello")])
        edited = _posted(1, "buy now").message
        await app.intake.accept([MessageEdited(id="sim:e1", group=Group(CHAT), at=NOW, message=edited)])
        await app.settle_all()
        figures = database.read_now(lambda conn: digest(conn, CHAT, SINCE, UNTIL))
    assert (figures.messages, figures.removed_messages) == (0, 1)


def _app(database: Database) -> App:
    database.upgrade()
    rule = Rule(
        id="ads",
        name="",
        kinds=frozenset({"message", "edit"}),
        condition=TextHasAny(of=("buy now",)),
        actions=(Delete(),),
        groups=frozenset({"g"}),
    )
    rulebook = assemble("1", [rule], [GroupSettings(key="g", chat=CHAT, platform="sim")])
    setup = Setup(rulebook, CopyBook(), Config(), CommandNames({"help": "help"}))
    return App(setup, database, {}, VirtualClock(NOW))


def _posted(number: int, text: str) -> MessagePosted:
    message = Message(id=f"{CHAT}/{number}", author=Member(id="sim:ann", name="Ann"), text=text)
    return MessagePosted(id=f"sim:{number}", group=Group(CHAT), at=NOW, message=message)
