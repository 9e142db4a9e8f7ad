"""What the rest of Groupkeeper asks of a platform.

An adapter turns what happens on a platform into events and carries effects out there. It is given an ``Intake`` and
must not confirm anything to the platform before ``accept`` has returned: only then is it safely kept.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from msgspec import Struct

from rules.capability import Capability
from rules.effects import Effect
from rules.events import Event
from rules.values import File


class Receipt(Struct, frozen=True, omit_defaults=True):
    """What the platform answered: ``message`` is the platform-qualified id of a message that was sent.

    ``others`` are the ids of those that follow it where a text was too long for one: they go where it goes.
    """

    message: str | None = None
    others: tuple[str, ...] = ()


class Broken(Struct, frozen=True):
    """Something from the platform that no event could be made of: kept as it came, and reported to the staff.

    ``id`` is unique like an event's; ``raw`` is what came, ``error`` why it could not be read.
    """

    id: str
    raw: str
    error: str


class News(Struct, frozen=True, omit_defaults=True):
    """Something about a connection that staff should know of. ``kind`` is one of

    ``scan``: somebody has to scan a code with a phone: ``detail`` is what it says, ``picture`` shows it (PNG);
    ``login``: the account is there, ``detail`` is what it is called; ``logout``: it is gone, ``detail`` says why;
    ``lost``: nothing is heard any more since ``since``, ``detail`` says why; ``back``: heard again, away since
    ``since``; ``taken``: another program uses the connection; ``refused``: the platform will not have us (a wrong
    token), and it is not tried again before somebody has changed that.
    """

    adapter: str
    kind: Literal["scan", "login", "logout", "lost", "back", "taken", "refused"]
    at: datetime
    detail: str = ""
    since: datetime | None = None
    picture: bytes = b""


class Intake(Protocol):
    """Where events go. Repeated ids collapse."""

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        """Keep events for good (one transaction, with the ``(source, position)`` cursor where the platform has one).

        What is ``broken`` is put into quarantine in the same transaction.
        """
        ...

    async def cursor(self, source: str) -> str | None:
        """The position that was kept last."""
        ...

    async def migrated(self, old: str, new: str) -> None:
        """The platform gave the group ``old`` the id ``new`` (both qualified): all that is known of it follows.

        To be told after the events from before, and before those that come for the new id. Telling it again does no
        harm.
        """
        ...

    async def standing(self, group: str) -> None:
        """What the bot itself may do in a group (qualified id) has changed: it was promoted, demoted, let in, removed.

        Its rights are examined again soon. Nothing is kept of it: at every start all groups are examined.
        """
        ...

    async def news(self, news: News) -> None:
        """Tell staff of something about a connection. Raises nothing: what cannot be told is logged."""
        ...


class Adapter(Protocol):
    """A connection to one platform. ``name`` is its name in the configuration; ids it makes begin with ``name:``."""

    name: str
    capabilities: frozenset[Capability]

    async def run(self, intake: Intake) -> None:
        """Feed events until cancelled, or until the source has ended. Reconnects by itself."""
        ...

    async def perform(self, effect: Effect) -> Receipt:
        """Carry one effect out. Its texts are rendered (``text.literal``). Raises an ``adapters.errors`` error."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


# What an adapter may offer besides. Dispatch and the app look for these by their methods.


@runtime_checkable
class Paced(Protocol):
    """An adapter that knows how fast its platform lets it go."""

    def admit(self, key: str, effect: Effect, now: datetime) -> datetime:
        """From when an effect may be performed; ``now`` or earlier: at once.

        Asked before anything is marked as on its way. Asked again with the same ``key`` it is the same effect, whose
        place in the queue is kept; it gives the place up when it is performed, or never asked for again.
        What keeps order is admitted without regard to announcements.
        """
        ...


@runtime_checkable
class RecallsWithin(Protocol):
    """An adapter whose platform lets an own message be taken back only for a while."""

    @property
    def recalls_within(self) -> timedelta | None:
        """How long after it was sent; None: never."""
        ...


