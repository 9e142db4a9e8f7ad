"""``groupkeeper check``: every complaint about a configuration, or a summary of what it says."""

import json as jsonlib
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.cli.capability_table import CapabilityTable, capability_table, print_capabilities
from bot.cli.complaints import print_complaints
from bot.cli.guard import COMPLAINTS
from bot.cli.loading import print_refusal, read_setup
from bot.cli.overview import Overview, overview, print_overview
from bot.clock import SystemClock
from bot.speech import speech_for
from rules.errors import Complaint, ConfigError


def run_check(path: Path, *, json: bool, lang: str | None = None) -> int:
    """Check a file and print what was found, complaints too; 0 where it can be run, else 1."""
    speech = speech_for(path, lang)
    try:
        setup = read_setup(path)
    except ConfigError as error:
        if json:
            _print_json(error.complaints, ())
        else:
            print_refusal(error, path, speech, sys.stdout)
        return COMPLAINTS
    found = overview(setup, SystemClock().now())
    table = capability_table(setup)
    if json:
        _print_json((), setup.warnings, found, table)
        return 0
    print_complaints(setup.warnings, path.parent, sys.stdout, speech, style="yellow", label=speech("warning"))
    console = Console(highlight=False)
    print_overview(found, path.name, console, speech)
    print_capabilities(table, console, speech)
    return 0


def _print_json(
    complaints: tuple[Complaint, ...],
    warnings: tuple[Complaint, ...],
    found: Overview | None = None,
    table: CapabilityTable | None = None,
) -> None:
    result = {
        "ok": not complaints,
        "complaints": [_plain(complaint) for complaint in complaints],
        "warnings": [_plain(complaint) for complaint in warnings],
    }
    if found is not None:
        result["summary"] = found.plain()
    if table is not None:
        result["capabilities"] = table.plain()
    print(jsonlib.dumps(result, ensure_ascii=False, indent=2))


def _plain(complaint: Complaint) -> dict[str, Any]:
    place = complaint.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "path": complaint.path,
        "message": complaint.message,
    }
