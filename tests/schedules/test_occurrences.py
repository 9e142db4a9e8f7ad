from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.timing import Timing
from rules.windows import DAYS, Window
from schedules.occurrences import EPOCH, next_due, occurrences, waiting
from schedules.walltime import reached, readings, wall_time

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Shanghai",
        "Asia/Kolkata",
        "America/St_Johns",
        "Pacific/Apia",
        "America/Havana",
        "America/Sao_Paulo",
        "Africa/Casablanca",
        "Atlantic/Azores",
        "UTC",
    )
]


def timing(**settings: object) -> Timing:
    return Timing.model_validate(settings)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def locals_of(found: object) -> list[str]:
    return [one.local for one in found]  # type: ignore[attr-defined]


@st.composite
def zones_and_moments(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone and a moment, more often than not within two days of its clock being set."""
    zone = draw(st.sampled_from(ZONES))
    jumps = jumps_of(zone)
    if jumps and draw(st.integers(0, 3)):
        return zone, draw(st.sampled_from(jumps)) + timedelta(minutes=draw(st.integers(-2880, 2880)))
    return zone, draw(moments)


@cache
def jumps_of(zone: ZoneInfo) -> list[datetime]:
    days = [utc("2005-01-01T00:00") + timedelta(days=n) for n in range(30 * 365)]
    return [a for a, b in pairwise(days) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()]


moments = st.integers(0, 30 * 365 * 86400).map(lambda seconds: utc("2005-01-01T00:00") + timedelta(seconds=seconds))
times = st.lists(st.times().map(lambda at: f"{at:%H:%M}"), min_size=1, max_size=4, unique=True)
weekdays = st.frozensets(st.integers(0, 6), min_size=1)


@given(zones_and_moments(), st.timedeltas(timedelta(), timedelta(days=40)), times, weekdays)
@settings(max_examples=300, deadline=None)
def test_every_matching_day_has_each_wall_time_exactly_once(
    where: tuple[ZoneInfo, datetime], span: timedelta, at: list[str], days: frozenset[int]
) -> None:
    zone, after = where
    until = after + span
    found = list(occurrences(Timing(at=at, days=days), zone, after, until))

    # Counted a second way: every day in sight, every wall time, kept if its moment lies in the range.
    first = (after - timedelta(days=3)).date()
    expected = [
        f"{day}T{text}"
        for day in (first + timedelta(days=n) for n in range(span.days + 7))
        for text in sorted(at)
        if day.weekday() in days and after < reached(day, time.fromisoformat(text), zone) <= until
    ]
    assert locals_of(found) == expected
    assert len(set(locals_of(found))) == len(found)
    assert all(after < one.due <= until for one in found)
    assert all(one.due.tzinfo is UTC for one in found)
    for one, following in pairwise(found):
        assert one.due < following.due or not (exists(one.local, zone) and exists(following.local, zone))
        assert one.due <= following.due


def exists(local: str, zone: ZoneInfo) -> bool:
    wall = datetime.fromisoformat(local)
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


@given(zones_and_moments(), st.times().map(lambda at: at.replace(second=0, microsecond=0)))
@settings(max_examples=300, deadline=None)
def test_a_wall_time_is_reached_when_the_clock_first_shows_it_or_jumps_over_it(
    where: tuple[ZoneInfo, datetime], at: time
) -> None:
    zone, near = where
    day = near.astimezone(zone).date()
    moment = reached(day, at, zone)
    wall = datetime.combine(day, at)
    just_before = (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert just_before < wall
    assert moment.astimezone(zone).replace(tzinfo=None) >= wall


@given(zones_and_moments(), times, st.timedeltas(timedelta(), timedelta(days=30)))
@settings(max_examples=100, deadline=None)
def test_looking_twice_finds_what_looking_once_finds(
    where: tuple[ZoneInfo, datetime], at: list[str], span: timedelta
) -> None:
    zone, after = where
    # A restart in the middle changes nothing.
    until, middle = after + span, after + span / 3
    whole = list(occurrences(timing(at=at), zone, after, until))
    assert [
        *occurrences(timing(at=at), zone, after, middle),
        *occurrences(timing(at=at), zone, middle, until),
    ] == whole


@pytest.mark.parametrize(
    ("zone", "at", "day", "due"),
    [
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:00"),  # skipped: 02:00 becomes 03:00
        ("Europe/Berlin", "02:00", "2026-03-29", "2026-03-29T01:00"),
        ("Europe/Berlin", "03:00", "2026-03-29", "2026-03-29T01:00"),
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30"),  # shown twice: the first
        ("Europe/Berlin", "03:00", "2026-10-25", "2026-10-25T02:00"),
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08T07:00"),
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:30"),  # half an hour: 02:00 becomes 02:30
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04T14:45"),  # 02:00 becomes 01:30
        ("Pacific/Apia", "08:00", "2011-12-30", "2011-12-30T10:00"),  # a day that was left out whole
    ],
)
def test_a_time_that_the_clock_skips_or_repeats_is_due_once(zone: str, at: str, day: str, due: str) -> None:
    start = utc(f"{day}T12:00") - timedelta(days=2)
    found = [
        one for one in occurrences(timing(at=at), ZoneInfo(zone), start, start + timedelta(days=4)) if day in one.local
    ]
    assert [(one.local, one.due) for one in found] == [(f"{day}T{at}", utc(due))]


def test_a_year_in_shanghai_has_no_odd_day() -> None:
    found = list(occurrences(timing(at="02:30"), SHANGHAI, utc("2025-12-31T16:00"), utc("2026-12-31T16:00")))
    assert len(found) == 365
    assert {b.due - a.due for a, b in pairwise(found)} == {timedelta(days=1)}


def test_both_readings_of_a_repeated_time_are_known() -> None:
    assert readings(date(2026, 10, 25), time(2, 30), BERLIN) == (utc("2026-10-25T00:30"), utc("2026-10-25T01:30"))
    assert readings(date(2026, 3, 29), time(2, 30), BERLIN) == (utc("2026-03-29T01:00"),)
    assert readings(date(2026, 5, 1), time(2, 30), BERLIN) == (utc("2026-05-01T00:30"),)


def test_wall_time_is_the_groups_own() -> None:
    assert wall_time(utc("2026-05-01T16:30"), SHANGHAI) == "2026-05-02T00:30"


def test_the_bounds_leave_out_the_start_and_take_in_the_end() -> None:
    eight = utc("2026-05-01T00:00")  # 08:00 in Shanghai
    daily = timing(at="08:00")
    assert list(occurrences(daily, SHANGHAI, eight, eight)) == []
    assert locals_of(occurrences(daily, SHANGHAI, eight - timedelta(seconds=1), eight)) == ["2026-05-01T08:00"]
    assert locals_of(occurrences(daily, SHANGHAI, eight, eight + timedelta(days=1))) == ["2026-05-02T08:00"]


def test_only_the_named_days_are_due() -> None:
    found = occurrences(timing(at=["21:00", "08:00"], days=["周日", "fri"]), BERLIN, utc("2026-10-04T22:30"))
    assert locals_of(islice(found, 4)) == [
        "2026-10-09T08:00",
        "2026-10-09T21:00",
        "2026-10-11T08:00",
        "2026-10-11T21:00",
    ]


def test_a_date_is_due_once_whatever_its_weekday() -> None:
    once = timing(at="09:00", date="2026-10-01", days=["mon"])
    found = list(occurrences(once, SHANGHAI, utc("2026-01-01T00:00")))
    assert locals_of(found) == ["2026-10-01T09:00"]
    assert next_due(once, SHANGHAI, found[0].due) is None


def test_every_second_week_goes_on_across_a_restart() -> None:
    fortnightly = timing(at="12:30", every="14d")
    at_once = list(islice(occurrences(fortnightly, SHANGHAI, utc("2026-01-01T00:00")), 6))
    one_by_one, after = [], utc("2026-01-01T00:00")
    for _ in range(6):
        one = next_due(fortnightly, SHANGHAI, after)
        assert one is not None
        one_by_one.append(one)
        after = one.due + timedelta(hours=5)
    assert one_by_one == at_once
    assert {b.due - a.due for a, b in pairwise(at_once)} == {timedelta(days=14)}
    assert all((date.fromisoformat(one.local[:10]) - EPOCH).days % 14 == 0 for one in at_once)


def test_every_counts_from_the_anchor() -> None:
    found = occurrences(timing(at="12:30", every="3d"), SHANGHAI, utc("2026-05-01T05:00"), anchor=date(2026, 5, 1))
    assert locals_of(islice(found, 2)) == ["2026-05-04T12:30", "2026-05-07T12:30"]


def test_every_counts_back_from_an_anchor_that_is_yet_to_come() -> None:
    found = occurrences(timing(at="12:30", every="3d"), SHANGHAI, utc("2026-04-24T00:00"), anchor=date(2026, 5, 1))
    assert locals_of(islice(found, 3)) == ["2026-04-25T12:30", "2026-04-28T12:30", "2026-05-01T12:30"]


def test_every_with_days_takes_the_first_such_day() -> None:
    fridays = occurrences(timing(at="12:30", every="14d", days=["fri"]), SHANGHAI, utc("2026-05-01T05:00"))
    days = [date.fromisoformat(one.local[:10]) for one in islice(fridays, 5)]
    assert {day.weekday() for day in days} == {4}
    assert {b - a for a, b in pairwise(days)} == {timedelta(days=14)}


@given(moments, st.integers(1, 40), weekdays, st.timedeltas(timedelta(), timedelta(days=60)))
@settings(max_examples=100, deadline=None)
def test_every_finds_the_same_days_wherever_the_look_begins(
    after: datetime, every: int, days: frozenset[int], later: timedelta
) -> None:
    timed = timing(at="12:30", every=f"{every}d", days=[DAYS[day] for day in days])
    end = after + timedelta(days=120)
    whole = [one for one in occurrences(timed, SHANGHAI, after, end) if one.due > after + later]
    assert list(occurrences(timed, SHANGHAI, after + later, end)) == whole


@given(moments, st.integers(1, 40), weekdays)
@settings(max_examples=100, deadline=None)
def test_every_is_never_due_twice_on_a_day_nor_stays_away(after: datetime, every: int, days: frozenset[int]) -> None:
    found = list(islice(occurrences(timing(at="12:30", every=f"{every}d", days=days), SHANGHAI, after), 20))
    dates = [date.fromisoformat(one.local[:10]) for one in found]
    assert len(set(dates)) == 20
    assert {day.weekday() for day in dates} <= days
    assert all(b - a <= timedelta(days=every + 6) for a, b in pairwise(dates))


def test_only_times_inside_the_window_are_due() -> None:
    work = Window(frozenset(range(5)), time(9), time(18))
    found = occurrences(timing(at=["08:00", "10:00"]), SHANGHAI, utc("2026-05-01T00:00"), window=work)
    assert locals_of(islice(found, 2)) == ["2026-05-01T10:00", "2026-05-04T10:00"]  # Friday, then Monday


def test_what_can_never_be_due_is_said_at_once() -> None:
    work = Window(frozenset(range(5)), time(9), time(18))
    assert next_due(timing(at="08:00"), SHANGHAI, utc("2026-05-01T00:00"), window=work) is None
    assert (
        next_due(timing(at="08:00", every="14d", days=["sat"]), SHANGHAI, utc("2026-05-01T00:00"), window=work) is None
    )
    assert next_due(timing(quiet_for="6h"), SHANGHAI, utc("2026-05-01T00:00")) is None


def test_endless_occurrences_are_worked_out_only_as_far_as_asked() -> None:
    found = occurrences(timing(at="08:00", every="3650d"), SHANGHAI, utc("2026-05-01T00:00"))
    assert len(list(islice(found, 3))) == 3
    last = timing(at="08:00", every="3650d")
    assert next_due(last, ZoneInfo("Pacific/Apia"), datetime(9989, 1, 1, tzinfo=UTC)) is None  # where dates end


def test_after_years_away_only_the_last_days_are_looked_at() -> None:
    found = waiting(timing(at="08:00"), SHANGHAI, utc("2021-01-01T00:00"), utc("2026-05-01T01:00"))
    assert locals_of(found)[-1] == "2026-05-01T08:00"
    assert len(found) == 8


def test_what_is_rare_is_found_however_long_ago() -> None:
    once = timing(at="08:00", date="2024-02-29")
    found = waiting(once, SHANGHAI, utc("2021-01-01T00:00"), utc("2026-05-01T01:00"))
    assert locals_of(found) == ["2024-02-29T08:00"]
