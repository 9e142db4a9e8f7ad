"""Outages in words: their times on a wall clock, how long they were, and what platforms are called."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.copy import CopyBook
from rules.facts import GroupSettings
from rules.outages import Absence, absences, roughly, stretch_of
from rules.platform_names import platform_names
from rules.tally import Outage

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
HERE = GroupSettings(key="staff", chat="sim:staff", platform="sim", timezone=ZoneInfo("Asia/Shanghai"))


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_only_what_lies_in_the_time_counts() -> None:
    found = absences(
        [Outage("wx", after(-30), after(10)), Outage("wx", after(20), after(25)), Outage("qq", after(50))],
        NOON,
        after(60),
    )
    assert found == [
        Absence("qq", 1, timedelta(minutes=10), (after(50), after(60)), still=True),
        Absence("wx", 2, timedelta(minutes=15), (NOON, after(10))),
    ]


def test_no_outage_is_no_absence() -> None:
    assert absences([], NOON, after(60)) == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, ("duration.seconds", {"count": 1})),
        (59, ("duration.seconds", {"count": 59})),
        (89, ("duration.minute", {"count": 1})),
        (90, ("duration.minutes", {"count": 2})),
        (7259, ("duration.mixed", {"hours": 2, "minutes": 1})),
    ],
)
def test_how_long_it_was_is_said_to_the_minute(seconds: float, said: tuple[str, dict[str, int]]) -> None:
    text = roughly(timedelta(seconds=seconds))
    assert (text.key, text.params) == said


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        (-600, -590, "10:00–10:10"),  # Shanghai is eight hours ahead
        (-1300, -1290, "2026-10-04 22:20–22:30"),
        (-1300, -600, "2026-10-04 22:20–2026-10-05 10:00"),
    ],
)
def test_times_are_those_of_the_staff_room_and_dates_are_said_where_they_are_needed(
    begin: float, end: float, said: str
) -> None:
    assert stretch_of(after(begin), after(end), HERE, NOON) == said


def test_platforms_are_called_by_their_titles_and_by_both_names_where_several_share_one() -> None:
    copy = CopyBook(
        texts={
            "platforms.one_of_several": {"en": ("{text} ({name})",), "zh-CN": ("{text}（{name}）",)},
            "platforms.WeChat": {"en": ("WeChat",), "zh-CN": ("微信",)},
        }
    )
    titles = {"wx": "WeChat", "wx2": "WeChat", "tg": "Telegram", "room": ""}
    names = [*titles, "main"]
    assert platform_names(titles, names, copy, "zh-CN") == {
        "wx": "微信（wx）",
        "wx2": "微信（wx2）",
        "tg": "Telegram",
        "room": "room",
        "main": "main",
    }
    assert platform_names({"wx": "WeChat"}, ["wx"], copy, "en") == {"wx": "WeChat"}
