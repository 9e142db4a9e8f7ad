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
from rules.selftest import TestResult


def run_tests(path: Path, *, json: bool) -> int:
    """Run all tests of a file and print those that fail; 0 where none does, else 1."""
    setup = loaded(path)
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
        _print(console, result, path.parent)
    console.print(_summary(len(found), len(failed), path.name, rules=len({result.rule for result in found})))
    return 1 if failed else 0


def _print(console: Console, result: TestResult, folder: Path) -> None:
    complaint = result.complaint()
    where = f"{folder / complaint.place.file}" if complaint.place.file else ""
    place = str(complaint.place).replace(complaint.place.file, where, 1)
    console.print(Text.assemble((f"{place}: ", "bold"), (f"{complaint.path}: ", "cyan"), (complaint.message, "red")))
    own = [entry for entry in result.trace if entry["rule"] == result.rule]
    for entry in own:
        console.print(Padding(rule_tree(entry), (0, 0, 0, 2), expand=False))
    if not own and not result.fault:
        console.print(Text("  the rule is not started by this: see its `when:`", style="italic"))


def _summary(tests: int, failed: int, file: str, rules: int) -> Text:
    if not tests:
        return Text(f"{file}: no rule has tests", style="yellow")
    of = f"{tests} test{'s' if tests != 1 else ''} of {rules} rule{'s' if rules != 1 else ''}"
    if failed:
        return Text.assemble(("✗ ", "bold red"), (file, "bold"), f": {failed} of {of} failed")
    return Text.assemble(("✓ ", "bold green"), (file, "bold"), f": {of} passed")


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
