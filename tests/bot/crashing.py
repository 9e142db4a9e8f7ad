"""A bot that dies where it is told to (``GROUPKEEPER_DIE_AT``): run by test_kill.py as a process of its own.

Its platform is a file of events that forgets only what was confirmed, and a file of everything that was performed.

    python crashing.py DATABASE FOLDER
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.protocol import Intake, Receipt
from bot.app import App
from bot.clock import SystemClock
from bot.failpoints import reach
from bot.setup import Setup
from rules import effects
from rules.actions import Delete, Reply
from rules.capability import Capability
from rules.conditions.text import TextHasAny
from rules.config import Config
from rules.copy import CopyBook
from rules.events import decode
from rules.facts import GroupSettings
from rules.rulebook import Rule, assemble
from storage.database import Database

CHAT = "file:1"
SOURCE = "file"


PAUSE = timedelta(seconds=float(os.environ.get("HELD_FOR", "0.005")))


class RunningClock:
    """The time goes on from the day of the events."""

    def __init__(self) -> None:
        self._ahead = SystemClock().now() - datetime(2026, 10, 5, 8, tzinfo=UTC)

    def now(self) -> datetime:
        return SystemClock().now() - self._ahead


class FileAdapter:
    """Feeds the events of ``events.jsonl`` from the position that was kept, performs into ``performed.jsonl``.

    Nothing is let go at once, but a moment after it is asked about.
    """

    name = "file"
    capabilities = frozenset(Capability)

    def __init__(self, folder: Path) -> None:
        self.events = (folder / "events.jsonl").read_text().splitlines()
        self.admitted: dict[str, datetime] = {}
        self.performed = (folder / "performed.jsonl").open("a", buffering=1)

    def admit(self, key: str, effect: effects.Effect, now: datetime) -> datetime:
        return self.admitted.setdefault(key, now + PAUSE)

    async def run(self, intake: Intake) -> None:
        position = int(await intake.cursor(SOURCE) or 0)
        while position < len(self.events):
            some = [decode(line) for line in self.events[position : position + 7]]
            reach("received")
            position += len(some)
            await intake.accept(some, (SOURCE, str(position)))
            reach("kept")

    async def perform(self, effect: effects.Effect) -> Receipt:
        self.performed.write(effects.encode(effect).decode() + "\n")
        self.performed.flush()
        os.fsync(self.performed.fileno())
        return Receipt(message=f"{CHAT}/sent")

    async def close(self) -> None:
        self.performed.close()


def setup() -> Setup:
    rules = [
        Rule(
            id="ads",
            name="",
            kinds=frozenset({"message"}),
            condition=TextHasAny(of=("buy now",)),
            actions=(Delete(), Reply(text="{name}: no ads")),
            groups=frozenset({"g"}),
        )
    ]
    settings = GroupSettings(key="g", chat=CHAT, platform="file")
    return Setup(assemble("1", rules, [settings]), CopyBook(), Config())


async def main(url: str, folder: Path) -> None:
    database = Database.open(url)
    database.upgrade()
    app = App(setup(), database, {"file": FileAdapter(folder)}, RunningClock())
    await app.run()
    while await app.dispatcher.next_due() is not None:  # held when the end came
        await asyncio.sleep(PAUSE.total_seconds())
        await app.settle_all()
    await app.close()
    database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
