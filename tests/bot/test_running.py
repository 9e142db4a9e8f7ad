"""The bot as it runs: loops that outlive a full or locked database, adapters that break, reloads, an orderly end."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from adapters.simulated import SimulatedAdapter
from bot.app import App
from bot.app import _wait as wait_for_either
from bot.clock import SystemClock
from bot.observer import Observer
from rules.actions import Delete, Post, Reply
from rules.changes import SetTimer
from rules.conditions.rate import SamePerson
from rules.errors import Complaint, ConfigError, ExtensionError, Place
from storage.database import Database
from storage.errors import DatabaseBusy, DatabaseFull


def echo(world: Any, text: str = "heard {name}") -> Any:
    return world.rule("echo", Reply(text=text))


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true; pytest's own timeout ends what never does."""
    while not true():  # noqa: ASYNC110 - there is no one event that all of this sets
        await asyncio.sleep(0.01)


class Failing:
    """A database whose writes fail while told to."""

    def __init__(self, database: Database, error: Exception) -> None:
        self.error: Exception | None = error
        self.failures = 0
        self._write = database.write
        database.write = self.write  # type: ignore[method-assign]

    async def write(self, work: Any) -> Any:
        if self.error is not None:
            self.failures += 1
            raise self.error
        return await self._write(work)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("app.TROUBLE_PAUSE", "app.BEAT", "feeds.PAUSE"):
        monkeypatch.setattr(f"bot.{name}", 0.01)


async def test_what_came_in_is_settled_and_sent_before_the_end(world: Any) -> None:
    bot = await world.start(echo(world))
    running = asyncio.create_task(bot.app.run())
    bot.sim.post("a", "ann", "hi")
    await until(lambda: bot.said_in("a") == ["heard ann"])
    bot.sim.post("a", "bo", "hi")
    await asyncio.sleep(0)
    bot.app.drain()
    await running
    assert bot.said_in("a") in (["heard ann"], ["heard ann", "heard bo"])


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("error", [DatabaseFull("the disk is full"), DatabaseBusy("it is locked")])
async def test_the_bot_goes_on_when_the_database_is_well_again(world: Any, error: Exception) -> None:
    bot = await world.start(echo(world))
    bot.sim.post("a", "ann", "hi")
    await bot.app.adapters["sim"].pump(bot.app.intake)
    trouble = Failing(bot.app.database, error)
    running = asyncio.create_task(bot.app.run())
    await until(lambda: trouble.failures > 3 or running.done())
    assert not running.done()
    trouble.error = None
    await until(lambda: bot.said_in("a") == ["heard ann"] or running.done())
    bot.app.drain()
    await running
    assert bot.said_in("a") == ["heard ann"]


