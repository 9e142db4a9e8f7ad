import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock, VirtualClock
from schedules.virtual import VirtualWaker
from schedules.waker import Waker

SOON = timedelta(milliseconds=20)
START = datetime(2026, 5, 1, tzinfo=UTC)


class Woken:
    """Counts wake-ups and lets a test wait for the next."""

    def __init__(self) -> None:
        self.times = 0
        self._event = asyncio.Event()

    async def __call__(self) -> None:
        self.times += 1
        self._event.set()

    async def next(self) -> None:
        await asyncio.wait_for(self._event.wait(), timeout=10)
        self._event.clear()


async def test_it_wakes_at_the_moment_asked_for() -> None:
    woken, clock = Woken(), SystemClock()
    waker = Waker(woken)
    waker.start()
    moment = clock.now() + SOON
    waker.wake_at(moment)
    await woken.next()
    assert clock.now() >= moment
    assert woken.times == 1
    await waker.shutdown()


async def test_a_moment_that_is_over_wakes_at_once_and_one_asked_for_before_the_start_counts() -> None:
    woken, clock = Woken(), SystemClock()
    waker = Waker(woken)
    waker.wake_at(clock.now() - timedelta(days=1))
    waker.start()
    await woken.next()
    await waker.shutdown()


async def test_a_later_moment_replaces_the_one_before() -> None:
    woken, clock = Woken(), SystemClock()
    waker = Waker(woken)
    waker.start()
    waker.wake_at(clock.now() + timedelta(days=1))
    waker.wake_at(clock.now() + SOON)
    await woken.next()
    waker.wake_at(clock.now() + SOON)
    waker.wake_at(None)
    waker.wake_at(None)
    waker.wake_at(clock.now() + timedelta(days=400))
    waker.wake_at(clock.now() + 2 * SOON)
    await woken.next()
    assert woken.times == 2
    await waker.shutdown()


async def test_it_wakes_at_every_beat_whatever_the_clock_says() -> None:
    woken = Woken()
    waker = Waker(woken, beat=0.005)
    waker.start()
    waker.wake_at(SystemClock().now() + timedelta(days=1))
    await woken.next()
    await woken.next()
    await waker.shutdown()


async def test_a_wake_up_that_fails_is_tried_again_at_the_next_beat() -> None:
    done = asyncio.Event()
    times = 0

    async def fail_once() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise OSError("disk full")
        done.set()

    waker = Waker(fail_once, beat=0.005)
    waker.start()
    await asyncio.wait_for(done.wait(), timeout=10)
    await waker.shutdown()


async def test_two_wake_ups_never_run_at_once_and_none_is_lost() -> None:
    running = most = times = 0
    started, go, twice = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def wake() -> None:
        nonlocal running, most, times
        running += 1
        most = max(most, running)
        times += 1
        started.set()
        await go.wait()
        running -= 1
        if times == 2:
            twice.set()

    waker = Waker(wake)
    waker.start()
    waker.wake_at(START)
    await asyncio.wait_for(started.wait(), timeout=10)
    for _ in range(3):  # asked for again while it runs
        waker._on_beat()
    go.set()
    await asyncio.wait_for(twice.wait(), timeout=10)
    await waker.shutdown()
    assert most == 1


async def test_shutting_down_lets_a_wake_up_end_and_starts_no_other() -> None:
    started, go = asyncio.Event(), asyncio.Event()
    ended = 0

    async def wake() -> None:
        nonlocal ended
        started.set()
        await go.wait()
        ended += 1

    waker = Waker(wake)
    waker.start()
    waker.wake_at(START)
    await asyncio.wait_for(started.wait(), timeout=10)
    waker._on_beat()  # asked for once more
    ending = asyncio.create_task(waker.shutdown())
    await asyncio.sleep(0)
    waker.wake_at(START)
    go.set()
    await asyncio.wait_for(ending, timeout=10)
    assert ended == 1
    assert not waker._scheduler.running


async def test_it_may_be_shut_down_from_a_wake_up_and_before_its_start() -> None:
    await Waker(Woken()).shutdown()
    done = asyncio.Event()

    async def wake() -> None:
        await waker.shutdown()
        done.set()

    waker = Waker(wake)
    waker.start()
    waker.wake_at(START)
    await asyncio.wait_for(done.wait(), timeout=10)


async def test_virtual_time_stops_at_every_moment_asked_for() -> None:
    clock = VirtualClock(START)
    seen: list[datetime] = []

    async def wake() -> None:
        seen.append(clock.now())
        waker.wake_at(clock.now() + timedelta(hours=1))

    waker = VirtualWaker(wake, clock)
    waker.wake_at(START + timedelta(minutes=30))
    waker.start()
    await waker.advance_to(START + timedelta(hours=3))
    assert seen == [START + timedelta(minutes=30 + 60 * n) for n in range(3)]
    assert clock.now() == START + timedelta(hours=3)
    await waker.advance_to(START + timedelta(hours=3, minutes=30))
    assert len(seen) == 4
    waker.wake_at(None)
    await waker.advance_to(START + timedelta(days=1))
    assert len(seen) == 4
    waker.wake_at(START + timedelta(days=2))
    await waker.shutdown()
    await waker.advance_to(START + timedelta(days=3))
    assert len(seen) == 4


async def test_virtual_time_that_stands_still_is_an_error_and_not_a_freeze() -> None:
    clock = VirtualClock(START)

    async def wake() -> None:
        waker.wake_at(clock.now())

    waker = VirtualWaker(wake, clock)
    waker.start()
    waker.wake_at(START)
    with pytest.raises(RuntimeError, match="must be later than now"):
        await waker.advance_to(START + timedelta(hours=1))


def test_only_the_waker_loads_apscheduler() -> None:
    code = "import sys, schedules.planner, schedules.virtual; sys.exit('apscheduler' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
