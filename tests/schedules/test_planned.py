from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from rules.facts import GroupSettings
from rules.rulebook import Rule, assemble
from rules.timing import Timing
from rules.windows import QuietHours, Window
from schedules.planned import Planned, planned

WORK = Window(frozenset(range(5)), time(9), time(18))
NIGHT = QuietHours(Window(frozenset(range(7)), time(23), time(8)))
DAILY = Timing.model_validate({"at": "08:00"})
BREAKER = Timing.model_validate({"quiet_for": "6h", "in_window": "work-hours"})
READING = GroupSettings("reading", "telegram:-1", "telegram", timezone=ZoneInfo("Asia/Shanghai"), quiet_hours=NIGHT)
STAFF = GroupSettings("staff", "telegram:-2", "telegram")


def timed(rule_id: str, timing: Timing | None, *groups: str, mode: str = "enforce") -> Rule:
    return Rule(
        id=rule_id,
        name=rule_id,
        kinds=frozenset({"schedule"}),
        condition=None,
        actions=(),
        groups=frozenset(groups),
        timing=timing,
        mode=mode,
    )


def test_every_timed_rule_is_planned_in_each_of_its_groups_with_their_settings() -> None:
    rules = [
        timed("challenge", DAILY, "reading", "staff", mode="off"),  # an admin may switch it on
        timed("breaker", BREAKER, "reading"),
        timed("on-a-timer", None, "reading"),
    ]
    book = assemble("1", rules, [replace(READING, windows={"work-hours": WORK}), STAFF])
    assert planned(book) == [
        Planned("challenge", "telegram:-1", DAILY, ZoneInfo("Asia/Shanghai"), None, NIGHT),
        Planned("breaker", "telegram:-1", BREAKER, ZoneInfo("Asia/Shanghai"), WORK, NIGHT),
        Planned("challenge", "telegram:-2", DAILY, ZoneInfo("UTC")),
    ]


def test_a_window_that_is_not_defined_is_not_passed_over() -> None:
    with pytest.raises(KeyError, match="work-hours"):
        planned(assemble("1", [timed("breaker", BREAKER, "reading")], [READING]))
