"""How fast sends go, in virtual time: whoever asks when, Telegram's windows are never exceeded."""

import heapq
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.limiter import A_MINUTE, ANNOUNCEMENTS, COMPLAINTS, IN_ORDER, OVER_ALL, SLOW_FOR, STALE, Limiter
from rules import effects as fx
from rules.effects import Effect
from rules.text import Text

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def post(group: int, words: str = "news") -> fx.SendText:
    return fx.SendText(f"telegram:-{group}", Text(literal=words), announcement=True)


def reply(group: int, words: str = "hello") -> fx.SendText:
    return fx.SendText(f"telegram:-{group}", Text(literal=words))


def delete(group: int, message: int = 1) -> fx.DeleteMessage:
    return fx.DeleteMessage(f"telegram:-{group}", f"telegram:-{group}/{message}")


class Dispatch:
    """Asks as dispatch does: again at the moment it was told, and performs what may go."""

    def __init__(self, limiter: Limiter) -> None:
        self.limiter = limiter
        self.went: dict[str, datetime] = {}
        self.order: list[str] = []

    def run(self, asking: Iterable[tuple[datetime, str, Effect]], until: timedelta = timedelta(hours=2)) -> None:
        waiting = [(at, number, key, effect) for number, (at, key, effect) in enumerate(asking)]
        heapq.heapify(waiting)
        number = len(waiting)
        while waiting:
            now, _, key, effect = heapq.heappop(waiting)
            assert now < START + until, f"{key} never goes"
            at = self.limiter.admit(key, effect, now)
            if at > now:
                number += 1
                heapq.heappush(waiting, (at, number, key, effect))
                continue
            self.went[key] = now
            self.order.append(key)
            self.limiter.performed(effect)


def most_within(moments: Iterable[datetime], window: timedelta) -> int:
    """The most moments that lie less than a window apart."""
    sorted_ = sorted(moments)
    most = first = 0
    for last, moment in enumerate(sorted_):
        while sorted_[first] <= moment - window:
            first += 1
        most = max(most, last - first + 1)
    return most


asked = st.lists(
    st.tuples(
        st.integers(0, 40_000), st.integers(1, 6), st.sampled_from(["post", "reply", "delete"]), st.integers(1, 3)
    ),
    max_size=150,
)


@settings(max_examples=150, deadline=None)
@given(asked)
def test_no_window_is_ever_exceeded_and_everything_goes_in_order(asking: list[tuple[int, int, str, int]]) -> None:
    make = {"post": post, "reply": reply, "delete": delete}
    weights: dict[str, int] = {}
    plan = []
    for number, (millis, group, kind, weight) in enumerate(sorted(asking)):
        effect = make[kind](group, number if kind == "delete" else str(number))
        key = f"{kind}/{group}/{number:04}"
        weights[key] = 1 if kind == "delete" else weight
        plan.append((START + timedelta(milliseconds=millis), key, effect))
    weight_of = {id(effect): weights[key] for _, key, effect in plan}
    dispatch = Dispatch(Limiter(lambda effect: weight_of[id(effect)]))
    dispatch.run(plan)

    assert len(dispatch.went) == len(plan)
    sends = {
        key: [at + number * SECOND for number in range(weights[key])]
        for key, at in dispatch.went.items()
        if not key.startswith("delete")
    }
    assert most_within([at for moments in sends.values() for at in moments], SECOND) <= OVER_ALL
    announced = [at for key, moments in sends.items() if key.startswith("post") for at in moments]
    assert most_within(announced, SECOND) <= ANNOUNCEMENTS
    for group in range(1, 7):
        own = [at for key, moments in sends.items() if key.split("/")[1] == str(group) for at in moments]
        assert most_within(own, SECOND) <= 1
        assert most_within(own, timedelta(minutes=1)) <= A_MINUTE
        for kind in ("post", "reply", "delete"):
            keys = [key for key in dispatch.order if key.startswith(f"{kind}/{group}/")]
            assert keys == sorted(keys), "in a group and lane, who asks first goes first"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 5), st.booleans()), min_size=40, max_size=120))
