"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

SomeConfig = Annotated[
    Path | None,
    typer.Argument(metavar="CONFIG", help="The YAML file that names the database.", exists=True, dir_okay=False),
]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="The database, over what the file says.")
]
Lang = Annotated[
    str | None, typer.Option(metavar="zh|en", help="The language to answer in; else the file's, else the terminal's.")
]
