"""What happens on the simulated platforms, as lines for a terminal."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from adapters.simulated import Act, Entry
from bot.simulation.labels import Labels
from bot.simulation.venue import Venue
from bot.simulation.wrapping import shorten, wrap
from rules.facts import GroupSettings

COLOURS = ("green", "magenta", "yellow", "bright_blue", "bright_green", "bright_magenta", "bright_yellow", "blue")
BOT = "bold cyan"
TIME, WHO = 5, 14
"""Cells of the columns that say when and who."""

FOLDED = 3
"""The bot's own messages that it takes back at once, above which only their number is told."""

Reason = Callable[[Entry], tuple[str, str]]
"""The name of the rule by which a message went, and what it saw; both may be empty."""


class Transcript:
    """Prints entries as they come: who said what when, what the bot did about it, and why."""

    def __init__(
        self,
        consoles: Iterable[Console],
        labels: Labels,
        reason: Reason,
        settings: Callable[[str], GroupSettings],
        *,
        main: str = "",
        numbered: bool = False,
    ) -> None:
        self.consoles = list(consoles)
        """Where it is printed; may change from chapter to chapter."""
        self.labels = labels
        self.numbers: dict[str, int] = {}
        """The numbers of messages, where they are shown."""
        self.main = main
        """The group whose name is not told with every line."""
        self._reason = reason
        self._settings = settings
        self._numbered = numbered
        self._colours: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._printed: set[str] = set()
        self._joined: list[tuple[datetime, str]] = []

    def heading(self, text: str) -> None:
        """Begin a chapter."""
        self._flush_joins()
        self.print()
        self.print(Rule(Text(text, style="bold"), style="bright_black", align="left"))

    def note(self, text: str, at: datetime | None = None) -> None:
        """A line that nobody says."""
        self._flush_joins()
        self._row(at, Text(), Text(text, style="bold reverse"))

    def show(self, entries: Sequence[Entry], platform: Venue) -> None:
        """Print what happened since the last time."""
        gone = {entry.message: entry for entry in entries if entry.act is Act.DELETE and entry.message}
        taken_back = [entry for entry in entries if self._takes_back(entry, platform)]
        folded = taken_back if len(taken_back) > FOLDED else []
        for entry in entries:
            settings = self._settings(entry.group)
            if entry in folded:
                if entry is folded[-1]:
                    body = Text(self.labels("deleted_later_many", count=len(folded)), style="dim")
                    self._row(settings.local(entry.at), self._who(entry.who, platform), body)
                continue
            if entry.act is Act.JOIN:
                self._joined.append((settings.local(entry.at), self._name(entry.who, platform)))
                continue
            self._flush_joins()
            if entry.act in (Act.POST, Act.WHISPER, Act.FILE):
                self._words(entry, gone.get(entry.message or ""), platform, settings)
            else:
                self._act(entry, platform, settings)

    def _takes_back(self, entry: Entry, platform: Venue) -> bool:
        """Whether the bot deletes a message of its own."""
        return entry.act is Act.DELETE and entry.whom == platform.bot.id

    def print(self, what: RenderableType = "") -> None:
        """Print anything else."""
        for console in self.consoles:
            console.print(what)

    def close(self) -> None:
        """Print what was held back."""
        self._flush_joins()

    def _words(self, entry: Entry, deleted: Entry | None, platform: Venue, settings: GroupSettings) -> None:
        message = entry.message or ""
        self._texts[message] = entry.text
        by_bot = entry.who == platform.bot.id
        body = Text()
        if self._numbered:
            self.numbers[message] = len(self.numbers) + 1
            body.append(f"[{self.numbers[message]}] ", style="dim")
        listener = platform.bot.id if entry.group == entry.who else entry.whom
        if listener is not None:
            body.append(f"[{self.labels('alone', name=self._name(listener, platform))}] ", style="italic cyan")
        if entry.reply_to is not None and not by_bot:
            body.append(f"↩ {shorten(self._texts.get(entry.reply_to, ''), 32)}\n", style="dim")
        text = self.labels("file", text=entry.text) if entry.act is Act.FILE else entry.text
        if deleted is not None and entry.at == deleted.at:
            self._printed.add(message)
            body.append(text, style="strike dim")
            body.append(self._why(deleted), style="red")
        else:
            body.append(text, style="cyan" if by_bot else "")
        for number, button in enumerate(platform.buttons(entry.group, message), 1):
            body.append(f"\n  ({number}) {button.text}", style="bold cyan")
        self._row(settings.local(entry.at), self._who(entry.who, platform), body, settings)

    def _why(self, deleted: Entry) -> str:
        rule, seen = self._reason(deleted)
        key = "deleted_seen" if seen else "deleted"
        return f"\n✂ {self.labels(key, rule=rule, seen=seen)}"

    def _act(self, entry: Entry, platform: Venue, settings: GroupSettings) -> None:
        if entry.act is Act.DELETE:
            self._deleted(entry, platform, settings)
            return
        words = self._act_words(entry, platform, settings)
        if words is None:
            return
        by_bot = entry.who == platform.bot.id
        style = "red" if entry.act in (Act.MUTE, Act.KICK, Act.BAN, Act.KEPT_OUT) else "dim"
        who = self._who(entry.who, platform) if by_bot or entry.act in (Act.KEPT_OUT, Act.EDIT) else Text()
        self._row(settings.local(entry.at), who, Text(words, style=style), settings)

    def _deleted(self, entry: Entry, platform: Venue, settings: GroupSettings) -> None:
        if entry.message in self._printed:
            return
        text = shorten(self._texts.get(entry.message or "", ""), 32)
        if entry.whom == platform.bot.id:
            body = Text(self.labels("deleted_later", text=text), style="dim")
        else:
            body = Text.assemble((text, "strike dim"), (self._why(entry), "red"))
        self._row(settings.local(entry.at), self._who(entry.who, platform), body, settings)

    def _act_words(self, entry: Entry, platform: Venue, settings: GroupSettings) -> str | None:
        subject = self._name(entry.whom or entry.who, platform)
        until = f"{settings.local(entry.until):%H:%M}" if entry.until is not None else ""
        text = shorten(self._texts.get(entry.message or "", ""), 40) if entry.act is Act.PIN else entry.text
        text = self.labels(f"role_{entry.text}") if entry.act is Act.ROLE else text
        if entry.act is Act.PRESS:  # what the button says
            shown = platform.buttons(entry.group, entry.message or "")
            text = next((button.text for button in shown if button.data == text), text)
        key = _KEYS.get(entry.act)
        if entry.act is Act.KEPT_OUT:
            key = f"kept_out_{entry.why}" + ("_open" if entry.why == "muted" and not until else "")
        elif entry.act in (Act.MUTE, Act.BAN) and until:
            key = f"{key}_until"
        return self.labels(key, name=subject, text=text, until=until) if key is not None else None

    def _flush_joins(self) -> None:
        if self._joined:
            at, names = self._joined[0][0], self.labels("and").join(name for _, name in self._joined)
            self._joined.clear()
            self._row(at, Text(), Text(f"→ {self.labels('joined', names=names)}", style="dim"))

    def _who(self, member: str, platform: Venue) -> Text:
        if member == platform.bot.id:
            return Text(self.labels("bot"), style=BOT)
        colour = self._colours.setdefault(member, COLOURS[len(self._colours) % len(COLOURS)])
        return Text(self._name(member, platform), style=colour)

    def _name(self, member: str, platform: Venue) -> str:
        person = platform.people.get(member)
        return person.name if person is not None else self.labels("bot")

    def _row(self, at: datetime | None, who: Text, body: Text, settings: GroupSettings | None = None) -> None:
        if settings is not None and self.main and settings.chat != self.main:
            body = Text.assemble((f"[{settings.name or settings.key}] ", "bold bright_black"), body)
        for console in self.consoles:
            console.print(_grid(f"{at:%H:%M}" if at is not None else "", who, body, console.width))


def _grid(time: str, who: Text, body: Text, width: int) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=TIME, no_wrap=True)
    grid.add_column(width=WHO, no_wrap=True, overflow="ellipsis", justify="right")
    grid.add_column(width=1)
    grid.add_column(no_wrap=True)
    lines = wrap(body, max(width - TIME - WHO - 5, 20))
    bar = Text("\n".join("│" for _ in lines), style="cyan" if who.style == BOT else "bright_black")
    grid.add_row(Text(time, style="dim"), who, bar, Text("\n").join(lines))
    return grid


_KEYS = {
    Act.LEAVE: "left",
    Act.EDIT: "edited",
    Act.PRESS: "pressed",
    Act.ANSWER: "answered",
    Act.ASK_IN: "asks_in",
    Act.LET_IN: "let_in",
    Act.TURN_DOWN: "turned_down",
    Act.PIN: "pinned",
    Act.ANNOUNCE: "announced",
    Act.RENAME: "renamed",
    Act.INVITE: "invited",
    Act.MUTE: "muted",
    Act.UNMUTE: "unmuted",
    Act.KICK: "removed_person",
    Act.BAN: "banned",
    Act.UNBAN: "unbanned",
    Act.ROLE: "role",
}
