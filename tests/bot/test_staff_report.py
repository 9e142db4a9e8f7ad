"""Once a day the staff room reads what was done, and what the rules that are only watched would have done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.errors import Rejected
from bot.configuration import load_setup
from bot.simulation.stage import Stage

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
CONFIG = """\
version: 1
defaults: {{ language: {language} }}
platforms: {{ sim: {{ type: simulated }} }}
groups:
  reading: {{ platform: sim, chat: reading, name: Reading }}
  garden: {{ platform: sim, chat: garden, name: Garden }}
  staff: {{ platform: sim, chat: staff }}
staff: {{ room: staff, report: {{ at: "09:30" }} }}
rules:
  - {{ id: ads, name: No ads, when: message, if: {{ text_has_any: [buy now] }}, then: [delete, {{ mute: 1m }}] }}
  - {{ id: long, name: No walls, when: message, if: {{ longer_than: 50 }}, then: delete, mode: shadow }}
activities: {{ checkin: {{ keywords: [checking in] }} }}
"""


async def report_of(tmp_path: Path, language: str, *, days: int = 1) -> list[str]:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(language=language))
    async with Stage(load_setup(config, {}), f"sqlite:///{tmp_path}/bot.db", START) as stage:
        sim = stage.platforms["sim"]
        sim.add_person("ann", groups=["reading", "garden"])
        sim.add_person("bo", groups=["reading"])
        for text in ("hello", "buy now", "x" * 60, "checking in"):
            await stage.advance_to(stage.clock.now() + timedelta(minutes=2))
            sim.post("reading", "ann", text)
            await stage.settle()
        sim.post("reading", "bo", "buy now, " + "y" * 60)
        sim.fail_next(Rejected("no right to delete"))
        await stage.settle()
        await stage.stop()
        await stage.start()
        await stage.advance_to(START + timedelta(days=days))
        return [text for text in sim.room("staff").texts() if text.startswith("📋")]


async def test_the_report_counts_what_was_done_and_what_would_have_been(tmp_path: Path) -> None:
    (report,) = await report_of(tmp_path, "en")
    assert report.splitlines() == [
        "📋 What the bot did since 2026-10-04 09:30",
        "",
        "“Reading”",
        "• No ads: 2× (message removed 2× · muted 2× · message posted 2×)",
        "• 👁 No walls, only watching: would have acted 2× (message removed 2×)",
        "• 🛠 Refused by the platform: 1",
    ]


async def test_the_report_speaks_chinese(tmp_path: Path) -> None:
    (report,) = await report_of(tmp_path, "zh-CN")
    assert "• 👁 No walls（仅观察）：本会处理 2 次（" in report
    assert "report." not in report
    assert "{" not in report


async def test_the_next_report_begins_where_the_last_one_ended(tmp_path: Path) -> None:
    first, second = await report_of(tmp_path, "en", days=2)
    assert second.splitlines() == ["📋 What the bot did since 2026-10-05 09:30", "", "Nothing had to be done."]
    assert first != second


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_a_quiet_day_is_told_as_one(tmp_path: Path, language: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(language=language))
    async with Stage(load_setup(config, {}), f"sqlite:///{tmp_path}/bot.db", START) as stage:
        await stage.advance_to(START + timedelta(hours=2))
        (report,) = stage.platforms["sim"].room("staff").texts()
        assert len(report.splitlines()) == 3
