"""``groupkeeper run`` on Telegram, killed with SIGKILL partway and started again: nothing lost, nothing decided twice.

The bot is a process of its own, its Telegram a simulated server in this one, over real HTTP. It is killed in the very
moment in which the server gets a request, or has got so much taken from it, as a seed says.
"""

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from adapters.botapi import BotApiServer, World
from adapters.botapi.log import Request, RequestLog
from adapters.botapi.people import People
from adapters.botapi.state import Chat
from storage import inbox, outbox, quarantine, schema, states
from storage.database import Database

MESSAGES, GROUPS, PEOPLE = 600, 5, 3
QUESTIONS = range(4, MESSAGES, 63)  # of every group some, and no advertisement among them
PATIENCE = 120.0

RULES = """
platforms:
  telegram:
    type: telegram
    token: "{token}"
    api: "{api}"
{webhook}
groups:
{groups}
rules:
  - id: ads
    when: message
    if: {{ text_has_any: [buy now] }}
    then: delete
  - id: answers
    when: message
    if: {{ text_has_any: [which chapter] }}
    then: {{ reply: "chapter seven" }}
"""


class Watching(RequestLog):
    """Calls ``seen`` at every request, before it is carried out."""

    def __init__(self, seen: Callable[[Request], None]) -> None:
        super().__init__()
        self._seen = seen

    def add(self, request: Request) -> None:
        super().add(request)
        self._seen(request)


