"""``groupkeeper warm-up``: the detection gets to know a group from its history before it has to judge there."""

import sys
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console
from sqlalchemy import Connection

from adapters.history import History, open_history
from bot.cli.guard import COMPLAINTS
from bot.cli.loading import loaded
from bot.detection.ordinary import Ordinary
from bot.detection.shipped import shipped_model
from bot.logs import set_up
from bot.replay_report import clean, in_words
from bot.setup import Setup
from bot.speech import Speech, speech_for
from rules.errors import HistoryError
from rules.events import MessagePosted
from rules.facts import GroupSettings
from rules.values import Group
from rules.wording import excerpt
from storage import samples
from storage.database import Database
from storage.samples import Progress
from storage.sole import sole

_SHOWN = 3
_LISTED = 10


@dataclass(slots=True)
class _Warmed:
    """What a history brought: messages read, what looks like advertisements, and why it ended early, if it did."""

    read: int = 0
    left_out: list[str] = field(default_factory=list)
    broken: str | None = None


def warm_up(
    config: Path, history: Path, *, group: str, chat: str | None, database: str | None, lang: str | None = None
) -> int:
    """Count a history's messages as ordinary ones of a group, and print what came of it; 0 when read to its end.

    Raises ``StorageError`` while the bot runs on the same SQLite file.
    """
    set_up(as_json=False)
    setup = loaded(config, connects=True, lang=lang)
    speech = speech_for(config, lang)
    try:
        settings = _settings(setup, group)
        chosen = _Chosen(settings, chat)
        platform = settings.chat.partition(":")[0]
        opened = open_history(history, zone=settings.timezone, wanted=chosen.wanted, platform=platform)
        chosen.history = opened
    except HistoryError as error:
        print(in_words(str(error), speech), file=sys.stderr)
        return COMPLAINTS
    with Database.open(database or setup.config.storage.database) as kept, sole(kept.file):
        kept.upgrade()
        place = settings.chat
        before, known = kept.read_now(lambda conn: (samples.progress(conn, place), samples.known_events(conn, place)))
        counted = Ordinary(place, shipped_model(), before, frozenset(known))
        warmed = _read(opened, counted)
        broken = warmed.broken or chosen.nothing(warmed.read)
        if broken is not None:
            print(in_words(broken, speech), file=sys.stderr)
        if not warmed.read and broken is not None:
            return COMPLAINTS
        _keep(kept, place, counted)
        _print(speech, settings, before, counted, warmed)
        for note in opened.notes:
            _say(speech("replay.note", note=in_words(note, speech)), "yellow")
        if kept.file is None:  # a server does not tell whether somebody else is at it
            _say(speech("warm_up.server"), "dim")
    return 0 if broken is None else COMPLAINTS


class _Chosen:
    """Which chat of a history is read: the one that was asked for, or that the group is, or the only one there is."""

    def __init__(self, settings: GroupSettings, chat: str | None) -> None:
        self.history: History | None = None
        self._settings = settings
        self._chat = chat
        self._refused = 0

    def wanted(self, group: Group, account: bool) -> bool:
        bare = group.id.partition(":")[2]
        if self._chat is not None:
            numbers = {group.id, bare, bare.removeprefix("-"), bare.removeprefix("-100")}
            found = self._chat == group.name or self._chat in numbers
        elif account or (self.history is not None and self.history.kind == "jsonl"):
            found = group.id == self._settings.chat or bare == self._settings.key
        else:
            found = True
        self._refused += not found
        return found

    def nothing(self, read: int) -> str | None:
        """What to say where no chat was read."""
        if read or not self._refused or self.history is None:
            return None
        chats = [f"{name or 'nameless'} ({id_})" for id_, name in list(self.history.groups.items())[:_LISTED]]
        asked = f"no chat is `{self._chat}`" if self._chat is not None else "none of its chats is in the configuration"
        return f"{asked}; name one with --chat, and with --group whose rules to use: {', '.join(chats)}"


def _settings(setup: Setup, group: str) -> GroupSettings:
    books = setup.rulebook.groups.values()
    found = next((book.settings for book in books if book.settings.key == group), None)
    if found is None:
        keys = [book.settings.key for book in books]
        near = get_close_matches(group, keys, 1)
        hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(keys)}"
        raise HistoryError(f"`{group}` is no group of the configuration; {hint}")
    return found


def _read(history: History, counted: Ordinary) -> _Warmed:
    warmed = _Warmed()
    try:
        for event in history.events():
            if not isinstance(event, MessagePosted):
                continue
            warmed.read += 1
            message = event.message
            if message.author.is_bot or message.text.startswith(("/", "／")):
                continue
            if counted.add(f"export:{message.id}", event.at, message.text, message.author.id) is False:
                warmed.left_out.append(clean(excerpt(message.text)) if len(warmed.left_out) < _SHOWN else "")
    except HistoryError as error:
        warmed.broken = str(error)
    return warmed


def _keep(database: Database, group: str, counted: Ordinary) -> None:
    fresh = counted.fresh

    def write(conn: Connection) -> None:
        samples.put(conn, group, fresh)
        come = replace(samples.progress(conn, group), ordinary=counted.count)
        samples.keep_progress(conn, group, come)

    database.write_now(write)


def _print(speech: Speech, settings: GroupSettings, before: Progress, counted: Ordinary, warmed: _Warmed) -> None:
    ordinary, likely = counted.count - before.ordinary, len(warmed.left_out)
    passed = warmed.read - ordinary - likely
    _say(speech("warm_up.read", group=settings.name or settings.key, count=f"{warmed.read:,}"), "bold")
    _say(speech("warm_up.ordinary", count=f"{ordinary:,}"))
    _say(speech("warm_up.left_out", count=f"{likely:,}"))
    for words in filter(None, warmed.left_out):
        _say(f"    {words}", "dim")
    _say(speech("warm_up.passed_over", count=f"{passed:,}"))
    wanted = settings.ads.cold_start
    known = "warm_up.warm" if counted.count >= wanted else "warm_up.cold"
    _say(speech(known, count=f"{counted.count:,}", total=f"{wanted:,}"))


def _say(line: str, style: str = "") -> None:
    Console(highlight=False, soft_wrap=True).print(line, style=style, markup=False)
