"""A platform gives a group another id: the bot goes on there, whatever the configuration still says."""

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from rules.actions import Post, Reply
from rules.events import MessagePosted
from rules.values import Group, Member, Message
from storage import inbox, states


def echo(world: Any) -> Any:
    return world.rule("echo", Reply(text="heard {name}"))


async def test_the_bot_goes_on_in_a_group_that_has_another_id(world: Any) -> None:
    bot = await world.start(echo(world))
    await bot.says("a", "ann", "before")
    bot.sim.migrate("a", "a2")
    await bot.says("a2", "bo", "after")
    assert bot.said_in("a2") == ["heard bo"]
    group = bot.app.database.read_now(lambda conn: states.load_groups(conn, ["sim:a2"]))["sim:a2"]
    assert group.messages == 2
    assert await bot.says("b", "ann", "elsewhere")
    assert bot.said_in("b") == ["heard ann"]


async def test_staff_are_told_once_what_to_write_in_the_configuration(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.sim.migrate("a", "a2")
    await bot.settle()
    (told,) = bot.said_in("staff")
    assert "chat: a2" in told
    assert "A" in told
    await bot.app.intake.migrated("sim:a", "sim:a2")
    await bot.settle()
    assert bot.said_in("staff") == [told]


async def test_after_a_restart_with_the_old_configuration_the_group_is_still_kept(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.sim.migrate("a", "a2")
    await bot.settle()
    await bot.restart()
    await bot.says("a2", "ann", "hello again")
    assert bot.said_in("a2") == ["heard ann"]


async def test_what_the_configuration_says_by_now_holds(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.sim.migrate("a", "a2")
    await bot.settle()
    await bot.stop()
    bot.setup = replace(bot.setup, rulebook=bot.setup.rulebook.moved("sim:a", "sim:a2"))
    await bot.start()
    await bot.says("a2", "ann", "hello again")
    assert bot.said_in("a2") == ["heard ann"]
    assert set(bot.app.setup.rulebook.groups) == {"sim:a2", "sim:b", "sim:staff"}
    assert len(bot.said_in("staff")) == 1


async def test_a_staff_room_that_moves_is_where_staff_are_told(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.sim.migrate("staff", "staff2")
    await bot.settle()
    assert len(bot.said_in("staff2")) == 1
    assert bot.app.setup.rulebook.groups["sim:a"].settings.staff_chat == "sim:staff2"


async def test_a_schedule_fires_once_in_a_group_that_moves(world: Any) -> None:
    daily = world.timed(world.rule("daily", Post(source="good day")), at="12:05")
    bot = await world.start(daily)
    bot.sim.migrate("a", "a2")
    await bot.later(minutes=10)
    assert bot.said_in("a2") == ["good day"]
    assert bot.said_in("b") == ["good day"]


async def test_an_event_that_was_read_before_the_move_is_settled_after_it(world: Any) -> None:
    bot = await world.start(echo(world))
    bot.sim.migrate("a", "a2")
    message = Message("sim:a/77", Member("sim:ann", "ann"), "on the way", world.now)
    event = MessagePosted("sim:late", Group("sim:a"), world.now, message)
    await bot.app.intake.accept([event])
    database = bot.app.database
    rows = database.read_now(lambda conn: inbox.waiting(conn, 9))
    await bot.app.intake.migrated("sim:a", "sim:a2")
    database.write_now(lambda conn: bot.app._settler.settle(conn, rows, world.now))
    bot.app._settler.committed()
    await bot.settle()
    assert bot.said_in("a2") == ["heard ann"]
    seen = database.read_now(lambda conn: conn.execute(text("SELECT message FROM activity")).scalars().all())
    assert "/77" in seen
