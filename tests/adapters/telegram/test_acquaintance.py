"""Who the admins of a group are is known before anything from it is read, and found out again soon after trouble."""

import asyncio
from typing import Any

import pytest
from telegram.error import BadRequest, TelegramError

from adapters.telegram.acquaintance import AFTER_REFUSAL, AFTER_TROUBLE, AGAIN, Acquaintance
from adapters.telegram.answers import Flooded, ServerFault
from adapters.telegram.reading import Known
from rules.values import PlatformRole

GROUP, OWNER, CHANNEL = -100, 5, -900
UPDATES = [{"update_id": 1, "message": {"chat": {"id": GROUP, "type": "supergroup"}}}]


class Telegram:
    """What is asked of it is answered when ``lets_answer`` is set; with ``trouble`` while there is some."""

    def __init__(self) -> None:
        self.lets_answer = asyncio.Event()
        self.lets_answer.set()
        self.trouble: TelegramError | None = None
        self.linked: int | None = None
        self.asked: list[str] = []

    async def __call__(self, method: str, params: Any, files: Any = None, *, read_timeout: Any = None) -> Any:
        self.asked.append(method)
        await self.lets_answer.wait()
        if self.trouble is not None:
            raise self.trouble
        if method == "getChatAdministrators":
            return [{"status": "creator", "user": {"id": OWNER}}]
        return {"id": GROUP} if self.linked is None else {"id": GROUP, "linked_chat_id": self.linked}


class Meeting:
    """Telegram, a clock that is moved by hand, and what is known."""

    def __init__(self) -> None:
        self.telegram = Telegram()
        self.now = 0.0
        self.known = Known()
        self.groups = Acquaintance(self.known, self.telegram, lambda: self.now)

    async def role(self) -> PlatformRole:
        """As what the owner is read in an update of now."""
        await self.groups.with_all_of(UPDATES)
        return self.known.role(GROUP, OWNER)


@pytest.fixture
def meeting() -> Meeting:
    return Meeting()


async def test_deliveries_side_by_side_all_wait_for_what_the_first_has_asked(meeting: Meeting) -> None:
    meeting.telegram.lets_answer.clear()
    reading = [asyncio.create_task(meeting.role()) for _ in range(3)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not any(task.done() for task in reading)
    meeting.telegram.lets_answer.set()
    assert await asyncio.gather(*reading) == [PlatformRole.OWNER] * 3
    assert meeting.telegram.asked == ["getChatAdministrators", "getChat"]


@pytest.mark.parametrize(
    ("trouble", "after"),
    [
        (ServerFault("Bad Gateway", 502), AFTER_TROUBLE),
        (Flooded(7), 7),
        (BadRequest("chat not found"), AFTER_REFUSAL),
    ],
)
async def test_what_could_not_be_found_out_is_asked_again_as_soon_as_it_can_be(
    meeting: Meeting, trouble: TelegramError, after: float
) -> None:
    meeting.telegram.trouble = trouble
    assert await meeting.role() is PlatformRole.MEMBER
    meeting.telegram.trouble = None
    meeting.now = after - 0.1
    assert await meeting.role() is PlatformRole.MEMBER
    meeting.now = after
    assert await meeting.role() is PlatformRole.OWNER


async def test_nobody_waits_twice_for_an_answer_that_does_not_come(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.telegram.acquaintance.PATIENCE", 0.01)
    meeting.telegram.lets_answer.clear()
    assert await meeting.role() is PlatformRole.MEMBER
    meeting.now = 0.01
    assert await meeting.role() is PlatformRole.MEMBER
    assert meeting.telegram.asked == ["getChatAdministrators"]
    meeting.telegram.lets_answer.set()
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("acquaintance")))
    assert await meeting.role() is PlatformRole.OWNER


async def test_a_channel_that_is_linked_no_more_is_like_any_other(meeting: Meeting) -> None:
    meeting.telegram.linked = CHANNEL
    await meeting.role()
    assert meeting.known.is_linked(GROUP, CHANNEL)
    meeting.telegram.linked = None
    meeting.now = AGAIN
    await meeting.role()
    assert not meeting.known.is_linked(GROUP, CHANNEL)
