from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.timing import Timing
from rules.values import Group
from rules.windows import QuietHours, Window
from schedules.planned import Due, Key, Planned
from schedules.planner import SETTLING, Planner
from schedules.quiet import Silence

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = frozenset(range(7))
NIGHT = QuietHours(Window(EVERY_DAY, time(23), time(8)))
GROUP = "telegram:-1"
CHALLENGE: Key = ("challenge", GROUP)
BREAKER: Key = ("breaker", GROUP)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def planned(schedule: str = "challenge", zone: ZoneInfo = SHANGHAI, **timing: object) -> Planned:
    return Planned(schedule, GROUP, Timing.model_validate(timing or {"at": "08:00"}), zone)


def quiet(**timing: object) -> Planned:
    return planned("breaker", quiet_for="6h", **timing)


class Bot:
    """A planner with what is kept on disk beside it, so that it can be started again."""

    def __init__(self, *schedules: Planned, at: str) -> None:
        self.schedules = list(schedules)
        self.cursors: dict[Key, datetime] = {}
        self.ran: list[str] = []
        self.restart(at)

    def restart(self, at: str) -> None:
        self.planner = Planner()
        self.load(at)

    def load(self, at: str) -> None:
        for key in self.planner.load(self.schedules, self.cursors, shanghai(at)):
            del self.cursors[key]
        self.tick(at)

    def tick(self, at: str, silences: Mapping[Key, Silence] | None = None) -> list[tuple[str, str]]:
        plan = self.planner.tick(shanghai(at), silences or {})
        assert plan.wake is None or plan.wake > shanghai(at)
        self.cursors |= plan.cursors
        self.planner.settled(plan)
        self.wake = plan.wake
        self.due: tuple[Due, ...] = plan.due
        self.ran += [due.id for due in plan.due if due.outcome == "run"]
        return [(due.local, due.outcome) for due in plan.due]


def test_a_schedule_fires_at_its_time_and_says_when_it_is_due_next() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    assert bot.wake == shanghai("2026-05-01T08:00")
    assert bot.tick("2026-05-01T07:59:59") == []
    assert bot.tick("2026-05-01T08:00") == [("2026-05-01T08:00", "run")]
    assert bot.wake == shanghai("2026-05-02T08:00")
    assert bot.tick("2026-05-01T08:01") == []
    assert bot.ran == ["schedule:challenge:telegram:-1:2026-05-01T08:00"]


def test_what_is_due_becomes_an_event() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.tick("2026-05-01T08:00:01")
    event = bot.due[0].event(shanghai("2026-05-01T08:00:01"), Group(GROUP))
    assert (event.id, event.schedule, event.local) == (bot.ran[0], "challenge", "2026-05-01T08:00")
    assert event.due == shanghai("2026-05-01T08:00") == event.at - timedelta(seconds=1)


def test_a_new_schedule_never_fires_back() -> None:
    bot = Bot(planned(), at="2026-05-01T09:00")
    assert bot.due == ()
    assert bot.wake == shanghai("2026-05-02T08:00")


def test_a_schedule_that_never_fired_yet_is_made_up_for_after_a_restart() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    assert bot.cursors == {CHALLENGE: shanghai("2026-05-01T07:00")}
    bot.restart("2026-05-01T09:00")
    assert [due.local for due in bot.due if due.outcome == "run"] == ["2026-05-01T08:00"]


def test_a_restart_fires_nothing_twice() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.tick("2026-05-01T08:00")
    bot.restart("2026-05-01T08:00:30")
    bot.restart("2026-05-01T12:00")
    assert len(bot.ran) == 1


def test_after_days_away_one_post_is_made_and_the_others_are_skipped() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.restart("2026-05-04T10:00")
    assert [(due.local[:10], due.outcome) for due in bot.due] == [
        ("2026-05-01", "skip"),
        ("2026-05-02", "skip"),
        ("2026-05-03", "skip"),
        ("2026-05-04", "run"),
    ]
    assert bot.wake == shanghai("2026-05-05T08:00")


