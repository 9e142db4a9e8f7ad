"""Messages a second through inbox, engine and outbox: the real bot on SQLite, with a platform that does nothing."""

import asyncio
import cProfile
import pstats
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from adapters.protocol import Intake, Receipt
from bot.app import App
from bot.cli.run import spare_the_collector
from bot.clock import SystemClock
from bot.commands import command_names
from bot.setup import Setup
from rules.capability import Capability
from rules.config import Config
from rules.copy import CopyBook
from rules.effects import Effect
from rules.events import MessagePosted
from rules.rulebook import Rulebook
from rules.values import Group, Member, Message
from storage.database import Database
from tools.bench.decisions import AT, CHAT, messages, rulebook_of
from tools.bench.result import Figure

MESSAGES = 12_000
BATCH = 100
"""Events that a poller brings at a time."""
GROUPS = 20
HIT = "buy now"
EVERY = 50
"""One message in so many is an advertisement, and leads to a delete and a reply."""


class NullAdapter:
    """A platform on which everything succeeds at once."""

    name = "main"
    capabilities = frozenset(Capability) - {Capability.DELETE_MANY}  # one call an effect, to be counted

    def __init__(self, events: list[MessagePosted]) -> None:
        self._events = events
        self.performed = 0

    async def run(self, intake: Intake) -> None:
        """Feed all events, a batch at a time, as fast as they are taken."""
        for start in range(0, len(self._events), BATCH):
            await intake.accept(self._events[start : start + BATCH], ("null", str(start)))

    async def perform(self, effect: Effect) -> Receipt:
        """Do nothing."""
        self.performed += 1
        return Receipt(f"{effect.group}/sent{self.performed}")

    async def close(self) -> None:
        """Nothing to let go of."""


def figures() -> Iterator[Figure]:
    """Messages a second."""
    rulebook = _many_groups(rulebook_of(50, 1000, HIT))
    spare_the_collector()  # as ``groupkeeper run`` does
    seconds, busy, performed = _run(rulebook, MESSAGES)
    expected = 2 * len([number for number in range(MESSAGES) if number % EVERY == 0])
    if performed != expected:
        raise AssertionError(f"{performed} effects were performed instead of {expected}")
    note = f"{GROUPS} groups, 50 rules, {BATCH} at a time, {performed} effects; {busy / seconds:.0%} of a core"
    yield Figure("messages through inbox, engine and outbox", MESSAGES / seconds, "/s", 3000, more=True, note=note)


def profile(lines: int = 35) -> str:
    """Where the time of the event loop's thread and the writer's goes."""
    rulebook = _many_groups(rulebook_of(50, 1000, HIT))
    profiler = cProfile.Profile()
    profiler.runcall(_run, rulebook, MESSAGES // 3)
    out = StringIO()
    pstats.Stats(profiler, stream=out).sort_stats("tottime").print_stats(lines)
    return out.getvalue()


def _run(rulebook: Rulebook, count: int) -> tuple[float, float, int]:
    """Seconds, processor seconds, and effects performed."""
    events = _events(count)
    adapter = NullAdapter(events)
    setup = Setup(rulebook, CopyBook(), Config(), command_names(rulebook))
    with (
        TemporaryDirectory(prefix="groupkeeper-bench-") as folder,
        Database.open(f"sqlite:///{Path(folder) / 'bench.db'}") as database,
    ):
        database.upgrade()

        async def run() -> None:
            app = App(setup, database, {"main": adapter}, SystemClock())
            await app.run()
            await app.close()

        began, busy = perf_counter(), process_time()
        asyncio.run(run())
        return perf_counter() - began, process_time() - busy, adapter.performed


def _events(count: int) -> list[MessagePosted]:
    texts = messages(count)
    made = []
    for number, text in enumerate(texts):
        group = f"{CHAT}-{number % GROUPS}"
        author = Member(f"main:{number * 7 % 997}", f"P{number * 7 % 997}")
        words = f"{HIT}! {text}"[:200] if number % EVERY == 0 else text
        at = AT + timedelta(seconds=number / 10)
        made.append(MessagePosted(f"main:{number}", Group(group), at, Message(f"{group}/{number}", author, words, at)))
    return made


def _many_groups(rulebook: Rulebook) -> Rulebook:
    for number in range(GROUPS):
        rulebook = rulebook.standing_in(f"{CHAT}-{number}", "readers")
    return rulebook
