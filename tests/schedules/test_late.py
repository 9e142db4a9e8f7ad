from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.timing import Timing
from rules.windows import QuietHours, Window
from schedules.late import ON_TIME, postponed, settle
from schedules.occurrences import occurrences
from schedules.openings import closes, opens

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = frozenset(range(7))
NIGHT = Window(EVERY_DAY, time(23), time(8))
HOLD, DROP = QuietHours(NIGHT, "hold"), QuietHours(NIGHT, "drop")


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def outcomes(
    timing: Timing, after: str, now: str, quiet_hours: QuietHours | None = None
) -> list[tuple[str, str, datetime | None]]:
    found = occurrences(timing, SHANGHAI, shanghai(after), shanghai(now))
    return [
        (one.occurrence.local, one.outcome, one.until)
        for one in settle(timing, found, shanghai(now), quiet_hours, SHANGHAI)
    ]


def daily(**settings: object) -> Timing:
    return Timing.model_validate({"at": "12:00", **settings})


@pytest.mark.parametrize("late", ["run", "skip", "alert"])
def test_what_is_on_time_is_run_whatever_is_said_of_late_posts(late: str) -> None:
    now = shanghai("2026-05-01T12:00") + ON_TIME
    found = outcomes(daily(late=late), "2026-05-01T00:00", now.isoformat()[:19])
    assert found == [("2026-05-01T12:00", "run", None)]


@pytest.mark.parametrize("late", ["run", "skip", "alert"])
def test_a_missed_post_is_treated_as_the_operator_says(late: str) -> None:
    found = outcomes(daily(late=late), "2026-05-01T00:00", "2026-05-01T14:00")
    assert found == [("2026-05-01T12:00", late, None)]


def test_a_missed_post_is_run_only_within_its_time() -> None:
    within = daily(late_within="2h")
    assert outcomes(within, "2026-05-01T00:00", "2026-05-01T14:00") == [("2026-05-01T12:00", "run", None)]
    assert outcomes(within, "2026-05-01T00:00", "2026-05-01T14:01") == [("2026-05-01T12:00", "skip", None)]


def test_of_several_missed_posts_only_the_latest_is_run() -> None:
    found = outcomes(daily(), "2026-05-01T00:00", "2026-05-03T15:00")
    assert [outcome for _, outcome, _ in found] == ["skip", "skip", "run"]


def test_of_several_missed_posts_only_the_latest_is_reported() -> None:
    found = outcomes(daily(late="alert"), "2026-05-01T00:00", "2026-05-03T15:00")
    assert [outcome for _, outcome, _ in found] == ["skip", "skip", "alert"]


def test_a_missed_post_gives_way_to_one_that_is_due_now() -> None:
    assert [o for _, o, _ in outcomes(daily(), "2026-05-01T00:00", "2026-05-02T12:00")] == ["skip", "run"]


def test_a_missed_post_is_reported_though_another_is_due_now() -> None:
    found = outcomes(daily(late="alert"), "2026-05-01T00:00", "2026-05-02T12:00")
    assert [outcome for _, outcome, _ in found] == ["alert", "run"]


def test_a_post_due_in_quiet_hours_waits_for_their_end_over_midnight() -> None:
    end = shanghai("2026-05-02T08:00")
    assert postponed(shanghai("2026-05-01T23:30"), HOLD, SHANGHAI) == end
    assert postponed(shanghai("2026-05-02T00:30"), HOLD, SHANGHAI) == end
    assert postponed(shanghai("2026-05-02T07:59"), HOLD, SHANGHAI) == end
    assert postponed(end, HOLD, SHANGHAI) == end
    assert postponed(shanghai("2026-05-01T22:59"), HOLD, SHANGHAI) == shanghai("2026-05-01T22:59")
    assert postponed(shanghai("2026-05-01T12:00"), None, SHANGHAI) == shanghai("2026-05-01T12:00")


def test_a_post_due_in_quiet_hours_is_dropped_where_the_operator_says_so() -> None:
    assert postponed(shanghai("2026-05-01T23:30"), DROP, SHANGHAI) is None
    night = Timing.model_validate({"at": "23:30"})
    assert outcomes(night, "2026-05-01T12:00", "2026-05-01T23:30", DROP) == [("2026-05-01T23:30", "skip", None)]


