"""The command line as people run it: a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

RULES = """
version: 1
platforms: { main: { type: console, json: true } }
groups:
  readers: { platform: main, chat: readers }
rules:
  - id: ads
    when: message
    if: { text_has_any: [buy now] }
    then: [delete, { reply: "no ads, {name}" }]
    tests:
      - { say: "buy now", expect: delete }
      - { say: "good morning", expect: nothing }
"""


@pytest.fixture
def groupkeeper(tmp_path: Path) -> Run:
    """Runs ``groupkeeper`` with arguments, in an empty folder."""

    def run(*args: object, stdin: str = "", **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *map(str, args)],
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120", **environ},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A small configuration without a fault."""
    file = tmp_path / "group.yaml"
    file.write_text(RULES, encoding="utf-8")
    return file
