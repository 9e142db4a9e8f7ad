"""The platforms' menus of commands: what can be typed, said in each language, where a platform shows such a menu."""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from adapters.protocol import Adapter, OfferedCommand, OffersCommands
from bot.commands.base import Command, purpose_of
from bot.commands.guidance import custom_commands, custom_purpose
from bot.commands.table import built_in
from bot.setup import Setup
from rules.text import Text

LANGUAGES = ("en", "zh-CN")
"""The languages that descriptions are given in, beside that of the groups."""
AGAIN = 600.0
"""Seconds after which a menu that could not be offered is offered again."""
LONGEST = 256

log = structlog.get_logger("groupkeeper.menu")


class Menu:
    """Offers the commands beside the running bot: at its start, and when the configuration is read anew."""

    def __init__(self, setup: Callable[[], Setup], adapters: Mapping[str, Adapter]) -> None:
        self._setup = setup
        self._adapters = {name: adapter for name, adapter in adapters.items() if isinstance(adapter, OffersCommands)}
        self._wake = asyncio.Event()
        self._wake.set()

    def look(self) -> None:
        """Offer what there is now, soon."""
        self._wake.set()

    async def run(self) -> None:
        """Offer whenever there is reason to, until cancelled; what fails is tried again later."""
        while self._adapters:
            await self._wake.wait()
            self._wake.clear()
            if not await self.offer():
                asyncio.get_running_loop().call_later(AGAIN, self._wake.set)

    async def offer(self) -> bool:
        """Offer the commands to every platform that has a menu; whether all of them took it."""
        commands = offered(self._setup())
        well = True
        for name, adapter in self._adapters.items():
            try:
                await adapter.offer(commands)
            except Exception as error:  # noqa: BLE001 - a menu is a help to those who type, and nothing more
                well = False
                log.warning("menu_not_offered", adapter=name, error=f"{type(error).__name__}: {error}", again=AGAIN)
        return well


def offered(setup: Setup, commands: Mapping[str, Command] | None = None) -> list[OfferedCommand]:
    """The commands of a setup by their English names, members' first, with those that rules are started by."""
    known = commands if commands is not None else built_in()
    own = setup.copy.fallback
    languages = tuple(dict.fromkeys((own, *LANGUAGES)))

    def described(text: Text) -> dict[str, str]:
        return {language: setup.copy.render(text, language)[:LONGEST] for language in languages}

    listed = [command for command in known.values() if command.in_menu]
    found = [
        OfferedCommand(command.name, described(purpose_of(command, setup.copy)), alone=command.alone)
        for command in listed
        if command.needs is None
    ]
    custom: dict[str, Text] = {}
    for book in setup.rulebook.groups.values():
        for name, rule in custom_commands(book, set(known)).items():
            custom.setdefault(name, custom_purpose(name, rule))
    found += [OfferedCommand(name, described(text)) for name, text in custom.items()]
    return found + [
        OfferedCommand(command.name, described(purpose_of(command, setup.copy)), staff=True)
        for command in listed
        if command.needs is not None
    ]