def test_a_plan_that_could_not_be_kept_comes_again() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    lost = bot.planner.tick(shanghai("2026-05-01T08:00"))
    again = bot.planner.tick(shanghai("2026-05-01T08:01"))
    assert (
        [due.id for due in lost.due]
        == [due.id for due in again.due]
        == [f"schedule:challenge:{GROUP}:2026-05-01T08:00"]
    )
    assert again.wake == shanghai("2026-05-02T08:00")
    bot.planner.settled(again)
    assert bot.tick("2026-05-01T08:02") == []
    assert bot.tick("2026-05-02T08:00") == [("2026-05-02T08:00", "run")]


def test_what_became_due_since_the_last_tick_is_the_next_to_look_at() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    assert bot.planner.next_look() == shanghai("2026-05-01T08:00")
    plan = bot.planner.tick(shanghai("2026-05-01T08:00"))
    assert bot.planner.next_look() == shanghai("2026-05-01T08:00")
    bot.planner.settled(plan)
    assert bot.planner.next_look() == shanghai("2026-05-02T08:00")
    assert Planner().next_look() is None


def test_a_cursor_that_could_not_be_kept_is_asked_for_again() -> None:
    planner = Planner()
    planner.load([planned()], {}, shanghai("2026-05-01T07:00"))
    first = planner.tick(shanghai("2026-05-01T07:00"))
    second = planner.tick(shanghai("2026-05-01T07:01"))
    assert first.cursors == second.cursors == {CHALLENGE: shanghai("2026-05-01T07:00")}
    planner.settled(second)
    assert planner.tick(shanghai("2026-05-01T07:02")).cursors == {}


def test_a_clock_that_is_set_back_fires_nothing_twice() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.tick("2026-05-01T08:00")
    assert bot.tick("2026-05-01T07:30") == []
    assert bot.tick("2026-05-01T08:00") == []
    bot.restart("2026-05-01T07:30")
    bot.tick("2026-05-01T08:00")
    assert len(bot.ran) == 1


def test_the_repeated_hour_of_autumn_fires_once_and_the_skipped_one_of_spring_too() -> None:
    for day, start in (("2026-10-25", "2026-10-24T20:00"), ("2026-03-29", "2026-03-28T20:00")):
        planner = Planner()
        now = datetime.fromisoformat(start).replace(tzinfo=UTC)
        planner.load([planned(zone=BERLIN, at="02:30")], {}, now)
        ids = []
        for _ in range(12 * 12):
            plan = planner.tick(now)
            planner.settled(plan)
            ids += [due.id for due in plan.due if due.outcome == "run"]
            now += timedelta(minutes=5)
        assert ids == [f"schedule:challenge:telegram:-1:{day}T02:30"]


def test_a_post_in_quiet_hours_is_held_and_comes_in_the_morning_also_after_a_restart() -> None:
    night = Planned("challenge", GROUP, Timing.model_validate({"at": "23:30"}), SHANGHAI, quiet_hours=NIGHT)
    for restarts in (False, True):
        bot = Bot(night, at="2026-05-01T12:00")
        assert bot.tick("2026-05-01T23:30") == [("2026-05-01T23:30", "hold")]
        assert bot.wake == shanghai("2026-05-02T08:00") == bot.due[0].until
        assert bot.tick("2026-05-01T23:31") == []
        bot.cursors |= bot.planner.cursors(shanghai("2026-05-02T03:00"))
        if restarts:
            bot.restart("2026-05-02T03:00")
            assert bot.ran == []
        assert bot.tick("2026-05-02T08:00") == [("2026-05-01T23:30", "run")]
        assert bot.wake == shanghai("2026-05-02T23:30")


def test_a_reload_leaves_alone_what_did_not_change() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.schedules.append(planned("digest", at="07:30"))
    bot.load("2026-05-01T07:45")
    assert bot.ran == []
    assert bot.tick("2026-05-01T08:00") == [("2026-05-01T08:00", "run")]


def test_a_time_that_is_changed_does_not_fire_back() -> None:
    bot = Bot(planned(), at="2026-05-01T06:00")
    bot.schedules = [planned(at="07:00")]
    bot.load("2026-05-01T07:30")
    assert bot.ran == []
    assert bot.wake == shanghai("2026-05-02T07:00")
    bot.restart("2026-05-01T07:40")
    assert bot.ran == []


