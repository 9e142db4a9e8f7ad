"""Slash commands: one class each, dispatched by ``Commands``; ``command_names`` is how a message is told for one."""

from bot.commands.base import Command
from bot.commands.dispatcher import Commands
from bot.commands.naming import command_names
from bot.commands.places import relayed
from bot.commands.reference import commands_markdown
from bot.commands.table import built_in

__all__ = ["Command", "Commands", "built_in", "command_names", "commands_markdown", "relayed"]
