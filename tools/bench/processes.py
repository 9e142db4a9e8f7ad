"""Start-up time, and memory at rest, of the command as people start it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tools.bench.result import Figure

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
COMMAND = (sys.executable, "-m", "bot.cli")
RULES = """
platforms: { main: { type: console, json: true } }
groups: { readers: { platform: main, chat: readers } }
rules: [{ id: ads, when: message, if: { text_has_any: [buy now] }, then: delete }]
schedules: [{ id: digest, at: "21:00", post: digest.evening }]
"""


def figures() -> Iterator[Figure]:
    """Everything that is measured here."""
    yield Figure("groupkeeper --help", _seconds("--help") * 1000, "ms", 400)
    yield Figure("groupkeeper check config.example.yaml", _seconds("check", str(EXAMPLE)) * 1000, "ms")
    with TemporaryDirectory(prefix="groupkeeper-bench-") as folder:
        config = Path(folder) / "bench.yaml"
        config.write_text(RULES)
        _started(config, "--database", f"sqlite:///{folder}/a.db")  # makes the tables, which later starts do not
        ready, held = _started(config, "--database", f"sqlite:///{folder}/a.db")
        yield Figure("start-up until events are taken in", ready * 1000, "ms")
        yield Figure("memory at rest", held, "MB", 90)
        _, with_port = _started(config, "--database", f"sqlite:///{folder}/a.db", "--port", "19464")
        yield Figure("memory at rest, with metrics and health", with_port, "MB")


def _seconds(*arguments: str) -> float:
    times = []
    for _ in range(3):
        began = perf_counter()
        subprocess.run([*COMMAND, *arguments], check=True, capture_output=True)
        times.append(perf_counter() - began)
    return min(times)


def _started(config: Path, *options: str) -> tuple[float, float]:
    """Seconds until it takes events in, and megabytes that it then holds."""
    began = perf_counter()
    with subprocess.Popen(
        [*COMMAND, "run", str(config), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101 - asked for above
        process.stdout.readline()
        ready = perf_counter() - began
        line = b'{"id": "m1", "group": "readers", "from": {"id": "ann"}, "text": "good morning"}\n'
        process.stdin.write(line)
        process.stdin.flush()
        process.stdout.readline()
        held = resident(process.pid)
        process.stdin.close()
        process.wait()
    return ready, held


def resident(pid: int) -> float:
    """Megabytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], check=True, capture_output=True, text=True)  # noqa: S607
    return int(told.stdout) / 1024
