"""In which group a command is carried out that was given in the staff room, or to the bot alone."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.commands.arguments import first_word
from bot.commands.base import Command, called, refused
from bot.commands.powers import powers
from rules.changes import Relay
from rules.events import CommandIssued, Origin
from rules.facts import Facts, GroupSettings
from rules.folding import fold
from rules.values import Group

if TYPE_CHECKING:
    from bot.desk import Desk


def in_staff_room(issued: CommandIssued, facts: Facts) -> bool:
    """Whether a command was given in the staff room, and not yet passed on."""
    return issued.origin is None and issued.group.id == facts.settings.staff_chat


def relay(command: Command, issued: CommandIssued, facts: Facts, desk: "Desk") -> Relay | None:
    """Where a command of the staff room belongs; None: right there. Raises ``Refused`` where that must be asked."""
    if command.about == "here":
        return None
    found = command.place(issued, desk)
    if found is None:
        group, args = named_group(issued.args, desk.groups)
        if group is None and command.about == "member":
            group = _where_known(args, desk)
        if group is None and len(desk.groups) == 1:
            group = desk.groups[0]
        if group is None:
            names = " / ".join(_word_for(settings, desk.groups) for settings in desk.groups)
            raise refused("which_group", command=called(issued.name, desk), names=names)
        found = (group.chat, args)
    chat, args = found
    return Relay(
        group=chat,
        command=issued.name,
        args=args,
        can=tuple(sorted(powers(issued, facts, desk.setup.config))),
        role=desk.state_in(chat, issued.actor.id).role,
    )


def relayed(issued: CommandIssued, relay: Relay) -> CommandIssued:
    """The command as it comes to the group that it is about: once, however often it is passed on.

    What it replied to stays behind: that message is not in the group.
    """
    return replace(
        issued,
        id=f"{issued.id}/in/{relay.group}",
        group=Group(relay.group),
        name=relay.command,
        args=relay.args,
        actor=replace(issued.actor, role=relay.role),
        message=replace(issued.message, reply_to=None, reply_to_author=None),
        origin=Origin(issued.group, relay.can),
    )


def named_group(args: str, groups: tuple[GroupSettings, ...]) -> tuple[GroupSettings | None, str]:
    """The group that arguments end with (``... reading-tg`` or ``... in reading-tg``), and what stands before."""
    before, _, last = args.rstrip().rpartition(" ")
    for settings in groups:
        if fold(last) in (fold(settings.key), fold(settings.name), settings.chat) and last:
            rest = before.rstrip()
            return settings, rest.removesuffix(" in") if rest != "in" else ""
    return None, args


def _word_for(settings: GroupSettings, groups: tuple[GroupSettings, ...]) -> str:
    """What a group is called at the end of a command: one word, that of no other."""
    is_clear = len(settings.name.split()) == 1 and sum(fold(one.name) == fold(settings.name) for one in groups) == 1
    return settings.name if is_clear else settings.key


def _where_known(args: str, desk: "Desk") -> GroupSettings | None:
    """The one group in which the member is known that arguments begin with."""
    word = first_word(args)
    if not word:
        return None
    known = []
    for settings in desk.groups:
        platform = settings.chat.partition(":")[0]
        id_ = f"{platform}:{word}" if word.isdecimal() else word
        if desk.knows(settings.chat, id_) is not None:
            known.append(settings)
    return known[0] if len(known) == 1 else None
