"""Settle a batch of events in one transaction: facts, decision, changes, texts, deliveries, trace, log.

The transaction may be run twice by the writer (after a batch around it failed), so nothing here survives it but what
is in the database; the one thing kept in memory, ``Recent``, is rebuilt whenever a transaction did not complete.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot import albums
from bot.at_the_door import heard_alone
from bot.commands import relayed
from bot.commands.alone import passed_on
from bot.commands.identity import told_elsewhere
from bot.deliver import Delivering, Held
from bot.desk import Desk
from bot.figures import add_figures
from bot.pressing import answered, unheard
from bot.records import activity_row, amended, encode_trace
from bot.second_look import timer_of, wanted
from bot.setup import Setup
from bot.strangers import accepted, is_strangers, left_waiting
from bot.taken_down import Removed, taken_down
from bot.taught import Said, said
from rules.albums import note_albums
from rules.apply import apply, meet, observe
from rules.changes import Change, ForgetMember, LabelMessage, Relay, RequestReload, SetTimer, WithdrawLabel
from rules.decision import FIRED, SHADOW, Decision
from rules.effects import DeleteMessage
from rules.engine import decide, prepare
from rules.events import CommandIssued, Event, MessageEdited, MessagePosted, again_by, first_id, subject_of
from rules.facts import Facts
from rules.memory import glimpse_of
from rules.reading import Reading
from rules.recent import Glimpse, Recent
from rules.rulebook import GroupBook
from rules.state import GroupState, MemberState
from rules.verdict import Verdict
from storage import activity, inbox, states, timers
from storage.activity import ActivityRow
from storage.inbox import Waiting
from storage.settle import Recorded, Settlement, settle
from storage.traces import TraceRow

Verdicts = dict[str, dict[str, Verdict]]  # by event id, then detector
CommandDesk = Callable[[CommandIssued, Facts, Desk], Decision | None]


@dataclass(slots=True)
class Settled:
    """What a batch came to: events settled, and what is to happen once it is committed."""

    events: int = 0
    decided: int = 0
    deliveries: int = 0
    rules: dict[tuple[str, str], int] = field(default_factory=dict)  # (rule, outcome) -> times
    timers: bool = False
    reloads: list[tuple[str, str]] = field(default_factory=list)  # (group, by whom)
    unknown_groups: set[str] = field(default_factory=set)
    taught: set[str] = field(default_factory=set)  # groups in which the detection is to learn anew
    said: list[Said] = field(default_factory=list)  # what staff said of messages, in order
    forgotten: list[tuple[str, str]] = field(default_factory=list)  # (group, member)
    removed: list[Removed] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)  # what waits for the end of quiet hours
    awaited: list[Event] = field(default_factory=list)  # what is to be looked at again when an opinion is there


class Settler:
    """Decides on events with what the database remembers. One at a time per database (or per partition of groups)."""

    def __init__(self, setup: Callable[[], Setup], commands: CommandDesk) -> None:
        self._setup = setup
        self._commands = commands
        self._recent: dict[str, Recent] = {}
        self._touched: set[str] = set()

    def settle(
        self, conn: Connection, rows: Sequence[Waiting], now: datetime, verdicts: Verdicts | None = None
    ) -> Settled:
        """Settle events in order. To be run in a write transaction; call ``committed`` when it is."""
        for group in self._touched:  # an earlier run was rolled back
            self._recent.pop(group, None)
        rows = inbox.followed(conn, rows)
        self._touched = {row.event.group.id for row in rows}
        settled = Settled()
        for part in _parts(rows):
            batch = _Batch(conn, self._setup(), self._recent, verdicts or {}, self._commands, settled)
            batch.load([row.event for row in part])
            for row in part:
                batch.settle(row)
            batch.save(now)
        return settled

    def committed(self) -> None:
        """The transaction of the last ``settle`` is on disk."""
        self._touched.clear()

    def forget(self) -> None:
        """Rebuild all that is kept in memory: after a reload, rates may be counted further back."""
        self._recent.clear()


def _parts(rows: Sequence[Waiting]) -> Iterator[Sequence[Waiting]]:
    """The rows in order, cut before each command: it looks in the database for what came just before it."""
    start = 0
    for index, row in enumerate(rows):
        if index > start and isinstance(row.event, CommandIssued):
            yield rows[start:index]
            start = index
    if start < len(rows):
        yield rows[start:]


class _Batch:
    """What is settled together."""

    def __init__(
        self,
        conn: Connection,
        setup: Setup,
        recent: dict[str, Recent],
        verdicts: Verdicts,
        commands: CommandDesk,
        settled: Settled,
    ) -> None:
        self.conn = conn
        self.setup = setup
        self.settled = settled
        self._recent = recent
        self._verdicts = verdicts
        self._commands = commands
        self._groups: dict[str, GroupState] = {}
        self._members: dict[tuple[str, str], MemberState] = {}
        self._dirty_groups: set[str] = set()
        self._dirty_members: set[tuple[str, str]] = set()
        self._log: list[ActivityRow] = []
        self._traces: list[TraceRow] = []
        self._delivering = Delivering(setup)
        self._records: list[Recorded] = []
        self._seqs: list[int] = []
        self._again: list[Event] = []
        self._removed: list[tuple[str, str]] = []  # messages of earlier events that were taken away: group, id

    def load(self, events: Sequence[Event]) -> None:
        self._groups = states.load_groups(self.conn, {event.group.id for event in events})
        pairs = {(event.group.id, subject) for event in events if (subject := subject_of(event))}
        self._members = states.load_members(self.conn, pairs)

    def settle(self, row: Waiting) -> None:
        event = row.event
        self.settled.events += 1 + len(row.others)
        self._seqs += (row.seq, *row.others)
        book = self.setup.rulebook.group(event.group.id)
        if book is None:
            alone = self._elsewhere(event)
            if alone is not None:
                inbox.put(self.conn, [alone], event.at)
            else:
                self._delivering.deliveries += unheard(event, self.setup.rulebook)
                self._delivering.deliveries += told_elsewhere(event, self.setup)
                self._delivering.deliveries += accepted(event, self.conn, self.setup)
            if alone is None and event.group.kind != "private":
                self.settled.unknown_groups.add(event.group.id)
            return
        event = albums.known(event, self._groups[event.group.id])
        reading = Reading(event)
        recent = self._recent_of(event, reading)
        decision, facts = self._decide(event, book, recent, reading)
        decision = albums.whole(decision, facts.group)
        now = event.at
        group = facts.group
        self._dirty_groups.add(group.id)
        member_of_id = self._toucher(group.id)
        apply(decision.changes, now, group, member_of_id)
        subject = subject_of(event)
        member = member_of_id(subject) if subject else None
        observe(event, book.settings.day(now), group, member, removed=decision.removes(event))
        self._delivering.add(event, decision, facts)
        if decision.changes:
            self._records.append(Recorded(group.id, first_id(event), decision.changes, now))
            self._after(event, decision.changes)
        self._keep(row, event, decision, facts)

    def _elsewhere(self, event: Event) -> Event | None:
        """What somebody says to the bot alone, as it comes to the group that it is about."""
        if isinstance(event, CommandIssued):
            return passed_on(event, self.conn, self.setup)
        if is_strangers(event):
            return None if accepted(event, self.conn, self.setup) else left_waiting(event, self.setup)
        return heard_alone(event, self.conn, self.setup)

    def save(self, now: datetime) -> None:
        """Write everything out, many rows a statement."""
        self.settled.deliveries += len(self._delivering.deliveries)
        self.settled.held += self._delivering.held
        settle(
            self.conn,
            Settlement(
                seqs=self._seqs,
                groups=[self._groups[id_] for id_ in self._dirty_groups],
                members={pair: self._members[pair] for pair in self._dirty_members},
                activity=self._log,
                removed=self._removed,
                deliveries=self._delivering.deliveries,
                traces=self._traces,
                changes=self._records,
            ),
            now,
        )
        for event in self._again:
            timers.put(self.conn, event.group.id, [timer_of(event, now, self.setup.config)])
            self.settled.awaited.append(event)
            self.settled.timers = True

    def _decide(self, event: Event, book: GroupBook, recent: Recent, reading: Reading) -> tuple[Decision, Facts]:
        subject = subject_of(event)
        group_id = event.group.id
        member = self._member(group_id, subject) if subject else MemberState(id="")
        meet(event, member)
        facts = Facts(
            now=event.at,
            settings=book.settings,
            group=self._groups[group_id],
            member=member,
            recent=recent,
            verdicts=self._verdicts.get(event.id, {}),
            others=lambda other: self._member(group_id, other),
        )
        if isinstance(event, MessagePosted) and albums.is_late(event, facts.group):
            prepare(event, facts, self.setup.rulebook)
            return albums.late(event, facts, self.setup.rulebook.version), facts
        add_figures(self.conn, event, facts, book)
        decision = decide(event, facts, self.setup.rulebook)
        if isinstance(event, CommandIssued):
            command = self._commands(event, facts, self._desk(event, book))
            if command is not None:
                decision = _both(decision, command)
        return answered(event, decision, self.setup.rulebook), facts

    def _desk(self, event: CommandIssued, book: GroupBook) -> Desk:
        return Desk(self.conn, self.setup, book, lambda member: self._member(event.group.id, member))

    def _recent_of(self, event: Event, reading: Reading) -> Recent:
        horizon = self.setup.rulebook.horizon
        group = event.group.id
        recent = self._recent.get(group)
        if recent is None or recent.horizon != horizon:
            since = event.at - horizon
            kept = activity.recent(self.conn, group, since) if horizon else ()
            recent = self._recent[group] = Recent(horizon, kept)
            for row in self._log:  # logged earlier in this very batch, so not yet in the database
                if row.group == group and row.kind in ("message", "command", "join") and row.member and row.at > since:
                    kind = "join" if row.kind == "join" else "message"
                    recent.note(Glimpse(row.at, kind, row.member, row.fingerprint))
        if horizon:
            glimpse = glimpse_of(event, reading)
            if glimpse is not None:
                recent.note(glimpse)
        return recent

    def _member(self, group: str, member: str) -> MemberState:
        pair = (group, member)
        state = self._members.get(pair)
        if state is None:
            state = self._members[pair] = states.load_members(self.conn, [pair])[pair]
        return state

    def _toucher(self, group: str) -> Callable[[str], MemberState]:
        def touch(member: str) -> MemberState:
            self._dirty_members.add((group, member))
            return self._member(group, member)

        return touch

    def _after(self, event: Event, changes: Iterable[Change]) -> None:
        for change in changes:
            if isinstance(change, SetTimer):
                self.settled.timers = True
            elif isinstance(change, Relay) and isinstance(event, CommandIssued):
                inbox.put(self.conn, [relayed(event, change)], event.at)
            elif isinstance(change, (LabelMessage, WithdrawLabel)):
                self.settled.taught.add(event.group.id)
                self.settled.said += said(self.conn, event.group.id, event.at, change)
            elif isinstance(change, ForgetMember):
                self.settled.taught.add(event.group.id)
                self.settled.forgotten.append((event.group.id, change.member))
            elif isinstance(change, RequestReload):
                self.settled.reloads.append((event.group.id, change.by))

    def _keep(self, row: Waiting, event: Event, decision: Decision, facts: Facts) -> None:
        removed = {effect.message for effect in decision.effects if isinstance(effect, DeleteMessage)}
        note_albums(facts.reading.message, removed, facts.group)
        logged = activity_row(row.seq, event, facts, removed, decision.changes)
        if logged is not None:
            self._log.append(logged)
        own = event.message.id if isinstance(event, MessagePosted) and not event.again else None
        self._removed += [(event.group.id, message) for message in removed if message != own]
        if removed and event.id in self._verdicts:
            self.settled.removed += taken_down(event, decision)
        trace = decision.trace
        again = wanted(event, decision)
        if again is not None:
            self._again.append(again)
        decided = bool(decision.effects or decision.changes)
        self.settled.decided += decided
        if trace is None:
            return
        for part in trace.rules:
            if part.outcome in (FIRED, SHADOW):
                key = (part.rule, part.outcome)
                self.settled.rules[key] = self.settled.rules.get(key, 0) + 1
        message = event.message.id if isinstance(event, (MessagePosted, MessageEdited)) else None
        shadowed = any(part.outcome == SHADOW for part in trace.rules)
        row_of = TraceRow(
            event=event.id,
            group=event.group.id,
            message=message,
            at=event.at,
            decided=decided or shadowed,
            trace=encode_trace(trace),
        )
        self._traces.append(amended(self.conn, first_id(event), row_of) if again_by(event) else row_of)


def _both(rules: Decision, command: Decision) -> Decision:
    """What rules and a command's own answer ask for, together."""
    trace = rules.trace
    if trace is not None and command.trace is not None:
        trace.rules += command.trace.rules
    return Decision(
        effects=(*command.effects, *rules.effects),
        changes=(*command.changes, *rules.changes),
        by=(*command.by, *rules.by),
        trace=trace or command.trace,
    )
