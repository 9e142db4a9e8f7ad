"""Every built-in command, in the order of /help."""

from collections.abc import Iterable

from bot.commands.appealing import Appeal
from bot.commands.base import Command
from bot.commands.confirming import Cancel, Confirm
from bot.commands.deciding import Keep, Undo
from bot.commands.figures import Stats, Top
from bot.commands.guidance import Help, Read, Rules
from bot.commands.identity import Ids
from bot.commands.letting_in import LetIn, TurnAway
from bot.commands.moderation import Ban, Delete, ForgiveMember, Kick, Mute, Unban, Unmute, Warn
from bot.commands.own_data import Export, Forget
from bot.commands.posting import Announce, Challenge, DigestNow
from bot.commands.profile import Intro, Me, Warnings
from bot.commands.reviewing import Approve, Reject
from bot.commands.switching import Reload, RuleSwitch
from bot.commands.teaching import Ham, Learned, NoAd, Spam, Unlearn
from bot.commands.why import Why


def built_in(more: Iterable[Command] = ()) -> dict[str, Command]:
    """The commands by name, with ``more`` from extensions; a built-in name is not given away."""
    commands: dict[str, Command] = {}
    order: tuple[Command, ...] = (
        *(Help(commands), Rules(), Read(), Me(), Intro(), Top(), Challenge()),
        *(Why(), Appeal(), Warnings(), Export(), Forget(), Confirm(commands), Cancel()),
        *(Warn(), ForgiveMember(), Mute(), Unmute(), Delete(), Kick(), Ban(), Unban(), Approve(), Reject()),
        *(LetIn(), TurnAway()),
        *(Undo(), Keep(), NoAd(), Spam(), Ham(), Learned(), Unlearn()),
        *(Stats(), DigestNow(), Announce(), RuleSwitch(), Reload(), Ids()),
    )
    commands.update((command.name, command) for command in order)
    for command in more:
        commands.setdefault(command.name, command)
    return commands
