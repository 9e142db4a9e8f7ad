"""The snapshot that a decision is made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rules.capability import Capability
from rules.detectors.settings import AdSettings
from rules.digest import Digest
from rules.reading import Reading
from rules.recent import Recent
from rules.state import GroupState, MemberState
from rules.tally import Tally
from rules.verdict import Verdict
from rules.windows import QuietHours, Window


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """A configured group as the operator wants it. ``chat`` is the platform-qualified id of the group.

    ``title`` is what people call its platform (``WeChat``; empty where nobody says); ``human``: the bot is an account
    like a person's there, and says nothing in quiet hours but what keeps order.

    ``staff_capabilities`` are those of the staff room's platform; ``tells_sanctions``: staff are told there of every
    measure against a member, without being asked to by a rule. ``ads`` is how advertisements are told apart.
    ``secret`` is what nobody outside can work out: it follows from the platform's settings, and is never shown.
    """

    key: str
    chat: str
    platform: str
    title: str = ""
    human: bool = False
    name: str = ""
    tags: frozenset[str] = frozenset()
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    language: str = "en"
    mode: str = "enforce"
    topic: str | None = None
    day_starts_at: timedelta = timedelta()
    quiet_hours: QuietHours | None = None
    windows: Mapping[str, Window] = field(default_factory=dict)
    staff_chat: str | None = None
    capabilities: frozenset[Capability] = frozenset(Capability)
    staff_capabilities: frozenset[Capability] = frozenset(Capability)
    tells_sanctions: bool = False
    announcements_per_day: int | None = None
    mentions_per_post: int = 10
    ads: AdSettings = field(default_factory=AdSettings)
    secret: str = field(default="", repr=False)

    def local(self, moment: datetime) -> datetime:
        """A moment as the group's wall clock shows it."""
        return moment.astimezone(self.timezone)

    def day(self, moment: datetime) -> str:
        """The group's day (``YYYY-MM-DD``) that a moment belongs to; it begins at ``day_starts_at``."""
        return (self.local(moment) - self.day_starts_at).date().isoformat()


def quiet_until(settings: GroupSettings, moment: datetime) -> datetime | None:
    """The end of the group's quiet hours, where a moment is in the middle of them."""
    quiet, local = settings.quiet_hours, settings.local(moment)
    if quiet is None or not quiet.window.contains(local):
        return None
    end = datetime.combine(local.date(), quiet.window.end, local.tzinfo).replace(fold=local.fold)
    if end <= local:
        end = datetime.combine(local.date() + timedelta(days=1), quiet.window.end, local.tzinfo)
    return end.astimezone(moment.tzinfo)


@dataclass(slots=True)
class Facts:
    """Everything a decision may look at besides the event and the rulebook. Nothing here is written to by rules.

    ``roles`` are the operator's roles that the member holds now; ``staff`` is whether one of them can do anything
    that members cannot. ``digests`` are by period (``day``, ``week``, ...), loaded only where a rule posts one, as is
    ``tally`` for the staff's report. ``others`` gives the state of any member of the group, loaded when asked for: for
    timers that are about several.
    """

    now: datetime
    settings: GroupSettings
    group: GroupState
    member: MemberState
    roles: frozenset[str] = frozenset()
    staff: bool = False
    recent: Recent = field(default_factory=lambda: Recent(timedelta()))
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    digests: Mapping[str, Digest] = field(default_factory=dict)
    tally: Tally | None = None
    reading: Reading = field(default_factory=Reading)
    others: Callable[[str], MemberState] = MemberState

    @property
    def local_now(self) -> datetime:
        """Now, on the group's wall clock."""
        return self.settings.local(self.now)

    @property
    def today(self) -> str:
        """The group's day."""
        return self.settings.day(self.now)

    def can(self, capability: Capability) -> bool:
        """Whether the group's platform can do this."""
        return capability in self.settings.capabilities