def test_long_texts_in_many_chats_stay_within_the_limit_of_the_bot(asking: list[tuple[int, int, bool]]) -> None:
    weights = [weight for _, weight, _ in asking]
    effects = [post(n) if announced else reply(n) for n, (_, _, announced) in enumerate(asking, 1)]
    weight_of = {id(effect): weight for effect, weight in zip(effects, weights, strict=True)}
    dispatch = Dispatch(Limiter(lambda effect: weight_of[id(effect)]))
    dispatch.run((START + timedelta(milliseconds=asking[n][0]), str(n), effect) for n, effect in enumerate(effects))
    moments = [at + part * SECOND for key, at in dispatch.went.items() for part in range(weights[int(key)])]
    assert most_within(moments, SECOND) <= OVER_ALL
    announced = [
        at + part * SECOND
        for key, at in dispatch.went.items()
        for part in range(weights[int(key)])
        if asking[int(key)][2]
    ]
    assert most_within(announced, SECOND) <= ANNOUNCEMENTS


@settings(max_examples=30, deadline=None)
@given(st.integers(31, 120), st.integers(0, 60))
def test_many_chats_at_once_stay_within_the_limit_of_the_bot(replies: int, posts: int) -> None:
    dispatch = Dispatch(Limiter())
    dispatch.run(
        [(START, f"post/{n}", post(1000 + n)) for n in range(posts)]
        + [(START, f"reply/{n}", reply(n)) for n in range(1, replies + 1)]
    )
    assert most_within(dispatch.went.values(), SECOND) <= OVER_ALL
    took = max(at for key, at in dispatch.went.items() if key.startswith("reply")) - START
    assert took <= timedelta(seconds=replies / (OVER_ALL - ANNOUNCEMENTS) + 1)


def sends(dispatch: Dispatch, messages: int) -> list[datetime]:
    return [at + number * SECOND for at in dispatch.went.values() for number in range(messages)]


def test_a_group_gets_twenty_messages_a_minute_and_no_more() -> None:
    dispatch = Dispatch(Limiter())
    dispatch.run((START, f"{number:02}", reply(1, str(number))) for number in range(45))
    assert most_within(dispatch.went.values(), timedelta(minutes=1)) == A_MINUTE
    assert max(dispatch.went.values()) == START + timedelta(minutes=2, seconds=4)


def test_every_message_of_a_long_text_counts_in_its_group() -> None:
    dispatch = Dispatch(Limiter(lambda _: 3))
    dispatch.run((START, f"{number:02}", reply(1, str(number))) for number in range(14))
    assert most_within(sends(dispatch, 3), SECOND) == 1
    assert most_within(sends(dispatch, 3), timedelta(minutes=1)) <= A_MINUTE
    assert max(dispatch.went.values()) < START + timedelta(minutes=2, seconds=30)


def test_every_message_of_a_long_text_counts_over_all_groups() -> None:
    dispatch = Dispatch(Limiter(lambda _: 3))
    plan = [(START + number * timedelta(milliseconds=11), str(number), reply(number + 1)) for number in range(200)]
    dispatch.run(plan)
    assert most_within(sends(dispatch, 3), SECOND) <= OVER_ALL
    assert max(dispatch.went.values()) <= START + timedelta(seconds=40)


def test_a_thousand_announcements_use_their_share_and_no_more() -> None:
    dispatch = Dispatch(Limiter())
    dispatch.run((START, f"{number:04}", post(number)) for number in range(1, 1001))
    took = max(dispatch.went.values()) - START
    assert timedelta(seconds=49) <= took <= timedelta(seconds=51)
    assert dispatch.order == sorted(dispatch.order)


def test_while_a_thousand_announcements_wait_a_delete_goes_within_300_ms() -> None:
    dispatch = Dispatch(Limiter())
    posts = [(START, f"post/{number}", post(number)) for number in range(1, 1001)]
    decided = [START + timedelta(milliseconds=37 * number) for number in range(1000)]
    deletes = [(at, f"delete/{number}", delete(1 + number % 50, number)) for number, at in enumerate(decided)]
    dispatch.run(posts + deletes)
    late = [dispatch.went[f"delete/{number}"] - at for number, at in enumerate(decided)]
    assert max(late) <= timedelta(milliseconds=300)
    assert max(at for key, at in dispatch.went.items() if key.startswith("post")) > START + timedelta(seconds=30)


def test_while_a_thousand_announcements_wait_replies_go_at_once() -> None:
    dispatch = Dispatch(Limiter())
    posts = [(START, f"post/{number}", post(number)) for number in range(1, 1001)]
    decided = [START + timedelta(milliseconds=110 * number) for number in range(400)]
    replies = [(at, f"reply/{number}", reply(5000 + number)) for number, at in enumerate(decided)]
    dispatch.run(posts + replies)
    late = [dispatch.went[f"reply/{number}"] - at for number, at in enumerate(decided)]
    assert max(late) <= timedelta(milliseconds=100)


