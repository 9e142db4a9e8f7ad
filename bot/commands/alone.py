"""Commands that a member gives to the bot alone: passed on to the group they are about.

Whoever was muted or removed cannot write in the group any more, and must still be able to ask why and to object.
"""

from sqlalchemy import Connection

from bot.commands.places import named_group, relayed
from bot.commands.table import built_in
from bot.setup import Setup
from rules.changes import Relay
from rules.events import CommandIssued
from rules.facts import GroupSettings
from storage import lookups, states

_ALONE = frozenset(name for name, command in built_in().items() if command.alone)


def passed_on(issued: CommandIssued, conn: Connection, setup: Setup) -> CommandIssued | None:
    """The command as it comes to its group; None where it cannot be given alone, or the member is in no group.

    Its group is the one named at its end, else the one that the member was silenced in or removed from, else the
    one they were last seen in.
    """
    if issued.group.kind != "private" or issued.origin is not None or issued.name not in _ALONE:
        return None
    theirs = _groups_of(issued.actor.id, conn, setup)
    if not theirs:
        return None
    named, args = named_group(issued.args, theirs)
    chats = [settings.chat for settings in theirs]
    known = states.load_members(conn, [(chat, issued.actor.id) for chat in chats])
    chat = named.chat if named is not None else ""
    for candidate in chats:
        state = known[candidate, issued.actor.id]
        silenced = state.muted_until is not None and state.muted_until > issued.at
        if not chat and (state.banned or silenced):
            chat = candidate
    chat = chat or chats[0]
    role = known[chat, issued.actor.id].role
    return relayed(issued, Relay(group=chat, command=issued.name, args=args if named else issued.args, role=role))


def _groups_of(member: str, conn: Connection, setup: Setup) -> tuple[GroupSettings, ...]:
    """The configured groups, but the staff room, in which a member is or was."""
    books = (setup.rulebook.group(chat) for chat in lookups.groups_of(conn, member))
    return tuple(book.settings for book in books if book is not None and book.settings.chat != book.settings.staff_chat)
