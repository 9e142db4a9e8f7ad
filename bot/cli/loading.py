"""Loading a configuration for a command: its complaints are printed, its secrets kept out of the log."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import typer

from bot.cli.complaints import print_complaints
from bot.cli.guard import COMPLAINTS
from bot.configuration import load_setup
from bot.logs import hide_secrets
from bot.setup import Setup
from rules.errors import ConfigError


def loaded(path: Path) -> Setup:
    """The setup of a file. Prints all complaints and raises ``typer.Exit`` where there are any."""
    try:
        setup = load_setup(path)
    except ConfigError as error:
        refuse(error, path)
    hide_secrets(setup.config, os.environ)
    return setup


def refuse(error: ConfigError, path: Path) -> NoReturn:
    """Print the complaints about a file, and end with exit code 1."""
    print_complaints(error.complaints, path.parent)
    count = len(error.complaints)
    print("1 complaint" if count == 1 else f"{count} complaints", file=sys.stderr)
    raise typer.Exit(COMPLAINTS) from None