@pytest.mark.usefixtures("quick")
async def test_the_bot_ends_although_the_database_is_full(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.sim.post("a", "ann", "hi")
    await bot.app.adapters["sim"].pump(bot.app.intake)
    running = asyncio.create_task(bot.app.run())
    await until(lambda: bool(bot.app.feeds.tasks))
    trouble = Failing(bot.app.database, DatabaseFull("the disk is full"))
    bot.sim.post("a", "bo", "hi")
    await until(lambda: trouble.failures > 2)
    bot.app.drain()
    await running
    trouble.error = None
    await bot.restart()
    assert sorted(bot.said_in("a")) == ["heard ann", "heard bo"]


async def test_the_bot_can_be_cancelled(world: Any) -> None:
    bot = await world.start(echo(world))
    running = asyncio.create_task(bot.app.run())
    bot.sim.post("a", "ann", "hi")
    await until(lambda: bool(bot.said_in("a")))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await bot.stop()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert others == []


class Fragile:
    """An adapter whose connection breaks a few times before it holds."""

    name = "sim"

    def __init__(self, adapter: SimulatedAdapter, breaks: int) -> None:
        self._adapter = adapter
        self.breaks = breaks
        self.capabilities = adapter.capabilities
        self.perform, self.close = adapter.perform, adapter.close

    async def run(self, intake: Any) -> None:
        if self.breaks:
            self.breaks -= 1
            raise ConnectionError("reset by peer")
        await self._adapter.run(intake)


class Watching(Observer):
    def __init__(self) -> None:
        self.seen: list[bool] = []

    def connected(self, adapter: str, *, up: bool) -> None:
        self.seen.append(up)


def app_of(bot: Any, *, adapters: Any = None, clock: Any = None, **more: Any) -> App:
    """Another app on the same database and platform."""
    return App(bot.setup, bot.app.database, adapters or bot.app.adapters, clock or bot.clock, **more)


@pytest.mark.usefixtures("quick")
async def test_an_adapter_that_breaks_is_started_again(world: Any) -> None:
    bot = await world.start(echo(world))
    watching = Watching()
    fragile = Fragile(bot.app.adapters["sim"], 3)
    app = app_of(bot, adapters={"sim": fragile}, observer=watching)
    running = asyncio.create_task(app.run())
    bot.sim.post("a", "ann", "hi")
    await until(lambda: bool(bot.said_in("a")))
    app.drain()
    await running
    assert watching.seen == [True, False] * 4


@pytest.mark.usefixtures("quick")
async def test_an_adapter_that_held_for_long_is_started_again_at_once(
    world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = await world.start(echo(world))

    class Rare(Fragile):
        async def run(self, intake: Any) -> None:
            if self.breaks:
                bot.clock.move_to(bot.clock.now() + timedelta(days=1))
            await super().run(intake)

    rare = Rare(bot.app.adapters["sim"], 8)
    app = app_of(bot, adapters={"sim": rare})
    running = asyncio.create_task(app.run())
    bot.sim.post("a", "ann", "hi")
    await until(lambda: bool(bot.said_in("a")))
    app.drain()
    await running
    assert capsys.readouterr().out.count("again=0.01") == 8


def refusing(*complaints: Complaint) -> Callable[[], Any]:
    def load() -> Any:
        raise ConfigError(complaints)

    return load


async def test_a_faulty_file_keeps_the_old_rules_and_tells_staff(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.app.in_force.load = refusing(Complaint(Place("config.yaml", 3, 7), "nothing of the kind"))
    bot.app.request_reload()
    await bot.settle()
    await bot.says("a", "ann", "hi")
    assert bot.said_in("a") == ["heard ann"]
    (told,) = bot.said_in("staff")
    assert "config.yaml:3:7: nothing of the kind" in told


@pytest.mark.parametrize("fault", [ExtensionError("extra", "cannot be loaded"), PermissionError("no access")])
async def test_a_file_that_cannot_be_loaded_at_all_does_not_end_the_bot(world: Any, fault: Exception) -> None:
    bot = await world.start(echo(world))

    def load() -> Any:
        raise fault

    bot.app.in_force.load = load
    running = asyncio.create_task(bot.app.run())
    bot.app.request_reload()
    await until(lambda: bool(bot.said_in("staff")) or running.done())
    assert not running.done()
    assert str(fault) in bot.said_in("staff")[0]
    bot.app.drain()
    await running


async def test_a_good_file_is_taken_over_whole(world: Any) -> None:
    bot = await world.start(echo(world))
    post = world.rule("noon", Post(source="good evening"), kinds=["schedule"], groups=["b"], names=frozenset({"noon"}))
    new = world.setup(echo(world, "new words"), world.timed(post, at="18:00"))
    bot.app.in_force.load = lambda: new
    bot.app.request_reload("sim:staff")
    await bot.settle()
    assert "2 rules" in bot.said_in("staff")[0]
    await bot.says("a", "ann", "hi")
    assert bot.said_in("a") == ["new words"]
    await bot.later(hours=7)
    assert bot.said_in("b") == ["good evening"]


async def test_after_a_reload_rates_are_counted_further_back(world: Any) -> None:
    bot = await world.start(world.rule("gone", Delete(), condition=SamePerson(messages=3, within="5s")))
    for _ in range(4):
        await bot.says("a", "ann", "hi")
        await bot.later(seconds=10)
    new = world.setup(world.rule("gone", Delete(), condition=SamePerson(messages=5, within="1h")))
    bot.app.in_force.load = lambda: new
    assert await bot.app.reload()
    (fifth,) = await bot.says("a", "ann", "hi")
    assert bot.sim.room("a").posts[fifth].deleted


@pytest.mark.usefixtures("quick")
async def test_a_reload_while_the_database_is_locked_is_done_later(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.app.in_force.load = lambda: world.setup(echo(world, "new words"))
    running = asyncio.create_task(bot.app.run())
    await until(lambda: bool(bot.app.feeds.tasks))
    trouble = Failing(bot.app.database, DatabaseBusy("it is locked"))
    bot.app.request_reload()
    await until(lambda: trouble.failures > 1 or running.done())
    assert not running.done()
    trouble.error = None
    await until(lambda: bool(bot.said_in("staff")))
    bot.sim.post("a", "ann", "hi")
    await until(lambda: bool(bot.said_in("a")))
    assert bot.said_in("a") == ["new words"]
    bot.app.drain()
    await running


async def test_a_timer_that_a_rule_sets_wakes_the_running_bot(world: Any) -> None:
    class Later(Reply):
        step = "later"

        def outcomes(self, event: Any, facts: Any, rule: Any) -> Iterable[Any]:  # type: ignore[override]
            yield SetTimer(name="soon", due=facts.now + timedelta(milliseconds=50))

    bot = await world.start(
        world.rule("later", Later(text="")),
        world.rule("soon", Post(source="now"), kinds=["schedule"], names=frozenset({"soon"})),
    )
    clock = SystemClock()
    bot.sim.now = clock.now
    app = app_of(bot, clock=clock)
    running = asyncio.create_task(app.run())
    bot.sim.post("a", "ann", "hi")
    await until(lambda: bot.said_in("a") == ["now"])
    app.drain()
    await running


async def test_a_platform_that_never_answers_does_not_keep_the_bot_from_ending(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.DRAIN", 0.05)
    monkeypatch.setattr("bot.dispatch.dispatcher.GRACE", 0.05)
    bot = await world.start(echo(world))
    asked = asyncio.Event()

    async def never(effect: Any) -> Any:
        asked.set()
        await asyncio.Event().wait()

    bot.app.adapters["sim"].perform = never
    running = asyncio.create_task(bot.app.run())
    bot.sim.post("a", "ann", "hi")
    await asked.wait()
    bot.app.drain()
    await running
    await bot.stop()


@pytest.mark.parametrize("turns", range(4))
async def test_a_cancellation_in_the_moment_of_a_wake_up_is_not_lost(turns: int) -> None:
    event = asyncio.Event()

    async def loop() -> None:
        while True:
            await wait_for_either(event, 3600)

    looping = asyncio.create_task(loop())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    event.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    looping.cancel()
    await asyncio.wait((looping,), timeout=5)
    assert looping.cancelled()
