"""What is asked of a gateway about people and rooms, and how often."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.errors import Rejected, RetryLater
from adapters.wechaty import people as module
from adapters.wechaty.people import FRESH, People


class Asked:
    """The calls of a gateway, counted. Answers wait for `answer`; `error` is raised instead of the next one."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.names: dict[str, str] = {}
        self.answer = asyncio.Event()
        self.answer.set()
        self.error: Exception | None = None
        self.clock = 0.0
        self.people = People(lambda: self, lambda: self.clock)  # type: ignore[arg-type,return-value]

    async def contact(self, id_: str) -> Any:
        name = self.names.get(id_, id_.title())
        await self._asked(id_)
        return SimpleNamespace(name=name, alias="", friend=False, type=1)

    async def room(self, id_: str) -> Any:
        await self._asked(id_)
        return SimpleNamespace(topic=self.names.get(id_, "Reading"), owner_id="ann", admin_ids=["bo"])

    async def member(self, room: str, id_: str) -> Any:
        await self._asked(f"{room}/{id_}")
        return SimpleNamespace(room_alias=f"{id_} of {room}")

    async def members(self, room: str) -> Sequence[str]:
        await self._asked(f"members {room}")
        return ["ann", "bo"]

    async def _asked(self, what: str) -> None:
        self.counts[what] += 1
        await self.answer.wait()
        if self.error is not None:
            error, self.error = self.error, None
            raise error


async def test_a_hundred_who_want_to_know_the_same_ask_once() -> None:
    asked = Asked()
    asked.answer.clear()
    waiting = [asyncio.create_task(asked.people.contact("ann")) for _ in range(100)]
    await asyncio.sleep(0)
    waiting[0].cancel()  # one who gives up takes nothing from the others
    await asyncio.sleep(0)
    asked.answer.set()
    found = await asyncio.gather(*waiting[1:])
    assert {one.name for one in found} == {"Ann"}
    assert (await asked.people.contact("ann")).name == "Ann"
    assert asked.counts == {"ann": 1}


async def test_a_failure_is_told_to_all_who_wait_and_asked_again() -> None:
    asked = Asked()
    asked.answer.clear()
    waiting = [asyncio.create_task(asked.people.contact("ann")) for _ in range(3)]
    await asyncio.sleep(0)
    asked.error = RetryLater("the gateway is not connected")
    asked.answer.set()
    assert [type(one) for one in await asyncio.gather(*waiting, return_exceptions=True)] == [RetryLater] * 3
    assert (await asked.people.contact("ann")).name == "Ann"
    assert asked.counts == {"ann": 2}


async def test_an_answer_that_was_forgotten_on_its_way_is_not_kept() -> None:
    asked = Asked()
    asked.answer.clear()
    early = asyncio.create_task(asked.people.contact("ann"))
    while not asked.counts["ann"]:  # noqa: ASYNC110 - until the question is on its way
        await asyncio.sleep(0)
    asked.names["ann"] = "Ann the Second"
    asked.people.forget_contact("ann")
    late = asyncio.create_task(asked.people.contact("ann"))
    await asyncio.sleep(0)
    asked.answer.set()
    assert (await early).name == "Ann"
    assert (await late).name == "Ann the Second"
    assert (await asked.people.contact("ann")).name == "Ann the Second"
    assert asked.counts == {"ann": 2}


async def test_everything_is_asked_anew_after_an_hour() -> None:
    asked = Asked()
    await asked.people.room("r1")
    asked.clock = FRESH - 1
    await asked.people.room("r1")
    assert asked.counts == {"r1": 1}
    asked.names["r1"] = "Writing"
    asked.clock = FRESH
    assert (await asked.people.room("r1")).topic == "Writing"


async def test_what_is_dirty_is_asked_anew_and_nothing_else() -> None:
    asked = Asked()

    async def all_of_them() -> None:
        for room in ("r1", "r2"):
            await asked.people.room(room)
            for who in ("ann", "bo"):
                await asked.people.contact(who)
                await asked.people.name_in(room, who)

    await all_of_them()
    asked.people.forget_room("r1")
    await all_of_them()
    assert {what for what, count in asked.counts.items() if count == 2} == {"r1", "r1/ann", "r1/bo"}
    asked.people.forget_contact("bo")
    await all_of_them()
    assert {what for what, count in asked.counts.items() if count == 1} == {"r2", "ann", "r2/ann"}
    before = asked.counts.copy()
    asked.people.forget_all()
    await all_of_them()
    assert asked.counts == Counter({what: count + 1 for what, count in before.items()})


async def test_a_puppet_that_knows_no_names_in_rooms_gives_none() -> None:
    asked = Asked()
    asked.error = Rejected("not supported")
    assert await asked.people.name_in("r1", "ann") == ""
    asked.people.forget_all()
    asked.error = RetryLater("lost")
    with pytest.raises(RetryLater):
        await asked.people.name_in("r1", "ann")
    assert await asked.people.name_in("r1", "ann") == "ann of r1"


async def test_the_oldest_give_way_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 10)
    asked = Asked()
    for number in range(30):
        await asked.people.contact(f"m{number}")
    for number in range(20, 30):
        await asked.people.contact(f"m{number}")
    assert sum(asked.counts.values()) == 30
    await asked.people.contact("m0")
    assert asked.counts["m0"] == 2
