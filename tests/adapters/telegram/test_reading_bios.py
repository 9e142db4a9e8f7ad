"""The profile texts of those who come."""

import asyncio
from datetime import UTC, datetime

from msgspec.structs import replace

from adapters.telegram.reading import with_bios
from adapters.telegram.reading.bios import MOST
from rules.events import Event, MemberJoined, MessagePosted
from rules.values import Group, Member, Message

AT = datetime(2026, 10, 5, tzinfo=UTC)


def joined(user: int, *, is_bot: bool = False) -> MemberJoined:
    return MemberJoined(f"tg:join/-1/{user}/1", Group("tg:-1"), AT, Member(f"tg:{user}", is_bot=is_bot))


async def test_who_joined_has_their_profile_text_and_what_fails_costs_nobody_anything() -> None:
    asked = []

    async def ask(user: int) -> str | None:
        asked.append(user)
        await asyncio.sleep(0)
        if user == 2:
            raise TimeoutError
        return "加微信" if user == 1 else None

    said = MessagePosted("tg:update-1", Group("tg:-1"), AT, Message("tg:-1/1", Member("tg:9"), "hi"))
    events: list[Event] = [joined(1), said, joined(2), joined(3), joined(4, is_bot=True)]
    filled = await with_bios(events, ask)
    assert filled == [replace(joined(1), member=Member("tg:1", bio="加微信")), *events[1:]]
    assert asked == [1, 2, 3]


async def test_in_a_raid_only_the_first_are_asked_about() -> None:
    asked = []

    async def ask(user: int) -> str | None:
        asked.append(user)
        return "hello"

    filled = await with_bios([joined(user) for user in range(1, 40)], ask)
    assert asked == list(range(1, MOST + 1))
    assert len(filled) == 39
