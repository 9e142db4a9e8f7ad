"""Every built-in command, in the order of /help."""

from bot.commands.base import Command
from bot.commands.confirming import Cancel, Confirm
from bot.commands.guidance import Help, Rules
from bot.commands.moderation import Ban, Delete, ForgiveMember, Kick, Mute, Unban, Unmute, Warn
from bot.commands.profile import Me
from bot.commands.why import Why


def built_in() -> dict[str, Command]:
    """The commands by name."""
    commands: dict[str, Command] = {}
    order: tuple[Command, ...] = (
        Help(commands),
        Rules(),
        Me(),
        Why(),
        Confirm(commands),
        Cancel(),
        Warn(),
        ForgiveMember(),
        Mute(),
        Unmute(),
        Delete(),
        Kick(),
        Ban(),
        Unban(),
    )
    commands.update((command.name, command) for command in order)
    return commands
