"""docs/extending.md is true: its package is installed as it stands there, its rules and its contract tests pass."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "extending.md"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The guide's files in a folder, with the metadata that installing them would leave."""
    text = GUIDE.read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)\n```\n", text, re.DOTALL):
        name = re.match(r"# (\S+)\n", block)
        assert name is not None
        file = tmp_path / name.group(1)
        file.parent.mkdir(exist_ok=True)
        file.write_text(block + "\n", encoding="utf-8")
    (config,) = re.findall(r"```yaml\n(version.*?)```", text, re.DOTALL)
    (tmp_path / "config.yaml").write_text(config, encoding="utf-8")
    (described,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    project = tomllib.loads(described)["project"]
    info = tmp_path / "groupkeeper_poetry-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = [
        line
        for group, points in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return tmp_path


def _run(package: Path, *command: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    environ: dict[str, Any] = {**os.environ, "PYTHONPATH": str(package), "NO_COLOR": "1", "COLUMNS": "160"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=package,
        env=environ,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def test_the_condition_action_and_detector_of_the_guide_work_in_rules(package: Path) -> None:
    checked = _run(package, "bot.cli", "check", "config.yaml")
    assert checked.returncode == 0, checked.stderr
    assert checked.stderr == ""
    tested = _run(package, "bot.cli", "test", "config.yaml")
    assert tested.returncode == 0, tested.stdout
    assert "4 tests of 2 rules passed" in tested.stdout


def test_the_detector_of_the_guide_is_asked_in_a_chat(package: Path) -> None:
    done = _run(package, "bot.cli", "chat", "config.yaml", stdin="READ MY POEM NOW\nRead my poem, please\n")
    assert done.stdout.count("Quietly, please.") == 1


def test_the_detector_of_the_guide_is_asked_in_a_replay(package: Path) -> None:
    line = '{"at": "2026-10-09T20:30:00Z", "group": "poets", "from": {"id": "bo"}, "text": "%s"}\n'
    (package / "past.jsonl").write_text(line % "READ MY POEM NOW" + line % "Read my poem, please")
    done = _run(package, "bot.cli", "replay", "config.yaml", "past.jsonl", "--json")
    assert [json.loads(each).get("rules") for each in done.stdout.splitlines()[:-1]] == [["shouting"], []]


def test_a_detector_that_a_reload_brings_in_is_asked(package: Path) -> None:
    config = package / "config.yaml"
    whole = config.read_text()
    (package / "whole.yaml").write_text(whole)
    config.write_text(whole[: whole.index("  - id: shouting")])
    code = (
        "import asyncio, os, signal, sys\nfrom pathlib import Path\nfrom bot.cli import main\n"
        "from poetry.letters import LettersAdapter\n"
        "async def run(self, intake):\n"
        "    os.replace('whole.yaml', 'config.yaml'); os.kill(os.getpid(), signal.SIGHUP)\n"
        "    book = app.setup.rulebook\n"
        "    while app.setup.rulebook is book: await asyncio.sleep(0.01)\n"
        "    await intake.accept([self._event(Path('0001-ann.txt'))])\n"
        "LettersAdapter.run = run\n"
        "from bot.app import App\nbegun = App.run\n"
        "async def noted(self):\n"
        "    global app\n    app = self\n    await begun(self)\n"
        "App.run = noted\n"
        "sys.argv = ['groupkeeper', 'run', 'config.yaml', '--database', 'sqlite:///group.db']\nmain()\n"
    )
    (package / "0001-ann.txt").write_text("\nREAD MY POEM NOW")
    environ = {**os.environ, "PYTHONPATH": str(package)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=package, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert [file.read_text() for file in (package / "mail" / "out").glob("*.txt")] == ["Quietly, please."]


def test_the_editor_s_schema_knows_the_steps_of_the_guide(package: Path) -> None:
    assert '"applaud"' in _run(package, "bot.cli", "schema").stdout


def test_the_adapter_of_the_guide_is_refused_what_it_cannot_do(package: Path) -> None:
    config = package / "config.yaml"
    config.write_text(config.read_text().replace("then: { applaud: 3 }", "then: { mute: 1h }"))
    done = _run(package, "bot.cli", "check", "config.yaml")
    assert done.returncode == 1
    assert "cannot mute a member" in done.stdout


def test_the_adapter_of_the_guide_keeps_the_contract(package: Path) -> None:
    done = _run(package, "pytest", "-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto", "test_letters.py")
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
    assert "failed" not in done.stdout


def test_the_adapter_of_the_guide_keeps_a_group(package: Path) -> None:
    letters = package / "mail" / "in"
    letters.mkdir(parents=True)
    (letters / "0001-ann.txt").write_text("\nthe cat\nsat on the mat\nin a hat")
    code = (
        "import asyncio, sys\nfrom bot.cli import main\n"
        "from poetry.letters import LettersAdapter\n"
        "async def run(self, intake):\n"
        "    for letter in sorted(self._in.glob('*.txt')):\n"
        "        await intake.accept([self._event(letter)]); letter.unlink()\n"
        "LettersAdapter.run = run\n"
        "sys.argv = ['groupkeeper', 'run', 'config.yaml', '--database', 'sqlite:///group.db']\nmain()\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(package)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=package, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert [file.read_text() for file in (package / "mail" / "out").glob("*.txt")] == ["👏 Ann!"]
