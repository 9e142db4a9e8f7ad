"""The bot's own messages that are kept up to date: edited while they are young enough and there, else sent anew."""

from datetime import timedelta
from typing import Any

from adapters.errors import OutcomeUnknown, RetryLater
from rules.capability import Capability
from rules.effects import Lane, Picture, SendText
from rules.text import say
from storage import outbox, running
from storage.outbox import Delivery


class Board:
    """A leaderboard that is posted again and again under one name."""

    def __init__(self, bot: Any) -> None:
        self.bot = bot
        self._count = 0

    async def show(self, words: str, *, group: str = "sim:a", **more: Any) -> None:
        self._count += 1
        more = {"running": "board", "runs_for": 3600} | more
        effect = SendText(group=group, text=say(words), **more)
        delivery = Delivery(event=f"board {self._count}", position=0, group=group, lane=Lane.REPLY, effect=effect)
        self.bot.app.database.write_now(lambda conn: outbox.enqueue(conn, [delivery], self.bot.clock.now()))
        await self.bot.settle()

    @property
    def posts(self) -> list[str]:
        """What stands in the group."""
        return [p.message.text for p in self.bot.sim.room("a").posts.values() if p.by_bot and not p.deleted]

    @property
    def message(self) -> str:
        (found,) = [id_ for id_, post in self.bot.sim.room("a").posts.items() if post.by_bot and not post.deleted]
        return str(found)


async def test_a_running_message_is_edited_while_it_is_young_also_after_a_restart(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("first")
    message = board.message
    await board.show("second")
    await bot.restart()
    await bot.later(minutes=59)
    await board.show("third")
    assert (board.posts, board.message) == (["third"], message)


async def test_a_running_message_that_is_too_old_is_sent_anew_and_runs_from_then(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("first")
    await bot.later(minutes=59)
    await board.show("second")  # an edit: it does not grow younger by that
    await bot.later(minutes=1)
    await board.show("third")
    await board.show("fourth")
    assert board.posts == ["second", "fourth"]


async def test_a_running_message_that_is_gone_is_sent_anew(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("first")
    bot.sim.room("a").posts[board.message].deleted = True
    await board.show("second")
    await board.show("third")
    assert board.posts == ["third"]
    assert bot.said_in("staff") == []


async def test_running_messages_of_other_names_and_groups_are_left_alone(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("first")
    await board.show("other", running="welcome")
    await board.show("elsewhere", group="sim:b")
    assert (board.posts, bot.said_in("b")) == (["first", "other"], ["elsewhere"])


async def test_a_platform_without_edits_gets_a_message_each_time(world: Any) -> None:
    bot = await world.start(capabilities=frozenset(Capability) - {Capability.EDIT_OWN})
    board = Board(bot)
    await board.show("first")
    await board.show("second")
    assert board.posts == ["first", "second"]


async def test_a_picture_is_not_put_into_a_message_without_one(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("plain")
    await board.show("drawn", picture=Picture(content=b"png"))
    await board.show("drawn again", picture=Picture(content=b"png"))
    assert board.posts == ["plain", "drawn again"]


async def test_an_edit_whose_answer_is_lost_is_made_again(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("first")
    bot.sim.fail_next(OutcomeUnknown("timed out"), after_effect=True)
    await board.show("second")
    await bot.later(minutes=1)
    assert board.posts == ["second"]
    assert bot.app.database.read_now(outbox.in_flight) == []


async def test_an_edit_that_must_wait_is_made_later(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("first")
    bot.sim.fail_next(RetryLater("slow down", timedelta(seconds=30)))
    await board.show("second")
    assert board.posts == ["first"]
    await bot.later(seconds=30)
    assert board.posts == ["second"]


async def test_a_running_notice_is_removed_once_at_the_time_that_its_first_sending_set(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("first", delete_after=600)
    await bot.later(minutes=9)
    await board.show("second", delete_after=600)
    await bot.restart()
    await bot.later(minutes=1)
    assert board.posts == []
    await board.show("third", delete_after=600)
    assert board.posts == ["third"]
    await bot.later(hours=1)
    assert [str(entry.act) for entry in bot.sim.transcript if entry.act == "delete"] == ["delete", "delete"]


async def test_a_running_message_stays_behind_when_its_group_gets_another_id(world: Any) -> None:
    bot = await world.start()
    board = Board(bot)
    await board.show("first")
    bot.sim.migrate("a", "a2")
    await bot.settle()
    await board.show("second", group="sim:a2")
    assert bot.said_in("a2") == ["second"]
    found = bot.app.database.read_now(lambda conn: running.find(conn, "sim:a2", "board"))
    assert found is not None
    assert found.message.startswith("sim:a2/")
