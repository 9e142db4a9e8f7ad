"""Folders of Node programs whose packages are installed once and kept beside pytest's cache."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

OLDEST_NODE = 20
PATIENCE = 240.0
OPTIONS = ("--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=1")


def installed(config: pytest.Config, name: str, package: Path, programs: Path) -> Path:
    """A folder with the packages of `package` and the programs beside it; skips, and says why, where that cannot be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node and npm are not installed")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if int(said.lstrip("v").partition(".")[0] or 0) < OLDEST_NODE:
        pytest.skip(f"Node {said} is older than {OLDEST_NODE}")
    if config.cache is None:
        pytest.skip("there is no cache to install Node packages into")
    folder = config.cache.mkdir(name)
    with (folder / "lock").open("w") as lock:  # tests run in several processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        for program in programs.glob("*.mjs"):
            _copy(program, folder / program.name)
        _install(folder, package, npm)
    return folder


def _copy(source: Path, target: Path) -> None:
    """Only what changed, and in one step: another process may be starting the program."""
    if target.exists() and target.read_bytes() == source.read_bytes():
        return
    fresh = target.with_suffix(".new")
    shutil.copyfile(source, fresh)
    fresh.replace(target)


def _install(folder: Path, package: Path, npm: str) -> None:
    wanted = package.read_text(encoding="utf-8")
    done = folder / "installed.json"
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return
    (folder / "package.json").write_text(wanted, encoding="utf-8")
    command = [npm, "install", *OPTIONS]
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm install took longer than {PATIENCE:.0f} s")
    if ran.returncode:
        pytest.skip(f"npm install failed: {ran.stderr.strip()[-300:]}")
    done.write_text(wanted, encoding="utf-8")
