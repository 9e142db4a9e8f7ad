"""What a slash command is, and how it answers."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from bot.commands.powers import allowed
from bot.pressing import place_of
from rules.copy import CopyBook
from rules.decision import FIRED, Decision, RuleTrace, Trace
from rules.effects import AnswerButton, Effect, SendPrivate, SendText
from rules.events import CommandIssued
from rules.facts import Facts
from rules.step import Outcome, Remark
from rules.text import Param, Text, key, say
from rules.wording import plain_name

if TYPE_CHECKING:
    from bot.desk import Desk

ANSWER_STANDS = timedelta(minutes=5)
"""How long an answer to a command stands in a group before it deletes itself."""


class Command:
    """One slash command. Its texts are ``commands.<name>.usage`` and ``commands.<name>.help`` of the copy library;
    one of an extension that brings no such texts is shown with its class's docstring.

    ``aliases`` are further names, short and Chinese. ``needs`` is what one must be allowed to do (a ``can`` word of
    the file); None is for everybody. ``about`` says what happens to it in the staff room or alone with the bot:

    - ``here``: it is carried out right where it was given
    - ``group``: it is about a whole group, which is worked out or asked for
    - ``member``: it is about a member, and so about a group in which they are known
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[str | None] = None
    or_needs: ClassVar[tuple[str, ...]] = ()
    """Other ``can`` words that will do as well."""
    about: ClassVar[str] = "group"
    alone: ClassVar[bool] = False
    """Whether a member may give it to the bot alone, about the group they are in."""
    in_menu: ClassVar[bool] = True
    """Whether a platform's menu lists it: not what only answers a question of the bot's."""

    @classmethod
    def is_open_to(cls, held: frozenset[str]) -> bool:
        """Whether somebody who may do ``held`` may give it."""
        return allowed(cls.needs, held) or any(word in held for word in cls.or_needs)

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        """What to do. Raises ``Refused`` with what to tell the issuer instead. Reads the desk, writes nothing."""
        raise NotImplementedError

    def place(self, issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
        """The group in which it belongs when given in the staff room, and its arguments there, if it knows better."""
        return None


def called(name: str, desk: "Desk") -> Text:
    """What a command is called in the group's language: ``/禁言`` for ``mute``; one of an extension by its name."""
    spoken = f"commands.{name}.name"
    return key(spoken) if spoken in desk.setup.copy else say("{text}", text=f"/{name}")


def how_to_appeal(facts: Facts) -> Text:
    """Whom to turn to: by command, where there is a staff room that it would reach."""
    return key("commands.appeal.how" if facts.settings.staff_chat is not None else "appeal.how")


def usage_of(command: Command, copy: CopyBook) -> Text:
    """How to write a command."""
    name = f"commands.{command.name}.usage"
    return key(name) if name in copy else say("{command}", command=f"/{command.name}")


def purpose_of(command: Command, copy: CopyBook) -> Text:
    """What a command does."""
    name = f"commands.{command.name}.help"
    return key(name) if name in copy else say("{text}", text=(command.__doc__ or "").partition("\n")[0])


class Confirmable(Command):
    """A command that can do much at once: it asks for a confirmation then, and is carried out after."""

    def carry_out(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        """What ``decide`` does once nothing is left to be confirmed."""
        raise NotImplementedError


class Refused(Exception):
    """A command cannot be carried out; ``text`` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.key or text.literal)
        self.text = text


def refused(name: str, /, **params: Param) -> Refused:
    """The refusal ``commands.<name>``."""
    return Refused(key(f"commands.{name}", **params))


def answer(
    issued: CommandIssued,
    facts: Facts,
    text: Text,
    *,
    stands: timedelta | None = ANSWER_STANDS,
    brief: bool = False,
    alert: bool = False,
) -> Effect:
    """An answer where the command was given: a reply that deletes itself, except in the staff room.

    ``stands`` is how long it stays; None keeps it. ``brief``: a short word that concerns nobody else, which who pressed
    a button reads there and then, and nobody besides; ``alert``: it is to be read and closed rather than to pass by.
    """
    if brief and issued.press is not None:
        return AnswerButton(group=place_of(issued), press=issued.press, text=text, alert=alert)
    place = issued.origin.group if issued.origin is not None else issued.group
    if place.kind == "private":
        return SendPrivate(group=issued.group.id, member=issued.actor.id, text=text)
    for_good = stands is None or place.id == facts.settings.staff_chat
    return SendText(
        group=place.id,
        text=text,
        reply_to=issued.message.id,
        topic=issued.message.topic,
        delete_after=None if for_good or stands is None else int(stands.total_seconds()),
    )


def decided(issued: CommandIssued, facts: Facts, desk: "Desk", outcomes: Iterable[Outcome]) -> Decision:
    """The decision that a command's effects, changes and remarks make, with its trace."""
    effects, changes, remarks = [], [], []
    for outcome in outcomes:
        if isinstance(outcome, Remark):
            remarks.append(str(outcome))
        elif isinstance(outcome, Effect):
            effects.append(outcome)
        else:
            changes.append(outcome)
    name = f"/{issued.name}"
    part = RuleTrace(name, FIRED, effects=tuple(effects), changes=tuple(changes), remarks=tuple(remarks))
    trace = Trace(issued, facts, desk.setup.rulebook.version, [part])
    return Decision(tuple(effects), tuple(changes), (name,) * len(effects), trace)


def actor_name(issued: CommandIssued) -> str:
    """What to call who gave a command."""
    actor = issued.actor
    return plain_name(actor.name or actor.username or actor.id.rpartition(":")[2])
