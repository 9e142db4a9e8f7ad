"""The running bot and what staff teach it: from the command by way of the detection to the next message."""

from dataclasses import replace
from typing import Any

from bot.commands import built_in, command_names
from rules.actions.messages import Delete
from rules.conditions.verdicts import Ad
from rules.config import Config
from rules.detectors.settings import AdSettings
from rules.roles import RoleBook

AD = "Wholesale birdhouses, ask our agent Lilith on the blue messenger today for samples"
NEAR = "Wholesale birdhouses, ask our agent Lilith on the blue messenger now for samples"
TALK = "Shall we meet at the library or rather at the tea house on Friday, number {}?"


async def keeping(world: Any, **ads: Any) -> Any:
    """A bot that removes what is certainly an advertisement in both groups; Mo may do everything."""
    config = Config.model_validate({"roles": {"mod": {"members": ["sim:mo"], "can": ["everything"]}}})
    setup = world.setup(world.rule("ads", Delete(), condition=Ad(at_least=0.9)), config=config, ads=AdSettings(**ads))
    book = replace(setup.rulebook, roles_of=RoleBook(config.roles).roles_of)
    names = command_names(book, ["keeper"], built_in())
    bot = await world.start(setup=replace(setup, rulebook=book, commands=names))
    bot.sim.add_person("mo", groups=["a", "b", "staff"], reachable=True)
    return bot


def stands(bot: Any, chat: str, message: str) -> bool:
    return not bot.sim.room(chat).posts[message].deleted


async def test_what_was_taught_is_removed_from_the_next_message_on_and_after_a_restart(world: Any) -> None:
    bot = await keeping(world, cold_start=0)
    (message,) = await bot.says("a", "ann", AD)
    assert stands(bot, "a", message)
    await reply(bot, "a", "mo", "/spam", message)
    assert not stands(bot, "a", message)
    (near,) = await bot.says("a", "bo", NEAR)
    assert not stands(bot, "a", near)
    (talk,) = await bot.says("a", "bo", TALK.format(1))
    assert stands(bot, "a", talk)
    await bot.restart()
    (again,) = await bot.says("a", "cy", NEAR.replace("now", "this week"))
    assert not stands(bot, "a", again)


async def test_what_was_taken_back_removes_nothing_more(world: Any) -> None:
    bot = await keeping(world, cold_start=0)
    (message,) = await bot.says("a", "ann", AD)
    await reply(bot, "a", "mo", "/spam", message)
    await bot.says("staff", "mo", "/unlearn 1 a")
    (other,) = await bot.says("a", "bo", NEAR)
    assert stands(bot, "a", other)


async def test_a_removal_alone_teaches_nothing(world: Any) -> None:
    bot = await keeping(world, cold_start=0)
    (message,) = await bot.says("a", "ann", AD)
    await reply(bot, "a", "mo", "/ban", message)
    (near,) = await bot.says("a", "bo", NEAR)
    assert stands(bot, "a", near)


async def test_a_group_is_watched_until_it_is_known_and_staff_hear_of_both(world: Any) -> None:
    bot = await keeping(world, cold_start=30)
    for number in range(31):
        await bot.says("a", ("ann", "bo", "cy")[number % 3], TALK.format(number))
        if number == 21:
            await bot.later(hours=2)
    await bot.later(hours=2)
    await bot.settle()
    told = [words for words in bot.said_in("staff") if words.startswith("🎓")]
    assert [words.partition(":")[0] for words in told] == [
        "🎓 I am getting to know “A”",
        "🎓 I know “A” now, from 31 ordinary messages",
    ]


async def test_what_gave_an_advertisement_away_is_told_where_members_do_not_read_along(world: Any) -> None:
    bot = await keeping(world, cold_start=0)
    (message,) = await bot.says("a", "ann", "加微信 abc12345 领取免费资料，兼职刷单日结500元，名额有限")
    await reply(bot, "a", "ann", "/why", message)
    assert "It looked like an advertisement." in bot.said_in("a")[-1]
    assert "these words" not in bot.said_in("a")[-1]
    await reply(bot, "a", "mo", "/why", message)
    assert "in the staff room" in bot.said_in("a")[-1]
    assert "these words" not in bot.said_in("a")[-1]
    assert "these words: " in bot.said_in("staff")[-1]


async def reply(bot: Any, chat: str, person: str, text: str, to: str) -> None:
    await bot.later(seconds=5)
    bot.sim.post(chat, person, text, reply_to=to)
    await bot.settle()