def test_a_time_that_is_changed_while_the_bot_is_stopped_in_order_does_not_fire_back() -> None:
    bot = Bot(planned(), at="2026-05-01T06:00")
    bot.cursors |= bot.planner.cursors(shanghai("2026-05-01T07:20"))
    bot.schedules = [planned(at="07:00")]
    bot.restart("2026-05-01T07:30")
    assert bot.ran == []


def test_an_orderly_end_settles_nothing_that_is_due() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.cursors |= bot.planner.cursors(shanghai("2026-05-01T08:00:01"))
    bot.restart("2026-05-01T08:01")
    assert len(bot.ran) == 1


def test_a_schedule_that_is_taken_out_and_written_again_starts_anew() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.schedules = []
    bot.load("2026-05-01T07:10")
    assert bot.cursors == {}
    assert bot.wake is None
    bot.schedules = [planned()]
    bot.restart("2026-06-01T09:00")
    assert bot.ran == []


def test_the_cursor_of_a_schedule_that_now_goes_by_silence_is_of_no_use() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.schedules = [planned(quiet_for="6h")]
    bot.load("2026-05-01T07:10")
    assert bot.cursors == {}


def test_an_orderly_end_keeps_the_cursors_that_are_new() -> None:
    planner = Planner()
    planner.load([planned()], {}, shanghai("2026-05-01T07:00"))
    assert planner.cursors(shanghai("2026-05-01T09:00")) == {CHALLENGE: shanghai("2026-05-01T07:00")}


def test_an_orderly_end_under_a_clock_that_was_set_back_unsettles_nothing() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    bot.tick("2026-05-01T08:00")
    assert bot.planner.cursors(shanghai("2026-05-01T07:30")) == {CHALLENGE: shanghai("2026-05-01T08:00")}


def test_a_plan_that_is_kept_after_a_reload_brings_nothing_old_back() -> None:
    bot = Bot(planned(), at="2026-05-01T07:00")
    plan = bot.planner.tick(shanghai("2026-05-01T08:00"))
    bot.schedules = [planned(at="09:00")]
    bot.load("2026-05-01T08:00")
    bot.planner.settled(plan)
    assert bot.tick("2026-05-01T08:01") == []
    assert bot.wake == shanghai("2026-05-01T09:00")
    assert bot.tick("2026-05-02T08:00") == [("2026-05-01T09:00", "run")]


def test_a_schedule_planned_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="`challenge` is planned twice for group telegram:-1"):
        Planner().load([planned(), planned(at="09:00")], {}, shanghai("2026-05-01T07:00"))


def test_timers_wake_too() -> None:
    planner = Planner()
    now, soon = shanghai("2026-05-01T07:00"), shanghai("2026-05-01T07:05")
    planner.load([planned()], {}, now)
    assert planner.tick(now, next_timer=soon).wake == soon
    assert planner.tick(soon, next_timer=soon).wake > soon  # type: ignore[operator]
    assert Planner().tick(now, next_timer=soon).wake == soon
    assert Planner().tick(now).wake is None


def test_a_date_that_is_over_is_never_looked_at_again() -> None:
    bot = Bot(planned(at="08:00", date=date(2026, 5, 1)), at="2026-05-01T07:00")
    assert bot.tick("2026-05-01T08:00") == [("2026-05-01T08:00", "run")]
    assert bot.wake is None


def test_a_silence_is_broken_once_and_again_only_so_much_later() -> None:
    bot = Bot(quiet(), at="2026-05-01T12:00")
    last = {BREAKER: Silence(shanghai("2026-05-01T12:01"))}
    assert bot.planner.to_check(shanghai("2026-05-01T12:01")) == []
    assert bot.planner.to_check(shanghai("2026-05-01T12:02")) == [BREAKER]
    assert bot.tick("2026-05-01T12:02", last) == []
    assert bot.wake == shanghai("2026-05-01T18:01")
    assert bot.tick("2026-05-01T18:01", last) == [("2026-05-01T18:01", "run")]
    assert bot.tick("2026-05-01T18:02", last) == []
    # The rule may have decided to post nothing: it is asked again, under another id.
    assert bot.tick("2026-05-02T00:01", last) == [("2026-05-02T00:01", "run")]
    second = int(shanghai("2026-05-01T12:01").timestamp())
    assert bot.ran == [f"quiet:breaker:telegram:-1:{second}:{n}" for n in (1, 2)]


