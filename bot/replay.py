"""Running rules over past messages with the time of then; nothing is sent."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, nullcontext
from datetime import tzinfo
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from adapters.history import History, open_history
from bot import replay_json
from bot.replay_engine import Look, Outcome, Replayer
from bot.replay_hits import HitTable, hits_of
from bot.replay_report import in_words, print_hit, print_report
from bot.replay_tally import Comparison, Tally
from bot.speech import ENGLISH, Speech
from rules.commandline import CommandNames
from rules.copy import CopyBook
from rules.errors import HistoryError
from rules.events import Event
from rules.facts import GroupSettings
from rules.rulebook import Rulebook
from rules.state import GroupState
from rules.text import Text
from rules.values import Group

_STEPS = 500  # events between two moves of the progress bar
_LISTED = 10  # chats named where none was found


def replay(rulebook: Rulebook, events: Iterable[Event], *, group: str | None = None) -> Iterator[Outcome]:
    """The outcome of every event, and of every timer that comes due between them."""
    replayer = Replayer(rulebook, group=group)
    for event in events:
        yield from replayer.outcomes(event)


def run_replay(
    rulebook: Rulebook,
    copy: CopyBook,
    path: Path | str,
    *,
    json: bool = False,
    derived: bool = False,
    against: Rulebook | None = None,
    against_name: str = "the other file",
    group: str | None = None,
    chat: str | None = None,
    commands: CommandNames | None = None,
    look: Look | None = None,
    zone: tzinfo | None = None,
    speech: Speech | None = None,
    every_hit: bool = False,
    table: Path | None = None,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
) -> int:
    """Replay a history and print what came of it: 0 when it was read to its end, 1 when not.

    ``group`` is the key of the configured group to stand in for chats that are not configured; ``chat`` narrows the
    history to one chat, by id or name. ``zone`` is that of times without offset (left out: the group's). ``json``
    prints one object an event of the history, then the summary; complaints and the progress bar go to ``err``.
    ``derived`` prints what followed from them too: timers that came due, commands that were typed. ``every_hit``
    prints each hit before the report, ``table`` is a CSV file to write them to.
    """
    speech = speech or Speech(ENGLISH)
    console = Console(file=out, highlight=False)
    try:
        run = _Run(rulebook, copy, against, group, chat, commands, look)
        history = open_history(path, zone=zone or run.zone(group), wanted=run.wanted, platform=run.platform(group))
    except HistoryError as error:
        print(in_words(str(error), speech), file=err)
        return 1
    try:
        rows = HitTable(table, speech) if table is not None else None
    except OSError as error:
        print(f"{table}: {error.strerror or error}", file=err)
        return 1
    broken = None
    try:
        with _Bar(history, err) as bar, closing(rows) if rows is not None else nullcontext():
            for event in history.events():
                for ours, theirs, differ in run.step(event):
                    if json and ours is not None and (derived or ours.event.id == event.id):
                        _write(out, replay_json.event_line(ours, run.render, theirs if differ else None))
                    for hit in hits_of(ours) if ours is not None and (every_hit or rows is not None) else ():
                        if every_hit and not json:
                            print_hit(console, hit, speech)
                        if rows is not None:
                            rows.add(hit)
                bar.step()
    except HistoryError as error:
        broken = str(error)
    except KeyboardInterrupt:
        broken = "stopped by hand"
    broken = broken or run.nothing_wanted(history)
    notes = [*run.ours.notes, *history.notes]
    if json:
        _write(out, replay_json.summary_line(run.tally, notes, broken, run.other_tally, run.comparison))
        if broken is not None:
            print(broken, file=err)
    else:
        print_report(console, run.tally, notes, broken, run.other_tally, run.comparison, against_name, speech)
    if rows is not None:
        print(speech("replay.written", count=f"{rows.count:,}", file=table), file=err if json else out)
    return 0 if broken is None else 1


class _Run:
    """One replay under way, under one rulebook or two."""

    def __init__(
        self,
        rulebook: Rulebook,
        copy: CopyBook,
        against: Rulebook | None,
        group: str | None,
        chat: str | None,
        commands: CommandNames | None,
        look: Look | None,
    ) -> None:
        self.ours = Replayer(rulebook, group=group, commands=commands, look=look)
        self.tally = Tally(rulebook)
        self.theirs: Replayer | None = None
        self.other_tally: Tally | None = None
        self.comparison: Comparison | None = None
        if against is not None:
            keys = {book.settings.key for book in against.groups.values()}
            self.theirs = Replayer(against, group=group if group in keys else None, commands=commands, look=look)
            self.other_tally = Tally(against)
            self.comparison = Comparison()
        self._copy = copy
        self._group = group
        self._chat = chat
        self._refused = 0

    def step(self, event: Event) -> Iterator[tuple[Outcome | None, Outcome | None, bool]]:
        """The outcomes of an event under both rulebooks, and whether they differ."""
        mine = self.ours.outcomes(event)
        if self.theirs is None or self.other_tally is None or self.comparison is None:
            for outcome in mine:
                self.tally.add(outcome)
                yield outcome, None, False
            return
        both: dict[str, tuple[Outcome | None, Outcome | None]] = {one.event.id: (one, None) for one in mine}
        for other in self.theirs.outcomes(event):
            self.other_tally.add(other)
            both[other.event.id] = (both.get(other.event.id, (None, None))[0], other)
        for ours, theirs in both.values():
            if ours is not None:
                self.tally.add(ours)
            yield ours, theirs, self.comparison.add(ours, theirs)

    def wanted(self, group: Group, account: bool) -> bool:
        """Whether to replay a chat: the one asked for; of a whole account only those that are configured."""
        if self._chat is not None:
            bare = group.id.partition(":")[2]
            numbers = {group.id, bare, bare.removeprefix("-"), bare.removeprefix("-100")}
            found = self._chat == group.name or self._chat in numbers
        else:
            found = not account or self.ours.knows(group.id)
        self._refused += not found
        return found

    def nothing_wanted(self, history: History) -> str | None:
        """What to say where no chat of the history was replayed."""
        if self.tally.events or not self._refused:
            return None
        chats = [f"{name or 'nameless'} ({id_})" for id_, name in list(history.groups.items())[:_LISTED]]
        asked = f"no chat is `{self._chat}`" if self._chat is not None else "none of its chats is in the configuration"
        return f"{asked}; name one with --chat, and with --group whose rules to use: {', '.join(chats)}"

    def zone(self, group: str | None) -> tzinfo:
        """The zone of times without offset."""
        return self._settings(group).timezone

    def platform(self, group: str | None) -> str:
        """The platform of ids that name none."""
        return self._settings(group).chat.partition(":")[0]

    def render(self, text: Text, settings: GroupSettings, state: GroupState) -> str:
        """A text's words in the group's language; variants take turns."""

        def turn(key: str) -> int:
            used = state.copy_turns.get(key, 0)
            state.copy_turns[key] = used + 1
            return used

        return self._copy.render(text, settings.language, settings.key, turn)

    def _settings(self, group: str | None) -> GroupSettings:
        books = list(self.ours.rulebook.groups.values())
        return next((book.settings for book in books if book.settings.key == group), books[0].settings)


class _Bar:
    """A progress bar by bytes read, on a terminal only."""

    def __init__(self, history: History, err: TextIO) -> None:
        self._history = history
        self._count = 0
        self._progress: Progress | None = None
        self._task = TaskID(0)
        if err.isatty():
            self._progress = Progress(
                TextColumn("Replaying"),
                BarColumn(),
                DownloadColumn(),
                TextColumn("{task.fields[events]:,} events"),
                TimeRemainingColumn(),
                console=Console(file=err),
                transient=True,
            )
            self._task = self._progress.add_task("", total=history.size, events=0)

    def __enter__(self) -> "_Bar":
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def step(self) -> None:
        """One more event was replayed."""
        self._count += 1
        if self._progress is not None and self._count % _STEPS == 0:
            self._progress.update(self._task, completed=self._history.done, events=self._count)


def _write(out: TextIO, line: bytes) -> None:
    buffer = getattr(out, "buffer", None)
    if buffer is not None:
        buffer.write(line + b"\n")
    else:
        out.write(line.decode() + "\n")
