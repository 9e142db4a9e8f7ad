"""The limiter against a server that refuses what is too fast: nothing is refused, and nothing waits for nothing."""

import heapq
from datetime import datetime, timedelta

from adapters.botapi.state import Chat
from rules import effects as fx
from rules.text import Text
from tests.adapters.telegram.stage import Stage, stage

LONG = "好" * 5000


def groups(on: Stage, count: int) -> list[Chat]:
    made = [on.people.group(f"Group {number}", on.ann) for number in range(count)]
    for group in made:
        on.people.add_bot_to(group, on.bot)
    return made


async def carry_out(on: Stage, effects: list[fx.Effect]) -> dict[int, datetime]:
    """As dispatch does: ask, wait until the moment told, ask again, perform. When each went, by its number."""
    went: dict[int, datetime] = {}
    waiting = [(on.world.now(), number) for number in range(len(effects))]
    while waiting:
        at, number = heapq.heappop(waiting)
        if at > on.world.now():
            on.world.clock.set(at)
        now = on.world.now()
        admitted = on.sender.admit(str(number), effects[number], now)
        if admitted > now:
            heapq.heappush(waiting, (admitted, number))
            continue
        went[number] = now
        await on.sender.perform(effects[number])
    return went


async def test_telegram_never_complains_of_what_the_limiter_lets_through() -> None:
    async with stage(limits=True) as on:
        places = groups(on, 40)
        effects: list[fx.Effect] = []
        for group in places:
            effects.append(fx.SendText(on.of(group), Text(literal="news"), announcement=True))
            effects.append(fx.SendText(on.of(group), Text(literal="an answer"), picture=fx.Picture(content=b"x")))
        effects += [fx.SendText(on.here, Text(literal=LONG if number % 5 == 0 else "more")) for number in range(25)]
        begin = on.world.now()
        await carry_out(on, effects)
        assert [call.error for call in on.calls() if not call.ok] == []
        assert len(on.said()) == 30
        # 20 a minute: what is above waits for the next minute, and for no longer.
        assert timedelta(seconds=60) <= on.world.now() - begin <= timedelta(seconds=75)


async def test_a_delete_goes_at_once_while_announcements_wait_for_every_group() -> None:
    async with stage(limits=True) as on:
        ad = on.people.say(on.bo, on.group, "buy")
        posts = [fx.SendText(on.of(group), Text(literal="news"), announcement=True) for group in groups(on, 60)]
        went = await carry_out(on, [*posts, fx.DeleteMessage(on.here, on.of(ad))])
        begin = min(went.values())
        assert went[60] - begin <= timedelta(milliseconds=300)
        assert max(went.values()) - begin >= timedelta(seconds=2)
        assert ad.id not in on.group.messages
