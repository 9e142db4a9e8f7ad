"""``groupkeeper db``: the database that a configuration names, or a URL."""

from pathlib import Path

import typer
from rich.console import Console

from bot.cli.loading import loaded
from storage import quarantine
from storage.database import Database

RAW = 160
"""Letters of a thing in quarantine that are shown."""


def database_url(config: Path | None, database: str | None) -> str:
    """The URL given, or else the one in the configuration. Raises a usage error where there is neither."""
    if database is not None:
        return database
    if config is None:
        raise typer.BadParameter("name a configuration, or a database with --database URL")
    return loaded(config, connects=True).config.storage.database


def upgrade_database(config: Path | None, database: str | None) -> int:
    """Upgrade; 0."""
    with Database.open(database_url(config, database)) as opened:
        opened.upgrade()
        _say(f"[green]✓[/] {opened.place} is up to date")
    return 0


def backup_database(to: Path, config: Path | None, database: str | None) -> int:
    """Copy; 0."""
    with Database.open(database_url(config, database), create=False) as opened:
        opened.backup(to)
        _say(f"[green]✓[/] copied {opened.place} to {to} ({to.stat().st_size:,} bytes)")
    return 0


def find_problems(config: Path | None, database: str | None) -> int:
    """Check; 0 where all is well, else 1."""
    with Database.open(database_url(config, database), create=False) as opened:
        problems = opened.check()
        for problem in problems:
            print(problem)
        if not problems:
            _say(f"[green]✓[/] {opened.place} is sound")
    return 1 if problems else 0


def list_quarantine(config: Path | None, database: str | None, *, whole: bool) -> int:
    """Print each with its moment, error and beginning; 0."""
    with Database.open(database_url(config, database), create=False) as opened:
        found, count = opened.read_now(lambda conn: (quarantine.latest(conn), quarantine.count(conn)))
    for one in found:
        print(f"{one.at.isoformat(timespec='seconds')}  {one.id}  {_one_line(one.error)}")
        print(f"    {_one_line(one.raw) if whole else _shortened(one.raw)}")
    if count > len(found):
        _say(f"[dim]and {count - len(found):,} older ones[/]")
    if not found:
        _say("[green]✓[/] nothing lies in quarantine")
    return 0


def _shortened(raw: str) -> str:
    line = _one_line(raw)
    return line if len(line) <= RAW else line[:RAW] + "…"


def _one_line(text: str) -> str:
    """A text without line breaks and what else a terminal would act on."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _say(line: str) -> None:
    Console(highlight=False, soft_wrap=True).print(line)
