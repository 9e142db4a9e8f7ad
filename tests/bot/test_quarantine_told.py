"""What a platform told and nobody could read: staff hear of it, it is counted, and it can be looked at."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.protocol import Broken
from bot.app import App
from bot.cli.databases import list_quarantine
from bot.health import health_app
from bot.metrics import Metrics
from rules.actions import Reply
from rules.config import Config
from rules.errors import StorageError


def broken(number: int, error: str = "KeyError: 'chat'") -> Broken:
    return Broken(f"sim:update-{number}", f'{{"update_id":{number}}}', error)


async def test_staff_are_told_once_a_day_for_each_kind_of_error(world: Any) -> None:
    bot = await world.start()
    await bot.app.intake.accept([], broken=[broken(1), broken(2, "KeyError: 'from'"), broken(3, "ValueError: no")])
    await bot.app.intake.accept([], broken=[broken(4)])
    await bot.settle()
    first, second = bot.said_in("staff")
    assert "sim:update-1" in first
    assert "KeyError: 'chat'" in first
    assert "ValueError: no" in second
    await bot.later(days=1)
    await bot.app.intake.accept([], broken=[broken(5)])
    await bot.settle()
    assert len(bot.said_in("staff")) == 3


async def test_staff_who_want_to_hear_of_other_things_are_not_told(world: Any) -> None:
    config = Config.model_validate({"staff": {"alerts": ["parked"]}})
    bot = await world.start(config=config)
    await bot.app.intake.accept([], broken=[broken(1)])
    await bot.settle()
    assert bot.said_in("staff") == []


async def test_what_is_fine_beside_it_is_dealt_with(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="heard {name}")))
    bot.sim.post("a", "ann", "hi")
    ((_, event),) = bot.sim.updates(0)
    await bot.app.intake.accept([event], broken=[broken(1)])
    await bot.settle()
    assert bot.said_in("a") == ["heard ann"]


async def test_it_is_counted_once_and_shown_with_the_health(world: Any) -> None:
    bot = await world.start()
    metrics = Metrics(bot.clock, "1")
    app = App(bot.setup, bot.app.database, bot.app.adapters, bot.clock, observer=metrics)
    await app.intake.accept([], broken=[broken(1), broken(2)])
    await app.intake.accept([], broken=[broken(2)])
    assert "groupkeeper_quarantined_total 2.0" in metrics.exposition("1").decode()
    with TestClient(health_app(app, metrics)) as client:
        assert client.get("/readyz").json()["quarantine"] == 2
        assert "\ngroupkeeper_quarantine_depth 2.0\n" in client.get("/metrics").text


async def test_what_is_not_on_disk_is_not_counted(world: Any) -> None:
    bot = await world.start()
    metrics = Metrics(bot.clock, "1")
    app = App(bot.setup, bot.app.database, bot.app.adapters, bot.clock, observer=metrics)

    async def full(work: Any) -> Any:
        raise StorageError("the disk is full")

    write, bot.app.database.write = bot.app.database.write, full
    with pytest.raises(StorageError):
        await app.intake.accept([], broken=[broken(1)])
    bot.app.database.write = write
    assert "groupkeeper_quarantined_total 0.0" in metrics.exposition("1").decode()


async def test_it_is_listed_on_the_command_line(world: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bot = await world.start()
    assert list_quarantine(None, world.url, whole=False) == 0
    assert "nothing lies in quarantine" in capsys.readouterr().out
    await bot.app.intake.accept([], broken=[broken(1), Broken("sim:odd", "\x1b[2J" + "x" * 500, "ValueError: no")])
    assert list_quarantine(None, world.url, whole=False) == 0
    told = capsys.readouterr().out
    assert "2026-10-05T12:00:00+00:00  sim:update-1  KeyError: 'chat'\n    {\"update_id\":1}\n" in told
    assert "sim:odd  ValueError: no\n     [2Jxxx" in told
    assert "x" * 200 not in told
    assert list_quarantine(None, world.url, whole=True) == 0
    assert "x" * 500 in capsys.readouterr().out
