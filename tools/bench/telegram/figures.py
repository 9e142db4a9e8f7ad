"""CPU per update, throughput behind a slow API, and memory over many updates: ours beside the peers', in one run."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from urllib.request import urlopen

import orjson

from tools.bench.processes import resident
from tools.bench.result import Figure
from tools.bench.telegram.server import TOKEN, group_id

OURS, AIOGRAM = "Groupkeeper, durable", "aiogram"
SEQUENTIAL, AT_ONCE = "PTB, one at a time", "PTB, 256 at once"
UPDATES = 2_000
FEWER = 500
"""For the slowest of the peers."""
GROUPS = 1_000
"""No two messages of one group are let out at a time: ours would delete them by one call."""
ROUNDS = 2
"""How often each one is measured, in turns; the least counts, since other programs can only add to it."""
LATENCY_MS = 50
LONG = 100_000
EARLY = 10_000
SETTLING = 1.5
"""Seconds that a process has for its start."""
WARM = 200
"""Updates before those that are measured, for the peers."""
REST = 0.5
"""Seconds without a call before anything is measured."""
LONG_REST = 4.0
"""The same for ours: it examines all groups some seconds after its start, and learns of each when it hears of it."""
TAIL = 0.3
"""Seconds for what is still to be done when the last call was made: ours writes down what became of it."""
PATIENCE = 300.0
Process = subprocess.Popen[bytes]
Start = Callable[[str, str], AbstractContextManager[Process]]
"""Starts a bot, given the API's address and a folder of its own."""
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Measured:
    """Microseconds of CPU an update, updates a second, and the calls that were made, by method."""

    cost: float
    rate: float
    calls: Mapping[str, int]


def figures() -> Iterator[Figure]:
    """CPU and throughput."""
    bots: dict[str, tuple[Start, int]] = {
        OURS: (_ours, UPDATES),
        SEQUENTIAL: (lambda api, folder: _peer("ptb", api, "1"), UPDATES),
        AIOGRAM: (lambda api, folder: _peer("aiogram", api), UPDATES),
    }
    rounds = [{name: _measured(start, updates) for name, (start, updates) in bots.items()} for _ in range(ROUNDS)]
    found = {name: min((each[name] for each in rounds), key=lambda one: one.cost) for name in bots}
    found[AT_ONCE] = _measured(lambda api, folder: _peer("ptb", api, "256"), FEWER)
    ours = found.pop(OURS)
    yield Figure(OURS, ours.cost, "µs CPU", note=_calls(ours))
    for name, one in found.items():
        note = f"{one.cost / ours.cost:.2f} times ours; not durable; {_calls(one)}"
        yield Figure(name, one.cost, "µs CPU", note=note)
    yield Figure("ours by aiogram's", ours.cost / found[AIOGRAM].cost, "times", 1.0)
    yield Figure("ours by PTB's, one at a time", ours.cost / found[SEQUENTIAL].cost, "times", 1 / 3)
    slow = _measured(_ours, UPDATES, LATENCY_MS)
    yield Figure(f"a second, calls taking {LATENCY_MS} ms", slow.rate, "/s", 600, more=True, note=_calls(slow))


def memory() -> Iterator[Figure]:
    """Whether memory grows with the number of updates."""
    with served(LONG, 0) as api, TemporaryDirectory(prefix="groupkeeper-bench-") as folder, _ours(api, folder) as bot:
        held = {}
        for upto in range(GROUPS, LONG + 1, GROUPS):  # no faster than it deals with them, so nothing piles up
            _go(api, upto)
            _until(api, upto, bot)
            held[upto] = resident(bot.pid)
    early, late = held[EARLY], held[LONG]
    yield Figure(f"memory after {EARLY:,} updates", early, "MB")
    yield Figure(f"memory after {LONG:,} updates", late, "MB", early * 1.1)


