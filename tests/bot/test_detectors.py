"""What detectors think is asked once, kept, and used alike at every try; nonsense is no opinion."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.app import App
from bot.evidence import Evidence
from rules.actions import Delete, Reply
from rules.conditions.verdicts import Ad, DetectorSays
from rules.events import Event, MessagePosted
from rules.facts import Facts
from rules.step import Action, Outcome, RuleContext
from rules.values import Group, Member, Message
from rules.verdict import Verdict
from storage.database import Database

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)


class Fickle:
    """Thinks that everything is an advertisement, but only when it is asked for the first time."""

    version = "1"

    def __init__(self, score: Callable[[int], Any] = lambda asked: 0.95 if asked == 1 else 0.0, name: str = "ad"):
        self.name = name
        self.score = score
        self.asked = 0

    def look(self, event: Event) -> Verdict:
        self.asked += 1
        return Verdict(detector=self.name, version=self.version, score=self.score(self.asked))


class FailsTwice(Action):
    """Fails the first two times."""

    step = "fails_twice"
    times: list[int]

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        self.times.append(1)
        if len(self.times) < 3:
            raise RuntimeError("not yet")
        yield from ()


async def bot_with(world: Any, detector: Any, *rules: Any) -> Any:
    bot = await world.start(*(rules or (world.rule("ads", Delete(), condition=Ad()),)))
    bot._app = App(bot.setup, bot.app.database, bot.app.adapters, bot.clock, detectors={detector.name: detector})
    return bot


def message(number: int = 1, chat: str = "sim:a") -> MessagePosted:
    return MessagePosted(
        f"sim:{number}", Group(chat), at=NOW, message=Message(f"{chat}/{number}", Member("sim:ann"), "hi", NOW)
    )


async def test_a_verdict_is_used_again_when_the_event_is_tried_again(world: Any) -> None:
    fickle = Fickle()
    rules = (world.rule("fails", FailsTwice(times=[])), world.rule("ads", Delete(), condition=Ad()))
    bot = await bot_with(world, fickle, *rules)
    (posted,) = await bot.says("a", "ann", "hi")
    await bot.later(minutes=1)
    assert bot.sim.room("a").posts[posted].deleted
    assert fickle.asked == 1


@pytest.mark.parametrize("score", [math.nan, 1.5, -0.1, math.inf, "high", None])
async def test_a_score_that_is_none_is_no_verdict(world: Any, score: Any) -> None:
    bot = await bot_with(world, Fickle(lambda asked: score))
    (posted,) = await bot.says("a", "ann", "hi")
    assert not bot.sim.room("a").posts[posted].deleted
    found = await Evidence(bot.app.database, {"ad": Fickle(lambda asked: score)}, bot.clock).gather([message(7)])
    assert found == {}


async def test_a_verdict_goes_by_the_name_under_which_its_detector_was_asked(world: Any, tmp_path: Any) -> None:
    misnamed = Fickle(lambda asked: 0.95, name="something else")
    with Database.open(f"sqlite:///{tmp_path}/other.db") as database:
        database.upgrade()
        evidence = Evidence(database, {"ad": misnamed}, world.bot(world.setup()).clock)
        first, again = await evidence.gather([message()]), await evidence.gather([message()])
    assert first == again
    assert set(first["sim:1"]) == {"ad"}
    assert misnamed.asked == 1


async def test_only_what_a_rule_will_ask_is_looked_at(world: Any) -> None:
    needless = Fickle(name="mood")
    bot = await bot_with(world, needless)
    await bot.says("a", "ann", "hi")
    assert needless.asked == 0
    fickle = Fickle()
    bot = await bot_with(world, fickle, world.rule("echo", Reply(text="x"), condition=Ad(), groups=["a"]))
    bot.sim.add_group("strange")
    bot.sim.add_person("dee", groups=["strange", "a"])
    await bot.says("strange", "dee", "hi")
    assert fickle.asked == 0
    bot.sim.leave("a", "dee")
    await bot.settle()
    assert fickle.asked == 0


class Forgetful(Fickle):
    """Remembers nothing: whatever it is told or asked to write down breaks it."""

    async def begin(self, database: Database, clock: Any, setup: Any) -> None:
        self.begun = True

    def settled(self, settled: Any) -> None:
        raise RuntimeError("too much")

    async def keep(self) -> None:
        raise ValueError("where was I?")


class Orderly(Forgetful):
    """Counts how often it was told, and how often it wrote."""

    told = kept = 0

    def settled(self, settled: Any) -> None:
        self.told += 1

    async def keep(self) -> None:
        self.kept += 1


async def test_a_detector_that_cannot_remember_stops_neither_the_bot_nor_another_detector(
    world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    orderly = Orderly(name="other")
    bot = await world.start(
        world.rule("ads", Delete(), condition=Ad()),
        world.rule("other", Delete(), condition=DetectorSays(name="other")),
    )
    detectors = {"ad": Forgetful(), "other": orderly}
    bot._app = App(bot.setup, bot.app.database, bot.app.adapters, bot.clock, detectors=detectors)
    await bot.app.start()
    await bot.says("a", "ann", "hi")
    assert (orderly.told > 0, orderly.kept > 0) == (True, True)
    out = capsys.readouterr().out
    assert "too much" in out
    assert "where was I?" in out