@pytest.mark.parametrize("late", ["run", "skip", "alert"])
def test_waiting_through_quiet_hours_is_not_being_late(late: str) -> None:
    night = Timing.model_validate({"at": "23:30", "late": late, "late_within": "1h"})
    end = shanghai("2026-05-02T08:00")
    assert outcomes(night, "2026-05-01T12:00", "2026-05-02T07:59", HOLD) == [("2026-05-01T23:30", "hold", end)]
    assert outcomes(night, "2026-05-01T12:00", "2026-05-02T08:00", HOLD) == [("2026-05-01T23:30", "run", None)]


def test_a_missed_post_does_not_come_in_the_middle_of_the_night() -> None:
    end = shanghai("2026-05-02T08:00")
    assert outcomes(daily(), "2026-05-01T00:00", "2026-05-01T23:10", HOLD) == [("2026-05-01T12:00", "hold", end)]
    assert outcomes(daily(), "2026-05-01T00:00", "2026-05-02T08:00", HOLD) == [("2026-05-01T12:00", "run", None)]
    assert outcomes(daily(), "2026-05-01T00:00", "2026-05-01T23:10", DROP) == [("2026-05-01T12:00", "skip", None)]
    alert = daily(late="alert")
    assert outcomes(alert, "2026-05-01T00:00", "2026-05-01T23:10", HOLD) == [("2026-05-01T12:00", "alert", None)]


def test_of_several_held_posts_only_the_latest_comes_in_the_morning() -> None:
    night = Timing.model_validate({"at": ["23:30", "06:00"]})
    held = outcomes(night, "2026-05-01T12:00", "2026-05-02T06:00", HOLD)
    assert [(local[-5:], outcome) for local, outcome, _ in held] == [("23:30", "skip"), ("06:00", "hold")]
    run = outcomes(night, "2026-05-01T12:00", "2026-05-02T08:00", HOLD)
    assert [(local[-5:], outcome) for local, outcome, _ in run] == [("23:30", "skip"), ("06:00", "run")]


def test_times_that_spring_skips_together_make_one_post() -> None:
    timing = Timing.model_validate({"at": ["02:15", "02:45"]})
    now = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    found = occurrences(timing, BERLIN, now - timedelta(hours=1), now)
    assert [one.outcome for one in settle(timing, found, now, None, BERLIN)] == ["skip", "run"]


def test_quiet_hours_without_end_hold_nothing_for_ever() -> None:
    always = QuietHours(Window(EVERY_DAY, time(0), time(0)))
    assert postponed(shanghai("2026-05-01T12:00"), always, SHANGHAI) is None


def test_quiet_hours_that_spring_cuts_short_end_at_the_jump() -> None:
    night = Window(EVERY_DAY, time(23), time(2, 30))
    assert closes(night, BERLIN, datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_quiet_hours_in_the_repeated_hour_end_at_the_next_reading() -> None:
    night = Window(EVERY_DAY, time(23), time(2, 30))
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert closes(night, BERLIN, first - timedelta(minutes=20)) == first
    assert closes(night, BERLIN, second - timedelta(minutes=20)) == second  # 02:10 again


def test_a_window_opens_on_its_next_day() -> None:
    fridays = Window(frozenset({4}), time(20), time(21))
    assert opens(fridays, SHANGHAI, shanghai("2026-05-01T20:30")) == shanghai("2026-05-01T20:30")
    assert opens(fridays, SHANGHAI, shanghai("2026-05-01T21:00")) == shanghai("2026-05-08T20:00")
    assert opens(Window(frozenset(), time(20), time(21)), SHANGHAI, shanghai("2026-05-01T21:00")) is None


def test_a_window_of_a_whole_day_closes_when_the_day_is_over() -> None:
    saturday = Window(frozenset({5}), time(8), time(8))
    assert closes(saturday, SHANGHAI, shanghai("2026-05-02T09:00")) == shanghai("2026-05-03T08:00")
