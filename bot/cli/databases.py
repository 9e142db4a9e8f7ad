"""``groupkeeper db``: the database that a configuration names, or a URL."""

from pathlib import Path

import typer
from rich.console import Console

from bot.cli.loading import loaded
from storage.database import Database


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


def _say(line: str) -> None:
    Console(highlight=False, soft_wrap=True).print(line)
