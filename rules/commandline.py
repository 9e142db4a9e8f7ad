"""Telling a slash command from other text: ``/mute @bo 30m`` and ``／禁言 小波 30分钟`` alike, also ``@bot /rules``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from rules.events import ButtonPressed, CommandIssued, Event, MessagePosted
from rules.values import Message

_COMMAND = re.compile(r"\s*(?:@\S+\s+)?[/／]([^\s/／@]{1,32})(?:@(\S+))?(?:\s+(.*))?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CommandNames:
    """The names that are commands here: ``canonical`` gives, for each name and alias, the name it stands for.

    ``bots`` are the user names our bots answer to; a command addressed to another bot (``/help@other``) is not ours.
    """

    canonical: Mapping[str, str]
    bots: frozenset[str] = frozenset()

    def parse(self, text: str) -> tuple[str, str, str] | None:
        """Name, name as typed, and arguments, where the text is one of our commands."""
        if not text or ("/" not in text and "／" not in text):
            return None
        match = _COMMAND.fullmatch(text)
        if match is None:
            return None
        typed, bot, args = match.group(1), match.group(2), (match.group(3) or "").strip()
        if bot is not None and self.bots and bot.casefold() not in self.bots:
            return None
        name = self.canonical.get(typed.casefold())
        return (name, typed, args) if name else None


def expand(event: Event, names: CommandNames) -> tuple[Event, ...]:
    """An event, and the command that it asks for, if it does: typed, or behind a button such as staff are shown.

    A press is answered once: by the command, where there is one.
    """
    press = None
    if isinstance(event, MessagePosted) and event.message.forward is None:
        actor, message = event.message.author, event.message
    elif isinstance(event, ButtonPressed) and event.data.startswith("/"):
        actor, press = event.member, event.press
        message = Message(id=event.message or event.id, author=actor, text=event.data, at=event.at)
    else:
        return (event,)
    parsed = names.parse(message.text)
    if parsed is None:
        return (event,)
    name, typed, args = parsed
    command = CommandIssued(
        id=f"{event.id}/command",
        group=event.group,
        at=event.at,
        name=name,
        typed=typed,
        args=args,
        actor=actor,
        message=message,
        press=press,
    )
    if isinstance(event, MessagePosted):
        event = replace(event, message=replace(event.message, command=name))
    elif isinstance(event, ButtonPressed):
        event = replace(event, press=None)
    return (event, command)
