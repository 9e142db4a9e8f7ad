"""docs/bot-api-simulator.md is true: its commands are run as they stand there, and answer what it shows."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.configuration import load_setup

GUIDE = Path(__file__).parents[2] / "docs" / "bot-api-simulator.md"
ADDRESS = "http://127.0.0.1:8090"
BLOCK = re.compile(r"```(sh|json)\n(.*?)\n```", re.DOTALL)

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture
def address() -> Iterator[str]:
    """Where a simulator runs as the guide starts it, but for the port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "simulate", "telegram", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert process.stdout is not None
    (found,) = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    yield found
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


def _dated(answer: Any) -> Any:
    """The answer with every date that of the guide."""
    if isinstance(answer, dict):
        return {name: 1772442000 if name == "date" else _dated(value) for name, value in answer.items()}
    return [_dated(each) for each in answer] if isinstance(answer, list) else answer


def test_every_command_of_the_guide_works_and_answers_what_it_shows(address: str) -> None:
    last: Any = None
    ran, shown = 0, 0
    for kind, block in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        if kind == "json":
            assert _dated(last) == json.loads(block)
            shown += 1
            continue
        for line in block.splitlines():
            words = shlex.split(line.replace(ADDRESS, address))
            assert words[0] == "curl"
            done = subprocess.run([*words, "--silent", "--show-error"], capture_output=True, text=True, check=True)
            last = json.loads(done.stdout)
            assert "result" in last or "zed" in line, (line, last)
            ran += 1
    assert (ran > 30, shown) == (True, 2)


def test_the_verbs_that_the_guide_names_exist(address: str) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    done = subprocess.run(["curl", "--silent", f"{address}/control/act"], capture_output=True, text=True, check=True)
    verbs = {one["verb"] for one in json.loads(done.stdout)["result"]}
    listed = re.findall(r"^- [^:]+: (.*)$", text, re.MULTILINE)
    named = {verb for line in listed for quoted in re.findall(r"`([a-z_ ]+)`", line) for verb in quoted.split()}
    assert named >= {"say", "join", "press"}
    assert named <= verbs


def test_the_configuration_of_the_guide_loads(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "config.yaml"
    group = 'groups:\n  readers: { platform: telegram, chat: "-1002000000001" }\n'
    file.write_text(f"version: 1\n{block}{group}", encoding="utf-8")
    assert load_setup(file, {}).warnings == ()
