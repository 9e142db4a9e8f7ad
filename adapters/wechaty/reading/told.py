"""What a gateway told of one event, put together: what ``Reader`` makes events of."""

from typing import Any

from msgspec import Struct

from adapters.wechaty.people import Contact, Room


class Posted(Struct, frozen=True, omit_defaults=True):
    """A message. ``kind`` is the puppet's number for it; ``at`` is as it came (seconds or milliseconds).

    ``name`` is what its author is called in the room; ``card`` is the link card or mini program in it, as JSON, or the
    contact whose card it is; ``mentioned`` are the contacts that the puppet says were mentioned.
    """

    id: str
    kind: int
    at: int
    author: Contact
    room: Room | None = None
    name: str = ""
    text: str = ""
    file_name: str = ""
    mentioned: tuple[Contact, ...] = ()
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
