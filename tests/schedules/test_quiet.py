from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.timing import Timing
from rules.windows import QuietHours, Window
from schedules.quiet import Silence, first_free, next_silence_due, period

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERY_DAY = frozenset(range(7))
NIGHT = QuietHours(Window(EVERY_DAY, time(23), time(8)))
WORK = Window(frozenset(range(5)), time(9), time(18))
BREAKER = Timing.model_validate({"quiet_for": "6h", "stop_after_unanswered": 2})


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOON = shanghai("2026-05-01T12:00")  # a Friday


def test_a_silence_is_broken_so_long_after_the_last_message() -> None:
    assert next_silence_due(BREAKER, SHANGHAI, Silence(NOON)) == shanghai("2026-05-01T18:00")


def test_a_post_that_nobody_answers_is_followed_by_another_as_long_after() -> None:
    silence = Silence(NOON, fires=1, last_fired_at=shanghai("2026-05-01T18:05"))
    assert next_silence_due(BREAKER, SHANGHAI, silence) == shanghai("2026-05-02T00:05")


def test_the_bot_gives_up_when_it_is_ignored() -> None:
    assert next_silence_due(BREAKER, SHANGHAI, Silence(NOON, 2, shanghai("2026-05-02T00:05"))) is None


def test_an_answer_brings_the_bot_back() -> None:
    answered = shanghai("2026-05-02T10:00")
    silence = Silence(answered, 0, shanghai("2026-05-02T00:05"))
    assert next_silence_due(BREAKER, SHANGHAI, silence) == shanghai("2026-05-02T16:00")


def test_without_a_limit_the_bot_goes_on() -> None:
    patient = Timing.model_validate({"quiet_for": "6h"})
    assert next_silence_due(patient, SHANGHAI, Silence(NOON, 50, NOON)) == shanghai("2026-05-01T18:00")


def test_a_group_in_which_nobody_ever_wrote_is_left_alone() -> None:
    assert next_silence_due(BREAKER, SHANGHAI, Silence(None)) is None


def test_a_timing_by_the_clock_breaks_no_silence() -> None:
    assert next_silence_due(Timing.model_validate({"at": "08:00"}), SHANGHAI, Silence(NOON)) is None


def test_a_silence_waits_for_the_window_to_open() -> None:
    due = next_silence_due(BREAKER, SHANGHAI, Silence(NOON), window=WORK)
    assert due == shanghai("2026-05-04T09:00")  # 18:00 on Friday is closed: Monday


def test_a_silence_is_not_broken_at_night() -> None:
    due = next_silence_due(BREAKER, SHANGHAI, Silence(shanghai("2026-05-01T20:00")), quiet_hours=NIGHT)
    assert due == shanghai("2026-05-02T08:00")


def test_a_window_that_opens_in_quiet_hours_is_used_after_them() -> None:
    early = Window(EVERY_DAY, time(6), time(10))
    assert first_free(NOON, SHANGHAI, window=early, quiet_hours=NIGHT) == shanghai("2026-05-02T08:00")


def test_a_window_that_lies_in_quiet_hours_is_never_used() -> None:
    late = Window(EVERY_DAY, time(23, 30), time(1))
    assert first_free(NOON, SHANGHAI, window=late, quiet_hours=NIGHT) is None
    assert first_free(NOON, SHANGHAI, window=Window(frozenset(), time(1), time(2))) is None


clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
windows = st.builds(Window, st.frozensets(st.integers(0, 6)), clock_times, clock_times)


@given(
    st.sampled_from([SHANGHAI, ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")]),
    st.integers(0, 364 * 86400).map(lambda seconds: shanghai("2026-01-01") + timedelta(seconds=seconds)),
    st.none() | windows,
    st.none() | windows.map(QuietHours),
)
@settings(max_examples=200, deadline=None)
def test_a_free_moment_is_open_and_not_quiet(
    zone: ZoneInfo, moment: datetime, window: Window | None, quiet_hours: QuietHours | None
) -> None:
    free = first_free(moment, zone, window=window, quiet_hours=quiet_hours)

    def is_free(at: datetime) -> bool:
        local = at.astimezone(zone)
        return (window is None or window.contains(local)) and (
            quiet_hours is None or not quiet_hours.window.contains(local)
        )

    if free is not None:
        assert free >= moment
        assert is_free(free)
    hours = [moment + timedelta(minutes=37 * n) for n in range(7 * 24 * 60 // 37)]
    earlier = [at for at in hours if is_free(at) and (free is None or at < free)]
    jumps = {at.astimezone(zone).utcoffset() for at in (moment - timedelta(days=2), moment + timedelta(days=10))}
    assert not earlier or len(jumps) > 1  # only a clock that is set may open a window off its own edges


def test_each_attempt_has_a_number_of_its_own() -> None:
    six = timedelta(hours=6)
    assert period(six, NOON, NOON + six) == 1
    assert period(six, NOON, NOON + timedelta(hours=12, minutes=5)) == 2
