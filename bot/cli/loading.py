"""Loading a configuration for a command: its complaints are printed, its secrets kept out of the log."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TextIO

import typer

from bot.cli.complaints import print_complaints
from bot.cli.guard import COMPLAINTS
from bot.configuration import load_setup
from bot.secrets import Forgiving, hide_secrets
from bot.setup import Setup
from bot.speech import Speech, speech_for
from rules.errors import Complaint, ConfigError, Place


def loaded(path: Path, *, connects: bool = False, lang: str | None = None) -> Setup:
    """The setup of a file. Prints all complaints and raises ``typer.Exit`` where there are any."""
    try:
        return read_setup(path, connects=connects)
    except ConfigError as error:
        refuse(error, path, lang)


def read_setup(path: Path, *, connects: bool = False) -> Setup:
    """The setup of a file, its secrets kept out of the log. Raises ``ConfigError``.

    Only a command that ``connects`` to what the file names needs the environment to be complete.
    """
    environ = Forgiving(os.environ)
    setup = load_setup(path, os.environ if connects else environ)
    hide_secrets(setup.config, os.environ)
    words = "the environment variable {} is not set; `run` will need it"
    missing = tuple(Complaint(Place(path.name), words.format(name)) for name in environ.missing)
    return replace(setup, warnings=(*setup.warnings, *missing))


def refuse(error: ConfigError, path: Path, lang: str | None = None) -> NoReturn:
    """Print the complaints about a file on standard error, and end with exit code 1."""
    print_refusal(error, path, speech_for(path, lang), sys.stderr)
    raise typer.Exit(COMPLAINTS) from None


def print_refusal(error: ConfigError, path: Path, speech: Speech, out: TextIO) -> None:
    """Print the complaints about a file, and how many there are."""
    print_complaints(error.complaints, path.parent, out, speech)
    print(speech.many(len(error.complaints), "complaint"), file=out)
