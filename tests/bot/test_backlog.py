"""The order of what waits: every delivery is handed out by one line at a time, and none is lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import Struct
from msgspec.structs import replace

from bot.dispatch.backlog import Backlog, LineKey
from rules.effects import Lane, SendText
from rules.text import say
from storage.outbox import Delivery

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
SOON = NOON + timedelta(seconds=2)
LATER = NOON + timedelta(minutes=1)
KEY = ("sim:a", Lane.REPLY)
MOST = 3
MOST_MODERATION = 4
PAGE = 4


def delivery(id_: int, group: str = "sim:a", lane: Lane = Lane.REPLY, at: datetime | None = None) -> Delivery:
    effect = SendText(group=group, text=say(str(id_)))
    return Delivery(event="made", position=id_, group=group, lane=lane, effect=effect, not_before=at, id=id_)


def read(backlog: Backlog, *deliveries: Delivery, now: datetime = NOON) -> None:
    backlog.seen = max(found.id for found in deliveries)
    backlog.add(deliveries, now)


def take(backlog: Backlog, now: datetime = NOON, most: int = 9) -> list[tuple[LineKey, list[int]]]:
    return backlog.take(now, most, most)


def test_a_line_goes_in_order_and_is_busy_until_its_turn_is_over() -> None:
    backlog = Backlog()
    read(backlog, delivery(1), delivery(2), delivery(3))
    assert take(backlog, most=2) == [(KEY, [1, 2])]
    assert take(backlog) == []
    backlog.give_back(KEY, [1, 2], [2])
    assert take(backlog) == [(KEY, [2, 3])]


def test_what_keeps_order_goes_first_whatever_came_before_it() -> None:
    backlog = Backlog()
    read(backlog, delivery(1), delivery(2, "sim:b"), delivery(3, lane=Lane.MODERATION))
    assert [ids for _, ids in take(backlog)] == [[3], [1], [2]]


def test_a_line_that_waits_keeps_its_order_and_says_until_when() -> None:
    backlog = Backlog()
    read(backlog, delivery(1), delivery(2))
    assert take(backlog, most=1) == [(KEY, [1])]
    backlog.give_back(KEY, [1], [1], SOON)
    assert (take(backlog), backlog.next_moment(NOON)) == ([], SOON)
    assert take(backlog, SOON) == [(KEY, [1, 2])]


def test_what_is_due_later_holds_nobody_up() -> None:
    backlog = Backlog()
    read(backlog, delivery(1, at=LATER), delivery(2))
    assert take(backlog) == [(KEY, [2])]
    backlog.give_back(KEY, [2])
    assert (take(backlog), backlog.next_moment(NOON)) == ([], LATER)
    assert take(backlog, LATER) == [(KEY, [1])]


def test_what_is_left_of_a_turn_that_ends_before_all_is_read_again_goes_once() -> None:
    backlog = Backlog()
    read(backlog, delivery(1), delivery(2))
    assert take(backlog) == [(KEY, [1, 2])]
    backlog = backlog.afresh()
    backlog.give_back(KEY, [1, 2], [1, 2], SOON)
    read(backlog, delivery(1), delivery(2))
    assert take(backlog) == []
    assert take(backlog, SOON) == [(KEY, [1, 2])]
    assert take(backlog, SOON) == []


def test_what_is_left_of_a_turn_that_ends_after_all_was_read_again_goes_once() -> None:
    backlog = Backlog()
    read(backlog, delivery(1), delivery(2))
    assert take(backlog) == [(KEY, [1, 2])]
    backlog = backlog.afresh()
    read(backlog, delivery(1), delivery(2))
    assert take(backlog) == []
    backlog.give_back(KEY, [1, 2], [1, 2])
    assert take(backlog) == [(KEY, [1, 2])]
    backlog.give_back(KEY, [1, 2])
    assert take(backlog) == []


def test_what_a_page_that_was_read_again_did_not_reach_waits_for_the_next_one() -> None:
    backlog = Backlog()
    read(backlog, delivery(1), delivery(2))
    assert take(backlog) == [(KEY, [1, 2])]
    backlog = backlog.afresh()
    read(backlog, delivery(1))
    backlog.give_back(KEY, [1, 2], [1, 2])
    assert take(backlog) == [(KEY, [1])]
    read(backlog, delivery(2))
    backlog.give_back(KEY, [1])
    assert take(backlog) == [(KEY, [2])]


def test_what_is_left_goes_by_the_line_of_a_group_s_new_id_only() -> None:
    backlog = Backlog()
    read(backlog, delivery(1), delivery(2))
    assert take(backlog) == [(KEY, [1, 2])]
    backlog = backlog.afresh()
    backlog.give_back(KEY, [1, 2], [1, 2])
    read(backlog, delivery(1, "sim:a2"), delivery(2, "sim:a2"))
    assert take(backlog) == [(("sim:a2", Lane.REPLY), [1, 2])]
    assert take(backlog) == []


class _Turn(Struct):
    key: LineKey
    taken: list[int]
    left: list[int]


class Interleaved(RuleBasedStateMachine):
    """Reads, turns, moves and fresh starts in any order, against an outbox that is a plain dict."""

    @initialize()
    def begin(self) -> None:
        self.backlog = Backlog()
        self.now = NOON
        self.outbox: dict[int, Delivery] = {}
        self.sending: set[int] = set()
        self.turns: list[_Turn] = []
        self.last = 0
        self.moves = 0

    @rule(
        group=st.sampled_from(["sim:a", "sim:b"]),
        lane=st.sampled_from([Lane.MODERATION, Lane.REPLY]),
        count=st.integers(1, 4),
        wait=st.sampled_from([0, 0, 1, 5]),
    )
    def enqueue(self, group: str, lane: Lane, count: int, wait: int) -> None:
        at = self.now + timedelta(seconds=wait) if wait else None
        for _ in range(count):
            self.last += 1
            self.outbox[self.last] = delivery(self.last, self._present(group), lane, at)

    @rule()
    def read_a_page(self) -> None:
        """As ``outbox.beginning`` and ``outbox.waiting`` have it."""
        waiting = sorted(self.outbox.keys() - self.sending)
        after = self.backlog.seen
        if after is None:
            after = waiting[0] - 1 if waiting else self.last
        page = [id_ for id_ in waiting if id_ > after][:PAGE]
        self.backlog.seen = page[-1] if page else after
        self.backlog.add([self.outbox[id_] for id_ in page], self.now)

    @rule()
    def take(self) -> None:
        for key, ids in self.backlog.take(self.now, MOST, MOST_MODERATION):
            assert ids == sorted(set(ids))
            assert all(key != turn.key for turn in self.turns)
            self.turns.append(_Turn(key, ids, list(ids)))

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """The first of what is left in a turn is on its way, or it is done."""
        turn = data.draw(st.sampled_from(self.turns))
        if turn.left and turn.left[0] in self.sending:
            self._done(turn)
        elif turn.left:
            self.sending.add(turn.left[0])

    @precondition(lambda self: self.turns)
    @rule(data=st.data(), wait=st.integers(0, 3))
    def end(self, data: st.DataObject, wait: int) -> None:
        """A turn is over; what is left of it waits, perhaps until a moment."""
        turn = data.draw(st.sampled_from(self.turns))
        until = self.now + timedelta(seconds=wait) if wait else None
        if turn.left and turn.left[0] in self.sending:
            again = self.outbox[turn.left[0]]
            self.outbox[again.id] = replace(again, attempts=again.attempts + 1, not_before=until)
            self.sending.discard(again.id)
        self.turns.remove(turn)
        self.backlog.give_back(turn.key, turn.taken, turn.left, until)

    @rule(moved=st.booleans())
    def begin_afresh(self, moved: bool) -> None:
        if moved:
            self.moves += 1
            for id_, found in self.outbox.items():
                if found.group != "sim:b":
                    self.outbox[id_] = replace(found, group=self._present("sim:a"))
        self.backlog = self.backlog.afresh()

    @rule(seconds=st.integers(1, 3))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def nothing_is_handed_out_twice(self) -> None:
        taken = [id_ for turn in self.turns for id_ in turn.left]
        assert len(taken) == len(set(taken))
        assert self.outbox.keys() >= set(taken)

    def teardown(self) -> None:
        for turn in self.turns:
            self.backlog.give_back(turn.key, turn.taken, turn.left)
        self.turns.clear()
        self.sending.clear()
        self.now += timedelta(hours=1)
        for _ in range(2 * self.last):
            self.read_a_page()
            self.take()
            self.nothing_is_handed_out_twice()
            for turn in self.turns:
                while turn.left:
                    self._done(turn)
                self.backlog.give_back(turn.key, turn.taken)
            self.turns.clear()
        assert not self.outbox
        assert self.backlog.next_moment(self.now) is None

    def _done(self, turn: _Turn) -> None:
        id_ = turn.left.pop(0)
        self.sending.discard(id_)
        del self.outbox[id_]  # fails where it was done already

    def _present(self, group: str) -> str:
        return f"sim:a{self.moves}" if group == "sim:a" and self.moves else group


TestInterleaved = Interleaved.TestCase
TestInterleaved.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
