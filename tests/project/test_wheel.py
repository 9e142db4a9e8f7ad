"""What is installed is what is written: the wheel leaves no file of the packages out."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "rules", "schedules", "storage")
SHIPPED = {".py", ".typed", ".yaml", ".yml", ".json", ".csv", ".txt", ".mako", ".sql"}


def test_the_wheel_holds_every_file_of_the_five_packages(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("groupkeeper-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    written = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in SHIPPED and "__pycache__" not in path.parts
    }
    assert {f"{package}/py.typed" for package in PACKAGES} <= held
    assert written - held == set()
