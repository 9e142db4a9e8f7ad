"""The names that are commands here: the built-in ones, their aliases, and those that rules are started by."""

from collections.abc import Iterable, Mapping

from bot.commands.base import Command
from bot.commands.guidance import CHECKIN
from bot.commands.identity import NAME as IDS
from bot.commands.table import built_in
from rules.commandline import CommandNames
from rules.rulebook import Rulebook

CHECKIN_ALIASES = ("打卡", "签到")
SHORTEST = 2
"""Characters of a name that is a command without a slash too, alone with a bot that is like a person."""


def command_names(
    rulebook: Rulebook, bots: Iterable[str] = (), commands: Mapping[str, Command] | None = None
) -> CommandNames:
    """All names by what they stand for. ``bots`` are the user names that our bots answer to.

    What the operator named in a rule goes before an alias of ours, and our commands before both.
    """
    canonical: dict[str, str] = {}
    known = commands if commands is not None else built_in()
    for command in known.values():
        canonical.update((alias.casefold(), command.name) for alias in command.aliases)
    custom = {name for rule in rulebook.rules if "command" in rule.kinds for name in rule.names}
    if CHECKIN in custom:
        canonical.update((alias, CHECKIN) for alias in CHECKIN_ALIASES)
    canonical.update((name.casefold(), name) for name in custom)
    canonical.update((name, name) for name in known)
    people = frozenset(book.settings.platform for book in rulebook.groups.values() if book.settings.human)
    may_alone = {command.name for command in known.values() if command.alone or command.name == IDS}
    alone = frozenset(word for word, name in canonical.items() if name in may_alone and len(word) >= SHORTEST)
    return CommandNames(canonical, frozenset(bot.casefold().removeprefix("@") for bot in bots), people, alone)
