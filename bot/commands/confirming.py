"""Confirming what does much at once, or withdrawing it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.commands.base import Command, Confirmable, answer, called, decided, refused
from bot.commands.powers import allowed, powers
from rules.changes import DropConfirmation
from rules.decision import Decision
from rules.events import CommandIssued
from rules.facts import Facts
from rules.folding import fold
from rules.text import key, say

if TYPE_CHECKING:
    from bot.desk import Desk


class Confirm(Command):
    name = "confirm"
    aliases = ("确认",)
    alone = True
    in_menu = False

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = commands

    def place(self, issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
        return waiting_place(issued, desk)

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        code = _code(issued)
        if not code:
            raise refused("usage", command=called("confirm", desk), text=key("commands.confirm.usage"))
        asked = next((one for one in facts.group.confirmations if one.code == code), None)
        if asked is None:
            raise refused("confirm.unknown", value=code)
        if asked.actor != issued.actor.id:
            raise refused("confirm.not_yours", value=code)
        if asked.until <= facts.now:
            raise refused("confirm.expired", command=called(asked.command, desk))
        command = self._commands.get(asked.command)
        if not isinstance(command, Confirmable):
            raise refused("confirm.unknown", value=code)
        if not allowed(command.needs, powers(issued, facts, desk.setup.config)):
            raise refused("not_allowed", command=called(asked.command, desk))
        bare = replace(issued.message, reply_to=None, reply_to_author=None, mentions=())
        wanted = replace(issued, name=asked.command, args=asked.args, message=bare)
        carried_out = command.carry_out(wanted, facts, desk)
        carried_out.changes = (DropConfirmation(code), *carried_out.changes)
        return carried_out


class Cancel(Command):
    name = "cancel"
    aliases = ("取消",)
    alone = True
    in_menu = False

    def place(self, issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
        return waiting_place(issued, desk)

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        mine = [one for one in facts.group.confirmations if one.actor == issued.actor.id and one.until > facts.now]
        if not mine:
            raise refused("cancel.nothing")
        dropped = [DropConfirmation(one.code) for one in mine]
        names = say(
            " ".join(f"{{{one.code}}}" for one in mine), **{one.code: called(one.command, desk) for one in mine}
        )
        return decided(
            issued, facts, desk, (*dropped, answer(issued, facts, key("commands.cancel.done", command=names)))
        )


def waiting_place(issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
    """The group in which something waits for the issuer's confirmation."""
    code = _code(issued)
    for settings in desk.groups:
        for one in desk.group_state(settings.chat).confirmations:
            if one.actor == issued.actor.id and code in ("", one.code):
                return settings.chat, code
    return desk.group, code


def _code(issued: CommandIssued) -> str:
    return fold(issued.args.strip())
