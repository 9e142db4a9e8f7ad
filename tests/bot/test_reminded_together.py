"""Newcomers who join together and stay silent are reminded together, across restarts, and live as in memory."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.configuration import load_setup
from bot.simulation.stage import Stage
from rules.effects import SendText
from rules.engine import decide
from rules.events import MemberJoined
from rules.memory import GroupMemory
from rules.values import Group, Member

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
CONFIG = """\
version: 1
defaults: { announce_budget: { mentions_per_post: 3 } }
platforms: { sim: { type: simulated } }
groups:
  reading: { platform: sim, chat: reading, name: Reading }
  staff: { platform: sim, chat: staff }
staff: { room: staff }
onboarding:
  - id: welcome
    groups: reading
    welcome: { batch: 2m, max_names: 3, pause_at_joins: 50 }
    introduce: { remind_after: [1d, 3d], then: alert_staff }
"""
PEOPLE = [f"p{number:02}" for number in range(1, 21)]


def config_in(folder: Path) -> Path:
    config = folder / "config.yaml"
    config.write_text(CONFIG)
    return config


async def test_twenty_silent_newcomers_get_one_message_and_staff_are_told_once(tmp_path: Path) -> None:
    async with Stage(load_setup(config_in(tmp_path), {}), f"sqlite:///{tmp_path}/bot.db", START) as stage:
        sim = stage.platforms["sim"]
        for person in PEOPLE:
            sim.add_person(person)
            sim.join("reading", person)
        await stage.settle()
        await stage.advance_to(START + timedelta(hours=1))
        sim.leave("reading", "p01")
        sim.post("reading", "p02", "Name: Bo\nCity: Rome\nWhat I do: baking")
        await stage.settle()
        for day in range(1, 7):
            await stage.stop()
            await stage.start()
            await stage.advance_to(START + timedelta(days=day))
        said = [post.message.text for post in sim.room("reading").posts.values() if post.by_bot]
        told = sim.room("staff").texts()
    reminders = [text for text in said if "p03" in text and "Welcome" not in text]
    assert len(said) == 4  # the welcome, thanks to p02, two reminders
    assert len(reminders) == 2
    assert all("p03, p04, p05 and 15 others" in text for text in reminders)
    (alert,) = told
    assert "18 people" in alert
    assert ("p01" in alert, "p02" in alert, "p20" in alert) == (False, False, True)


async def test_in_memory_the_same_reminders_are_sent(tmp_path: Path) -> None:
    setup = load_setup(config_in(tmp_path), {})
    settings = setup.rulebook.groups["sim:reading"].settings
    memory = GroupMemory("sim:reading", setup.rulebook.horizon)
    for number, person in enumerate(PEOPLE):
        event = MemberJoined(f"e{number}", Group("sim:reading"), START, Member(f"sim:{person}", person))
        memory.settle(event, decide(event, memory.facts_for(event, settings), setup.rulebook), settings)
    sent = []
    for fired in memory.due_before(START + timedelta(days=9), settings):
        decision = decide(fired, memory.facts_for(fired, settings), setup.rulebook)
        sent += [effect for effect in decision.effects if isinstance(effect, SendText)]
        memory.settle(fired, decision, settings)
    assert [(effect.group, len(effect.mentions)) for effect in sent] == [
        *[("sim:reading", 3)] * 3,
        ("sim:staff", 0),
    ]
