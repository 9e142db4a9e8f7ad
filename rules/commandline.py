"""Telling a slash command from other text: ``/mute @bo 30m`` and ``／禁言 小波 30分钟`` alike, also ``@bot /rules``.

Who speaks to the bot by its name (``@bot 规则``), or to it alone where it is an account like a person's (``规则``),
need not write the slash.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from rules.events import ButtonPressed, CommandIssued, Event, MessagePosted
from rules.values import Message

_OPENS = "@＠ \t\n\u2005\u3000\xa0"
"""What a text begins with that may speak to somebody by name."""
# A name in a mention ends in a space; where it may have spaces of its own (WeChat), in one of another kind.
_COMMAND = re.compile(
    r"\s*(?:[@＠](?:\S+\s+|[^\u2005\n]{1,64}\u2005\s*))?[/／]([^\s/／@＠]{1,32})(?:[@＠](\S+))?(?:\s+(.*))?\s*",
    re.DOTALL,
)
_LONGEST = 32
"""Characters of a command's name."""

Parsed = tuple[str, str, str]
"""A command's name, its name as typed, and its arguments."""


@dataclass(frozen=True, slots=True)
class CommandNames:
    """The names that are commands here: ``canonical`` gives, for each name and alias, the name it stands for.

    ``bots`` are the user names our bots answer to; a command addressed to another bot (``/help@other``) is not ours.
    ``people`` are the platforms on which the bot is an account like a person's, and ``alone`` the names that may be
    written to it alone there without a slash.
    """

    canonical: Mapping[str, str]
    bots: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()

    def parse(self, text: str) -> Parsed | None:
        """Name, name as typed, and arguments, where the text is one of our commands."""
        if not text:
            return None
        if "/" in text or "／" in text:
            match = _COMMAND.fullmatch(text)
            if match is not None:
                typed, bot, args = match.group(1), match.group(2), (match.group(3) or "").strip()
                if bot is not None and self.bots and bot.casefold() not in self.bots:
                    return None
                return self._named(typed, args)
        if text[0] in _OPENS:
            return self._addressed(text.strip())
        return None

    def parse_alone(self, text: str) -> Parsed | None:
        """The same of what is written to the bot alone where it is like a person: a name by itself will do."""
        typed = text.strip()
        if typed.casefold() in self.alone:
            return self._named(typed, "")
        return self.parse(text)

    def _addressed(self, text: str) -> Parsed | None:
        """The command that follows the name of one of our bots."""
        if not text.startswith(("@", "＠")):
            return None
        for bot in self.bots:
            end = 1 + len(bot)
            if text[1:end].casefold() == bot and text[end : end + 1].isspace():
                words = text[end:].lstrip()
                typed, *args = words.removeprefix("/").removeprefix("／").split(None, 1)[:2] or [""]
                parsed = self._named(typed, args[0].strip() if args else "")
                if parsed is not None:
                    return parsed
        return None

    def _named(self, typed: str, args: str) -> Parsed | None:
        name = self.canonical.get(typed.casefold()) if len(typed) <= _LONGEST else None
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
    alone = event.group.kind == "private" and event.group.id.partition(":")[0] in names.people
    parsed = names.parse_alone(message.text) if alone else names.parse(message.text)
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
