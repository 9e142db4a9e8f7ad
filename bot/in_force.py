"""The setup that is in force: replaced by a reload, and adapted where a platform gave a group another id."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

import structlog

from adapters.protocol import Adapter, HasUserNames
from bot.moves import followed, under_both
from bot.setup import Setup
from rules.errors import Complaint, ConfigError, GroupkeeperError, Place
from storage.database import Database
from storage.migrate import migrate
from storage.renaming import present_ids

log = structlog.get_logger("groupkeeper.app")


class InForce:
    """Holds the setup. ``swapped`` is awaited whenever another one took its place.

    ``load`` reads the configuration anew; None where it cannot be.
    """

    def __init__(
        self,
        setup: Setup,
        database: Database,
        adapters: Iterable[Adapter],
        load: Callable[[], Setup] | None,
        swapped: Callable[[], Awaitable[None]],
    ) -> None:
        self.setup = setup
        self._database = database
        self.load = load
        self._swapped = swapped
        self.called = [adapter for adapter in adapters if isinstance(adapter, HasUserNames)]
        self._swapping = asyncio.Lock()  # held while another setup is made, by a reload or because a group moved

    @property
    def reloadable(self) -> bool:
        """Whether there is something to read anew."""
        return self.load is not None

    def named(self) -> Setup:
        """The setup with the user names that our bots answer to, as far as their platforms have told them."""
        names = {name for adapter in self.called for name in adapter.usernames}
        setup = self.setup  # asked by the writer's thread, too: what a reload puts there is not to be touched
        known = setup.commands
        return setup if names <= known.bots else replace(setup, commands=replace(known, bots=known.bots | names))

    async def follow(self) -> None:
        """Know groups by their present ids, where they moved while nobody ran."""
        self.setup = await self._followed(self.setup)

    async def reload(self) -> Setup:
        """Read the configuration anew and take it over whole. Raises ``ConfigError``: then the old one stays."""
        if self.load is None:
            raise ConfigError([Complaint(Place("configuration"), "there is no file to read anew")])
        try:
            setup = await asyncio.to_thread(self.load)
        except ConfigError:
            raise
        except Exception as error:  # whatever is wrong with the file, the bot goes on by the old one
            told = str(error) if isinstance(error, GroupkeeperError) else f"{type(error).__name__}: {error}"
            raise ConfigError([Complaint(Place("configuration"), told)]) from error
        async with self._swapping:
            await self._swap(await self._followed(setup))
        return setup

    async def move(self, old: str, new: str) -> None:
        """Let all that is known of a group follow to its new id, and know it by that from now on."""
        async with self._swapping:
            before = self.setup
            self.setup = under_both(before, old, new)  # what is settled meanwhile is of the one id or of the other
            try:
                await self._database.write(lambda conn: migrate(conn, old, new))
                await self._swap(await self._followed(before))
            except BaseException:
                self.setup = before
                raise

    async def _swap(self, setup: Setup) -> None:
        self.setup = setup
        await self._swapped()

    async def _followed(self, setup: Setup) -> Setup:
        """The setup with the present ids of groups that moved after it was written."""
        chats = list(setup.rulebook.groups)
        moves = await self._database.read(lambda conn: present_ids(conn, chats))
        for old, new in moves.items():
            log.warning("group_moved", group=old, now=new, advice="write the new id under groups: in the configuration")
        return followed(setup, moves)
