"""When quiet hours end, on the wall clock of a group."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from rules.facts import GroupSettings, quiet_until
from rules.windows import QuietHours, Window


def ends(start: str, end: str, moment: str) -> str | None:
    window = Window(frozenset(range(7)), time.fromisoformat(start), time.fromisoformat(end))
    zone = ZoneInfo("Europe/Berlin")
    settings = GroupSettings(key="a", chat="tg:1", platform="tg", timezone=zone, quiet_hours=QuietHours(window))
    found = quiet_until(settings, datetime.fromisoformat(moment).replace(tzinfo=UTC))
    return f"{found:%m-%d %H:%M}" if found is not None else None


@pytest.mark.parametrize(
    ("start", "end", "moment", "until"),
    [
        ("23:00", "07:00", "2026-06-01T21:30", "06-02 05:00"),
        ("23:00", "07:00", "2026-06-01T20:30", None),
        ("23:00", "07:00", "2026-10-24T21:30", "10-25 06:00"),  # the night that is an hour longer
        ("23:00", "07:00", "2026-03-28T22:30", "03-29 05:00"),  # the one that is an hour shorter
        ("22:00", "02:30", "2026-10-25T00:10", "10-25 00:30"),  # 02:10, for the first time
        ("22:00", "02:30", "2026-10-25T01:10", "10-25 01:30"),  # 02:10 once more
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall_also_in_the_nights_it_is_changed(
    start: str, end: str, moment: str, until: str | None
) -> None:
    assert ends(start, end, moment) == until
