"""Which pictures are to be looked at: those of groups whose rules go by what pictures show."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from bot.pictures.findings import PictureFindings
from rules.events import Event, MessageEdited, MessagePosted
from rules.rulebook import OFF, GroupBook, Rulebook, walk
from rules.step import Condition
from rules.values import File, Media, Message

SIGN = '"view":{'
"""What the payload of every event has that shows a picture (a text that holds this has its quotes escaped)."""


def seeing(book: Rulebook) -> Mapping[str, bool]:
    """The groups (by chat id) in which pictures are looked at, and whether their words are read too.

    Words are for detectors; a rule that asks for codes alone has pictures looked at all the same.
    """
    found: dict[str, bool] = {}
    for chat, group in book.groups.items():
        conditions = list(_conditions(group))
        judged = group.settings.ads.reads_pictures and any(condition.detectors() for condition in conditions)
        if judged or any(condition.sees() for condition in conditions):
            found[chat] = judged
    return found


def views_of(event: Event) -> Iterator[File]:
    """The pictures of a message, and of the one of another chat that it answers."""
    if isinstance(event, (MessagePosted, MessageEdited)) and not event.again:  # else they were looked at before
        for media in _shown(event.message):
            if media.view is not None:
                yield media.view


def enriched(event: Event, found: Callable[[File], PictureFindings | None]) -> Event:
    """The event with what was found in its pictures."""
    if not isinstance(event, (MessagePosted, MessageEdited)):
        return event
    message = event.message
    changed: dict[str, Any] = {"media": _with(message.media, found)}
    if message.elsewhere is not None:
        changed["elsewhere"] = replace(message.elsewhere, media=_with(message.elsewhere.media, found))
    return replace(event, message=replace(message, **changed))


def _conditions(group: GroupBook) -> Iterator[Condition]:
    for kind in (MessagePosted.kind, MessageEdited.kind):
        for rule in group.by_kind.get(kind, ()):
            if rule.condition is not None and (rule.mode != OFF or rule.modes):
                yield from walk(rule.condition)


def _with(shown: tuple[Media, ...], found: Callable[[File], PictureFindings | None]) -> tuple[Media, ...]:
    return tuple(_one(media, found(media.view) if media.view is not None else None) for media in shown)


def _one(media: Media, found: PictureFindings | None) -> Media:
    if found is None:
        return media
    codes = tuple(dict.fromkeys((*media.codes, *found.codes)))
    text = "\n".join(part for part in (media.text, found.text) if part) or None
    return replace(media, codes=codes, text=text, looks=found.looks or media.looks)


def _shown(message: Message) -> tuple[Media, ...]:
    return message.media if message.elsewhere is None else message.media + message.elsewhere.media
