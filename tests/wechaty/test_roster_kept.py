"""Who is in a room is kept in the transaction of the event that changed it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from adapters.driver import MemoryIntake
from adapters.protocol import Broken
from adapters.wechaty.inflow import Inflow, Outcome, Position
from adapters.wechaty.link import Heard
from rules.events import Event, MemberJoined
from rules.values import Group, Member

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Call = tuple[list[str], tuple[str, str] | None, list[str]]


class Witness(MemoryIntake):
    """An intake that tells what was kept together."""

    def __init__(self, *, failures: int = 0) -> None:
        super().__init__(failures=failures)
        self.calls: list[Call] = []

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        await super().accept(events, cursor, broken)
        self.calls.append(([event.id for event in events], cursor, [one.id for one in broken]))


def joined(id_: str) -> MemberJoined:
    return MemberJoined(id_, Group("wx:r1"), NOON, Member(f"wx:{id_}"))


async def kept(outcomes: Sequence[Outcome], *, failures: int = 0) -> list[Call]:
    """What an intake is given for these, heard one after another and read in one go."""
    intake, up = Witness(failures=failures), asyncio.Event()
    up.set()

    async def fetch(heard: Heard) -> object:
        return lambda: outcomes[heard.data["number"]]

    async def at_once(seconds: float) -> None:
        await asyncio.sleep(0)

    inflow = Inflow("wx", fetch, up, at_once)  # type: ignore[arg-type]
    for number in range(len(outcomes)):
        await inflow.put(Heard("room_join", {"number": number}))
    await asyncio.sleep(0.01)
    running = asyncio.create_task(inflow.run(intake))
    last = next(event for event in reversed(outcomes[-1]) if isinstance(event, MemberJoined))
    async with asyncio.timeout(20):
        while last not in intake.events:  # noqa: ASYNC110 - the intake of tests tells nobody
            await asyncio.sleep(0.001)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    return intake.calls


async def test_a_raid_on_one_room_is_kept_in_one_go() -> None:
    raid = [[Position("r1", str(number)), joined(f"j{number}")] for number in range(50)]
    assert await kept(raid) == [([f"j{number}" for number in range(50)], ("r1", "49"), [])]


async def test_each_room_is_kept_with_its_own_events() -> None:
    found = await kept(
        [
            [joined("a")],
            [Position("r1", "1"), joined("b")],
            [Broken("broken", "", "")],
            [Position("r2", "1"), joined("c")],
            [joined("d")],
            [Position("r1", "2"), joined("e")],
        ]
    )
    assert found == [
        (["a", "b"], ("r1", "1"), ["broken"]),
        (["c", "d"], ("r2", "1"), []),
        (["e"], ("r1", "2"), []),
    ]


async def test_what_could_not_be_kept_is_kept_together_later() -> None:
    found = await kept([[Position("r1", "1"), joined("a")], [joined("b")]], failures=2)
    assert found == [(["a", "b"], ("r1", "1"), [])]


async def test_a_room_is_kept_where_nothing_happened_but_its_list() -> None:
    assert await kept([[Position("r1", "1")], [Position("r2", "7"), joined("a")]]) == [
        ([], ("r1", "1"), []),
        (["a"], ("r2", "7"), []),
    ]
