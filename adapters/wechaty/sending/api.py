"""What carrying an effect out needs: the gateway's calls, ids as it knows them, and what was said so far."""

from collections.abc import Callable
from datetime import datetime

from adapters.errors import AdapterError, Rejected
from adapters.wechaty.link import Sleep
from adapters.wechaty.people import People
from adapters.wechaty.puppets import Puppet
from adapters.wechaty.sending.echoes import Echoes
from adapters.wechaty.wire.calls import Calls

REMEMBERED = 2_000
"""Own messages whose time is known: far more than an account says while one can be taken back."""


class Api:
    """The gateway for one platform's name. ``calls`` raises ``RetryLater`` while it is not connected.

    ``account`` is the id of the account that is logged in. ``pause`` waits for seconds, ``between`` says for how many
    between so many parts of one text.
    """

    def __init__(
        self,
        platform: str,
        puppet: Puppet,
        people: People,
        calls: Callable[[], Calls],
        *,
        account: Callable[[], str | None],
        now: Callable[[], datetime],
        clock: Callable[[], float],
        pause: Sleep,
        between: Callable[[int], float],
        raw: Callable[[str], str] | None = None,
    ) -> None:
        self.platform = platform
        self.puppet = puppet
        self.people = people
        self.calls = calls
        self.account = account
        self.now = now
        self.pause = pause
        self.between = between
        self._raw = raw
        self.echoes = Echoes(calls, clock)
        self.sent: dict[str, datetime] = {}
        self.recalled: dict[str, None] = {}

    def id(self, qualified: str) -> str:
        """A person's or a room's id, as the gateway knows it now: ``raw`` says it where ids do not stay."""
        return self._raw(qualified) if self._raw is not None else qualified.removeprefix(f"{self.platform}:")

    def message(self, place: str, qualified: str) -> str:
        """A message's id, as the gateway knows it."""
        return qualified.removeprefix(f"{place}/")

    def note(self, place: str, message: str) -> str:
        """Remember an own message; its qualified id."""
        self.sent[message] = self.now()
        for known in (self.sent, self.recalled):
            if len(known) > REMEMBERED:
                del known[next(iter(known))]
        return f"{place}/{message}"

    async def why(self, room: str, error: Rejected) -> Rejected:
        """Why something was refused in a room: the puppet's own words, unless it is that the account may not."""
        account = self.account()
        try:
            told = await self.people.room(room)
        except AdapterError:
            return error
        if account is None or not told.owner or account == told.owner or account in told.admins:
            return error
        return Rejected(
            "only the owner and the admins of the group may do this, and the bot's account is none of them; the owner "
            f"opens the group, “…”, “Manage Group”, “Group Admins”, and adds it (the puppet says: {error})"
        )
