"""What a settled decision says to the detection: of a message, of a member who is to be forgotten."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from rules.changes import Change, LabelMessage, WithdrawLabel
from storage import labels


class Said(Struct, frozen=True):
    """What staff say of a message, by its sketch: an advertisement, none, or (``ad`` None) nothing any more."""

    group: str
    sketch: bytes
    ad: bool | None
    by: str
    at: datetime


def said(conn: Connection, group: str, at: datetime, change: Change) -> Iterator[Said]:
    """What a change says, and what it takes the place of. To be asked before it is recorded.

    What somebody takes back of one message still holds of its copies, where they said it of those, too.
    """
    gone: list[labels.Label] = []
    if isinstance(change, LabelMessage):
        gone = labels.replaced(conn, group, change)
    elif isinstance(change, WithdrawLabel):
        found = labels.find(conn, group, change.number)
        gone = [found] if found is not None and found.undone_at is None else []
    over = {label.number for label in gone}
    for label in gone:
        if label.sketch is None:
            continue
        yield Said(group, label.sketch, None, label.by, at)
        for other in labels.said_alike(conn, label):
            if other.number not in over and other.sketch is not None:
                yield Said(group, other.sketch, other.ad, other.by, other.at)
    if isinstance(change, LabelMessage) and change.sketch is not None:
        yield Said(group, change.sketch, change.ad, change.by, at)