def test_a_message_puts_the_silence_off() -> None:
    bot = Bot(quiet(), at="2026-05-01T12:00")
    bot.tick("2026-05-01T12:02", {BREAKER: Silence(shanghai("2026-05-01T12:01"))})
    assert bot.tick("2026-05-01T18:01", {BREAKER: Silence(shanghai("2026-05-01T15:00"))}) == []
    assert bot.wake == shanghai("2026-05-01T21:00")


def test_a_silence_that_gave_up_comes_back_when_somebody_writes() -> None:
    bot = Bot(quiet(stop_after_unanswered=1), at="2026-05-01T12:00")
    ignored = {BREAKER: Silence(shanghai("2026-05-01T06:00"), 1, shanghai("2026-05-01T11:59"))}
    assert bot.tick("2026-05-01T12:02", ignored) == []
    # Somebody writes at once: the planner looks again before that can be six hours ago.
    assert bot.wake is not None
    assert bot.wake <= shanghai("2026-05-01T18:03")
    written = {BREAKER: Silence(shanghai("2026-05-01T12:03"))}
    assert bot.tick("2026-05-01T18:02", written) == []
    assert bot.tick("2026-05-01T18:03", written) == [("2026-05-01T18:03", "run")]


def test_a_restart_speaks_into_a_silence_under_the_same_id() -> None:
    bot = Bot(quiet(), at="2026-05-01T12:00")
    last = {BREAKER: Silence(shanghai("2026-05-01T12:00"))}
    bot.tick("2026-05-01T18:00", last)
    bot.restart("2026-05-01T20:00")
    bot.tick("2026-05-01T20:02", last)
    assert len(bot.ran) == 2
    assert len(set(bot.ran)) == 1


def test_after_a_start_what_members_wrote_meanwhile_comes_in_first() -> None:
    bot = Bot(quiet(), at="2026-05-01T12:00")
    assert bot.wake == shanghai("2026-05-01T12:00") + SETTLING


def test_a_silence_that_was_due_while_away_keeps_to_window_and_quiet_hours() -> None:
    work = Window(frozenset(range(5)), time(9), time(18))
    bot = Bot(
        Planned("breaker", GROUP, Timing.model_validate({"quiet_for": "6h"}), SHANGHAI, window=work, quiet_hours=NIGHT),
        at="2026-05-01T20:00",  # a Friday
    )
    last = {BREAKER: Silence(shanghai("2026-05-01T10:00"))}
    assert bot.tick("2026-05-01T20:02", last) == []
    assert bot.wake == shanghai("2026-05-04T09:00")
    assert bot.tick("2026-05-04T09:00", last) == [("2026-05-01T16:00", "run")]


def test_a_silence_of_no_length_does_not_keep_the_planner_awake() -> None:
    bot = Bot(planned("breaker", quiet_for="0s", stop_after_unanswered=1), at="2026-05-01T12:00")
    bot.tick("2026-05-01T12:02", {BREAKER: Silence(shanghai("2026-05-01T12:00"), fires=1)})
    assert bot.wake == shanghai("2026-05-01T12:03")


def test_a_silence_that_was_not_brought_is_looked_at_again_soon() -> None:
    bot = Bot(quiet(), at="2026-05-01T12:00")
    bot.tick("2026-05-01T12:02", {})
    assert bot.wake == shanghai("2026-05-01T12:03")


def test_nothing_due_among_ten_thousand_is_told_without_looking_at_them() -> None:
    planner = Planner()
    now = shanghai("2026-05-01T07:00")
    timing = Timing.model_validate({"at": "08:00"})
    planner.load([Planned(f"s{n % 10}", f"t:{n // 10}", timing, SHANGHAI) for n in range(10_000)], {}, now)
    planner.settled(planner.tick(now))
    plan = planner.tick(now + timedelta(minutes=1))
    assert (plan.due, plan.cursors, plan._steps) == ((), {}, ())
    busy = planner.tick(shanghai("2026-05-01T08:00"))
    assert len({due.id for due in busy.due}) == 10_000
