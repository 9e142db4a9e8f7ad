"""The commands below ``groupkeeper db``. What they do is imported when they are run."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import DatabaseUrl, SomeConfig

db = typer.Typer(help="Look after the database.", no_args_is_help=True)


@db.command()
def upgrade(config: SomeConfig = None, database: DatabaseUrl = None) -> None:
    """Bring the tables to what this version needs."""
    from bot.cli.databases import upgrade_database

    raise typer.Exit(upgrade_database(config, database))


@db.command()
def backup(
    to: Annotated[Path, typer.Option("--to", metavar="COPY", help="A new file for the copy.")],
    config: SomeConfig = None,
    database: DatabaseUrl = None,
) -> None:
    """Copy a SQLite database to a new file while the bot runs."""
    from bot.cli.databases import backup_database

    raise typer.Exit(backup_database(to, config, database))


@db.command()
def quarantine(
    config: SomeConfig = None,
    database: DatabaseUrl = None,
    whole: Annotated[bool, typer.Option("--whole", help="Print all of what came, not its beginning.")] = False,
) -> None:
    """List what came from a platform and could not be read."""
    from bot.cli.databases import list_quarantine

    raise typer.Exit(list_quarantine(config, database, whole=whole))


@db.command(name="check")
def check_database(config: SomeConfig = None, database: DatabaseUrl = None) -> None:
    """Read the whole database and say what is wrong with it."""
    from bot.cli.databases import find_problems

    raise typer.Exit(find_problems(config, database))
