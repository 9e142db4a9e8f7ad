"""A detector or a rule that breaks: it is put aside and told, and the group goes on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import VirtualClock
from bot.configuration import load_setup
from bot.evidence import Evidence
from bot.simulation.stage import Stage
from rules.events import Event, MessagePosted
from rules.facts import Facts
from rules.rulebook import assemble
from rules.step import Action, Outcome, RuleContext
from rules.values import Group, Member, Message
from rules.verdict import Verdict
from storage import schema
from storage.database import Database

DEMO = Path(__file__).parents[2] / "bot" / "simulation" / "demo.en.yaml"
NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)


class Breaks(Action):
    """Fails on every message that says so."""

    step = "breaks"

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if "break" in facts.reading.text:
            raise RuntimeError("broken")
        yield from ()


class BrokenDetector:
    name = "broken"
    version = "1"

    def look(self, event: Event) -> Verdict:
        raise RuntimeError("broken")


async def test_an_event_on_which_a_rule_breaks_is_parked_and_the_group_goes_on(tmp_path: Path) -> None:
    setup = load_setup(DEMO, {})
    book = setup.rulebook
    first = replace(book.rules[-1], id="breaks", kinds=frozenset({"message"}), names=frozenset(), actions=(Breaks(),))
    rules = [replace(first, condition=None, timing=None), *book.rules]
    settings = [group.settings for group in book.groups.values()]
    setup = replace(setup, rulebook=assemble(book.version, rules, settings, book.library, roles_of=book.roles_of))
    async with Stage(setup, f"sqlite:///{tmp_path}/bot.db", NOON) as stage:
        people = stage.platforms["sim"]
        people.add_person("ann", groups=["reading"])
        people.post("reading", "ann", "break, please")
        people.post("reading", "ann", "/checkin")
        await stage.advance_to(NOON + timedelta(minutes=5))
        assert any("checked in" in post.message.text for post in people.room("reading").posts.values() if post.by_bot)
        query = select(schema.inbox.c.state, schema.inbox.c.error).where(schema.inbox.c.error.is_not(None))
        parked = await stage.app.database.read(lambda conn: conn.execute(query).all())
        assert [(state, error) for state, error in parked] == [(2, "RuntimeError: broken")]
        staff = people.room("staff").texts()
        assert any("RuntimeError: broken" in text for text in staff)


async def test_a_detector_that_breaks_gives_no_verdict(tmp_path: Path) -> None:
    message = Message("sim:g/1", Member("sim:ann"), "hello", NOON)
    event = MessagePosted("sim:1", Group("sim:g"), NOON, message)
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        database.upgrade()
        assert await Evidence(database, {"broken": BrokenDetector()}, VirtualClock(NOON)).gather([event]) == {}
