"""The bot offers its commands to platforms that have a menu, and goes on where they do not take them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from adapters.errors import Rejected
from adapters.protocol import OfferedCommand
from adapters.simulated import SimulatedAdapter
from bot.commands import command_names
from bot.menu import Menu, offered
from rules.actions.talk import Reply


class Offering(SimulatedAdapter):
    """A simulated platform with a menu, and a bot of a name."""

    refuses = 0
    usernames = frozenset({"keeper_bot"})

    async def offer(self, commands: Sequence[OfferedCommand]) -> None:
        """Take the menu, or refuse it."""
        if self.refuses:
            self.refuses -= 1
            raise Rejected("not now")
        self.menu = list(commands)


def test_every_command_is_described_in_the_groups_language_first(world: Any) -> None:
    setup = world.setup()
    found = {command.name: command for command in offered(setup)}
    assert list(found["mute"].descriptions) == ["en", "zh-CN"]
    assert found["mute"].descriptions["zh-CN"].startswith("禁言")
    assert (found["mute"].staff, found["help"].staff, found["help"].alone, found["top"].alone) == (
        True,
        False,
        True,
        False,
    )
    chinese = replace(setup, copy=replace(setup.copy, fallback="zh-CN"))
    assert list(offered(chinese)[0].descriptions) == ["zh-CN", "en"]


def test_what_only_answers_the_bot_is_not_in_the_menu_and_what_rules_are_started_by_is(world: Any) -> None:
    rule = world.rule("faq", Reply(text="See above."), kinds=["command"], names=frozenset({"faq"}))
    names = [command.name for command in offered(world.setup(replace(rule, name="Questions")))]
    assert "faq" in names
    assert not {"confirm", "cancel", "read"} & set(names)
    assert names.index("faq") < names.index("mute")
    assert len(names) == len(set(names))


async def test_a_menu_that_is_refused_is_no_reason_to_stop(world: Any) -> None:
    bot = world.bot(world.setup())
    adapter = Offering(bot.sim)
    adapter.refuses = 1
    menu = Menu(world.setup, {"sim": adapter})
    assert not await menu.offer()
    assert await menu.offer()
    assert adapter.menu[0].name == "help"


async def test_a_command_for_another_bot_is_left_to_it(world: Any) -> None:
    setup = world.setup()
    bot = await world.start(setup=replace(setup, commands=command_names(setup.rulebook)))
    bot.app.in_force.called.append(Offering(bot.sim))  # as if the platform had told the bot its name by now
    await bot.says("a", "ann", "/help@other_bot", "/help@Keeper_Bot")
    assert len(bot.said_in("a")) == 1
