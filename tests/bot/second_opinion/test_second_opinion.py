"""A message that the detector is unsure of: nothing happens to it until somebody else has been asked, or time is up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.detection.advertisements import Advertisements
from bot.detection.second_opinion import FAILURES, SecondOpinion
from rules.actions.messages import Delete
from rules.actions.talk import Reply
from rules.conditions.rate import SamePerson
from rules.conditions.shape import LongerThan
from rules.conditions.verdicts import Ad
from rules.decision import read_trace
from rules.detectors.settings import AdSettings
from rules.logic import NoneOf
from storage import forget, states, timers, traces, verdicts
from storage.schema import activity, inbox, outbox
from storage.schema import verdicts as verdicts_table

TEXT = "birdhouses in every colour, do write to our agent"
OTHER = "bread of yesterday at half the price, come early"


def weights(verdict: Any) -> dict[str, float]:
    return {reason.kind: reason.weight for reason in verdict.reasons}


async def first_verdict(bot: Any) -> Any:
    found = await bot.app.database.read(lambda conn: conn.scalars(select(verdicts_table.c.event)).all())
    assert len(found) == 1  # nothing is kept of the second look but what it came to
    return (await bot.app.database.read(lambda conn: verdicts.load(conn, found)))[found[0]][0]


async def member(bot: Any, name: str = "ann") -> Any:
    found = await bot.app.database.read(lambda conn: states.load_members(conn, [("sim:a", f"sim:{name}")]))
    return found["sim:a", f"sim:{name}"]


async def test_nothing_happens_until_the_answer_is_there_and_then_what_it_says(asking: Any) -> None:
    bot = await asking.start()
    asking.stand_in.open.clear()
    posted = await bot.says("a", "ann", TEXT)
    assert asking.gone(*posted) == [False]
    assert "opinion.awaited" in weights(await first_verdict(bot))
    asking.stand_in.open.set()
    await asking.answered()
    assert asking.gone(*posted) == [True]
    assert asking.stand_in.texts == [TEXT]
    assert bot.app.database.read_now(timers.next_due) is None
    found = weights(await first_verdict(bot))
    assert found["opinion.ad"] == 3.0
    assert "opinion.awaited" not in found


async def test_an_answer_can_excuse_a_message(asking: Any) -> None:
    asking.stand_in.thinks(ad=False, sure=0.8)
    bot = await asking.start()
    posted = await bot.says("a", "ann", TEXT)
    await asking.answered()
    assert asking.gone(*posted) == [False]
    assert weights(await first_verdict(bot))["opinion.ham"] == pytest.approx(-3.2)


async def test_an_answer_can_confirm_what_was_only_suspected_but_not_make_it_certain(asking: Any) -> None:
    bot = await asking.start(0.7, *asking.rules(at_least=0.9))
    (posted,) = await bot.says("a", "ann", TEXT)
    await asking.answered()
    assert asking.gone(posted) == [True]
    assert 0.9 < (await first_verdict(bot)).score < 0.99


@pytest.mark.parametrize(
    ("score", "at_least", "goes"),
    [
        (0.2, 0.9, False),  # below the band
        (0.995, 0.9, True),  # above it
        (0.985, 0.5, True),  # whatever the answer, it is sure enough
        (0.5, 0.99, False),  # whatever the answer, it is not
    ],
)
async def test_nobody_is_asked_where_no_answer_would_matter(
    asking: Any, score: float, at_least: float, goes: bool
) -> None:
    bot = await asking.start(score, *asking.rules(at_least=at_least))
    posted = await bot.says("a", "ann", TEXT)
    await asking.answered()
    assert asking.gone(*posted) == [goes]
    assert asking.stand_in.texts == []


async def test_nobody_is_asked_where_the_group_or_the_member_settles_it(asking: Any) -> None:
    bot = await asking.start(settings={"ads": AdSettings(cold_start=0, allowed_members=frozenset({"sim:ann"}))})
    posted = await bot.says("a", "ann", TEXT)
    await asking.answered()
    assert asking.gone(*posted) == [False]
    assert asking.stand_in.texts == []


async def test_without_an_answer_in_time_the_detector_decides_and_a_late_one_is_remembered(asking: Any) -> None:
    asking.stand_in.thinks(ad=False)
    asking.stand_in.open.clear()
    bot = await asking.start()
    first = await bot.says("a", "ann", TEXT)
    await bot.later(seconds=9)
    assert asking.gone(*first) == [False]
    await bot.later(seconds=1)
    assert asking.gone(*first) == [True]
    asking.stand_in.open.set()
    await asking.answered()
    second = await bot.says("a", "bo", TEXT)
    assert asking.gone(*second) == [False]
    assert len(asking.stand_in.texts) == 1


async def test_other_rules_act_at_once_and_once(asking: Any) -> None:
    world = asking.world
    hello = world.rule("hello", Reply(text="hello"))
    polite = world.rule("polite", Reply(text="ordinary"), condition=NoneOf(of=(Ad(),)))
    both = world.rule("both", Reply(text="long"), condition=LongerThan(characters=500))
    asking.stand_in.thinks(ad=False)
    asking.stand_in.open.clear()
    bot = await asking.start(0.95, hello, *asking.rules(), polite, both)
    await bot.says("a", "ann", TEXT)
    assert bot.said_in("a") == ["hello"]  # who is no advertiser is not known yet either
    asking.stand_in.open.set()
    await asking.answered()
    assert bot.said_in("a") == ["hello", "ordinary"]
    await bot.later(minutes=1)  # the timer, too, brings it only once
    assert bot.said_in("a") == ["hello", "ordinary"]


async def test_a_second_look_counts_for_nothing(asking: Any) -> None:
    asking.stand_in.thinks(ad=False)
    bot = await asking.start()
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    await bot.later(minutes=1)
    state = await member(bot)
    assert (state.messages, state.substantive, state.active_days) == (1, 1, 1)
    assert bot.app.database.read_now(lambda conn: conn.scalar(select(func.count()).select_from(activity))) == 1


async def test_a_second_look_is_no_message_more_in_a_short_time(asking: Any) -> None:
    asking.stand_in.thinks(ad=False)
    flood = asking.world.rule(
        "flood", Reply(text="slower"), condition=SamePerson(messages=3, within=timedelta(minutes=1))
    )
    bot = await asking.start(0.95, flood, *asking.rules())
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    await bot.says("a", "ann", TEXT)
    assert bot.said_in("a") == []
    await bot.says("a", "ann", TEXT)
    assert bot.said_in("a") == ["slower"]


async def test_what_is_taken_away_late_earns_no_trust_and_is_no_talk(asking: Any) -> None:
    bot = await asking.start()
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    state = await member(bot)
    assert (state.messages, state.substantive) == (1, 0)
    assert bot.app.database.read_now(lambda conn: conn.scalars(select(activity.c.removed)).all()) == [True]


async def test_an_edited_message_is_looked_at_again_as_an_edited_one(asking: Any) -> None:
    rule = asking.world.rule("edits", Delete(), condition=Ad(), kinds=("edit",))
    bot = await asking.start(0.95, rule)
    (posted,) = await bot.says("a", "ann", "good morning")
    bot.sim.edit("a", posted, TEXT)
    await bot.settle()
    await asking.answered()
    assert asking.gone(posted) == [True]
    assert asking.stand_in.texts == [TEXT]


async def test_a_campaign_is_one_question(asking: Any) -> None:
    bot = await asking.start()
    copies = ["Birdhouses! Write to us: 138 0013 8000", "BIRDHOUSES... write to us - 13900139000 !!"]
    posted = [(await bot.says("a", name, text))[0] for name, text in zip(("ann", "bo"), copies, strict=True)]
    later = await bot.says("a", "cy", "birdhouses write to us 13700137000")
    await asking.answered()
    assert asking.gone(*posted, *later) == [True] * 3
    assert asking.stand_in.texts == ["birdhouses! write to us: <number>"]


async def test_copies_in_one_batch_are_one_question_too(asking: Any) -> None:
    bot = await asking.start()
    posted = [bot.sim.post("a", name, TEXT) for name in ("ann", "bo", "cy")]
    await bot.settle()
    await asking.answered()
    assert asking.gone(*posted) == [True] * 3
    assert len(asking.stand_in.texts) == 1


async def test_another_link_is_another_question(asking: Any) -> None:
    asking.stand_in.thinks(ad=False)
    bot = await asking.start()
    await bot.says("a", "ann", "have a look at blog.example.com/today")
    await bot.says("a", "bo", "have a look at shop.example.org/today")
    await asking.answered()
    assert asking.stand_in.texts == ["have a look at <link blog.example.com>", "have a look at <link shop.example.org>"]


async def test_an_answer_is_remembered_for_a_day(asking: Any) -> None:
    bot = await asking.start()
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    await bot.later(hours=23)
    await bot.says("a", "bo", TEXT)
    await asking.answered()
    assert len(asking.stand_in.texts) == 1
    await bot.later(hours=2)
    await bot.says("a", "cy", TEXT)
    await asking.answered()
    assert len(asking.stand_in.texts) == 2


async def test_no_more_is_asked_a_day_than_the_operator_pays_for(asking: Any) -> None:
    asking.stand_in.thinks(ad=False)
    bot = await asking.start(at_most=1)
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    asking.detector.second = SecondOpinion()
    await bot.restart()  # a restart does not begin anew
    beyond = await bot.says("a", "ann", OTHER)
    assert asking.gone(*beyond) == [True]  # at once, by the detector alone
    await bot.later(days=1)
    await bot.says("a", "ann", "a third text about birdhouses")
    await asking.answered()
    assert len(asking.stand_in.texts) == 2


async def test_what_awaited_when_the_process_died_is_decided_after_all(asking: Any) -> None:
    asking.stand_in.open.clear()
    bot = await asking.start()
    posted = await bot.says("a", "ann", TEXT)
    await bot.stop()
    asking.detector.second = SecondOpinion()
    await bot.start()
    assert asking.gone(*posted) == [False]
    await bot.later(seconds=10)
    assert asking.gone(*posted) == [True]
    assert bot.app.database.read_now(timers.next_due) is None


async def test_what_awaited_while_the_bot_was_away_is_decided_when_it_comes_back(asking: Any) -> None:
    asking.stand_in.open.clear()
    bot = await asking.start()
    posted = await bot.says("a", "ann", TEXT)
    await bot.stop()
    bot.clock.move_to(bot.clock.now() + timedelta(hours=5))
    asking.detector.second = SecondOpinion()
    await bot.start()
    assert asking.gone(*posted) == [True]


async def test_a_setting_taken_away_meanwhile_leaves_it_to_the_detector(asking: Any) -> None:
    asking.stand_in.open.clear()
    bot = await asking.start()
    posted = await bot.says("a", "ann", TEXT)
    await bot.stop()
    bot.setup = replace(bot.setup, config=asking.config().model_copy(update={"ads": type(bot.setup.config.ads)()}))
    await bot.start()
    await bot.later(seconds=10)
    assert asking.gone(*posted) == [True]
    assert len(asking.stand_in.texts) <= 1  # the process may have died before it was on its way


async def test_a_service_that_fails_is_left_alone_for_a_while(asking: Any) -> None:
    async def broken(text: str) -> web.StreamResponse:
        return web.Response(status=500)

    asking.stand_in.reply = broken
    bot = await asking.start()
    for number in range(FAILURES):
        posted = await bot.says("a", "ann", f"birdhouses {'x' * number} for everybody")
        await asking.answered()
        assert asking.gone(*posted) == [True]  # without waiting for the time to be over
    asking.stand_in.thinks(ad=False)
    at_once = await bot.says("a", "ann", TEXT)
    assert asking.gone(*at_once) == [True]
    assert len(asking.stand_in.texts) == FAILURES
    await bot.later(minutes=5)
    again = await bot.says("a", "ann", TEXT)
    await asking.answered()
    assert asking.gone(*again) == [False]


async def test_a_service_that_says_when_to_come_back_is_taken_at_its_word(asking: Any) -> None:
    async def busy(text: str) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "120"})

    asking.stand_in.reply = busy
    bot = await asking.start()
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    await bot.later(seconds=119)
    await bot.says("a", "ann", TEXT)
    assert len(asking.stand_in.texts) == 1
    await bot.later(seconds=1)
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    assert len(asking.stand_in.texts) == 2


async def test_why_is_told_of_one_message_in_one_piece(asking: Any) -> None:
    world = asking.world
    asking.stand_in.open.clear()
    bot = await asking.start(0.95, world.rule("hello", Reply(text="hello")), *asking.rules())
    (posted,) = await bot.says("a", "ann", TEXT)

    def told() -> dict[str, str]:
        row = bot.app.database.read_now(lambda conn: traces.of_message(conn, "sim:a", posted))
        assert row is not None
        return {part["rule"]: part["outcome"] for part in read_trace(row.trace)["rules"]}

    assert told() == {"hello": "fired", "ads": "awaits"}
    asking.stand_in.open.set()
    await asking.answered()
    assert told() == {"hello": "fired", "ads": "fired"}


async def test_who_is_forgotten_leaves_nothing_of_a_second_look(asking: Any) -> None:
    bot = await asking.start(0.95, asking.world.rule("ads", Delete(), Reply(text="{name}: no ads"), condition=Ad()))
    await bot.says("a", "ann", TEXT)
    await asking.answered()
    assert bot.said_in("a")

    def left(conn: Any) -> tuple[int, int, str]:
        forget.forget(conn, "sim:a", "sim:ann")
        kept = [conn.scalar(select(func.count()).select_from(table)) for table in (verdicts_table, outbox)]
        words = [*conn.scalars(select(inbox.c.event)), *conn.scalars(select(activity.c.text))]
        return (*kept, str(words))

    counted = await bot.app.database.write(left)
    assert counted[:2] == (0, 0)
    assert "birdhouses" not in counted[2]


async def test_the_real_detector_asks_about_what_it_judged(asking: Any) -> None:
    bot = await asking.start(**{"from": 0.0, "to": 1.0})
    await bot.stop()
    asking.detector = detector = Advertisements()
    detector.second = detector.second_opinion  # type: ignore[attr-defined]
    bot._detectors = {"ad": detector}
    await bot.start()
    posted = await bot.says("a", "ann", "兼职刷单日结5", "00元 加微信 abc1", "2345 领取免费资料，名额有限")
    await asking.answered()
    assert asking.gone(*posted)[-1]
    assert asking.stand_in.texts  # of the pieces that were not sure enough, and of all of them together
    assert all("abc12345" not in text for text in asking.stand_in.texts)
