"""``groupkeeper test``: the tests beside the rules, with what happened and why where one fails."""

import json as jsonlib
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.cli.loading import loaded
from bot.cli.traces import rule_tree
from bot.selfcheck import results
from bot.speech import Speech, speech_for
from rules.language.saying import said
from rules.selftest import TestResult


def run_tests(path: Path, *, json: bool, lang: str | None = None) -> int:
    """Run all tests of a file and print those that fail; 0 where none does, else 1."""
    setup = loaded(path, lang=lang)
    speech = speech_for(path, lang)
    found = list(results(setup))
    failed = [result for result in found if not result.passed]
    if json:
        print(
            jsonlib.dumps(
                {"tests": len(found), "failed": [_plain(one) for one in failed]}, ensure_ascii=False, indent=2
            )
        )
        return 1 if failed else 0
    console = Console(highlight=False, soft_wrap=True)
    for result in failed:
        _print(console, result, path.parent, speech)
    rules = len({result.rule for result in found})
    console.print(_summary(len(found), len(failed), path.name, rules, speech))
    return 1 if failed else 0


def _print(console: Console, result: TestResult, folder: Path, speech: Speech) -> None:
    complaint = said(result.complaint(), speech.language)
    where = f"{folder / complaint.place.file}" if complaint.place.file else ""
    place = str(complaint.place).replace(complaint.place.file, where, 1)
    console.print(Text.assemble((f"{place}: ", "bold"), (f"{complaint.path}: ", "cyan"), (complaint.message, "red")))
    own = [entry for entry in result.trace if entry["rule"] == result.rule]
    for entry in own:
        console.print(Padding(rule_tree(entry, speech=speech), (0, 0, 0, 2), expand=False))
    if not own and not result.fault:
        console.print(Text(f"  {speech('test.not_started')}", style="italic"))


def _summary(tests: int, failed: int, file: str, rules: int, speech: Speech) -> Text:
    if not tests:
        return Text(speech("test.none", file=file), style="yellow")
    counts = {"tests": speech.many(tests, "test"), "rules": speech.many(rules, "rule")}
    if failed:
        told = speech("test.failed", failed=failed, **counts)
        return Text.assemble(("✗ ", "bold red"), (file, "bold"), told)
    return Text.assemble(("✓ ", "bold green"), (file, "bold"), speech("test.passed", **counts))


def _plain(result: TestResult) -> dict[str, Any]:
    place = result.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "rule": result.rule,
        "test": result.number,
        "what": result.what,
        "expected": list(result.expected),
        "got": list(result.got),
        "fault": result.fault,
        "trace": list(result.trace),
    }
