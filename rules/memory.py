"""One group's memory without a database: for replay, for ``tests:`` beside rules, and for property tests.

It keeps to the order of live running: the event is noted among the recent ones, facts are what was remembered *before*
it, then the decision's changes are carried out, and last the event itself is taken note of.

    memory = GroupMemory("telegram:-100123", rulebook.horizon)
    for fired in memory.due_before(event.at, settings):
        memory.settle(fired, decide(fired, memory.facts_for(fired, settings), rulebook), settings)
    decision = decide(event, memory.facts_for(event, settings), rulebook)
    memory.settle(event, decision, settings)
"""

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from rules.apply import apply, meet, observe
from rules.changes import CancelTimer, SetTimer
from rules.decision import Decision
from rules.digest import Digest
from rules.events import Event, MemberJoined, MessagePosted, ScheduleFired, again_by, subject_of
from rules.facts import Facts, GroupSettings
from rules.reading import Reading
from rules.recent import Glimpse, Recent
from rules.state import GroupState, MemberState
from rules.values import Group
from rules.verdict import Verdict

TimerKey = tuple[str, str]  # name, subject ("" for none)


class GroupMemory:
    """What is remembered of one group: its state, its members, its last events, its timers.

    ``horizon`` is how far back rates are counted (``Rulebook.horizon``).
    """

    def __init__(self, chat: str, horizon: timedelta = timedelta()) -> None:
        self.group = GroupState(id=chat)
        self.members: dict[str, MemberState] = {}
        self.recent = Recent(horizon)
        self._timers: dict[TimerKey, SetTimer] = {}
        self._due: list[tuple[datetime, TimerKey]] = []  # a heap; entries that no timer agrees with are void

    def member(self, member_id: str) -> MemberState:
        """The state of a member, a fresh one for somebody never met."""
        state = self.members.get(member_id)
        if state is None:
            state = self.members[member_id] = MemberState(id=member_id)
        return state

    def facts_for(
        self,
        event: Event,
        settings: GroupSettings,
        verdicts: Mapping[str, Verdict] | None = None,
        digests: Mapping[str, Digest] | None = None,
    ) -> Facts:
        """Note the event among the recent ones, and give what a decision on it needs. To be called once an event."""
        reading = Reading(event)
        if self.recent.horizon:
            glimpse = glimpse_of(event, reading)
            if glimpse is not None:
                self.recent.note(glimpse)
        subject = subject_of(event)
        member = self.member(subject) if subject else MemberState(id="")
        meet(event, member)
        return Facts(
            now=event.at,
            settings=settings,
            group=self.group,
            member=member,
            recent=self.recent,
            verdicts=verdicts or {},
            digests=digests or {},
            reading=reading,
            others=self.member,
        )

    def settle(self, event: Event, decision: Decision, settings: GroupSettings) -> None:
        """Carry out the decision's changes, then take note of the event."""
        if decision.changes:
            apply(decision.changes, event.at, self.group, self.member)
            for change in decision.changes:
                if isinstance(change, SetTimer):
                    self._set(change)
                elif isinstance(change, CancelTimer):
                    self._cancel(change)
        subject = subject_of(event)
        member = self.member(subject) if subject else None
        observe(event, settings.day(event.at), self.group, member, removed=decision.removes(event))

    def next_due(self) -> datetime | None:
        """When the next timer is due; None where none is set."""
        while self._due:
            due, key = self._due[0]
            timer = self._timers.get(key)
            if timer is not None and timer.due == due:
                return due
            heapq.heappop(self._due)
        return None

    def due_before(self, moment: datetime, settings: GroupSettings) -> Iterator[ScheduleFired]:
        """The timers that are due by a moment, earliest first, each forgotten as it is given.

        A timer that is set while they are gone through comes too, where it is due by then.
        """
        while (due := self.next_due()) is not None and due <= moment:
            _, key = heapq.heappop(self._due)
            timer = self._timers.pop(key)
            yield ScheduleFired(
                id=timer_event_id(timer.name, self.group.id, due, timer.subject),
                group=Group(self.group.id, self.group.name),
                at=due,
                schedule=timer.name,
                due=due,
                local=f"{settings.local(due):%Y-%m-%dT%H:%M}",
                subject=timer.subject,
                data=timer.data,
            )

    def _set(self, timer: SetTimer) -> None:
        key = (timer.name, timer.subject or "")
        self._timers[key] = timer
        heapq.heappush(self._due, (timer.due, key))

    def _cancel(self, unwanted: CancelTimer) -> None:
        name = unwanted.name
        if not name.endswith("*"):
            self._timers.pop((name, unwanted.subject or ""), None)
            return
        for key in [key for key in self._timers if key[0].startswith(name[:-1])]:
            if unwanted.subject is None or key[1] == unwanted.subject:
                del self._timers[key]


def timer_event_id(name: str, group: str, due: datetime, subject: str | None = None) -> str:
    """The id of the event that a timer leads to: the same however often it is made."""
    about = f"{name}@{subject}" if subject else name
    return f"schedule:{about}:{group}:{due.isoformat()}"


def glimpse_of(event: Event, reading: Reading | None = None) -> Glimpse | None:
    """What an event leaves in the short memory that rates are counted in; None for most kinds, for another look, and
    for what nobody has said.

    ``reading`` is the event's, where there is one already.
    """
    if again_by(event):
        return None
    if isinstance(event, MessagePosted):
        if event.message.is_line:
            return None
        return Glimpse(event.at, "message", event.message.author.id, (reading or Reading(event)).fingerprint)
    if isinstance(event, MemberJoined):
        return Glimpse(event.at, "join", event.member.id)
    return None
