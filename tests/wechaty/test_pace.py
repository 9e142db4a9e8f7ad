"""A human pace, in virtual time: what a minute holds, who goes first, and that everything goes in the end."""

import heapq
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wechaty.pace import PATIENCE, SPREAD, Pace
from adapters.wechaty.settings import PaceSettings
from rules import effects as fx
from rules.effects import Effect, Lane, lane_of
from rules.text import Text

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Wish = tuple[float, Effect]  # seconds from noon, and what is then asked for
Went = list[tuple[datetime, int]]


def weigh(effect: Effect) -> int:
    text = effect.text.literal if isinstance(effect, fx.SendText) else None
    return 1 + len(text or "") // 100


def talk(room: int, length: int = 10, *, announcement: bool = False) -> fx.SendText:
    return fx.SendText(f"wx:r{room}", Text(literal="a" * length), announcement=announcement)


def kick(room: int) -> fx.KickMember:
    return fx.KickMember(f"wx:r{room}", "wx:bo")


def carried_out(pace: Pace, wishes: list[Wish]) -> Went:
    """As dispatch does it: the effects of one lane of a room one after another, each asked about until it may go."""
    lines: dict[tuple[str, Lane], list[int]] = {}
    for number in sorted(range(len(wishes)), key=lambda number: wishes[number][0]):
        effect = wishes[number][1]
        lines.setdefault((effect.group, lane_of(effect)), []).append(number)
    when = [NOON + timedelta(seconds=seconds) for seconds, _ in wishes]
    waiting = [(when[line[0]], line[0], key) for key, line in lines.items()]
    heapq.heapify(waiting)
    went: Went = []
    while waiting:
        at, number, key = heapq.heappop(waiting)
        effect = wishes[number][1]
        admitted = pace.admit(str(number), effect, at)
        if admitted > at:
            heapq.heappush(waiting, (admitted, number, key))
            continue
        pace.performed(effect)
        went.append((at, number))
        line = lines[key]
        line.remove(number)
        if line:
            heapq.heappush(waiting, (max(at, when[line[0]]), line[0], key))
    return went


def said_at(pace: Pace, wishes: list[Wish], went: Went, room: str | None = None) -> list[datetime]:
    """The moments of all messages: the parts of one text follow one another."""
    moments = []
    for at, number in went:
        effect = wishes[number][1]
        if lane_of(effect) is not Lane.MODERATION and room in (None, effect.group):
            count = weigh(effect)
            moments += [at + part * timedelta(seconds=pace.between(count)) for part in range(count)]
    return sorted(moments)


def most_within_a_minute(moments: list[datetime]) -> int:
    return max((sum(begin <= moment < begin + MINUTE for moment in moments) for begin in moments), default=0)


