"""Messages as the gateway tells them, put together without one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.wechaty.fetching import author_of
from adapters.wechaty.people import Contact, Room
from adapters.wechaty.reading import Reader
from adapters.wechaty.reading.kinds import Sort
from adapters.wechaty.reading.opening import opened
from adapters.wechaty.reading.told import Called, Posted
from rules.events import Event, MemberJoined, MessagePosted
from rules.values import Message

NOW = datetime(2026, 9, 4, 8, tzinfo=UTC)
ROOM = Room("r1@chatroom", "Reading", owner="wxid_owner", admins=("wxid_admin",))
ANN, BO, CY = Contact("wxid_ann", "Ann"), Contact("wxid_bo", "Bo"), Contact("wxid_cy", "Cy")
EVERYBODY = (Called("wxid_ann", ANN), Called("wxid_bo", BO, "阿波"), Called("wxid_cy", CY))


def reader() -> Reader:
    return Reader("wx", lambda: NOW)


def post(
    sort: Sort,
    text: str = "",
    *,
    id_: str = "1",
    author: Contact | None = ANN,
    room: Room | None = ROOM,
    file_name: str = "",
    named: Sequence[Called] = (),
    mentioned: Sequence[Called] = (),
    **more: Any,
) -> Posted:
    """A message, read as ``Fetching`` does."""
    by = author_of(author.id if author is not None else "", room, own=bool(more.get("own")))
    return Posted(
        id=id_,
        sort=sort,
        at=more.pop("at", NOW.timestamp()),
        author=author,
        body=opened(sort, text, file_name, by),
        room=room,
        named=tuple(named),
        mentioned=tuple(mentioned),
        **more,
    )


def message_in(events: Sequence[Event]) -> Message:
    """The message of the only event."""
    (event,) = events
    assert isinstance(event, MessagePosted), event
    return event.message


def read(sort: Sort, text: str = "", **more: Any) -> Message:
    """The message that one reader makes of one message."""
    return message_in(reader().events(post(sort, text, **more)))


def joins_in(events: Sequence[Event]) -> list[tuple[str, str | None]]:
    """Who came in, and who brought them."""
    return [
        (event.member.id, event.inviter.id if event.inviter is not None else None)
        for event in events
        if isinstance(event, MemberJoined)
    ]
