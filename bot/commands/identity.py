"""The numbers that belong into the configuration: of a group, a topic, a person."""

from typing import TYPE_CHECKING

from bot.commands.base import Command, answer, decided
from bot.deliver import rendered
from bot.setup import Setup
from rules.decision import Decision
from rules.effects import Lane, SendText
from rules.events import CommandIssued, Event
from rules.facts import Facts
from rules.state import GroupState
from rules.text import key, say
from rules.wording import plain_name
from storage.outbox import Delivery

if TYPE_CHECKING:
    from bot.desk import Desk

NAME = "id"


class Ids(Command):
    name = NAME
    aliases = ("编号",)
    about = "here"

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        lines = [key("commands.id.group", id=_bare(issued.group.id))]
        if issued.message.topic is not None:
            lines.append(key("commands.id.topic", id=issued.message.topic))
        lines.append(key("commands.id.yours", id=issued.actor.id))
        author = issued.message.reply_to_author
        if author is not None and author.id != issued.actor.id:
            name = plain_name(author.name or author.username or author.id)
            lines.append(key("commands.id.theirs", name=name, id=author.id))
        text = say("{items}", items=tuple(lines))
        return decided(issued, facts, desk, (answer(issued, facts, text),))


def told_elsewhere(event: Event, setup: Setup) -> list[Delivery]:
    """The number of a group that is not in the configuration yet, or of who asks alone; once an hour at most."""
    if not isinstance(event, CommandIssued) or event.name != NAME:
        return []
    words = key("commands.id.strange", id=_bare(event.group.id))
    if event.group.kind == "private":
        words = key("commands.id.yours", id=event.actor.id)
    text = rendered(words, setup, setup.config.defaults.language, "", GroupState(id=event.group.id))
    effect = SendText(group=event.group.id, text=text, reply_to=event.message.id, topic=event.message.topic)
    hour = f"{event.at:%Y-%m-%dT%H}"
    return [
        Delivery(
            event=f"{NAME}:{event.group.id}:{hour}",
            position=0,
            group=event.group.id,
            lane=Lane.REPLY,
            effect=effect,
            rule=f"/{NAME}",
            created_at=event.at,
        )
    ]


def _bare(qualified: str) -> str:
    return qualified.partition(":")[2] or qualified