@runtime_checkable
class Verifies(Protocol):
    """An adapter that can find out what became of a text whose answer was lost."""

    async def verify(self, effect: Effect) -> Receipt | None:
        """The receipt of a text (that very object, whose ``perform`` raised ``OutcomeUnknown``) if it stands.

        None where it certainly does not. Raises ``RetryLater`` while that cannot be said yet, ``OutcomeUnknown`` where
        nobody can ever know.
        """
        ...


@runtime_checkable
class OffersFiles(Protocol):
    """An adapter whose platform gives the files out that are attached to messages."""

    async def fetch(self, file: File, most: int) -> bytes:
        """The bytes of a file. Raises an adapter error, also where it has more than ``most`` bytes.

        It is asked for from the platform's own machine alone, whatever the message says.
        """
        ...


class OfferedCommand(Struct, frozen=True):
    """A slash command for the platform's menu: ``descriptions`` by language, the group's own first.

    ``staff``: only for those who keep order; ``alone``: members may give it to the bot alone, too.
    """

    name: str
    descriptions: Mapping[str, str]
    staff: bool = False
    alone: bool = False


@runtime_checkable
class OffersCommands(Protocol):
    """An adapter whose platform shows a menu of commands."""

    async def offer(self, commands: Sequence[OfferedCommand]) -> None:
        """Put these into the menu, in this order; staff's only where staff see them. Raises an adapter error."""
        ...


@runtime_checkable
class HasTrouble(Protocol):
    """An adapter that goes on by itself when its platform is out of reach, and says so."""

    @property
    def trouble(self) -> str | None:
        """What stands between the bot and the platform now, by its name in the log; None where nothing does."""
        ...


@runtime_checkable
class HasUserNames(Protocol):
    """An adapter whose bot is called by a user name, as in ``/help@some_bot``."""

    @property
    def usernames(self) -> frozenset[str]:
        """The bot's user names, casefolded, without ``@``; empty until they are known."""
        ...


class Kept(Struct, frozen=True):
    """A group to be examined: what the rules need there, by capability the names of the rules that need it.

    ``reads`` are the rules that must see what people write.
    """

    group: str
    name: str
    needs: Mapping[Capability, tuple[str, ...]]
    reads: tuple[str, ...] = ()


class Finding(Struct, frozen=True, omit_defaults=True):
    """Something that an examination found.

    ``code`` is the key of a text (``findings.<code>``), ``params`` what is filled in; ``group`` is empty where it is
    about the platform as a whole. ``level`` is ``ok`` (as it should be), ``warning`` or ``error`` (rules fail by it).
    """

    level: Literal["ok", "warning", "error"]
    code: str
    params: Mapping[str, str] = {}
    group: str = ""
    rules: tuple[str, ...] = ()


@runtime_checkable
class Examined(Protocol):
    """An adapter that can find out what stands in the way: a wrong token, a missing right, a hook that fails."""

    async def examine(self, groups: Sequence[Kept]) -> Sequence[Finding]:
        """Look, and change nothing. Trouble on the way is a finding, never an exception."""
        ...


class AdapterType(Protocol):
    """What the entry point ``groupkeeper.adapters`` of a platform names: how to check and make its adapter.

    ``settings`` are those under ``platforms:`` in the configuration, less ``type``.
    """

    def declared(self, settings: Mapping[str, Any]) -> frozenset[Capability]:
        """What an adapter with these settings can do, told before it connects. Raises ``ValueError`` on bad ones."""
        ...

    def make(self, name: str, settings: Mapping[str, Any]) -> Adapter:
        """An adapter with this name, not yet connected."""
        ...


class Manners(Struct, frozen=True):
    """How a platform is spoken of and behaved on: what all adapters of one type and settings have in common.

    ``title`` is what people call it (``WeChat``). ``human``: the bot is an account like a person's there, and says
    nothing in quiet hours but what keeps order.
    """

    title: str
    human: bool = False


@runtime_checkable
class HasManners(Protocol):
    """An adapter type that says how its platform is to be spoken of."""

    def manners(self, settings: Mapping[str, Any]) -> Manners:
        """The manners on a platform with these settings."""
        ...


@runtime_checkable
class KnowsGroupIds(Protocol):
    """An adapter type that knows how its platform's group ids look."""

    def group_fault(self, chat: str, settings: Mapping[str, Any]) -> str | None:
        """What is wrong with a group's id on a platform with these settings, and what to write; None: nothing is."""
        ...