class Telegram:
    """Five groups, three people in each, 600 messages, the bot's process, and how often it was killed."""

    def __init__(self, folder: Path, *, webhook: bool, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.world = World(lambda: datetime.now(UTC))  # noqa: TID251 - the process beside this one has the same clock
        self.people = People(self.world)
        self.bot = self.world.add_bot()
        self.owner = self.people.person("Olga")
        self.members = [self.people.person(f"P{number}") for number in range(PEOPLE)]
        self.groups = [self.people.group(f"Circle {n}", self.owner, members=self.members) for n in range(GROUPS)]
        for group in self.groups:
            self.people.add_bot_to(group, self.bot)
        self.bot.queue.clear()
        self.server = BotApiServer(self.world)
        self.server.log = Watching(self._seen)
        self.process: asyncio.subprocess.Process | None = None
        self.kills = 0
        self.kill_at: int | None = None  # at this request
        self.said = 0
        self.ads: list[tuple[Chat, int]] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.hook = f"http://127.0.0.1:{self.port}/hook" if webhook else None

    def say(self, count: int) -> None:
        for number in range(self.said, self.said + count):
            words = f"about page {number}"
            if number % 3 == 0:
                words = f"buy now, number {number}"
            elif number in QUESTIONS:
                words = f"which chapter is number {number} from?"
            chat = self.groups[number % GROUPS]
            message = self.people.say(self.members[number % PEOPLE], chat, words)
            if number % 3 == 0:
                self.ads.append((chat, message.id))
        self.said += count

    async def start(self) -> None:
        hook = f'    webhook: {{ url: "{self.hook}", secret: "a-secret-of-both-of-us", port: {self.port} }}'
        config = self.folder / "group.yaml"
        config.write_text(
            RULES.format(
                token=self.bot.token,
                api=self.server.url,
                webhook=hook if self.hook else "",
                groups="\n".join(
                    f'  g{n}: {{ platform: telegram, chat: "{group.id}" }}' for n, group in enumerate(self.groups)
                ),
            )
        )
        with (self.folder / "log.txt").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", "run", str(config), "--log", "json", "--database", self.url),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def drops(self) -> int:
        """Texts that were said and of which the bot was not told so."""
        return sum(one.fault == "drop_after" for one in self.server.log.calls("sendMessage"))

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'group.db'}"

    def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.kills += 1
            self.process = None

    def _seen(self, request: Request) -> None:
        if self.kill_at is not None and self.server.log.total >= self.kill_at:
            self.kill_at = None
            self.kill()

    def taken(self) -> int:
        """How many updates the bot has had confirmed or acknowledged."""
        return self.bot.queue.emitted - len(self.bot.queue.waiting)

    def clean(self) -> bool:
        """Whether everything that was said is taken, and every ad is gone."""
        if self.said < MESSAGES or self.bot.queue.waiting:
            return False
        return not any(number in chat.messages for chat, number in self.ads)

    async def until(self, true: Callable[[], object], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():
                    if self.hook:
                        self.world.clock.advance(0.1)  # its pauses between attempts are for a patient world
                    await asyncio.sleep(0.005)
        except TimeoutError:
            pytest.fail(f"{what}: {self.taken()} taken; {self.log()[-3000:]}")

    def log(self) -> str:
        return (self.folder / "log.txt").read_text()

    async def live(self, kills: int) -> None:
        """Say all that is to be said, kill so many times on the way, and let the last process finish and end."""
        async with self.server:
            try:
                for life in range(kills):
                    self.say(MESSAGES // (kills + 1))
                    await self.start()
                    process = self.process
                    if self.hook or life % 2:
                        wanted = self.taken() + self.random.randrange(1, MESSAGES // (kills + 1) - 10)
                        await self.until(lambda wanted=wanted: self.taken() >= wanted, f"{wanted} updates taken")
                        self.kill()
                    else:
                        self.kill_at = self.server.log.total + self.random.randrange(5, 18)
                        await self.until(lambda: self.process is None, "a request to be killed at")
                    assert process is not None
                    assert await process.wait() == -signal.SIGKILL
                self.say(MESSAGES - self.said)
                await self.start()
                await self.until(self.clean, "everything taken and clean")
                while Kept(self).unsent:  # noqa: ASYNC110 - it is another process that is waited for
                    await asyncio.sleep(0.1)
                assert self.process is not None
                self.process.terminate()
                assert await self.process.wait() == 0, self.log()[-3000:]
                self.process = None
            finally:
                self.kill()

    def answers(self) -> list[int]:
        """Which messages were answered, with repeats."""
        return [
            one.body["reply_to_message"]["message_id"] * 100 + n
            for n, group in enumerate(self.groups)
            for one in group.messages.values()
            if one.outgoing_of == self.bot.id
        ]


class Kept:
    """What the database says."""

    def __init__(self, telegram: Telegram) -> None:
        pairs = [
            (f"telegram:{group.id}", f"telegram:{member.id}")
            for group in telegram.groups
            for member in telegram.members
        ]
        with Database.open(telegram.url) as database:
            read = database.read_now
            self.open = read(inbox.depth)
            self.quarantined = read(quarantine.count)
            self.settled = read(lambda conn: _count(conn, schema.inbox))
            self.traces = read(lambda conn: _count(conn, schema.traces))
            self.logged = read(lambda conn: _count(conn, schema.activity))
            counted = read(lambda conn: states.load_members(conn, pairs))
            self.counted = sum(state.messages for state in counted.values())
            self.unsent = sum(read(outbox.depth).values())
            self.uncertain = read(lambda conn: _count(conn, schema.outbox, schema.outbox.c.state == _UNCERTAIN))


_UNCERTAIN = list(outbox.State).index(outbox.State.UNCERTAIN)


def _count(conn: Connection, table: Any, *of: Any) -> int:
    return conn.scalar(select(func.count()).select_from(table).where(*of)) or 0


def _nothing_is_lost_or_done_twice(telegram: Telegram) -> None:
    kept = Kept(telegram)
    assert (kept.open, kept.unsent, kept.quarantined) == (0, 0, 0)
    assert (kept.settled, kept.traces, kept.logged, kept.counted) == (MESSAGES,) * 4
    assert telegram.clean()
    answers = Counter(telegram.answers())
    assert max(answers.values()) == 1
    assert len(answers) >= len(QUESTIONS) - kept.uncertain
    assert kept.uncertain <= telegram.kills + telegram.drops


@pytest.mark.timeout(400)  # several starts of the whole program
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_of_600_updates_none_is_lost_and_none_decided_twice_when_the_bot_is_killed_partway(
    tmp_path: Path, *, webhook: bool
) -> None:
    telegram = Telegram(tmp_path, webhook=webhook, seed=20261122)
    await telegram.live(kills=2)
    assert telegram.kills == 2
    _nothing_is_lost_or_done_twice(telegram)
    assert "error" not in {json.loads(line)["level"] for line in telegram.log().splitlines()}


@pytest.mark.timeout(400)  # several starts of the whole program
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_of_600_updates_none_is_lost_and_none_decided_twice_when_connections_drop_after_the_effect(
    tmp_path: Path, *, webhook: bool
) -> None:
    telegram = Telegram(tmp_path, webhook=webhook, seed=7)
    # A webhook brings messages one by one, and so they may be deleted; polling brings many, deleted together.
    for method, times in {"sendMessage": 3, "deleteMessage": 3, "deleteMessages": 3, "getUpdates": 2}.items():
        telegram.server.faults.add("drop_after", method=method, times=times)
    await telegram.live(kills=0)
    _nothing_is_lost_or_done_twice(telegram)
    dropped = Counter(one.method for one in telegram.server.log if one.fault == "drop_after")
    assert dropped["sendMessage"] == 3
    assert dropped["deleteMessage"] + dropped["deleteMessages"] >= 3
    assert len(telegram.answers()) == len(QUESTIONS)  # they were said before the connection dropped, and only then
