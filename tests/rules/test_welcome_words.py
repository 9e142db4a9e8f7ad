"""A welcome can hold the group's rules and what is on: both come from the file, so they cannot go stale."""

from datetime import UTC, datetime
from pathlib import Path

from bot.configuration import load_setup
from rules.engine import decide
from rules.events import ScheduleFired
from rules.facts import Facts
from rules.state import GroupState, MemberState, Welcome
from rules.values import Group

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
FILE = """
version: 1
platforms: { main: { type: console } }
groups: { g: { platform: main, chat: "1", name: Readers } }
onboarding:
  - id: newcomers
    welcome: { copy: welcome.ours }
schedules:
  - { id: digest, name: Evening digest, at: "21:00", post: digest.evening }
  - { id: morning, name: The day's challenge, at: "08:00", post: rules.short }
copy:
  welcome.ours: "Hello {names}.\\n{rules}\\n{agenda}"
  rules.no_ads: "no ads"
"""


def test_a_welcome_names_the_rules_and_what_is_on(tmp_path: Path) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(FILE, encoding="utf-8")
    setup = load_setup(path, {})
    chat = "main:1"
    group = GroupState(id=chat, welcomes=[Welcome(member="main:ann", name="Ann", at=NOON)])
    fired = ScheduleFired(id="w", group=Group(chat), at=NOON, schedule="welcome", due=NOON)
    facts = Facts(now=NOON, settings=setup.rulebook.groups[chat].settings, group=group, member=MemberState(id=""))
    decision = decide(fired, facts, setup.rulebook)
    (greeting,) = decision.effects
    words = setup.copy.render(greeting.text, "en")  # type: ignore[union-attr]
    assert words.splitlines() == ["Hello Ann.", "1. no ads", "08:00 The day's challenge", "21:00 Evening digest"]
