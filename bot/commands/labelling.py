"""What a label is made of: the words of a message as far as they are kept, who says what of it, how it is told."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands.arguments import target_of
from bot.commands.base import called
from rules.changes import LabelMessage
from rules.errors import GroupkeeperError
from rules.events import CommandIssued
from rules.facts import Facts
from rules.text import Text, key, say
from rules.wording import local_time

if TYPE_CHECKING:
    from bot.desk import Desk
    from storage.labels import Label


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learned from one message: its label (None: nothing), and what staff are told of that."""

    label: LabelMessage | None
    told: Text


def lesson(
    issued: CommandIssued,
    facts: Facts,
    desk: "Desk",
    *,
    ad: bool,
    words: str | None,
    message: str | None = None,
    member: str | None = None,
) -> Lesson:
    """What somebody teaches by saying that a message is an advertisement, or none. ``words``: None, no longer kept.

    Who is a bot teaches nothing: it would learn from itself.
    """
    if words is None:
        return Lesson(None, key("commands.labels.not_kept"))
    if issued.actor.is_bot:
        return Lesson(None, key("commands.labels.no_bots"))
    try:
        traits = desk.traits(words)
    except GroupkeeperError as error:
        return Lesson(None, key("commands.labels.no_model", reason=str(error)))
    if traits is None:
        return Lesson(None, key("commands.labels.no_words"))
    before = desk.label_by(issued.actor.id, message, traits.features)
    if before is not None and before.ad == ad and before.features_version == traits.features_version:
        return Lesson(None, key("commands.labels.known", value=sort_of(ad=ad), number=before.number))
    label = LabelMessage(
        number=facts.group.next_label,
        ad=ad,
        by=issued.actor.id,
        source="button" if issued.press is not None else "command",
        features_version=traits.features_version,
        features=traits.features,
        logit=traits.logit,
        sketch=traits.sketch,
        member=member,
        message=message,
    )
    undo = say("{command} {number}", command=called("unlearn", desk), number=label.number)
    return Lesson(label, key("commands.labels.learned", value=sort_of(ad=ad), number=label.number, command=undo))


def sort_of(*, ad: bool) -> Text:
    """What was said of a message."""
    return key("commands.labels.ad" if ad else "commands.labels.ham")


def label_line(label: "Label", facts: Facts, desk: "Desk") -> Text:
    """One label in a line: its number, what was said, by whom, when and how, and what became of it."""
    line = key(
        "commands.labels.line",
        number=label.number,
        value=sort_of(ad=label.ad),
        name=target_of(label.by, desk).name,
        time=local_time(label.at, facts),
        text=key(f"commands.labels.by.{label.source}"),
    )
    if label.undone_at is not None:
        after = key("commands.labels.undone", name=target_of(label.undone_by or "", desk).name)
    elif label.features_version != desk.features_version:
        after = key("commands.labels.stale")
    else:
        return line
    return say("{text} {value}", text=line, value=after)