def test_announcements_that_all_come_late_for_their_turns_still_keep_to_their_share() -> None:
    limiter = Limiter()
    for number in range(1, 101):
        limiter.admit(f"post/{number}", post(number), START)
    late = START + timedelta(seconds=6)
    went = [number for number in range(1, 101) if limiter.admit(f"post/{number}", post(number), late) <= late]
    assert len(went) == 2 * ANNOUNCEMENTS  # those of the beginning, and as many now


def test_room_that_a_reply_waits_for_is_not_taken_by_an_announcement_that_asks_first() -> None:
    limiter = Limiter()
    for number in range(OVER_ALL):
        at = START + number * timedelta(milliseconds=30)
        effect = post(number + 1) if number % 3 == 0 else reply(number + 1)
        assert limiter.admit(str(number), effect, at) == at
    asked = START + timedelta(milliseconds=950)
    told = limiter.admit("reply", reply(100), asked)
    assert told == START + SECOND
    assert limiter.admit("post", post(101), told) > told
    assert limiter.admit("reply", reply(100), told) == told


def test_a_reply_goes_before_the_announcements_that_wait_in_its_group() -> None:
    dispatch = Dispatch(Limiter())
    posts = [(START, f"post/{number}", post(1, str(number))) for number in range(5)]
    dispatch.run([*posts, (START + timedelta(milliseconds=1500), "reply", reply(1))])
    assert dispatch.order == ["post/0", "post/1", "reply", "post/2", "post/3", "post/4"]


def test_an_announcement_is_not_put_off_for_ever_by_a_talkative_group() -> None:
    dispatch = Dispatch(Limiter())
    replies = [(START + number * 4 * SECOND, f"reply/{number}", reply(1, str(number))) for number in range(100)]
    dispatch.run([*replies, (START + SECOND, "post", post(1))])
    assert dispatch.went["post"] <= START + timedelta(seconds=5)


def test_a_place_in_the_queue_is_kept_when_asked_again() -> None:
    limiter = Limiter()
    for number in range(3):
        limiter.admit(str(number), reply(1, str(number)), START)
    second = limiter.admit("1", reply(1, "1"), START + timedelta(milliseconds=200))
    assert second == START + SECOND
    assert limiter.admit("2", reply(1, "2"), START + SECOND) == START + 2 * SECOND
    assert limiter.admit("1", reply(1, "1"), second) == second


def test_what_may_go_may_still_go_when_asked_again_before_it_went() -> None:
    limiter = Limiter()
    assert limiter.admit("a", reply(1), START) == START
    again = START + timedelta(milliseconds=50)
    assert limiter.admit("a", reply(1), again) == again


def test_what_went_and_comes_again_takes_its_turn_anew() -> None:
    limiter = Limiter()
    limiter.admit("a", reply(1), START)
    limiter.performed(reply(1))
    assert limiter.admit("a", reply(1), START + timedelta(milliseconds=50)) == START + SECOND


def test_what_became_something_else_while_it_waited_has_gone_when_that_went() -> None:
    limiter = Limiter()
    limiter.admit("a", reply(1), START)
    assert limiter.admit("b", reply(1, "b"), START) == START + SECOND
    edit = fx.EditText("telegram:-1", "telegram:-1/5", Text(literal="b"))
    assert limiter.admit("b", edit, START + SECOND) == START + SECOND
    limiter.performed(edit)
    assert limiter.admit("b", edit, START + SECOND) == START + 2 * SECOND


def test_who_does_not_come_for_their_turn_loses_it() -> None:
    limiter = Limiter()
    limiter.admit("a", reply(1, "a"), START)
    limiter.performed(reply(1, "a"))
    told = limiter.admit("gone", reply(1, "gone"), START)
    later = told + STALE / 2
    assert limiter.admit("b", reply(1, "b"), later) > later
    later = told + STALE + SECOND
    assert limiter.admit("b", reply(1, "b"), later) == later


def test_a_silence_of_30_s_in_one_group_delays_no_other() -> None:
    limiter = Limiter()
    limiter.admit("first", reply(1), START)
    limiter.performed(reply(1))
    limiter.penalise(reply(1), 30 * SECOND)
    for number, effect in enumerate((reply(1, "again"), post(1), delete(1))):
        assert limiter.admit(f"quiet/{number}", effect, START + SECOND) == START + 30 * SECOND
    for group in range(2, 12):
        assert limiter.admit(f"reply/{group}", reply(group), START + SECOND) == START + SECOND
        assert limiter.admit(f"delete/{group}", delete(group), START + SECOND) == START + SECOND
    assert limiter.admit("quiet/2", delete(1), START + 30 * SECOND) == START + 30 * SECOND


