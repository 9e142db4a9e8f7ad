"""Advertisements in a running group: seen whole, taken away with all their pieces, watched only where it is cold."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from bot.detection.advertisements import Advertisements
from bot.settle import Settled
from rules.actions import Delete, Hold
from rules.conditions.text import TextHasAny
from rules.conditions.verdicts import Ad
from rules.detectors.settings import AdSettings
from rules.events import MessagePosted
from rules.logic import All, AnyOf, NoneOf
from rules.values import Group, Member, Message
from rules.verdict import Verdict
from storage.schema import verdicts as table

AD = "加微信 abc12345 领取免费资料，兼职刷单日结500元，名额有限"
TALK = ("大家好，周末一起去图书馆吗", "好呀，几点见？", "Shall we say half past two at the tea house?")
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
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


async def test_what_an_advertiser_said_before_goes_along_only_if_it_looks_like_a_piece(world: Any) -> None:
    bot = await group(world)
    talk = await bot.says("a", "cy", "今天读到第三章，谁想聊聊？")
    pieces = await bot.says("a", "cy", "想要资料的加微信 abc1", AD)
    assert deleted(bot, *talk, *pieces) == [False, True, True]


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


async def test_what_was_only_held_for_staff_is_not_held_against_its_copies(world: Any) -> None:
    bot = await world.start(world.rule("look", Hold(), condition=Ad(at_least="likely")), ads=WARM)
    held = await bot.says("a", "cy", AD)
    assert deleted(bot, *held) == [True]
    await bot.later(minutes=10)
    await bot.says("b", "bo", AD)
    assert all(reason.kind != "campaign.removed" for verdict in await opinions(bot) for reason in verdict.reasons)


SURE, WORDS = Ad(at_least="certain"), TextHasAny(of=("tea house",))


@pytest.mark.parametrize(
    "condition", [All(of=(WORDS, NoneOf(of=(SURE,)))), AnyOf(of=(SURE, WORDS))], ids=["none", "any"]
)
async def test_what_was_removed_for_another_reason_is_not_taken_for_an_advertisement(
    world: Any, condition: Any
) -> None:
    """By a rule that asks in order to let advertisements be, or of which another condition decided."""
    bot = await world.start(world.rule("words", Delete(), condition=condition), ads=WARM)
    gone = await bot.says("a", "cy", TALK[2])
    assert deleted(bot, *gone) == [True]
    await bot.says("b", "bo", TALK[2])
    assert all(reason.kind != "campaign.removed" for verdict in await opinions(bot) for reason in verdict.reasons)


async def test_the_first_half_of_somebody_who_was_forgotten_is_forgotten_too(world: Any) -> None:
    detector = Advertisements()
    half = message("兼职刷单日结500元，加微", 1)
    rest = message("信 abc12345 领取免费资料，名额有限", 2)
    alone = detector.look(rest)
    detector = Advertisements()
    detector.look(half)
    detector.settled(Settled(forgotten=[("sim:a", "sim:cy")]))
    assert detector.look(rest).also == alone.also == ()


def message(text: str, number: int) -> MessagePosted:
    posted = Message(f"sim:a/{number}", Member("sim:cy"), text, NOON)
    return MessagePosted(f"sim:{number}", Group("sim:a"), at=NOON, message=posted)
