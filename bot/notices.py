"""What the staff are told of the bot's own troubles: in the staff room, else where it happened."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from adapters.protocol import Broken, Finding
from bot.deliver import rendered
from bot.examination import wording
from bot.refusals import refusal_in
from bot.setup import Setup
from rules.config import Alert
from rules.effects import Lane, Picture, SendText, kind_of
from rules.errors import ConfigError
from rules.facts import GroupSettings
from rules.language.saying import said
from rules.state import GroupState
from rules.text import Text, key, say
from schedules.clock import Clock
from schedules.planned import Due
from storage import outbox
from storage.database import Database
from storage.inbox import Waiting
from storage.outbox import Delivery

MOST_COMPLAINTS = 10
MOST_REASON = 200
"""Letters of an error that are told: it may quote what was not understood."""
NOTICE = "notice:"
"""How the keys of notices begin in the outbox; each is queued once."""
_NUMBERED = re.compile(r"\S*\d\S*")


class Notices:
    """Words the notices to staff and queues them, each once. What was not asked for returns its deliveries to queue."""

    def __init__(self, database: Database, clock: Clock, setup: Callable[[], Setup]) -> None:
        self._database = database
        self._clock = clock
        self._setup = setup

    def parked(self, row: Waiting, error: str) -> list[Delivery]:
        """An event could not be settled and was put aside."""
        text = key("alerts.parked", message=row.id, group=self._name(row.group), reason=error)
        return self.notice("parked", f"parked:{row.id}", self.staff_room(row.group), text)

    def quarantined(self, broken: Sequence[Broken]) -> list[Delivery]:
        """The platform told something that cannot be read. Told once a day for each kind of error."""
        day, room = self._clock.now().date().isoformat(), self.staff_room(None)
        told: list[Delivery] = []
        for one in broken:
            platform, kind = one.id.partition(":")[0], one.error.partition(":")[0]
            text = key("alerts.quarantined", name=platform, message=one.id, reason=one.error[:MOST_REASON])
            told += self.notice("quarantined", f"quarantined:{platform}:{kind}:{day}", room, text)
        return told

    def refused(self, delivery: Delivery, why: str) -> list[Delivery]:
        """The platform refused what a rule asked for. Told once a day for each group, rule, effect and reason."""
        if delivery.event.startswith(NOTICE):
            return []  # the staff room itself refuses: telling it there again would go round for ever
        day = self._clock.now().date().isoformat()
        effect = kind_of(delivery.effect)
        text = key(
            "alerts.refused",
            group=self._name(delivery.group),
            text=key(f"commands.act.{effect}"),
            rule=delivery.rule,
            reason=refusal_in(self._language(self.staff_room(delivery.group)), why),
        )
        reason = _NUMBERED.sub("#", why)  # the same for every message and member
        id_ = f"refused:{delivery.group}:{delivery.rule}:{effect}:{reason}:{day}"
        return self.notice("refused", id_, self.staff_room(delivery.group), text)

    def watching(
        self, settings: GroupSettings, seen: int, wanted: int, suspected: int, shown: Sequence[str]
    ) -> list[Delivery]:
        """The detection of advertisements gets to know a group, and does nothing there yet."""
        text = key("alerts.watching", group=settings.name or settings.key, count=seen, total=wanted)
        return self._learning("watching", settings, _with_suspects(text, suspected, shown))

    def warm(self, settings: GroupSettings, seen: int, suspected: int, shown: Sequence[str]) -> list[Delivery]:
        """The detection of advertisements knows a group well enough."""
        text = key("alerts.warm", group=settings.name or settings.key, count=seen)
        return self._learning("warm", settings, _with_suspects(text, suspected, shown))

    async def missed(self, due: Due) -> None:
        """A schedule's time passed while the bot was away, and it asks for staff to be told."""
        rule = self._setup().rulebook.rule(due.schedule)
        name = (rule.name or rule.id) if rule else due.schedule
        text = key("alerts.missed", rule=name, group=self._name(due.group), time=due.local.replace("T", " "))
        await self._tell("missed", due.id, self.staff_room(due.group), text)

    async def moved(self, settings: GroupSettings, old: str, new: str) -> None:
        """The platform gave a group another id; the configuration still has the former one."""
        name, bare = settings.name or settings.key, new.partition(":")[2]
        text = key("alerts.moved", group=name, key=settings.key, id=bare)
        await self._tell("moved", f"moved:{old}:{new}", self.staff_room(new), text)

    async def examined(self, group: str, findings: Sequence[Finding]) -> None:
        """What stands in the bot's way in a group, or (an empty ``group``) on a platform. Each told once a day."""
        setup = self._setup()
        signs = {"ok": "✅", "warning": "⚠️", "error": "🛠"}
        language = self._language(self.staff_room(group or None))
        items = tuple(say("{mark} {text}", mark=signs[f.level], text=wording(f, setup, language)) for f in findings)
        day = self._clock.now().date().isoformat()
        id_ = f"rights:{group}:{'+'.join(sorted(finding.code + str(finding.params) for finding in findings))}:{day}"
        await self._tell("rights", id_, self.staff_room(group or None), say("{items}", items=items))

    async def reloaded(self, setup: Setup, group: str | None) -> None:
        """The configuration was taken over."""
        text = key("alerts.reloaded", count=len(setup.rulebook.written), number=setup.rulebook.version)
        await self._tell("reloads", f"reloaded:{self._clock.now().isoformat()}", self.staff_room(None), text, group)

    async def reload_refused(self, error: ConfigError, group: str | None) -> None:
        """The configuration has faults: the old one stays."""
        language = self._language(group or self.staff_room(None))
        told = [str(said(complaint, language)) for complaint in error.complaints[:MOST_COMPLAINTS]]
        text = key("alerts.reload_refused", count=len(error.complaints), items="\n".join(told))
        id_ = f"reload_refused:{self._clock.now().isoformat()}"
        await self._tell("reloads", id_, self.staff_room(None), text, group)

    def staff_room(self, group: str | None) -> str | None:
        """The room in which staff hear of a group; of the bot as a whole (None), the first there is."""
        groups = self._setup().rulebook.groups
        if group is not None and group in groups:
            return groups[group].settings.staff_chat
        return next((book.settings.staff_chat for book in groups.values() if book.settings.staff_chat), None)

    def notice(
        self,
        kind: Alert,
        id_: str,
        room: str | None,
        text: Text,
        *,
        asked: bool = False,
        picture: Picture | None = None,
        not_before: datetime | None = None,
    ) -> list[Delivery]:
        """The deliveries of a notice; none where staff do not want to hear of the kind, unless somebody asked."""
        setup = self._setup()
        wanted = setup.config.staff.alerts
        if wanted and kind not in wanted and not asked:
            return []
        book = setup.rulebook.group(room) if room else None
        if room is None or book is None:
            return []
        words = rendered(text, setup, book.settings.language, book.settings.key, GroupState(id=room))
        effect = SendText(group=room, text=words, topic=book.settings.topic, picture=picture)
        event = f"{NOTICE}{id_}"
        return [Delivery(event=event, position=0, group=room, lane=Lane.REPLY, effect=effect, not_before=not_before)]

    def _learning(self, what: str, settings: GroupSettings, text: Text) -> list[Delivery]:
        return self.notice("learning", f"{what}:{settings.chat}", settings.staff_chat, text)

    def _language(self, group: str | None) -> str:
        book = self._setup().rulebook.group(group) if group else None
        return book.settings.language if book is not None else ""

    def _name(self, group: str) -> str:
        book = self._setup().rulebook.group(group)
        return (book.settings.name or book.settings.key) if book else group

    async def _tell(self, kind: Alert, id_: str, room: str | None, text: Text, asked_in: str | None = None) -> None:
        """Queue a notice: in the staff room, or in the group where somebody asked for it."""
        notices = self.notice(kind, id_, asked_in or room, text, asked=asked_in is not None)
        now = self._clock.now()

        def put(conn: Connection) -> None:
            outbox.enqueue(conn, notices, now)

        if notices:
            await self._database.write(put)


def _with_suspects(text: Text, suspected: int, shown: Sequence[str]) -> Text:
    """The text, with what looked like advertisements meanwhile."""
    if not suspected:
        return say("{items}", items=(text, key("alerts.no_suspects")))
    lines = tuple(key("alerts.suspect", text=words) for words in shown)
    return say("{items}", items=(text, key("alerts.suspects", count=suspected), *lines))
