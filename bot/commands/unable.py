"""Saying that a platform does not let the bot do what staff ask for, and what they can do there instead."""

from typing import TYPE_CHECKING

from bot.commands.base import Refused, called, refused
from bot.commands.powers import may
from rules.capability import Capability
from rules.events import CommandIssued
from rules.facts import Facts
from rules.text import Text, key, say
from rules.wording import listed

if TYPE_CHECKING:
    from bot.desk import Desk

_ACTS = {
    "warn": Capability.SEND,
    "delete": Capability.DELETE,
    "mute": Capability.MUTE,
    "kick": Capability.KICK,
    "ban": Capability.BAN,
}
"""Commands that may do instead of one another, the mildest first, and what each asks of a platform."""


def unable(command: str, issued: CommandIssued, facts: Facts, desk: "Desk") -> Refused:
    """The refusal of a command that the group's platform cannot carry out, with those that the issuer may use there."""
    words = {"command": called(command, desk), "platform": platform_text(facts, desk)}
    others = [name for name, needed in _ACTS.items() if name != command and facts.can(needed)]
    usable = [called(name, desk) for name in others if may(issued, facts, desk, name)]
    if command not in _ACTS or not usable:
        return refused("cannot_here", **words)
    parts = {f"n{index}": text for index, text in enumerate(usable)}
    instead = say(listed([f"{{{name}}}" for name in parts], facts), **parts)
    return refused("cannot_here_but", **words, commands=instead)


def platform_text(facts: Facts, desk: "Desk") -> Text:
    """What people call the group's platform, in its language."""
    title = facts.settings.title or "this platform"
    name = f"platforms.{title.replace(' ', '_')}"
    return key(name) if name in desk.setup.copy else say("{text}", text=title)
