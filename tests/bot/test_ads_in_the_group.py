"""Advertisements in a running group: seen whole, taken away with all their pieces, watched only where it is cold."""

from typing import Any

import msgspec
from sqlalchemy import select

from bot.detection.advertisements import Advertisements
from rules.actions import Delete
from rules.conditions.verdicts import Ad
from rules.detectors.settings import AdSettings
from rules.verdict import Verdict
from storage.schema import verdicts as table

AD = "加微信 abc12345 领取免费资料，兼职刷单日结500元，名额有限"
TALK = ("大家好，周末一起去图书馆吗", "好呀，几点见？", "Shall we say half past two at the tea house?")
WARM = AdSettings(cold_start=0)


async def group(world: Any, ads: AdSettings = WARM, sure: str = "likely") -> Any:
    rule = world.rule("ads", Delete(), condition=Ad(at_least=sure), kinds=("message", "edit"))
    return await world.start(rule, ads=ads)


def deleted(bot: Any, *ids: str, chat: str = "a") -> list[bool]:
    return [bot.sim.room(chat).posts[id_].deleted for id_ in ids]


async def opinions(bot: Any) -> list[Verdict]:
    """What was thought of every message, in order."""
    rows = await bot.app.database.read(lambda conn: conn.execute(select(table.c.verdict).order_by(table.c.at)).all())
    return [msgspec.json.decode(row.verdict, type=Verdict) for row in rows]


async def test_an_advertisement_goes_and_talk_stays(world: Any) -> None:
    bot = await group(world)
    talk = await bot.says("a", "ann", *TALK)
    ads = await bot.says("a", "cy", AD, "加 薇 信 a b c 1 2 3 4 5 领取免费资料，兼职刷单日结５００元，名额有限")
    assert deleted(bot, *talk) == [False] * 3
    assert deleted(bot, *ads) == [True, True]


async def test_an_advertisement_in_pieces_goes_whole(world: Any) -> None:
    bot = await group(world)
    talk = await bot.says("a", "ann", "早上好")
    pieces = await bot.says("a", "cy", "兼职刷单日结5", "00元 加微信 abc1", "2345 领取免费资料，名额有限")
    assert deleted(bot, *pieces) == [True] * 3
    after = await bot.says("a", "cy", "大家好，周末一起去图书馆吗")
    assert deleted(bot, *talk, *after) == [False, False]


async def test_a_group_that_is_not_known_yet_is_only_watched(world: Any) -> None:
    bot = await group(world, AdSettings(cold_start=200))
    ads = await bot.says("a", "cy", AD)
    assert deleted(bot, *ads) == [False]


async def test_who_was_removed_is_known_again_in_another_group(world: Any) -> None:
    bot = await group(world)
    await bot.says("a", "cy", AD)
    await bot.stop()
    bot._detectors["ad"] = Advertisements()  # another process remembers nothing but what is in the database
    await bot.start()
    await bot.later(minutes=1)
    again = await bot.says("b", "bo", AD + "！")
    assert deleted(bot, *again, chat="b") == [True]
    kinds = [{reason.kind for reason in verdict.reasons} for verdict in await opinions(bot)]
    assert ["campaign.removed" in of for of in kinds] == [False, True]
