"""What a gateway told of one event, put together: what ``Reader`` makes events of."""

from typing import Any

from msgspec import Struct

from adapters.wechaty.people import Contact, Room
from adapters.wechaty.reading.body import Body
from adapters.wechaty.reading.kinds import Sort


class Called(Struct, frozen=True, omit_defaults=True):
    """Somebody, by the id that stands in a message (``raw``); ``alias`` is what they call themselves in the room."""

    raw: str
    contact: Contact
    alias: str = ""


class Posted(Struct, frozen=True, omit_defaults=True):
    """A message. ``at`` is as it came (seconds, milliseconds, or 0 where it was not told).

    ``author`` is None where the puppet knows of none, ``own`` is a message of the account itself; ``name`` is what its
    author is called in the room. ``mentioned`` are those of whom the puppet says so, or ``everybody``. ``named`` are
    those whom the message names in other ways; where only names stand in it, all who are in the room. ``card`` is the
    link card or mini program in it, as JSON, or the contact whose card it is, where the message does not say.
    ``account`` is the raw id of the account itself.
    """

    id: str
    sort: Sort
    at: float
    author: Contact | None
    body: Body
    room: Room | None = None
    name: str = ""
    own: bool = False
    account: str = ""
    mentioned: tuple[Called, ...] = ()
    everybody: bool = False
    named: tuple[Called, ...] = ()
    card: dict[str, Any] | Contact | None = None


class Came(Struct, frozen=True):
    """People came into a room. ``mark`` takes the place of the time in the id where that is not known."""

    room: Room
    members: tuple[Contact, ...]
    inviter: Contact | None
    at: int
    mark: str = ""


class Went(Struct, frozen=True):
    """People left a room, or were removed. ``mark`` as in ``Came``."""

    room: Room
    members: tuple[Contact, ...]
    remover: Contact | None
    at: int
    mark: str = ""


class Asked(Struct, frozen=True):
    """Somebody wants something of the account: ``sort`` is ``friendship`` or ``invitation``."""

    sort: str
    request: str
    person: Contact
    note: str
    at: int


Told = Posted | Came | Went | Asked
