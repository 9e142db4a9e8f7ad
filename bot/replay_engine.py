"""Deciding on past events with the time of then, in memory; nothing is sent and nothing is kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from rules.commandline import CommandNames, expand
from rules.decision import Decision
from rules.engine import decide
from rules.errors import HistoryError
from rules.events import Event
from rules.facts import GroupSettings
from rules.memory import GroupMemory
from rules.rulebook import GroupBook, Rulebook
from rules.state import GroupState
from rules.values import Group
from rules.verdict import Verdict

STAFF_TAG = "staff"

Look = Callable[[Event], Mapping[str, Verdict]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one event. ``error`` is why there is no decision: a live event would be parked with it."""

    event: Event
    settings: GroupSettings
    group: GroupState
    decision: Decision
    error: str | None = None


class Replayer:
    """Runs a rulebook over past events. Each group has its own memory and its own clock.

    ``group`` is the key of the configured group whose rules hold for chats that are not in the configuration.
    ``commands`` tells slash commands in messages apart, for rules on commands; ``look`` asks the detectors. Raises
    ``HistoryError`` for a group that is not configured.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        *,
        group: str | None = None,
        commands: CommandNames | None = None,
        look: Look | None = None,
    ) -> None:
        self.rulebook = rulebook
        self.notes: list[str] = []
        self._group = group
        self._commands = commands
        self._look = look
        self._memories: dict[str, GroupMemory] = {}
        if not rulebook.groups:
            raise HistoryError("the configuration has no group whose rules could be replayed; add one under groups:")
        keys = [book.settings.key for book in rulebook.groups.values()]
        if group is not None and group not in keys:
            near = get_close_matches(group, keys, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(keys)}"
            raise HistoryError(f"`{group}` is no group of the configuration; {hint}")

    def outcomes(self, event: Event) -> Iterator[Outcome]:
        """What becomes of an event, after that of every timer which came due before it."""
        memory = self._memories.get(event.group.id) or self._meet(event.group)
        settings = self.rulebook.groups[event.group.id].settings
        for fired in memory.due_before(event.at, settings):
            yield self._outcome(fired, memory, settings)
        for part in expand(event, self._commands) if self._commands is not None else (event,):
            yield self._outcome(part, memory, settings)

    def members(self) -> int:
        """How many people were met."""
        return sum(len(memory.members) for memory in self._memories.values())

    def knows(self, chat: str) -> bool:
        """Whether a chat is in the configuration, by its id or (in JSON lines) by its key."""
        return chat in self.rulebook.groups or self._keyed(chat) is not None

    def _outcome(self, event: Event, memory: GroupMemory, settings: GroupSettings) -> Outcome:
        verdicts = self._look(event) if self._look is not None else None
        facts = memory.facts_for(event, settings, verdicts)
        error = None
        try:
            decision = decide(event, facts, self.rulebook)
        except Exception as fault:  # noqa: BLE001 - live, the event would be parked and the group would go on
            decision, error = Decision(), f"{type(fault).__name__}: {fault}"
        memory.settle(event, decision, settings)
        return Outcome(event, settings, memory.group, decision, error)

    def _meet(self, group: Group) -> GroupMemory:
        chat = group.id
        if chat not in self.rulebook.groups:
            keyed = self._keyed(chat)
            book = keyed or self._stand_in(group)
            self.rulebook = self.rulebook.standing_in(chat, book.settings.key)
        memory = self._memories[chat] = GroupMemory(chat, self.rulebook.horizon)
        return memory

    def _keyed(self, chat: str) -> GroupBook | None:
        key = chat.partition(":")[2]
        return next((book for book in self.rulebook.groups.values() if book.settings.key == key), None)

    def _stand_in(self, group: Group) -> GroupBook:
        books = list(self.rulebook.groups.values())
        name = f"{group.name} ({group.id})" if group.name else group.id
        if self._group is not None:
            return next(book for book in books if book.settings.key == self._group)
        rooms = {book.settings.staff_chat for book in books}
        kept = [b for b in books if STAFF_TAG not in b.settings.tags and b.settings.chat not in rooms] or books
        book = kept[0]
        why = "the first one configured; choose another with --group" if len(kept) > 1 else "the one configured"
        self.notes.append(f"{name} is not in the configuration: replayed as `{book.settings.key}`, {why}")
        return book