effects = st.one_of(
    st.builds(talk, st.integers(0, 3), st.integers(0, 450), announcement=st.booleans()),
    st.builds(kick, st.integers(0, 3)),
)
wishes = st.lists(st.tuples(st.floats(0, 120), effects), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(wishes, st.integers(1, 8), st.integers(1, 12), st.integers())
def test_no_minute_holds_more_than_it_may_and_everything_goes(
    wishes: list[Wish], in_room: int, in_all: int, seed: int
) -> None:
    pace = Pace(PaceSettings(per_room_per_minute=in_room, per_minute=in_all, seed=seed), weigh)
    went = carried_out(pace, wishes)
    assert sorted(number for _, number in went) == list(range(len(wishes)))
    assert most_within_a_minute(said_at(pace, wishes, went)) <= in_all
    for room in {effect.group for _, effect in wishes}:
        assert most_within_a_minute(said_at(pace, wishes, went, room)) <= in_room


@settings(max_examples=40, deadline=None)
@given(wishes, st.integers())
def test_what_keeps_order_waits_for_nothing_but_a_moment(wishes: list[Wish], seed: int) -> None:
    pace = Pace(PaceSettings(per_minute=2, seed=seed), weigh)
    now = NOON
    for number, (seconds, effect) in enumerate(sorted(wishes, key=lambda wish: wish[0])):
        now = max(now, NOON + timedelta(seconds=seconds))
        if isinstance(effect, fx.KickMember):
            at = pace.admit(f"kick {number}", effect, now)
            assert timedelta(seconds=0.3) <= at - now <= timedelta(seconds=1)
            now = at
            assert pace.admit(f"kick {number}", effect, now) <= now
        else:
            pace.admit(str(number), effect, now)


@settings(max_examples=30, deadline=None)
@given(wishes, st.integers())
def test_the_same_seed_gives_the_same_pauses(wishes: list[Wish], seed: int) -> None:
    first, second = (carried_out(Pace(PaceSettings(seed=seed), weigh), wishes) for _ in range(2))
    assert first == second


@settings(max_examples=60, deadline=None)
@given(wishes)
def test_within_a_room_and_lane_all_goes_in_the_order_of_asking(wishes: list[Wish]) -> None:
    went = carried_out(Pace(PaceSettings(), weigh), wishes)
    for line in {(effect.group, lane_of(effect)) for _, effect in wishes}:
        order = [
            wishes[number][0] for _, number in went if (wishes[number][1].group, lane_of(wishes[number][1])) == line
        ]
        assert order == sorted(order)


def test_a_reply_comes_after_the_time_that_typing_takes_longer_where_there_is_more_to_type() -> None:
    short, long = (Pace(PaceSettings()).admit("1", talk(0, length), NOON) - NOON for length in (5, 90))
    assert timedelta(seconds=1.5) <= short < timedelta(seconds=2.5)
    assert timedelta(seconds=3) <= long <= timedelta(seconds=6)


def test_what_is_due_in_twenty_rooms_at_once_is_spread_over_a_few_minutes() -> None:
    posts: list[Wish] = [(0, talk(room, announcement=True)) for room in range(20)]
    moments = [at for at, _ in carried_out(Pace(PaceSettings()), posts)]
    assert moments[0] - NOON < timedelta(seconds=20)
    assert moments[-1] - NOON < timedelta(seconds=SPREAD) + PATIENCE
    assert min(later - earlier for earlier, later in pairwise(moments)) >= timedelta(seconds=1)


def test_a_reply_goes_before_announcements_that_wait() -> None:
    posts: list[Wish] = [(0, talk(room, announcement=True)) for room in range(60)]
    asked: list[Wish] = [*posts, (100, talk(99))]
    went = {number: at for at, number in carried_out(Pace(PaceSettings()), asked)}
    assert went[60] - NOON < timedelta(seconds=110)
    assert sum(at > went[60] for at in went.values()) > 20


def test_announcements_are_not_kept_from_being_said_by_talk_without_end() -> None:
    chatter: list[Wish] = [(second, talk(second % 40)) for second in range(1, 900)]
    asked: list[Wish] = [(0, talk(50, announcement=True)), *chatter]
    went = {number: at for at, number in carried_out(Pace(PaceSettings()), asked)}
    assert went[0] - NOON < timedelta(seconds=SPREAD) + PATIENCE + 2 * MINUTE


def test_who_asks_again_keeps_the_place() -> None:
    pace = Pace(PaceSettings(per_minute=1))
    carried = pace.admit("0", talk(0), NOON)
    assert pace.admit("0", talk(0), carried) <= carried
    asking = carried + timedelta(seconds=5)
    first = pace.admit("1", talk(1), asking)
    second = pace.admit("2", talk(2), asking)
    assert pace.admit("1", talk(1), max(first, second)) <= pace.admit("2", talk(2), max(first, second))
    free = carried + MINUTE
    assert pace.admit("2", talk(2), free) > free
    assert pace.admit("1", talk(1), free) <= free


def test_a_clock_that_is_set_back_holds_nothing_up() -> None:
    pace = Pace(PaceSettings(per_minute=1))
    later = NOON + timedelta(days=1)
    at = pace.admit("0", talk(0), later)
    assert pace.admit("0", talk(0), at) <= at
    assert pace.admit("1", talk(0), NOON) - NOON < timedelta(seconds=7)


def test_the_friend_of_a_request_is_not_accepted_within_a_second() -> None:
    request = fx.AnswerJoinRequest("wx:cy", "wx:cy", approve=True, request="friendship/1")
    assert Pace(PaceSettings()).admit("0", request, NOON) - NOON >= timedelta(seconds=1.5)