def _measured(start: Start, updates: int, latency: int = 0) -> Measured:
    """What is done once, at the start and for each group, is over before anything is measured."""
    warm, rest = (GROUPS, LONG_REST) if start is _ours else (WARM, REST)
    with (
        served(warm + updates, latency) as api,
        TemporaryDirectory(prefix="groupkeeper-bench-") as folder,
        start(api, folder) as bot,
    ):
        _go(api, warm)
        _until(api, warm, bot)
        before = _at_rest(api, bot, rest)
        used = _cpu(bot.pid)
        began = perf_counter()
        after = before
        for first in range(0, updates, GROUPS):  # one of each group at a time
            upto = warm + min(first + GROUPS, updates)
            _go(api, upto)
            after = _until(api, upto, bot)
        seconds = perf_counter() - began
        sleep(TAIL)
        cost = (_cpu(bot.pid) - used) / updates * 1e6
        return Measured(cost, updates / seconds, Counter(after) - Counter(before))


def _calls(measured: Measured) -> str:
    return ", ".join(f"{count:,} {method}" for method, count in sorted(measured.calls.items(), key=lambda one: -one[1]))


@contextmanager
def served(updates: int, latency: int) -> Iterator[str]:
    """A server in a process of its own; its address."""
    command = [sys.executable, "-m", "tools.bench.telegram.server", str(updates), str(GROUPS), str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


@contextmanager
def _running(command: list[str], environ: dict[str, str] | None = None) -> Iterator[Process]:
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **(environ or {})}
    ) as process:
        try:
            sleep(SETTLING)
            if process.poll() is not None:
                raise RuntimeError(f"it ended at once: {' '.join(command)}")
            yield process
        finally:
            process.kill()


def _peer(name: str, api: str, *more: str) -> AbstractContextManager[Process]:
    return _running([sys.executable, "-m", "tools.bench.telegram.peers", name, api, *more])


def _ours(api: str, folder: str) -> AbstractContextManager[Process]:
    config = written(folder, api)
    command = [sys.executable, "-m", "bot.cli", "run", str(config), "--database", f"sqlite:///{folder}/bench.db"]
    return _running(command, {"BENCH_TOKEN": TOKEN})


def written(folder: str, api: str) -> Path:
    """A configuration that deletes what the server's messages say, in every one of their groups."""
    config = Path(folder) / "bench.yaml"
    groups = "\n".join(f'  g{number}: {{ platform: main, chat: "{group_id(number)}" }}' for number in range(GROUPS))
    config.write_text(
        f'platforms: {{ main: {{ type: telegram, token: "${{BENCH_TOKEN}}", api: "{api}" }} }}\n'
        f"groups:\n{groups}\n"
        "rules: [{ id: ads, when: message, if: { text_has_any: [buy now] }, then: delete }]\n"
    )
    return config


def _go(api: str, to: int) -> None:
    with urlopen(f"{api}/go?to={to}") as answer:  # noqa: S310 - our own server
        answer.read()


def _until(api: str, effects: int, bot: Process) -> dict[str, int]:
    """Wait until so many messages are deleted; the calls that were made by then."""
    ends = perf_counter() + PATIENCE
    while perf_counter() < ends:
        with urlopen(f"{api}/stats") as answer:  # noqa: S310 - our own server
            stats = orjson.loads(answer.read())
        if stats["effects"] >= effects:
            calls: dict[str, int] = stats["calls"]
            return calls
        if bot.poll() is not None:
            raise RuntimeError(f"the bot ended with code {bot.returncode}")
        sleep(0.02)
    raise TimeoutError(f"{effects} effects did not come")


def _at_rest(api: str, bot: Process, seconds: float) -> dict[str, int]:
    """Wait until nothing is called any more but ``getUpdates``; the calls that were made by then."""
    calls = _until(api, 0, bot)
    while True:
        sleep(seconds)
        later = _until(api, 0, bot)
        if {**later, "getUpdates": 0} == {**calls, "getUpdates": 0}:
            return later
        calls = later


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
