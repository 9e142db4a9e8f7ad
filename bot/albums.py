"""Albums: messages that a platform shows as one are settled as one, and what is done to one is done to all.

Their parts arrive one by one, and only one of them carries the words. So a group whose album still grows rests for a
moment, and then the parts are decided on together. A part that comes later than that finds what became of the rest.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from rules.decision import Decision, Trace
from rules.effects import DeleteMessage, Effect
from rules.events import CommandIssued, Event, MessageEdited, MessagePosted, encode
from rules.facts import Facts
from rules.state import GroupState
from rules.values import Message
from storage.inbox import Waiting

COMPLETE = timedelta(seconds=0.5)
"""An album is complete when so long no part of it has come in."""
MOST = 10
"""Messages of an album."""
LATE = "album: the rest of it was taken away, so this part is too"

_SIGN = '"album":"'  # a text that holds this has its quotes escaped
_ALONE = ("reply_to", "reply_to_author", "forward", "quote", "via_bot", "elsewhere", "command")
_Key = tuple[str, str, str]  # group, album, author


@dataclass(slots=True)
class Gathered:
    """Rows to settle now, the parts of each album as one; and until when the groups rest whose albums still grow."""

    rows: Sequence[Waiting]
    resting: dict[str, datetime] = field(default_factory=dict)


def gather(
    rows: Sequence[Waiting], now: datetime, following: Callable[[Collection[str]], Sequence[Waiting]] | None = None
) -> Gathered:
    """Put albums together. ``following`` gives the rows of some groups behind these, where these are not all."""
    albums = _albums(rows)
    if not albums:
        return Gathered(rows)
    if following is not None:
        more = [row for row in following({group for group, _, _ in albums}) if _key(row) in albums]
        rows = [*rows, *more]
        albums = _albums(rows)
    resting: dict[str, datetime] = {}
    held: dict[str, int] = {}
    for (group, _, _), parts in albums.items():
        until = max(part.received_at for part in parts) + COMPLETE
        # Later than that only where the clock was set back: it must not keep the group waiting until it is there again.
        if now < until <= now + COMPLETE and len(parts) < MOST:
            resting[group] = max(until, resting.get(group, until))
            held[group] = min(parts[0].seq, held.get(group, parts[0].seq))
    return Gathered(_merged([row for row in rows if row.seq < held.get(row.group, row.seq + 1)], albums), resting)


def known(event: Event, group: GroupState) -> Event:
    """The event, its message with those parts of its album that came before."""
    if not isinstance(event, (MessagePosted, MessageEdited)) or event.message.album is None:
        return event
    message = event.message
    before = next((album.parts for album in group.albums if album.id == message.album), ())
    parts = tuple(dict.fromkeys((*message.parts, *(part for part in before if part != message.id))))
    return replace(event, message=replace(message, parts=parts)) if parts != message.parts else event


def is_late(event: Event, group: GroupState) -> bool:
    """Whether it is a part that comes after the rest of its album was taken away."""
    if not isinstance(event, MessagePosted) or event.message.album is None or event.again:
        return False
    return any(album.id == event.message.album and album.removed for album in group.albums)


def late(event: MessagePosted, facts: Facts, version: str) -> Decision:
    """Take a late part away like the rest. Its author has been dealt with."""
    effect = DeleteMessage(group=event.group.id, message=event.message.id)
    return Decision((effect,), by=("album",), trace=Trace(event, facts, version, remarks=[LATE]))


def whole(decision: Decision, group: GroupState) -> Decision:
    """The decision, with whole albums deleted where one of their messages is."""
    if not group.albums or not any(isinstance(effect, DeleteMessage) for effect in decision.effects):
        return decision
    deleted = {effect.message for effect in decision.effects if isinstance(effect, DeleteMessage)}
    effects: list[Effect] = []
    by: list[str] = []
    for effect, rule in zip(decision.effects, decision.by, strict=True):
        effects.append(effect)
        by.append(rule)
        if isinstance(effect, DeleteMessage):
            more = [part for part in _others(effect.message, group) if part not in deleted]
            deleted.update(more)
            effects += [DeleteMessage(group=effect.group, message=part) for part in more]
            by += [rule] * len(more)
    return (
        decision
        if len(effects) == len(decision.effects)
        else Decision(tuple(effects), decision.changes, tuple(by), decision.trace)
    )


def _others(message: str, group: GroupState) -> list[str]:
    for album in group.albums:
        if message in album.parts:
            return [part for part in album.parts if part != message]
    return []


def _albums(rows: Sequence[Waiting]) -> dict[_Key, list[Waiting]]:
    albums: dict[_Key, list[Waiting]] = {}
    for row in rows:
        if (key := _key(row)) is not None:
            albums.setdefault(key, []).append(row)
    return albums


def _key(row: Waiting) -> _Key | None:
    found = _in_album(row)
    return found[1] if found is not None and isinstance(found[0], MessagePosted) and not found[0].again else None


def _in_album(row: Waiting) -> tuple[MessagePosted | CommandIssued, _Key] | None:
    """A message or a command that is part of an album, and of which one."""
    if _SIGN not in row.payload:
        return None
    try:
        event = row.event
    except msgspec.ValidationError:
        return None  # settled by itself, it is put aside
    if not isinstance(event, (MessagePosted, CommandIssued)) or event.message.album is None:
        return None
    return event, (event.group.id, event.message.album, event.message.author.id)


def _merged(rows: Sequence[Waiting], albums: dict[_Key, list[Waiting]]) -> list[Waiting]:
    """The rows with each album's parts in the place of its first, and commands among them told of the whole."""
    whole = {key: _as_one(parts) for key, parts in albums.items() if len(parts) > 1}
    if not whole:
        return list(rows)
    done: set[_Key] = set()
    found = []
    for row in rows:
        key = _key(row)
        if key is None or key not in whole:
            found.append(_commanded(row, whole))
        elif key not in done:
            done.add(key)
            found.append(whole[key])
    return found


def _as_one(rows: Sequence[Waiting]) -> Waiting:
    events = [row.event for row in rows]
    parts = [event.message for event in events if isinstance(event, MessagePosted)]
    first = rows[0].event
    event = replace(first, message=_one_message(parts))
    return replace(
        rows[0],
        attempts=max(row.attempts for row in rows),
        payload=encode(event).decode(),
        others=tuple(row.seq for row in rows[1:]),
    )


def _one_message(parts: Sequence[Message]) -> Message:
    """What the album shows: the first message, with the words and things of all."""
    first = parts[0]

    def earliest(name: str) -> Any:
        return next((value for part in parts if (value := getattr(part, name)) is not None), None)

    def all_of(name: str) -> tuple[Any, ...]:
        return tuple(value for part in parts for value in getattr(part, name))

    texts = dict.fromkeys(part.text for part in parts if part.text)
    return replace(
        first,
        text="\n".join(texts),
        parts=tuple(part.id for part in parts[1:]),
        marks=tuple(dict.fromkeys(all_of("marks"))),
        **{name: all_of(name) for name in ("links", "mentions", "media", "buttons")},
        **{name: earliest(name) for name in _ALONE},
    )


def _commanded(row: Waiting, whole: dict[_Key, Waiting]) -> Waiting:
    """A command in the words of an album is about all of it."""
    event, key = _in_album(row) or (None, None)
    if not isinstance(event, CommandIssued) or key not in whole:
        return row
    posted = whole[key].event
    if not isinstance(posted, MessagePosted):
        return row
    return replace(row, payload=encode(replace(event, message=posted.message)).decode())
