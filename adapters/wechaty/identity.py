"""Ids that stay: what a person or a room is called inside, whatever the gateway calls them since the last login.

Most puppets keep ids, and then both are the same. Where a puppet gives everybody another id at each login, rooms are
known by the names that the configuration gives them, and people by ids of our own. Raw ids become ours when what was
told is put together (``renamed``), ours become raw ones when something is to be done (``raw``), and nowhere else.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import timedelta
from hashlib import blake2b
from typing import TypeVar

from msgspec import Struct, structs

from adapters.errors import Rejected, RetryLater
from adapters.wechaty.naming import topic_of
from adapters.wechaty.people import Contact, Room

T = TypeVar("T")

_ME = "self"
_SOON = timedelta(seconds=5)


class Place(Struct, frozen=True):
    """A room as it was last known: its raw id and its name."""

    raw: str
    topic: str


class Found(Struct, frozen=True):
    """Which rooms there are: ``ids`` by raw id; those that are ``missing``, and those that several could be."""

    ids: Mapping[str, str]
    missing: frozenset[str]
    several: frozenset[str]


def rooms_found(wanted: Collection[str], before: Mapping[str, Place], now: Mapping[str, str]) -> Found:
    """Which of the rooms ``now`` (names by raw id) the ``wanted`` ones are, each by what was last known of it."""
    claims = {id_: _claimed(id_, before.get(id_), now) for id_ in wanted}
    twice = Counter(raws[0] for raws in claims.values() if len(raws) == 1)
    several = {id_ for id_, raws in claims.items() if len(raws) > 1 or (raws and twice[raws[0]] > 1)}
    return Found(
        {raws[0]: id_ for id_, raws in claims.items() if raws and id_ not in several},
        frozenset(id_ for id_, raws in claims.items() if not raws),
        frozenset(several),
    )


def _claimed(id_: str, before: Place | None, now: Mapping[str, str]) -> list[str]:
    if before is not None and before.raw in now:
        return [before.raw]
    named = [raw for raw, topic in now.items() if before is not None and topic.strip() == before.topic.strip()]
    return named or [raw for raw, topic in now.items() if topic.strip() == topic_of(id_)]


class Identity:
    """Both directions of the ids of one account. ``stable``: the gateway's own ids stay as they are."""

    def __init__(self, platform: str, *, stable: bool) -> None:
        self._prefix = f"{platform}:"
        self.stable = stable
        self.account: str | None = None
        """The raw id of the account itself."""
        self.settled = asyncio.Event()
        """Set while it is known who is who. Until then nothing that comes is put together."""
        self._people: dict[str, str] = {}
        self._rooms: dict[str, str] = {}
        self._raw_people: dict[str, str] = {}
        self._raw_rooms: dict[str, str] = {}
        self._former: dict[str, str] = {}
        if stable:
            self.settled.set()

    @property
    def me(self) -> str | None:
        """The id of the account itself."""
        return self.person(self.account) if self.account is not None else None

    def person(self, raw: str) -> str:
        """The id of a person; who was never seen is given one."""
        if self.stable:
            return raw
        if raw == self.account:
            return _ME
        if raw not in self._people:
            if raw in self._former:  # heard before the login, and read after it
                return self._former[raw]
            self.know({raw: self._new(raw)})
        return self._people[raw]

    def room(self, raw: str) -> str:
        """The id of a room; one that is not known by its name has an id that no configuration names."""
        return raw if self.stable else self._rooms.get(raw) or self._former.get(raw) or f"room-{_hash(raw)}"

    def room_now(self, id_: str) -> str | None:
        """The gateway's id of a room now; None where it is not known."""
        return id_ if self.stable else self._raw_rooms.get(id_)

    def know(self, people: Mapping[str, str]) -> None:
        """These raw ids are these people. Nobody is two, and no two are one: who had the id so far loses it."""
        for raw, id_ in people.items():
            self._raw_people.pop(self._people.get(raw, ""), None)
            former = self._raw_people.get(id_)
            if former is not None and former != raw:
                del self._people[former]
            self._people[raw] = id_
            self._raw_people[id_] = raw

    def person_now(self, id_: str) -> str | None:
        """The gateway's id of a person now; None where it is not known."""
        return id_ if self.stable else self.account if id_ == _ME else self._raw_people.get(id_)

    @property
    def rooms(self) -> Mapping[str, str]:
        """The rooms that are known by their names: their ids by raw id."""
        return self._rooms

    def know_rooms(self, rooms: Mapping[str, str]) -> None:
        """These raw ids are these rooms, and no others are known."""
        self._rooms = dict(rooms)
        self._raw_rooms = {id_: raw for raw, id_ in rooms.items()}

    def logged_in(self, account: str) -> None:
        """An account is there; where ids do not stay, and it is not the one from before, nobody is known yet."""
        if account != self.account:
            self.forget()
        self.account = account or None

    def logged_out(self) -> None:
        """Whoever logs in next is another login, even by the same id."""
        if not self.stable:
            self.account = None

    def forget(self) -> None:
        """Another login: nobody is known before it was found out who is who."""
        if not self.stable:
            self.settled.clear()
            self._former = {**self._people, **self._rooms}
            self._people, self._raw_people = {}, {}
            self.know_rooms({})

    def raw(self, qualified: str) -> str:
        """The gateway's id of a group or a person now. Raises ``RetryLater`` and ``Rejected``."""
        id_ = qualified.removeprefix(self._prefix)
        if self.stable:
            return id_
        if not self.settled.is_set():
            raise RetryLater("it is not known yet who is who since the account logged in", _SOON)
        if id_ == _ME and self.account is not None:
            return self.account
        known = self._raw_rooms.get(id_) or self._raw_people.get(id_)
        if known is None:
            raise Rejected(f"`{id_}` was not found again since the account logged in anew")
        return known

    def renamed(self, told: T) -> T:
        """What was told, with ids that stay."""
        return told if self.stable or not isinstance(told, Struct) else self._renamed(told)

    def _renamed(self, value: T) -> T:
        match value:
            case Contact():
                return structs.replace(value, id=self.person(value.id))
            case Room():
                admins = tuple(map(self.person, value.admins))
                owner = self.person(value.owner) if value.owner else ""
                return structs.replace(value, id=self.room(value.id), owner=owner, admins=admins)
            case Struct():
                return structs.replace(value, **{name: self._renamed(old) for name, old in _fields(value).items()})
            case tuple():
                return type(value)(map(self._renamed, value))
        return value

    def _new(self, raw: str) -> str:
        id_, again = _hash(raw), 0
        while id_ in self._raw_people:  # given to somebody else who had this raw id once
            again += 1
            id_ = _hash(f"{raw}\n{again}")
        return id_


def _fields(value: Struct) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _hash(raw: str) -> str:
    return blake2b(raw.encode(), digest_size=8).hexdigest()
