"""What a slash command may look up while it decides. It reads only, in the transaction of the decision."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection

from bot.setup import Setup
from rules.cases import case_named
from rules.digest import Digest, stretch
from rules.facts import Facts, GroupSettings
from rules.rulebook import GroupBook
from rules.state import GroupState, MemberState
from rules.verdict import Verdict
from storage import audit, cases, export, history, labels, lookups, running, samples, states, traces, verdicts
from storage.audit import AuditRow
from storage.cases import Case
from storage.digest import digest
from storage.history import Warned
from storage.labels import Label
from storage.lookups import Posted
from storage.traces import TraceRow

if TYPE_CHECKING:
    from bot.detection.traits import Traits


class Desk:
    """The database and the setup as a command sees them. ``book`` is that of the command's group.

    ``member_of`` gives the state of a member of that group as the transaction has it.
    """

    def __init__(
        self, conn: Connection, setup: Setup, book: GroupBook, member_of: Callable[[str], MemberState]
    ) -> None:
        self._conn = conn
        self._member_of = member_of
        self.setup = setup
        self.book = book

    @property
    def group(self) -> str:
        """The id of the command's group."""
        return self.book.settings.chat

    @property
    def groups(self) -> tuple[GroupSettings, ...]:
        """Every configured group but the staff room, in the order of the file."""
        room = self.book.settings.staff_chat
        return tuple(book.settings for chat, book in self.setup.rulebook.groups.items() if chat != room)

    def member(self, member: str) -> MemberState:
        """The state of a member of this group; a fresh one for somebody never met."""
        return self._member_of(member)

    def find(self, text: str) -> MemberState | None:
        """The member who answers to an id, a username or a name; None where nobody or several do."""
        found = states.find_member(self._conn, self.group, text)
        return None if found is None else self._member_of(found.id)

    def knows(self, group: str, text: str) -> MemberState | None:
        """The member of another group who answers to an id, a username or a name."""
        return states.find_member(self._conn, group, text)

    def state_in(self, group: str, member: str) -> MemberState:
        """The state of a member of another group."""
        return states.load_members(self._conn, [(group, member)])[group, member]

    def group_state(self, group: str) -> GroupState:
        """What is remembered of another group."""
        return states.load_groups(self._conn, [group])[group]

    def top(self, by: Literal["score", "messages", "streak"], limit: int) -> list[MemberState]:
        """The members with the most of something, most first."""
        return states.top(self._conn, self.group, by, limit)

    def member_count(self) -> int:
        """How many members of this group we know of."""
        return states.member_count(self._conn, self.group)

    def digest(self, period: str, facts: Facts) -> Digest:
        """What happened in this group in a period (``rules.digest.PERIODS``)."""
        return digest(self._conn, self.group, *stretch(period, self.book.settings, facts.now))

    def posted(self, message: str) -> Posted | None:
        """A message of this group, as the log has it."""
        return lookups.posted(self._conn, self.group, message)

    def words_of(self, message: str) -> str | None:
        """The words of a message of this group as they were last, edits included; None where they are not kept."""
        return lookups.words_of(self._conn, self.group, message)

    def was_removed(self, message: str) -> bool:
        """Whether a message of this group was taken away, as far as we know."""
        return lookups.was_removed(self._conn, self.group, message)

    def traits(self, words: str) -> "Traits | None":
        """What is kept of words that are learned from; None where there is nothing in them. Raises ``ModelError``."""
        from bot.detection.shipped import shipped_model  # noqa: PLC0415 - the model is for those who teach it
        from bot.detection.traits import traits_of  # noqa: PLC0415

        return traits_of(words, shipped_model())

    @property
    def features_version(self) -> str:
        """Labels that were made with other features are not learned from."""
        from rules.detectors.features import FEATURES_VERSION  # noqa: PLC0415 - as above

        return FEATURES_VERSION

    def label(self, number: int) -> Label | None:
        """What staff said under this number."""
        return labels.find(self._conn, self.group, number)

    def label_of(self, message: str) -> Label | None:
        """What holds of a message of this group."""
        return labels.of_message(self._conn, self.group, message)

    def label_by(self, by: str, message: str | None, features: bytes) -> Label | None:
        """What holds by somebody's word: of a message of this group, or of words alone."""
        return labels.said_by(self._conn, self.group, by, message, features)

    def labels(self, limit: int) -> list[Label]:
        """What staff said last, latest first, withdrawn or not."""
        return labels.latest(self._conn, self.group, limit)

    def label_counts(self) -> tuple[int, int]:
        """How many labels hold: of advertisements, and of ordinary messages."""
        return labels.counts(self._conn, self.group)

    def ordinary_seen(self) -> int:
        """How many ordinary messages of this group were counted."""
        return samples.progress(self._conn, self.group).ordinary

    def trace_of_message(self, message: str) -> TraceRow | None:
        """Why what was decided on a message was decided; for a message of the bot's own, why it posted that."""
        found = traces.of_message(self._conn, self.group, message)
        if found is not None:
            return found
        event = lookups.event_behind(self._conn, self.group, message)
        return self.trace_of_event(event) if event is not None else None

    def posted_by_us(self, message: str) -> bool:
        """Whether a message of this group is one that the bot posted."""
        return lookups.event_behind(self._conn, self.group, message) is not None

    def trace_of_event(self, event: str) -> TraceRow | None:
        """Why what was decided on an event was decided."""
        return traces.of_event(self._conn, event)

    def opinion_on(self, event: str, detector: str) -> Verdict | None:
        """What a detector thought of an event, the last time it was asked; None where that is no longer kept."""
        found = verdicts.load(self._conn, [event]).get(event, [])
        return next((verdict for verdict in reversed(found) if verdict.detector == detector), None)

    def last_decided(self, member: str) -> TraceRow | None:
        """Why something was decided on a member's messages the last time."""
        return lookups.last_decided(self._conn, self.group, member)

    def warnings(self, member: str) -> list[Warned]:
        """A member's warnings, earliest first, forgiven ones too."""
        return history.warnings_of(self._conn, self.group, member)

    def case(self, number: int, group: str | None = None) -> Case | None:
        """What was decided on a member of this group, or another, under this number."""
        return cases.find(self._conn, group or self.group, number)

    def case_about(self, message: str) -> Case | None:
        """What was decided on the author of a message of this group, because of it."""
        return cases.of_message(self._conn, self.group, message)

    def case_told_in(self, room: str, message: str) -> Case | None:
        """The case that a message of the bot's in the staff room tells of."""
        told = case_named(running.name_of(self._conn, room, message) or "")
        if told is not None:
            place = next((settings.chat for settings in self.groups if settings.key == told[0]), None)
            return None if place is None else self.case(told[1], place)
        event = lookups.event_behind(self._conn, room, message)
        return None if event is None else cases.of_event(self._conn, event)

    def decided_since(self, case: Case) -> frozenset[str]:
        """What was done to a case's member by later decisions that were not taken back."""
        return cases.decided_since(self._conn, case)

    def undecided(self, member: str | None = None, group: str | None = None) -> list[Case]:
        """The cases (of one member) that staff have not decided on, latest first."""
        return cases.undecided(self._conn, group or self.group, member)

    def acts(self, target: str | None = None, limit: int = 20) -> Sequence[AuditRow]:
        """The latest acts of staff (on one target), latest first."""
        return audit.history(self._conn, self.group, limit, target)

    def own_data(self, member: str) -> str:
        """All that is kept about a member of this group, as JSON."""
        return export.member_data(self._conn, member, self.group).decode()

    def members_table(self) -> str:
        """The members of this group as CSV, fit for any spreadsheet."""
        lines = io.StringIO()
        csv.writer(lines).writerows(export.member_rows(self._conn, self.group))
        return "\ufeff" + lines.getvalue()  # the mark is how Excel knows UTF-8
