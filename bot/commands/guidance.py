"""Help, and the group's rules."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.commands.base import Command, actor_name, answer, called, decided, purpose_of, refused, usage_of
from bot.commands.powers import powers
from rules.changes import ReadRules
from rules.copy import CopyBook
from rules.decision import Decision
from rules.events import CommandIssued
from rules.facts import Facts
from rules.folding import fold
from rules.posts import house_rules_text
from rules.rulebook import GroupBook, Rule
from rules.text import Param, Text, key, say
from rules.wording import group_name

if TYPE_CHECKING:
    from bot.desk import Desk

CHECKIN = "checkin"


class Help(Command):
    name = "help"
    aliases = ("帮助", "start", "h", "?", "？")
    about = "here"
    alone = True

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = commands

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        held = powers(issued, facts, desk.setup.config)
        wanted = fold(issued.args.strip()).lstrip("/／")
        text = self._about(wanted, held, desk) if wanted else self._list(held, facts, issued, desk)
        return decided(issued, facts, desk, (answer(issued, facts, text),))

    def _list(self, held: frozenset[str], facts: Facts, issued: CommandIssued, desk: "Desk") -> Text:
        copy = desk.setup.copy
        own = [command for command in self._commands.values() if command.in_menu and command.is_open_to(held)]
        is_alone = issued.origin is not None and issued.origin.group.kind == "private"
        lines = [_line(command, copy) for command in own if command.needs is None and (command.alone or not is_alone)]
        if not is_alone:
            lines += [
                key("commands.help.line", command=called(name, desk), text=custom_purpose(name, rule))
                for name, rule in custom_commands(desk.book, set(self._commands)).items()
            ]
        parts = [key("commands.help.list", group=group_name(issued, facts), commands=tuple(lines))]
        staff = tuple(_line(command, copy) for command in own if command.needs is not None)
        if staff:
            parts.append(key("commands.help.staff", commands=staff))
        parts.append(key("commands.help.more"))
        return say("{items}", items=tuple(parts))

    def _about(self, wanted: str, held: frozenset[str], desk: "Desk") -> Text:
        command = self._commands.get(desk.setup.commands.canonical.get(wanted, wanted))
        if command is None:
            rule = custom_commands(desk.book, set(self._commands)).get(wanted)
            if rule is not None:
                return key("commands.help.line", command=called(wanted, desk), text=custom_purpose(wanted, rule))
        if command is None or not command.is_open_to(held):
            raise refused("help.unknown", command=f"/{wanted[:32]}")
        return key(
            "commands.help.about",
            command=called(command.name, desk),
            text=purpose_of(command, desk.setup.copy),
            items=usage_of(command, desk.setup.copy),
            names=" ".join(f"/{name}" for name in (command.name, *command.aliases)),
        )


class Rules(Command):
    name = "rules"
    aliases = ("规则", "群规")
    alone = True

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        params: dict[str, Param] = {"name": actor_name(issued), "group": group_name(issued, facts)}
        text = house_rules_text(desk.setup.rulebook.library.house_rules, "full", params)
        return decided(issued, facts, desk, (answer(issued, facts, text),))


class Read(Command):
    name = "read"
    aliases = ("已读",)
    alone = True
    in_menu = False

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        thanks = key("commands.read.done", name=actor_name(issued), group=group_name(issued, facts))
        outcomes = (ReadRules(member=issued.actor.id), answer(issued, facts, thanks, brief=True))
        return decided(issued, facts, desk, outcomes)


def custom_commands(book: GroupBook, taken: set[str]) -> dict[str, Rule]:
    """The commands that rules of this group are started by, by name."""
    found: dict[str, Rule] = {}
    for rule in book.by_kind.get("command", ()):
        for name in sorted(rule.names - taken):
            found.setdefault(name, rule)
    return found


def _line(command: Command, copy: CopyBook) -> Text:
    return key("commands.help.line", command=usage_of(command, copy), text=purpose_of(command, copy))


def custom_purpose(name: str, rule: Rule) -> Text:
    """What a command does that a rule is started by."""
    if CHECKIN in (name, rule.id):
        return key("commands.checkin.help")
    return say("{text}", text=rule.name or rule.id)
