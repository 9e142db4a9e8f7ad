"""Long polling against the simulated server: what is asked, what is confirmed when, and that nothing is lost by it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters.driver import MemoryIntake
from adapters.protocol import Broken
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.keeping import Keeper
from adapters.telegram.polling import Polling
from adapters.telegram.reading import ALLOWED_UPDATES, Reader
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.trouble import LONGEST, Trouble
from rules.events import Event, MemberJoined, MessagePosted
from rules.values import PlatformRole
from tests.adapters.telegram.scene import PATIENCE, Scene, scene_of, texts


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with scene_of() as scene:
        yield scene


async def test_all_kinds_of_updates_are_asked_for_by_name(scene: Scene) -> None:
    async with scene.running(MemoryIntake()):
        await scene.until(scene.polls)
    asked = scene.polls()[0].args
    assert asked == {"limit": 100, "timeout": 50, "allowed_updates": list(ALLOWED_UPDATES)}
    assert scene.ready.bot.queue.allowed == frozenset(ALLOWED_UPDATES)


async def test_an_offset_is_sent_once_right_after_what_it_confirms_was_kept(scene: Scene) -> None:
    intake = MemoryIntake()
    scene.say(150)
    first = scene.ready.bot.queue.waiting[0]["update_id"]
    async with scene.running(intake):
        await intake.holds(150)
        await scene.until(lambda: len(scene.polls()) == 3)
        await scene.server.polling.opened(scene.ready.bot)
        scene.server.wake()  # nothing came for as long as a poll lasts
        await scene.until(lambda: len(scene.polls()) == 4)
    offsets = [poll.args.get("offset") for poll in scene.polls()]
    assert offsets == [None, first + 100, first + 150, None]
    assert await intake.cursor("tg:updates") == str(first + 149)


async def test_ids_that_begin_anew_lose_nothing(scene: Scene) -> None:
    intake = MemoryIntake()
    queue = scene.ready.bot.queue
    async with scene.running(intake):
        scene.say(3)
        await intake.holds(3)
        await scene.until(lambda: not queue.waiting)
        await scene.server.polling.opened(scene.ready.bot)
        scene.server.wake()
        await scene.until(lambda: scene.polls()[-1].args.get("offset") is None)
        queue.next_id = 17  # a week later, while the bot ran
        scene.say(3, 3)
        await intake.holds(6)
        await scene.until(lambda: not queue.waiting)
    queue.next_id = 5  # and a week later, while it did not, on another server that counts on its own
    scene.say(3, 6)
    async with scene.running(intake):
        await asyncio.wait_for(intake.holds(9), PATIENCE)
    assert texts(intake) == [f"number {n}" for n in range(9)]


async def test_what_was_kept_but_not_confirmed_comes_again_and_collapses(scene: Scene) -> None:
    intake = MemoryIntake()
    scene.say(2)
    adapter = scene.adapter()
    assert await adapter.pump(intake) == 2
    await adapter.close()  # it died before the next question
    again = scene.adapter()
    assert await again.pump(intake) == 2
    assert await again.pump(intake) == 0
    await again.close()
    assert texts(intake) == ["number 0", "number 1"]
    assert not scene.ready.bot.queue.waiting


async def test_one_poisoned_update_among_300_goes_into_quarantine_and_the_others_are_handled(scene: Scene) -> None:
    intake = MemoryIntake()
    scene.say(150)
    bad = scene.ready.people.raw(scene.ready.bot, {"message": {"message_id": "seven", "chat": 9}})
    scene.say(149, 150)
    async with scene.running(intake):
        await intake.holds(299)
        await scene.until(lambda: not scene.ready.bot.queue.waiting)
    assert texts(intake) == [f"number {n}" for n in range(299)]
    (broken,) = intake.broken
    assert broken.id == f"tg:update-{bad['update_id']}"
    assert '"seven"' in broken.raw
    assert "Error" in broken.error
    assert scene.pauses == []


async def test_an_update_of_a_future_api_keeps_nothing_away(scene: Scene) -> None:
    intake = MemoryIntake()
    raw = scene.ready.people.raw
    raw(scene.ready.bot, {"telepathy": {"from": {"id": 1}, "thought": "buy now"}})
    scene.say(1)
    raw(scene.ready.bot, {"message": {"message_id": 9, "date": 1, "chat": {"id": -1, "type": "constellation"}}})
    scene.say(1, 1)
    async with scene.running(intake):
        await intake.holds(2)
        await scene.until(lambda: not scene.ready.bot.queue.waiting)
    assert texts(intake) == ["number 0", "number 1"]
    assert intake.broken == []


async def test_the_group_s_admins_are_known_when_its_first_message_is_read(scene: Scene) -> None:
    intake = MemoryIntake()
    ready = scene.ready
    ready.people.say(ready.ann, ready.group, "as the owner")
    ready.people.say(ready.bo, ready.group, "as a member")
    async with scene.running(intake) as adapter:
        await intake.holds(2)
        scene.say(1)
        await intake.holds(3)
        assert adapter.usernames == {"keeper_bot"}
        assert adapter.trouble is None
    roles = [event.message.author.role for event in intake.events if isinstance(event, MessagePosted)]
    assert roles == [PlatformRole.OWNER, PlatformRole.MEMBER, PlatformRole.MEMBER]
    asked = [one.method for one in scene.server.log.requests]
    assert asked.count("getChatAdministrators") == 1


async def test_a_group_that_does_not_tell_its_admins_is_read_all_the_same(scene: Scene) -> None:
    intake = MemoryIntake()
    scene.server.faults.add("error", method="getChatAdministrators", code=400, description="CHAT_ADMIN_REQUIRED")
    scene.say(1)
    async with scene.running(intake):
        await intake.holds(1)


async def test_the_profile_text_of_who_joins_is_read_and_none_is_waited_for_long(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.telegram.adapter.BIOS", 0.1)
    ready, intake = scene.ready, MemoryIntake()
    cy = ready.world.add_user("Cy", bio="crypto signals, write to @cy_signals")
    dee = ready.world.add_user("Dee", bio="likes books")
    ready.people.join(cy, ready.group)
    async with scene.running(intake):
        await scene.until(lambda: intake.events)
        scene.server.faults.add("delay", method="getChat", chat=dee.id, seconds=1000)
        ready.people.join(dee, ready.group)
        await scene.until(lambda: len(intake.events) == 2)
    joins = [event.member.bio for event in intake.events if isinstance(event, MemberJoined)]
    assert joins == ["crypto signals, write to @cy_signals", None]


async def test_answers_that_are_no_json_are_asked_for_again_ever_more_slowly(scene: Scene) -> None:
    intake = MemoryIntake()
    scene.server.faults.add("malformed", method="getUpdates", times=9)
    scene.say(1)
    async with scene.running(intake) as adapter:
        await scene.until(lambda: len(scene.pauses) == 9)
        await intake.holds(1)
        await scene.until(lambda: adapter.trouble is None)
    assert scene.pauses == [1, 2, 4, 8, 16, 32, LONGEST, LONGEST, LONGEST]


async def test_updates_that_come_again_although_confirmed_are_not_asked_for_in_a_rush(scene: Scene) -> None:
    update = {"update_id": 7, "poll_answer": {}}

    async def call(method: str, params: dict[str, Any], **_: object) -> list[dict[str, Any]]:
        return [update]

    async with _by_hand(scene, call, MemoryIntake()):
        await scene.until(lambda: len(scene.pauses) >= 8)
    assert scene.pauses[6] == LONGEST


async def test_what_is_no_update_at_all_is_put_aside_once_and_waited_for(scene: Scene) -> None:
    intake = MemoryIntake()
    answers: list[list[Any]] = [
        ["nonsense", {"message": {}}, None, {"update_id": True}, {"update_id": 8, "poll_answer": {}}],
        ["nonsense"],
    ]

    async def call(method: str, params: dict[str, Any], **_: object) -> list[Any]:
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async with _by_hand(scene, call, intake):
        await scene.until(lambda: len(scene.pauses) >= 3)
    assert len(intake.broken) == 4
    assert all(one.id.startswith("tg:odd-") for one in intake.broken)
    assert await intake.cursor("tg:updates") == "8"


class _Ordered(MemoryIntake):
    """Notes in which order it is told things."""

    def __init__(self) -> None:
        super().__init__()
        self.order: list[object] = []

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        if not all(event.id != "tg:update-4" for event in events):
            raise TypeError("this event cannot be kept")
        await super().accept(events, cursor, broken)
        self.order += [event.message.text for event in events if isinstance(event, MessagePosted)]

    async def migrated(self, old: str, new: str) -> None:
        self.order.append((old, new))

    async def standing(self, group: str) -> None:
        self.order.append(group)


def _message(number: int, chat: int, **content: object) -> dict[str, Any]:
    message = {
        "message_id": number,
        "date": 1_790_000_000 + number,
        "chat": {"id": chat, "type": "supergroup", "title": "Garden"},
        "from": {"id": 5, "is_bot": False, "first_name": "Bo"},
        **content,
    }
    return {"update_id": number, "message": message}


async def test_a_migration_is_told_between_what_came_before_and_what_came_after(scene: Scene) -> None:
    intake = _Ordered()
    batch = [
        _message(1, -100, text="before"),
        _message(2, -100, migrate_to_chat_id=-200),
        _message(3, -200, text="after"),
    ]
    await _keeper().keep(intake, batch, "tg:updates")
    assert intake.order == ["before", ("tg:-100", "tg:-200"), "after"]
    assert await intake.cursor("tg:updates") == "3"


async def test_what_the_bot_may_do_is_told_after_the_batch_was_kept(scene: Scene) -> None:
    intake = MemoryIntake()
    ready = scene.ready
    scene.say(1)
    ready.people.demote(ready.ann, ready.bot, ready.group)
    async with scene.running(intake):
        await scene.until(lambda: intake.standings)
    assert intake.standings == [f"tg:{ready.group.id}"]
    assert texts(intake) == ["number 0"]


async def test_an_event_that_cannot_be_kept_is_put_aside_and_the_rest_of_its_batch_kept() -> None:
    intake = _Ordered()
    await _keeper().keep(intake, [_message(n, -100, text=f"number {n}") for n in range(2, 7)], "tg:updates")
    assert intake.order == ["number 2", "number 3", "number 5", "number 6"]
    (broken,) = intake.broken
    assert broken.id == "tg:update-4"
    assert "cannot be kept" in broken.error
    assert await intake.cursor("tg:updates") == "6"


async def test_an_update_nested_too_deeply_to_be_written_down_is_put_aside_and_the_rest_of_its_batch_kept() -> None:
    deep: Any = []
    for _ in range(1000):
        deep = [deep]
    intake = MemoryIntake()
    poison = {"update_id": 3, "message": {"nested": deep}}
    await _keeper().keep(intake, [_message(2, -100), poison, _message(4, -100)], "tg:updates")
    assert [event.id for event in intake.events] == ["tg:update-2", "tg:update-4"]
    assert [(one.id, one.raw[:16]) for one in intake.broken] == [("tg:update-3", '{"update_id": 3}')]


async def test_several_bots_live_in_one_process(scene: Scene) -> None:
    ready = scene.ready
    other = ready.world.add_bot("Other", username="other_bot", reads_all=True)
    ready.people.add_bot_to(ready.staff, other)
    other.queue.clear()
    mine, theirs = MemoryIntake(), MemoryIntake()
    second = TelegramAdapter("second", TelegramSettings(token=other.token, api=scene.server.url))
    async with scene.running(mine):
        task = asyncio.create_task(second.run(theirs))
        ready.people.say(ready.ann, ready.staff, "to both")
        ready.people.say(ready.ann, ready.group, "to one")
        await mine.holds(2)
        await theirs.holds(1)
        task.cancel()
        await asyncio.wait([task])
        await second.close()
    assert texts(mine) == ["to both", "to one"]
    assert [event.id.partition(":")[0] for event in theirs.events] == ["second"]
    assert second.usernames == {"other_bot"}


def _keeper() -> Keeper:
    return Keeper(Reader("tg", 700))


@asynccontextmanager
async def _by_hand(scene: Scene, call: Any, intake: MemoryIntake) -> AsyncIterator[None]:
    async def unhook() -> None:
        raise AssertionError("there is no webhook")

    trouble = Trouble("tg", sleep=scene.sleep, chance=lambda: 1.0)
    task = asyncio.create_task(Polling(_keeper(), call, trouble, unhook).run(intake))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
