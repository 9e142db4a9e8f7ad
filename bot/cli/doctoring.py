"""``groupkeeper doctor``: everything that may keep the bot from its work, looked at before it is started."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection, inspect

from adapters.protocol import Adapter, Finding
from bot.cli.complaints import print_complaints
from bot.cli.guard import COMPLAINTS
from bot.cli.loading import print_refusal, read_setup
from bot.configuration import adapter_of
from bot.deliver import rendered
from bot.examination import examine, wording
from bot.selfcheck import results
from bot.setup import Setup
from bot.speech import Speech, speech_for
from rules.errors import ConfigError, GroupkeeperError
from rules.state import GroupState
from storage import engines, labels
from storage.database import Database
from storage.schema import labels as labels_table

_MARKS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "error": "[red]✗[/]"}


def run_doctor(path: Path, *, database: str | None, lang: str | None = None) -> int:
    """Examine and print; 0 where nothing fails, else 1. Nothing is changed, nothing is sent to a group."""
    speech = speech_for(path, lang)
    console = Console(highlight=False)
    try:
        setup = read_setup(path, connects=True)
    except ConfigError as error:
        print_refusal(error, path, speech, sys.stdout)
        return COMPLAINTS
    print_complaints(setup.warnings, path.parent, sys.stdout, speech, style="yellow", label=speech("warning"))
    report = _Report(console, setup, speech)
    report.heading(path.name)
    failed = [result for result in results(setup) if not result.passed]
    report.line(
        "error" if failed else "ok", speech("doctor_tests_fail" if failed else "doctor_rules", count=len(failed))
    )
    for line in _database(database or setup.config.storage.database, speech):
        report.line(*line)
    for name, findings in asyncio.run(_look(setup)).items():
        report.heading(name)
        for finding in findings:
            report.finding(finding)
    console.print()
    console.print(speech("doctor_ill" if report.errors else "doctor_well", count=report.errors))
    return COMPLAINTS if report.errors else 0


async def _look(setup: Setup) -> dict[str, list[Finding]]:
    adapters: dict[str, Adapter] = {}
    try:
        for name, platform in setup.config.platforms.items():
            adapters[name] = adapter_of(name, platform)
        return await examine(setup, adapters)
    finally:
        for adapter in adapters.values():
            await adapter.close()


def _database(url: str, speech: Speech) -> Iterator[tuple[str, str]]:
    """Whether the database is there and sound; one that is not there yet is made by the first run.

    What was taught under other features is kept, but no longer learned from.
    """
    try:
        file = engines.file_of(engines.parse(url))
        if file is not None and not file.exists():
            yield "ok", speech("doctor_no_database")
            return
        with Database.open(url, create=False) as opened:
            problems = opened.check()
            if problems:
                yield "error", f"{opened.place}: {problems[0]}"
                return
            yield "ok", speech("doctor_database", place=opened.place)
            stale = opened.read_now(_stale_labels)
            if stale:
                yield "warning", speech("doctor_labels", count=stale)
    except GroupkeeperError as error:
        yield "error", str(error)


def _stale_labels(conn: Connection) -> int:
    from rules.detectors.features import FEATURES_VERSION  # noqa: PLC0415 - only where there is a database

    return labels.stale(conn, FEATURES_VERSION) if inspect(conn).has_table(labels_table.name) else 0


class _Report:
    """What was found, as it is printed."""

    def __init__(self, console: Console, setup: Setup, speech: Speech) -> None:
        self.errors = 0
        self._console = console
        self._setup = setup
        self._speech = speech

    def heading(self, words: str) -> None:
        self._console.print(f"[bold]{escape(words)}[/]")

    def line(self, level: str, words: str) -> None:
        self.errors += level == "error"
        grid = Table.grid(padding=(0, 1, 0, 0))
        for overflow in ("ignore", "ignore", "fold"):  # Chinese has no spaces to break at
            grid.add_column(overflow=overflow)
        first, *more = words.splitlines()
        grid.add_row(" ", _MARKS[level], escape(first))
        for other in more:
            grid.add_row("", "", f"[dim]{escape(other)}[/]")
        self._console.print(grid)

    def finding(self, finding: Finding) -> None:
        text = wording(finding, self._setup, self._speech.language)
        words = rendered(text, self._setup, self._speech.language, "", GroupState(id="")).literal or ""
        self.line(finding.level, words)
