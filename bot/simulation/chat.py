"""``groupkeeper chat CONFIG``: one person plays every role, in a group that is kept by their own rules."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from adapters.simulated import Entry
from bot.clock import SystemClock
from bot.configuration import load_setup
from bot.secrets import Forgiving
from bot.setup import Setup
from bot.simulation.findings import look, print_findings
from bot.simulation.labels import LANGUAGES, Labels, language_of
from bot.simulation.logs import no_logs
from bot.simulation.orders import parse_order
from bot.simulation.playing import NotThere, Playing
from bot.simulation.reasons import Why, explained
from bot.simulation.stage import Stage
from bot.simulation.transcript import Transcript
from bot.simulation.wrapping import pack
from bot.speech import speech_for
from rules.errors import ConfigError
from rules.facts import GroupSettings
from rules.language.saying import said

BLINK = timedelta(seconds=1)
"""What passes with every line."""

Read = Callable[[str], str]
"""Asks for a line with a prompt; raises ``EOFError`` at the end."""


def run_chat(
    config: Path, *, read: Read | None = None, console: Console | None = None, start: datetime | None = None
) -> int:
    """Let a person talk until they leave. 0, or 1 where the configuration has faults (they are printed)."""
    console = console or Console(highlight=False)
    try:
        setup = load_setup(config, Forgiving(os.environ))
    except ConfigError as error:
        language = speech_for(config).language
        for complaint in error.complaints:
            console.print(Text(str(said(complaint, language))), soft_wrap=True)
        return 1
    if not setup.rulebook.groups:
        console.print(Text(f"{config}: there is no group to talk in; write one under groups:"), soft_wrap=True)
        return 1
    with TemporaryDirectory(prefix="groupkeeper-chat-") as folder, no_logs():
        chat = Chat(setup, Path(folder) / "chat.db", console, start or SystemClock().now())
        asyncio.run(chat.talk(read or _read_line))
    return 0


class Chat:
    """A talk: lines are read, what they lead to is shown."""

    def __init__(self, setup: Setup, database: Path, console: Console, start: datetime) -> None:
        self.stage = Stage(setup, f"sqlite:///{database}", start)
        self._labels = Labels(_language(setup))
        self._console = console
        self._transcript = Transcript([console], self._labels, self._reason, self._settings, numbered=True)
        self.playing = Playing(self.stage, self._labels, self._transcript.numbers, self._tell)
        self._shown = dict.fromkeys(self.stage.platforms, 0)
        self._reasons: dict[str, Why] = {}

    async def talk(self, read: Read) -> None:
        """Read lines and carry them out until the end."""
        self._welcome()
        async with self.stage:
            while True:
                self._transcript.main = self.playing.chat
                try:
                    # Nothing else is to be done meanwhile: time stands still until somebody types.
                    line = read(self.playing.prompt())
                except (EOFError, KeyboardInterrupt):
                    break
                if not line.strip():
                    continue
                if not await self._carry_out(line):
                    break

    async def _carry_out(self, line: str) -> bool:
        order = parse_order(line)
        if order.name == "quit":
            return False
        if order.name == "help":
            self._tell(self._labels("chat_help"))
            return True
        await self.stage.advance_to(self.stage.clock.now() + BLINK)
        if order.name == "state":
            await self._state()
        elif order.name == "restart":
            await self._restart()
        else:
            try:
                await self.playing.obey(order)
            except NotThere as error:
                self._tell(str(error))
            await self.stage.settle()
        await self._show()
        return True

    def _welcome(self) -> None:
        config = self.stage.setup.config
        roles = [f"{name}: {', '.join(role.members)}" for name, role in config.roles.items() if role.members]
        self._console.print(Text(self._labels("chat_welcome"), style="bold"))
        hint = self._labels("chat_hint", groups=self.playing.groups(), roles="; ".join(roles) or "-")
        for line in pack(hint, self._console.width):
            self._tell(line)

    async def _state(self) -> None:
        chat = self.playing.chat
        found = await self.stage.app.database.read(lambda conn: look(conn, chat))
        print_findings(found, self.playing.settings, self.stage.clock.now(), self._labels, self._console)

    async def _restart(self) -> None:
        await self.stage.stop()
        self._transcript.note(f"■ {self._labels('stopped')}")
        await self.stage.start()
        self._transcript.note(f"▶ {self._labels('started')}")

    async def _show(self) -> None:
        for name, platform in self.stage.platforms.items():
            entries = platform.transcript[self._shown[name] :]
            self._shown[name] += len(entries)
            for entry in entries:
                message = entry.message
                if message is not None and message in self.stage.reasons and message not in self._reasons:
                    self._reasons[message] = await explained(self.stage, entry.group, message)
            self._transcript.show(entries, platform)
        self._transcript.close()
        names = {rule.id: rule.name or rule.id for rule in self.stage.setup.rulebook.rules}
        for rule in dict.fromkeys(self.stage.shadowed):
            self._tell(self._labels("shadow", rule=names.get(rule, rule)))
        self.stage.shadowed.clear()

    def _reason(self, deleted: Entry) -> Why:
        return self._reasons.get(deleted.message or "", ("", ""))

    def _settings(self, group: str) -> GroupSettings:
        book = self.stage.setup.rulebook.group(group)
        return book.settings if book is not None else self.playing.settings

    def _tell(self, text: str) -> None:
        self._console.print(Text(text, style="dim"))


def _language(setup: Setup) -> str:
    try:
        return language_of(setup.config.defaults.language)
    except ValueError:
        return LANGUAGES[0]


def _read_line(prompt: str) -> str:
    if sys.stdin.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - lines can then be edited and called back
        return input(prompt)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")
