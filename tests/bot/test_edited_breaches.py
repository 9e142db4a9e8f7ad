"""A message counts once against who wrote it, however often it is edited, and in however many parts it comes."""

from typing import Any

from rules.actions import Delete, Ladder, Mute, Reply, Warn
from rules.conditions.text import TextHasAny
from rules.step import LadderSteps, Library, Rung
from rules.values import Media, MediaKind
from storage import states

AD = TextHasAny(of=("ad",))
KINDS = ("message", "edit")
PHOTO = (Media(MediaKind.PHOTO),)


def member(bot: Any) -> Any:
    pair = ("sim:a", "sim:ann")
    return bot.app.database.read_now(lambda conn: states.load_members(conn, [pair]))[pair]


async def climbing(world: Any, *first: Any) -> Any:
    """A bot with a ladder whose second step mutes."""
    rungs = (Rung(1, first), Rung(2, (Delete(), Mute.model_validate({"for": "1h"}))))
    library = Library(ladders={"ads": LadderSteps(rungs, None)})
    return await world.start(world.rule("ads", Ladder(name="ads"), condition=AD, kinds=KINDS), library=library)


async def edit(bot: Any, id_: str, text: str) -> None:
    bot.sim.edit("a", id_, text)
    await bot.settle()


async def test_a_message_and_its_edits_give_one_point_on_a_ladder(world: Any) -> None:
    bot = await climbing(world, Reply(text="No ads, please."))
    (id_,) = await bot.says("a", "ann", "an ad")
    await edit(bot, id_, "an ad, with its typo corrected")
    await edit(bot, id_, "an ad, and once more")
    assert [given.message for given in member(bot).points] == [id_]
    assert bot.said_in("a") == ["No ads, please."]
    assert not bot.sim.room("a").posts[id_].deleted


async def test_the_next_message_gives_the_next_point(world: Any) -> None:
    bot = await climbing(world, Reply(text="No ads, please."))
    await bot.says("a", "ann", "an ad")
    await bot.says("a", "ann", "another ad")
    assert len(member(bot).points) == 2
    assert any(act == "mute" for act, _ in bot.acts)


async def test_an_innocent_message_that_becomes_an_advertisement_counts(world: Any) -> None:
    bot = await climbing(world, Delete())
    (id_,) = await bot.says("a", "ann", "hello")
    await edit(bot, id_, "an ad")
    assert [given.message for given in member(bot).points] == [id_]
    assert bot.sim.room("a").posts[id_].deleted


async def test_an_advertisement_that_was_edited_before_it_went_goes_all_the_same(world: Any) -> None:
    bot = await climbing(world, Delete())
    id_ = bot.sim.post("a", "ann", "an ad")
    bot.sim.edit("a", id_, "an ad!")
    await bot.settle()
    assert bot.sim.room("a").posts[id_].deleted
    assert len(member(bot).points) == 1


async def test_parts_of_an_album_that_come_late_give_no_second_point(world: Any) -> None:
    bot = await climbing(world, Reply(text="No ads, please."))
    for words in ("an ad", "an ad, second part"):
        bot.sim.post("a", "ann", words, media=PHOTO, album="7")
        await bot.settle()
        await bot.later(seconds=1)
    assert len(member(bot).points) == 1
    assert bot.said_in("a") == ["No ads, please."]


async def test_a_rule_warns_once_for_a_message_and_its_edits(world: Any) -> None:
    bot = await world.start(world.rule("ads", Warn(), condition=AD, kinds=KINDS))
    (id_,) = await bot.says("a", "ann", "an ad")
    await edit(bot, id_, "an ad, with its typo corrected")
    assert [given.message for given in member(bot).warnings] == [id_]
    await bot.says("a", "ann", "another ad")
    assert len(member(bot).warnings) == 2
