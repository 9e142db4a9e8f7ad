"""Messages that are shown as one are decided on as one, and go as one."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot import albums
from bot.commands import built_in, command_names
from bot.configuration import builtin_copy
from bot.setup import Setup
from bot.worker import BATCH
from rules.actions import Delete, Reply, Warn
from rules.conditions.message import HasMedia
from rules.conditions.text import TextHasAny
from rules.config import Config
from rules.copy import CopyBook
from rules.facts import GroupSettings
from rules.roles import RoleBook
from rules.rulebook import assemble
from rules.values import Media, MediaKind
from storage import inbox, schema, states

PHOTO = (Media(MediaKind.PHOTO),)
AD = TextHasAny(of=("加微信",))


def member(bot: Any, person: str) -> Any:
    pair = ("sim:a", f"sim:{person}")
    return bot.app.database.read_now(lambda conn: states.load_members(conn, [pair]))[pair]


def open_rows(bot: Any) -> int:
    return int(bot.app.database.read_now(inbox.depth))


async def posts(bot: Any, *texts: str, album: str = "7", person: str = "ann") -> list[str]:
    """The parts of an album, one after the other; the group rests then."""
    ids = [bot.sim.post("a", person, text, media=PHOTO, album=album) for text in texts]
    await bot.settle()
    return ids


def gone(bot: Any, ids: list[str]) -> list[bool]:
    return [bot.sim.room("a").posts[id_].deleted for id_ in ids]


async def staffed(world: Any) -> Any:
    """A bot that Ann gives orders to."""
    config = Config.model_validate({"roles": {"owner": {"members": ["sim:ann"], "can": ["everything"]}}})
    settings = [GroupSettings(key=key, chat=f"sim:{key}", platform="sim", name=key) for key in ("a", "b")]
    book = assemble("1", (), settings, roles_of=RoleBook(config.roles).roles_of)
    names = command_names(book, [], built_in(()))
    return await world.start(setup=Setup(book, CopyBook(builtin_copy()), config, commands=names))


async def test_an_album_with_an_advert_in_one_caption_goes_as_a_whole_for_one_warning(world: Any) -> None:
    bot = await world.start(world.rule("ads", Delete(), Warn(), condition=AD))
    ids = await posts(bot, "", "加微信 领资料", "")
    assert gone(bot, ids) == [False, False, False]  # it may still grow
    await bot.later(seconds=0.5)
    assert gone(bot, ids) == [True, True, True]
    assert len(member(bot, "ann").warnings) == 1
    assert member(bot, "ann").messages == 1
    assert open_rows(bot) == 0


async def test_a_part_that_comes_while_the_group_rests_belongs_to_the_album(world: Any) -> None:
    bot = await world.start(world.rule("ads", Delete(), condition=AD), world.rule("echo", Reply(text="seen")))
    ids = await posts(bot, "one")
    await bot.later(seconds=0.4)
    ids += await posts(bot, "two")
    await bot.later(seconds=0.4)
    assert bot.said_in("a") == []
    await bot.later(seconds=0.1)
    assert bot.said_in("a") == ["seen"]
    assert member(bot, "ann").messages == 1


async def test_other_groups_and_what_came_before_do_not_wait_for_an_album(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="seen {name}")))
    bot.sim.post("a", "bo", "hi")
    await posts(bot, "one", "two")
    bot.sim.post("a", "cy", "later")
    bot.sim.post("b", "bo", "hi")
    await bot.settle()
    assert bot.said_in("a") == ["seen bo"]
    assert bot.said_in("b") == ["seen bo"]
    await bot.later(seconds=1)
    assert bot.said_in("a") == ["seen bo", "seen ann", "seen cy"]


async def test_a_clock_that_is_set_back_leaves_no_album_waiting(world: Any) -> None:
    bot = await world.start(world.rule("ads", Delete(), condition=AD))
    ids = await posts(bot, "加微信", "")
    bot.clock._now -= timedelta(hours=1)
    await bot.settle()
    assert gone(bot, ids) == [True, True]


async def test_an_album_of_ten_is_complete_at_once(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="seen")))
    await posts(bot, *[""] * 10)
    assert bot.said_in("a") == ["seen"]


async def test_a_part_that_comes_late_goes_with_the_rest_and_nobody_is_punished_again(world: Any) -> None:
    bot = await world.start(world.rule("ads", Delete(), Warn(), condition=AD))
    ids = await posts(bot, "加微信", "")
    await bot.later(seconds=1)
    await bot.restart()
    ids += await posts(bot, "加微信 too")
    await bot.later(seconds=1)
    assert gone(bot, ids) == [True, True, True]
    assert len(member(bot, "ann").warnings) == 1


async def test_an_advert_in_a_part_that_comes_late_takes_the_earlier_parts_along(world: Any) -> None:
    bot = await world.start(world.rule("ads", Delete(), Warn(), condition=AD))
    ids = await posts(bot, "", "")
    await bot.later(seconds=1)
    ids += await posts(bot, "加微信")
    await bot.later(seconds=1)
    assert gone(bot, ids) == [True, True, True]
    assert len(member(bot, "ann").warnings) == 1


async def test_an_album_edited_into_an_advert_goes_as_a_whole(world: Any) -> None:
    rule = world.rule("ads", Delete(), condition=AD, kinds=("message", "edit"))
    bot = await world.start(rule)
    ids = await posts(bot, "my cats", "", "")
    await bot.later(seconds=1)
    bot.sim.edit("a", ids[0], "加微信")
    await bot.settle()
    assert gone(bot, ids) == [True, True, True]


async def test_a_late_part_of_an_album_that_stands_is_a_message_like_any(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="seen")), world.rule("ads", Delete(), condition=AD))
    ids = await posts(bot, "one", "two")
    await bot.later(seconds=1)
    ids += await posts(bot, "three")
    await bot.later(seconds=1)
    assert gone(bot, ids) == [False] * 3
    assert bot.said_in("a") == ["seen", "seen"]


async def test_albums_of_two_people_at_once_stay_two(world: Any) -> None:
    bot = await world.start(world.rule("ads", Delete(), condition=AD))
    ids = await posts(bot, "加微信", album="1")
    others = await posts(bot, "cats", album="2", person="bo")
    ids += await posts(bot, "", album="1")
    others += await posts(bot, "", album="2", person="bo")
    await bot.later(seconds=1)
    assert gone(bot, ids) == [True, True]
    assert gone(bot, others) == [False, False]
    assert member(bot, "bo").messages == 1


async def test_parts_that_come_again_after_a_restart_are_not_decided_on_again(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="seen")))
    await posts(bot, "one", "two")
    updates = [event for _, event in bot.sim.updates(0)]
    await bot.restart()  # in the middle of the rest
    await bot.app.intake.accept(updates)
    await bot.later(seconds=1)
    await bot.app.intake.accept(updates)
    await bot.later(seconds=1)
    assert bot.said_in("a") == ["seen"]


async def test_an_album_that_the_end_of_a_batch_cuts_is_one_nevertheless(world: Any) -> None:
    bot = await world.start(world.rule("media", Reply(text="album {name}"), condition=HasMedia()))
    for number in range(BATCH - 2):
        bot.sim.post("b", "bo", f"message {number}")
    ids = [bot.sim.post("a", "ann", "", media=PHOTO, album="7") for _ in range(5)]
    await bot.app.adapters["sim"].pump(bot.app.intake)
    bot.clock.move_to(bot.clock.now() + timedelta(seconds=5))
    await bot.settle()
    assert len(ids) == 5
    assert bot.said_in("a") == ["album ann"]


async def test_a_command_in_the_caption_of_an_album_is_carried_out_and_knows_of_the_others(world: Any) -> None:
    bot = await staffed(world)
    target = bot.sim.post("a", "bo", "hi")
    ids = [bot.sim.post("a", "ann", "", media=PHOTO, album="7", reply_to=target)]
    ids += [bot.sim.post("a", "ann", "/delete", media=PHOTO, album="7", reply_to=target)]
    ids += [bot.sim.post("a", "ann", "", media=PHOTO, album="7", reply_to=target)]
    await bot.settle()
    await bot.later(seconds=1)
    assert gone(bot, [target, *ids]) == [True] * 4  # a command to delete goes along with what it is about
    assert member(bot, "ann").messages == 0
    assert open_rows(bot) == 0


async def test_staff_who_delete_one_message_of_an_album_delete_all(world: Any) -> None:
    bot = await staffed(world)
    ids = await posts(bot, "one", "two", "three", person="bo")
    await bot.later(seconds=1)
    bot.sim.post("a", "ann", "/delete", reply_to=ids[1])
    await bot.settle()
    assert gone(bot, ids) == [True, True, True]


async def test_an_album_that_cannot_be_settled_is_put_aside_as_a_whole(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="seen")))
    await posts(bot, "one", "two")
    spoil = schema.inbox.update().values(event='{"type":"telepathy","album":"7"}')
    bot.app.database.write_now(lambda conn: conn.execute(spoil))
    await bot.later(seconds=1)
    told = bot.app.database.read_now(lambda conn: conn.scalars(select(schema.inbox.c.state)).all())
    assert told == [inbox.PARKED, inbox.PARKED]


def test_rows_without_albums_are_left_as_they_are() -> None:
    rows = [inbox.Waiting(1, "a", "g", 0, '{"text":"\\"album\\":\\"x\\""}')]
    gathered = albums.gather(rows, None)  # type: ignore[arg-type] - nothing is asked of the time
    assert gathered.rows is rows
