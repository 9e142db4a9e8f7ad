"""The commands that try the detector of advertisements. What they do is imported when they are run."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import Lang

Weights = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Other weights than those that come with it.", exists=True, dir_okay=False),
]


def _there_or_typed(file: Path) -> Path:
    """Path options check this themselves, but for ``-``."""
    if str(file) != "-" and not file.exists():
        raise typer.BadParameter(f"file '{file}' does not exist.")
    if file.is_dir():
        raise typer.BadParameter(f"file '{file}' is a directory.")
    return file


def classify(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Texts, one a line or as JSON lines, plain or packed with gzip; - is what is typed.",
            callback=_there_or_typed,
        ),
    ] = Path("-"),
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, in the order of the texts.")] = False,
    learn: Annotated[
        Path | None,
        typer.Option(
            metavar="LABELLED",
            help='JSON lines {"text", "label": "ad" or "ham"}: a group\'s corrections, taken in first.',
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    weights: Weights = None,
    lang: Lang = None,
) -> None:
    """Say of each text how sure the detector of advertisements is, and why."""
    from bot.cli.classifying import classify_texts

    raise typer.Exit(classify_texts(file, learn, lang, weights, as_json=as_json))


def evaluate(
    data: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATA...",
            help='JSON lines {"text", "label", "lang", "source", "split"}, plain or packed, or folders of them.',
            exists=True,
        ),
    ],
    group: Annotated[
        list[str], typer.Option(metavar="NAME=SOURCE,...", help="Sources to be taken together, under a name.")
    ] = [],  # noqa: B006 - typer copies it
    plot: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw the figures, too.")] = None,
    learn: Annotated[
        Path | None,
        typer.Option(metavar="LABELLED", help="A group's corrections, taken in first.", exists=True, dir_okay=False),
    ] = None,
    weights: Weights = None,
    every_split: Annotated[bool, typer.Option("--all", help="All rows, not only those held out for testing.")] = False,
) -> None:
    """Measure the detector of advertisements on labelled messages."""
    from bot.cli.evaluating import evaluate_detector

    raise typer.Exit(evaluate_detector(data, group, plot, learn, weights, every_split=every_split))