def test_several_chats_complained_of_at_once_slow_the_bot_and_stop_nobody_else() -> None:
    limiter = Limiter()
    for group in range(1, COMPLAINTS + 1):
        limiter.admit(str(group), reply(group), START)
        limiter.penalise(reply(group), 2 * SECOND)
    dispatch = Dispatch(limiter)
    begin = START + 2 * SECOND
    dispatch.run((begin, f"{number:03}", reply(100 + number)) for number in range(90))
    assert dispatch.went["000"] == begin
    assert most_within(dispatch.went.values(), SECOND) == OVER_ALL // 3
    later = START + 2 * SLOW_FOR
    dispatch.run((later, f"later/{number}", reply(500 + number)) for number in range(OVER_ALL))
    assert {at for key, at in dispatch.went.items() if key.startswith("later")} == {later}


def test_a_complaint_of_one_chat_again_and_again_slows_nobody() -> None:
    limiter = Limiter()
    for number in range(10):
        limiter.admit(str(number), reply(1, str(number)), START)
        limiter.penalise(reply(1), SECOND)
    dispatch = Dispatch(limiter)
    dispatch.run((START + SECOND, str(number), reply(100 + number)) for number in range(OVER_ALL))
    assert set(dispatch.went.values()) == {START + SECOND}


def test_a_talk_with_one_person_has_no_limit_by_the_minute() -> None:
    dispatch = Dispatch(Limiter())
    words = [fx.SendPrivate("telegram:-1", "telegram:77", Text(literal=str(number))) for number in range(30)]
    dispatch.run((START, f"{number:02}", effect) for number, effect in enumerate(words))
    assert max(dispatch.went.values()) == START + 29 * SECOND


def test_what_is_said_to_one_member_alone_does_not_use_the_groups_turn() -> None:
    limiter = Limiter()
    limiter.admit("a", fx.SendPrivate("telegram:-1", "telegram:77", Text(literal="hi")), START)
    assert limiter.admit("b", reply(1), START) == START


@pytest.mark.parametrize("announced", [True, False])
def test_an_edit_counts_as_a_send(announced: bool) -> None:
    limiter = Limiter()
    limiter.admit("a", post(1) if announced else reply(1), START)
    edit = fx.EditText("telegram:-1", "telegram:-1/5", Text(literal="more"))
    assert limiter.admit("b", edit, START) == START + SECOND


def test_a_clean_up_in_the_lane_of_replies_still_goes_at_once() -> None:
    limiter = Limiter()
    limiter.admit("a", reply(1), START)
    assert limiter.admit("b", delete(1), START) == START


def test_what_keeps_order_has_a_generous_limit_of_its_own() -> None:
    dispatch = Dispatch(Limiter())
    count = 2 * IN_ORDER + 50
    dispatch.run((START, f"{number:04}", delete(number % 70 + 1, number)) for number in range(count))
    assert IN_ORDER >= 600  # as many as a bot in many groups may have to take away during a raid
    assert most_within(dispatch.went.values(), SECOND) == IN_ORDER
    assert max(dispatch.went.values()) == START + 2 * SECOND
    assert dispatch.order == sorted(dispatch.order)
    limiter = Limiter()
    late = START + timedelta(seconds=4)
    for at in (START, late):
        asked = range(3 * IN_ORDER)
        went = [number for number in asked if limiter.admit(str(number), delete(number % 70, number), at) <= at]
    assert len(went) == 2 * IN_ORDER  # those of the beginning, and as many now


def test_groups_that_are_idle_are_forgotten() -> None:
    limiter = Limiter()
    for group in range(1, 2001):
        limiter.admit(str(group), reply(group), START + group * SECOND)
        limiter.performed(reply(group))
    assert len(limiter._chats) < 200


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    limiter = Limiter()
    limiter.admit("a", reply(1), START)
    earlier = START - timedelta(hours=1)
    assert limiter.admit("b", reply(1), earlier) == earlier


def test_asking_for_a_thousand_costs_little() -> None:
    counted: Counter[str] = Counter()

    class Counting(Limiter):
        def admit(self, key: str, effect: Effect, now: datetime) -> datetime:
            counted[key] += 1
            return super().admit(key, effect, now)

    Dispatch(Counting()).run((START, str(number), post(number)) for number in range(1, 1001))
    assert max(counted.values()) <= 3
